package bot

import (
	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
)

// reminderCard says that the end is near, and what can be done about it. Once
// something was, or a later reminder came, it says so and has no buttons.
func (s scene) reminderCard(edition int) blocks.Message {
	var b blocks.MessageBuilder
	e, latest := s.nth(access.EventReminded, edition)
	switch extended, ok := s.Last(access.EventExtended); {
	case s.Phase() != access.PhaseGranted:
		b.Title("Ended: " + s.what())
		b.Say(s.progress())
	case ok && extended.Seq > e.Seq:
		b.Title("Extended: " + s.what())
		b.Say("You have access " + s.until() + ".")
	default:
		b.Title("Ends soon: " + s.what())
		b.Say("Your access ends " + blocks.When(s.Grant.Ends) + ".")
		if !latest {
			break
		}
		b.Say("Still need it? Extend it, and it goes on without a gap. If you don't, give it back now, or leave it: it ends by itself.")
		b.Buttons(s.holderButtons()...)
	}
	b.Note(s.ticket())
	return b.Message()
}

// nth is the nth event of a kind, counted from 1, and whether it is the latest.
func (s scene) nth(kind access.EventKind, n int) (found access.Event, latest bool) {
	for _, e := range s.Story {
		if e.Kind != kind {
			continue
		}
		n--
		latest = n == 0
		if latest {
			found = e
		}
	}
	return found, latest
}

// holderButtons are what somebody who has access can do with it.
func (s scene) holderButtons() []slack.BlockElement {
	var out []slack.BlockElement
	if !s.Grant.Ends.IsZero() {
		out = append(out, blocks.Button(actionExtend, s.Request.ID, "Extend", slack.StylePrimary))
	}
	return append(out, blocks.Confirmed(blocks.Button(actionReturn, s.Request.ID, "I'm done", ""),
		"Give it back?", "Your access is removed now. You can ask for it again at any time.", "Give it back"))
}
