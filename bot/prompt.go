package bot

import (
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
)

const actionClaim = "claim"

// channelCard asks for a decision in a channel: whoever may decide, and says
// first that they look at it.
func (s scene) channelCard() blocks.Message {
	if s.Request.Emergency {
		return s.alarmCard()
	}
	var b blocks.MessageBuilder
	b.Title(s.approverTitle())
	if s.awaited() {
		b.Say(s.called())
	}
	s.portfolio(&b)
	b.Say(s.claimLine())
	b.Say(s.channelStatus())
	if s.Request.State == access.RequestDenied {
		b.Quote("Why", s.denial())
	}
	s.talk(&b)
	if s.awaited() {
		b.Buttons(append(s.approverButtons(), blocks.Button(actionClaim, s.here(), "I'm looking at it", ""))...)
	}
	b.Note(s.ticket(), "Asked "+blocks.When(s.Request.Created))
	return b.Message()
}

// awaited tells whether anybody is being asked at this moment.
func (s scene) awaited() bool { return s.Phase() == access.PhaseDeciding && len(s.waitingFor()) > 0 }

// called mentions those who were asked, so that Slack tells them.
func (s scene) called() string {
	var names []string
	for _, e := range s.waitingFor() {
		names = append(names, s.mention(e))
	}
	return blocks.List(names, 8) + ": please decide."
}

// mention is a person as Slack calls them, escaped; the name where no account is
// known.
func (s scene) mention(e access.PersonID) string {
	for _, p := range s.Approvers {
		if id := p.Account("slack"); p.ID == e && isUserID(id) {
			return "<@" + id + ">"
		}
	}
	return blocks.Escape(s.name(e), 2*blocks.MaxName)
}

// isUserID guards what is written as markup: an id is capitals and digits.
func isUserID(id string) bool {
	return id != "" && strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

func (s scene) claimLine() string {
	if claim := s.stage().Claim; claim.By != "" && s.awaited() {
		return "👀 " + blocks.Escape(s.name(claim.By), 2*blocks.MaxName) + " is looking at it since " + blocks.When(claim.At) + "."
	}
	return ""
}

func (s scene) channelStatus() string {
	said := s.decisions()
	if s.Phase() == access.PhaseDeciding {
		if !s.awaited() {
			return blocks.Lines(said, s.othersLine())
		}
		return said
	}
	return blocks.Lines(said, s.progress())
}

// approverButtons are what those who decide can do.
func (s scene) approverButtons() []slack.BlockElement {
	yes := actionApprove
	if s.confirms() {
		yes = actionConfirm
	}
	out := []slack.BlockElement{blocks.Button(yes, s.here(), "Approve", slack.StylePrimary)}
	if len(s.Request.Shorter(s.Role)) > 0 {
		out = append(out, blocks.Button(actionShorter, s.here(), "Approve for less", ""))
	}
	return append(out,
		blocks.Button(actionDeny, s.here(), "Deny", slack.StyleDanger),
		blocks.Button(actionAsk, s.here(), "Ask a question", ""))
}
