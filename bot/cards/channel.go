package cards

import (
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/bot/blocks"
)

// channelCard asks for a decision in a channel: whoever may decide, and says
// first that they look at it.
type channelCard struct{ approverCard }

func (b channelCard) message() blocks.Message {
	if b.Request.BreakGlass {
		return emergency{b.builder}.message()
	}
	if b.Request.State != access.RequestPending {
		return b.decided()
	}
	var m blocks.MessageBuilder
	m.Title(b.title())
	if b.asking() {
		m.Say(b.mentions())
	}
	b.decisionFacts(&m)
	m.Say(b.claimLine())
	dialogue{b.builder}.conversationGist(&m)
	m.Note(b.status())
	m.Note(b.pauseLine())
	if b.asking() {
		m.Buttons(append(b.buttons(), blocks.Spoken(b.about(), blocks.Button(ActionClaim, here(b.Request), "I'm looking at it", ""))...)...)
	}
	return m.Message()
}

// asking tells whether anybody is being asked at this moment.
func (b channelCard) asking() bool {
	return b.Phase() == access.PhasePending && len(b.waitingFor()) > 0
}

// mentions calls those who were asked, so that Slack tells them.
func (b channelCard) mentions() string {
	var names []string
	for _, e := range b.waitingFor() {
		name, _ := b.mention(b.approver(e))
		names = append(names, name)
	}
	return blocks.List(names, 8) + ": p" + strings.TrimPrefix(b.PleaseDecide(b.Request.Issue), "P")
}

// approver is one of those who are asked.
func (b channelCard) approver(e access.PersonID) access.Person {
	if i := slices.IndexFunc(b.Approvers, func(p access.Person) bool { return p.ID == e }); i >= 0 {
		return b.Approvers[i]
	}
	return access.Person{ID: e}
}

// mention is a person as Slack calls them, escaped; the name where no account is known.
func (b builder) mention(p access.Person) (called string, mentioned bool) {
	if id := p.Account(access.SystemSlack); isUserID(id) {
		return "<@" + id + ">", true
	}
	return blocks.Escape(b.name(p.ID), blocks.MaxName), false
}

func (b channelCard) claimLine() string {
	if claim := b.stage().Claim; claim.By != "" && b.asking() {
		return "👀 " + blocks.Escape(b.name(claim.By), 2*blocks.MaxName) + " is looking at it since " + blocks.When(claim.At) + "."
	}
	return ""
}

func (b channelCard) status() string {
	said := blocks.Lines(b.decisions(), b.keptLines(), b.standInLine(), lacksLine(b.builder))
	if !b.asking() {
		return blocks.Lines(said, b.othersLine())
	}
	return said
}
