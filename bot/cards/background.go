package cards

import (
	"strings"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/catalog"
)

// decisionFacts puts on a card what helps to decide: who it is, what a yes would
// change, and what is usual.
func (b approverCard) decisionFacts(m *blocks.MessageBuilder) {
	m.Facts(
		blocks.Labelled("Who", b.beneficiaryLines()),
		blocks.Labelled("Manager", b.managerLine()),
		blocks.Labelled("How long", blocks.Escape(b.howLong(), blocks.MaxName)),
		blocks.Labelled("Risk", riskWord(b.Role.Risk)),
		blocks.Labelled("Asked by", b.proxyLine()),
	)
	m.Say(b.lookalikeLine())
	m.Quote("Reason", b.Request.Reason)
	m.Say(b.prolongs())
	m.Say(b.opens())
	if b.Request.State == access.RequestPending {
		m.Note(b.teamLine())
		m.Note(b.earlierLine())
		m.Note(b.historyLine())
	}
}

// lookalikeLine warns of a name or an address that may be taken for another one, and
// says by what the account can be told.
func (b approverCard) lookalikeLine() string {
	p := b.Beneficiary
	if !catalog.Lookalike(p.Name) && !catalog.Lookalike(string(p.Email)) {
		return ""
	}
	id := p.Account(access.SystemSlack)
	return ":warning: This name or address mixes letters of several scripts and may look like another one. It is " +
		blocks.Escape(p.Contact(), blocks.MaxField) + ", whose account in Slack ends with " + blocks.Escape(id[max(0, len(id)-tail):], tail) + "."
}

// tail is how much of an id tells accounts apart.
const tail = 4

// prolongs says that more time is asked for, not new access.
func (b approverCard) prolongs() string {
	if b.Request.Extends == "" {
		return ""
	}
	return "This is more time for access that is there already: with a yes before its end it goes on without a gap."
}

// teamLine says who else in the team has the role.
func (b approverCard) teamLine() string {
	var names []string
	for _, p := range b.background.Team {
		names = append(names, blocks.Clip(blocks.OneLine(p.Display()), blocks.MaxName))
	}
	part := ""
	if b.background.TeamPart {
		part = " (of the many who have the app, only some were looked at)"
	}
	switch {
	case len(names) == 0 && b.Beneficiary.Manager == "" && b.Beneficiary.Department == "":
		return "Neither a manager nor a department is known, so it can't be told who else in the team has this role."
	case len(names) == 0 && part != "":
		return "Nobody in the team was found who has this role" + part + "."
	case len(names) == 0:
		return "Nobody else in the team has this role."
	}
	line := "In the team with this role: " + strings.Join(names, ", ")
	if b.background.TeamMore > 0 {
		line += " and " + blocks.Count(b.background.TeamMore, "more colleague")
	}
	return blocks.Escape(line+part+".", 800)
}

// earlierLine tells how others' requests for the role were decided lately.
func (b approverCard) earlierLine() string {
	if len(b.background.Earlier) == 0 {
		return "No decision on this role in the last months."
	}
	var parts []string
	for _, r := range b.background.Earlier {
		parts = append(parts, blocks.Escape(b.decidedAs(r)+" for "+b.name(r.Beneficiary), 400)+" "+blocks.When(r.Decided))
	}
	return "Decided lately: " + strings.Join(parts, "; ") + "."
}

func (b approverCard) decidedAs(r access.Request) string {
	a, ok := r.Decider()
	switch {
	case !ok:
		return string(r.State)
	case a.Yes:
		return "approved by " + b.name(a.By.Person)
	}
	return "denied by " + b.name(a.By.Person)
}

// historyLine tells what became of the person's earlier requests for the app.
func (b approverCard) historyLine() string {
	who := blocks.Escape(b.name(b.Request.Beneficiary), 2*blocks.MaxName)
	if len(b.background.History) == 0 {
		return who + " has not asked for " + blocks.Escape(b.appName(), blocks.MaxName) + " before."
	}
	var parts []string
	for _, r := range b.background.History {
		role, ok := b.App.Role(r.Role)
		name := r.Role
		if ok {
			name = blocks.Or(role.Name, r.Role)
		}
		parts = append(parts, blocks.Escape(blocks.Clip(name, blocks.MaxName)+" "+b.outcome(r), 400)+" "+blocks.When(r.Decided))
	}
	return "Asked by " + who + " before: " + strings.Join(parts, "; ") + "."
}

func (b approverCard) outcome(r access.Request) string {
	switch {
	case r.BreakGlass:
		return "taken in an emergency"
	case r.State == access.RequestCancelled:
		return "cancelled"
	case r.State == access.RequestLapsed:
		return "lapsed"
	}
	if _, ok := r.Decider(); ok {
		return b.decidedAs(r)
	}
	return "approved at once"
}
