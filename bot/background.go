package bot

import (
	"strings"

	"latchkey/access"
	"latchkey/bot/blocks"
)

// portfolio puts on a card what helps to decide: who it is, what a yes would
// change, and what is usual.
func (s scene) portfolio(b *blocks.MessageBuilder) {
	b.Facts(
		blocks.Labelled("Who", s.portrait(s.Beneficiary)),
		blocks.Labelled("Manager", s.managerLine(s.Beneficiary)),
		blocks.Labelled("How long", blocks.Escape(s.howLong(), blocks.MaxName)),
		blocks.Labelled("Risk", riskWord(s.Role.Risk)),
		blocks.Labelled("Asked by", s.proxyLine()),
	)
	b.Quote("Reason", s.Request.Reason)
	b.Say(s.prolongs())
	b.Say(s.opens())
	if s.Request.State == access.RequestPending {
		b.Note(s.teamLine())
		b.Note(s.earlierLine())
		b.Note(s.historyLine())
	}
}

// prolongs says that more time is asked for, not new access.
func (s scene) prolongs() string {
	if s.Request.Extends == "" {
		return ""
	}
	return "This is more time for access that is there already: with a yes it goes on without a gap."
}

// teamLine says who else in the team has the role.
func (s scene) teamLine() string {
	var names []string
	for _, p := range s.about.Team {
		names = append(names, blocks.Clip(blocks.OneLine(p.Display()), blocks.MaxName))
	}
	if len(names) == 0 {
		return "Nobody else in the team has this role."
	}
	line := "In the team with this role: " + strings.Join(names, ", ")
	if s.about.TeamMore > 0 {
		line += " and " + blocks.Count(s.about.TeamMore, "more colleague")
	}
	return blocks.Escape(line+".", 800)
}

// earlierLine tells how others' requests for the role were decided lately.
func (s scene) earlierLine() string {
	if len(s.about.Earlier) == 0 {
		return "No decision on this role in the last months."
	}
	var parts []string
	for _, r := range s.about.Earlier {
		parts = append(parts, blocks.Escape(s.decidedAs(r)+" for "+blocks.Clip(string(r.Beneficiary), blocks.MaxName), 400)+" "+blocks.When(r.Decided))
	}
	return "Decided lately: " + strings.Join(parts, "; ") + "."
}

func (s scene) decidedAs(r access.Request) string {
	a, ok := r.Decider()
	switch {
	case !ok:
		return string(r.State)
	case a.Yes:
		return "approved by " + s.name(a.By.Person)
	}
	return "denied by " + s.name(a.By.Person)
}

// historyLine tells what became of the person's earlier requests for the app.
func (s scene) historyLine() string {
	who := blocks.Escape(s.name(s.receiver()), 2*blocks.MaxName)
	if len(s.about.History) == 0 {
		return who + " has not asked for " + blocks.Escape(s.appName(), blocks.MaxName) + " before."
	}
	var parts []string
	for _, r := range s.about.History {
		role, ok := s.App.Role(r.Role)
		name := r.Role
		if ok {
			name = blocks.Or(role.Name, r.Role)
		}
		parts = append(parts, blocks.Escape(blocks.Clip(name, blocks.MaxName)+" "+s.outcome(r), 400)+" "+blocks.When(r.Decided))
	}
	return "Asked by " + who + " before: " + strings.Join(parts, "; ") + "."
}

func (s scene) outcome(r access.Request) string {
	switch {
	case r.Emergency:
		return "taken in an emergency"
	case r.State == access.RequestCancelled:
		return "withdrawn"
	case r.State == access.RequestLapsed:
		return "lapsed"
	}
	if _, ok := r.Decider(); ok {
		return s.decidedAs(r)
	}
	return "approved at once"
}
