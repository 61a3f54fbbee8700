package notify

import (
	"cmp"
	"errors"
	"slices"

	"latchkey/access"
	"latchkey/store"
)

// Card names one card of a subject.
type Card struct {
	Audience Audience
	Reader   access.PersonID `json:",omitempty"` // empty where it stands in a channel
	Address  access.Email    `json:",omitempty"` // instead of Reader: whoever the catalogue names, for ToFulfillers
	Channel  string          `json:",omitempty"` // as it is configured, for ToChannel
	News     News            `json:",omitempty"` // what it is posted for, ToRequester
}

func (c Card) id(s access.Subject) string {
	return store.CardID(nameOf(s), string(c.Audience), c.place())
}

// place is the reader or the channel, as the card is kept.
func (c Card) place() string { return cmp.Or(string(c.Reader), string(c.Address), c.Channel) }

// same tells whether two name the same card.
func (c Card) same(o Card) bool {
	o.News = c.News
	return c == o
}

// cardOf names a card that is kept.
func cardOf(kept store.Card) Card {
	c := Card{Audience: Audience(kept.Audience)}
	switch base, _ := c.Audience.Parts(); base {
	case ToChannel:
		c.Channel = kept.Reader
	case ToFulfillers:
		c.Address = access.Email(kept.Reader)
	default:
		c.Reader = access.PersonID(kept.Reader)
	}
	return c
}

func cardTaskID(s access.Subject, c Card) string { return "card/" + c.id(s) }

// cardsTaskID is the task that finds out which cards of a request are to be shown.
func cardsTaskID(s access.Subject) string { return "cards/" + nameOf(s) }

func distinct(in []Card) []Card {
	var out []Card
	for _, c := range in {
		if !slices.ContainsFunc(out, c.same) {
			out = append(out, c)
		}
	}
	return out
}

// keptCard is what is known of a card; a new one if that is nothing.
func keptCard(tx store.Tx, about access.Subject, c Card) (store.Card, error) {
	kept, err := store.LoadCard(tx, c.id(about))
	if errors.Is(err, store.ErrNotFound) {
		return store.Card{ID: c.id(about), Request: nameOf(about), Reader: c.place(), Audience: string(c.Audience)}, nil
	}
	return kept, err
}
