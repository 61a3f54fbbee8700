package home

import (
	"context"
	"fmt"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/modals"
)

// delegationsShown is how many delegations the tab shows.
const delegationsShown = 3

// absence is who decides for the reader, and for whom the reader does.
type absence struct {
	decides bool // the reader is asked to decide, so it is of use to them
	reader  access.PersonID
	all     []access.Delegation
	names   map[access.PersonID]access.Person
}

func (h *Home) readAbsence(ctx context.Context, p access.Person) (a absence, err error) {
	a.reader = p.ID
	if a.all, err = h.delegations.Of(ctx, p.ID); err != nil {
		return a, err
	}
	var others []access.PersonID
	for _, d := range a.all[:min(len(a.all), delegationsShown)] {
		others = append(others, d.Other(p.ID))
	}
	a.names = h.people.Names(ctx, others)
	a.decides, err = h.decides.Decides(ctx, p)
	return a, err
}

// blocks draw it, where there is anything.
func (a absence) blocks() []slack.Block {
	if len(a.all) == 0 {
		return nil
	}
	body := []slack.Block{slack.NewHeaderBlock(blocks.Plain("While somebody is away", blocks.MaxHeader))}
	for _, d := range a.all[:min(len(a.all), delegationsShown)] {
		row := blocks.Section(a.text(d))
		row.Accessory = slack.NewAccessory(blocks.Confirmed(blocks.Button(cards.ActionEndDelegation, d.ID, "End it", ""),
			"End it now?", "Both of you are told, and what waits is asked of whoever decides then.", "End it"))
		body = append(body, row)
	}
	if more := len(a.all) - delegationsShown; more > 0 {
		body = append(body, blocks.SmallPrint("… and "+blocks.Count(more, "other")+"."))
	}
	return body
}

// button opens the form; nothing for whoever decides nothing.
func (a absence) button() []slack.BlockElement {
	if !a.decides {
		return nil
	}
	return []slack.BlockElement{blocks.Button(modals.ActionAway, "-", "I'm away…", "")}
}

// text says who decides for whom, and when; escaped.
func (a absence) text(d access.Delegation) string {
	name := "*" + blocks.Escape(cards.NameOf(a.names, d.Other(a.reader)), 2*blocks.MaxName) + "*"
	who := name + " decides for you"
	if d.Delegate == a.reader {
		who = "You decide for " + name
	}
	if d.State == access.DelegationPlanned {
		return fmt.Sprintf("%s from %s until %s.", who, blocks.When(d.From), blocks.When(d.Until))
	}
	return fmt.Sprintf("%s until %s.", who, blocks.When(d.Until))
}
