package bot

import (
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
)

const actionClaim = "claim"

// channelCard asks for a decision in a channel: whoever may decide, and says
// first that they look at it.
func (s scene) channelCard() card {
	if s.Request.Emergency {
		return s.alarmCard()
	}
	var b sheet
	b.title(s.approverTitle())
	if s.awaited() {
		b.say(s.called())
	}
	s.portfolio(&b)
	b.say(s.claimLine())
	b.say(s.channelStatus())
	if s.Request.State == access.RequestDenied {
		b.words("Why", s.denial())
	}
	s.talk(&b)
	if s.awaited() {
		b.buttons(append(s.approverButtons(), button(actionClaim, s.here(), "I'm looking at it", ""))...)
	}
	b.note(s.ticket(), "Asked "+when(s.Request.Created))
	return b.card()
}

// awaited tells whether anybody is being asked at this moment.
func (s scene) awaited() bool { return s.Phase() == access.PhaseDeciding && len(s.waitingFor()) > 0 }

// called mentions those who were asked, so that Slack tells them.
func (s scene) called() string {
	var names []string
	for _, e := range s.waitingFor() {
		names = append(names, s.mention(e))
	}
	return listed(names, 8) + ": p" + strings.TrimPrefix(s.pleaseDecide(), "P")
}

// mention is a person as Slack calls them, escaped; the name where no account is
// known.
func (s scene) mention(e access.PersonID) string {
	for _, p := range s.Approvers {
		if id := p.Account("slack"); p.ID == e && isUserID(id) {
			return "<@" + id + ">"
		}
	}
	return esc(s.name(e), 2*longest)
}

// isUserID guards what is written as markup: an id is capitals and digits.
func isUserID(id string) bool {
	return id != "" && strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

func (s scene) claimLine() string {
	if claim := s.stage().Claim; claim.By != "" && s.awaited() {
		return "👀 " + esc(s.name(claim.By), 2*longest) + " is looking at it since " + when(claim.At) + "."
	}
	return ""
}

func (s scene) channelStatus() string {
	said := s.decisions()
	if s.Phase() == access.PhaseDeciding {
		if !s.awaited() {
			return joined(said, s.othersLine())
		}
		return said
	}
	return joined(said, s.progress())
}

// approverButtons are what those who decide can do here.
func (s scene) approverButtons() []slack.BlockElement {
	if s.jiraOnly {
		return []slack.BlockElement{button(actionAsk, s.here(), "Ask a question", "")}
	}
	yes := actionApprove
	if s.confirms() {
		yes = actionConfirm
	}
	out := []slack.BlockElement{button(yes, s.here(), "Approve", slack.StylePrimary)}
	if len(s.Request.Shorter(s.Role)) > 0 {
		out = append(out, button(actionShorter, s.here(), "Approve for less", ""))
	}
	return append(out,
		button(actionDeny, s.here(), "Deny", slack.StyleDanger),
		button(actionAsk, s.here(), "Ask a question", ""))
}
