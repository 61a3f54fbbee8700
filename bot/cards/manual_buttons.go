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
	return []slack.BlockElement{DoneButton(request, access.Grant{Revoking: true}), blocks.Button(ActionRetry, request, "Retry", "")}
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

// RevokeButton takes access away, once whoever presses it says why.
func RevokeButton(request string) slack.BlockElement {
	return blocks.Button(ActionRevoke, request, "Revoke…", slack.StyleDanger)
}
