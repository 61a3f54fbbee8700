package cards

import (
	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
)

// HandButtons are what somebody can say who makes a change by hand: of the change that is
// asked for now, and no other. It may be looked at when the opposite is asked for.
func HandButtons(request string, g access.Grant, reader access.PersonID) []slack.BlockElement {
	about := Target{Request: request, Direction: g.Direction()}.String()
	var out []slack.BlockElement
	switch by := g.TakenBy; {
	case by == "":
		out = append(out, blocks.Button(ActionTake, about, "I take it", ""))
	case by != reader || reader == "":
		out = append(out, blocks.Button(ActionTake, about, "I take it over", ""))
	}
	return append(out, DoneButton(request, g), blocks.Button(ActionCantBeDone, about, "Can't be done…", ""))
}

// StuckByHandButtons are what IT can say where access can't be taken away by hand, as those
// said who make such changes.
func StuckByHandButtons(request string) []slack.BlockElement {
	return []slack.BlockElement{DoneButton(request, access.Grant{Revoking: true}), blocks.Button(ActionRetry, request, "Ask again", "")}
}

// DoneButton confirms the change by hand that is asked for now.
func DoneButton(request string, g access.Grant) *slack.ButtonBlockElement {
	return blocks.Confirmed(blocks.Button(ActionDone, Target{Request: request, Direction: g.Direction()}.String(), "It's done", slack.StylePrimary),
		"Is it done?", confirmation(g), "It's done")
}

func confirmation(g access.Grant) string {
	if g.Revoking {
		return "This records that you removed the access."
	}
	return "This records that you gave the access, and its time begins."
}

// revokeButtons take away access that is there or on its way, once its reader says why.
func (b builder) revokeButtons() []slack.BlockElement {
	if b.Grant == nil || !b.Grant.Live() {
		return nil
	}
	return []slack.BlockElement{blocks.Button(ActionRevoke, b.Request.ID, "Revoke…", slack.StyleDanger)}
}

// handsAre are those who make a change by hand, escaped: who has taken it on, or else all who
// may.
func (b builder) handsAre() string {
	if b.Grant != nil && b.Grant.TakenBy != "" {
		return blocks.Escape(b.you(b.Grant.TakenBy), blocks.MaxName)
	}
	return b.fulfillers()
}

// takenLine is who has taken a change by hand on.
func (b builder) takenLine() string {
	g := b.Grant
	if g == nil || g.State != access.GrantManual || g.TakenBy == "" {
		return ""
	}
	is := "is"
	if b.reads(g.TakenBy) {
		is = "are"
	}
	return blocks.Capital(blocks.Escape(b.you(g.TakenBy), 2*blocks.MaxName)) + " " + is + " on it since " + blocks.When(g.TakenAt) + "."
}

// cantBeDone is that whoever was asked to make a change by hand says that it can't be made.
func (b builder) cantBeDone() (access.Event, bool) {
	e, ok := b.Last(access.EventNotFulfilled)
	switch {
	case !ok || b.Grant == nil:
		return e, false
	case b.Grant.Revoking:
		return e, b.Grant.State == access.GrantStuck
	}
	return e, b.Grant.End == access.EndUnfulfilled
}
