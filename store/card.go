package store

import "time"

// Card is where a message about a request stands in Slack, so that it can be
// edited in place.
type Card struct {
	ID       string // request and reader, see CardID
	Version  uint64
	Request  string
	Reader   string    // a person's id, an address out of the catalogue, or "#channel"
	Audience string    // which side of the story the reader sees
	Channel  string    // Slack's channel id; empty until posted
	TS       string    // Slack's message id; empty until posted
	Person   string    // who read it when it was posted, where Reader is an address
	Digest   string    // of what was shown last; the same again is not sent
	Shown    time.Time // when it was posted or edited last
	Pinned   bool      `json:",omitempty"` // it stands pinned in its channel
	Posting  string    // set before the first post: the marker to look for after a crash

	// Doubt is from when on it is shown once more, whatever was shown last: an edit of an
	// earlier attempt may have arrived after that one. Zero: it shows what was shown last.
	Doubt time.Time `json:",omitzero"`

	Held   string    // the news that it was for, where its reader wants no message for it; then it is never posted
	HeldAt time.Time // since when
	Waits  bool      // that its reader reads of it with other news
}

// CardID keys the card of a request for one reader.
func CardID(request, audience, reader string) string { return request + "|" + audience + "|" + reader }

func cards() table[Card] {
	return table[Card]{
		kind: "card",
		row: func(c *Card) Record {
			keys := []string{"request:" + c.Request}
			if c.TS != "" {
				keys = append(keys, "at:"+c.Channel+"/"+c.TS)
			}
			if c.Waits {
				keys = append(keys, "waits:"+c.Reader)
			}
			return Record{ID: c.ID, Version: c.Version, Index: keys}
		},
		set: func(c *Card, v uint64) { c.Version = v },
	}
}

// LoadCard loads a card. Absent: ErrNotFound.
func LoadCard(tx Tx, id string) (Card, error) { return cards().get(tx, id) }

// PutCard stores c at its version and raises it.
func PutCard(tx Tx, c *Card) error { return cards().put(tx, c) }

// CardAt finds the card that stands at a place in Slack. Absent: ErrNotFound.
func CardAt(tx Tx, channel, ts string) (Card, error) {
	return cards().first(tx, "at:"+channel+"/"+ts)
}

// CardsOf are all cards of a request.
func CardsOf(tx Tx, request string) ([]Card, error) {
	return cards().whole(tx, "request:"+request)
}

// CardsWaiting are the cards that somebody is to read of with other news, of all requests.
func CardsWaiting(tx Tx, reader string) ([]Card, error) {
	return cards().whole(tx, "waits:"+reader)
}
