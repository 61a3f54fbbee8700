package bot

import (
	"strings"

	"latchkey/access"
)

// portfolio puts on a card what helps to decide: who it is, what a yes would
// change, and what is usual.
func (s scene) portfolio(b *sheet) {
	b.facts(
		fact{"Who", s.portrait(s.Beneficiary)},
		fact{"Manager", s.managerLine(s.Beneficiary)},
		fact{"How long", esc(s.howLong(), longest)},
		fact{"Risk", riskWord(s.Role.Risk)},
		fact{"Asked by", s.proxyLine()},
	)
	b.words("Reason", s.Request.Reason)
	b.say(s.prolongs())
	b.say(s.opens())
	if s.Request.State == access.RequestPending {
		b.note(s.teamLine())
		b.note(s.earlierLine())
		b.note(s.historyLine())
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
		names = append(names, clip(oneLine(p.Display()), longest))
	}
	if len(names) == 0 {
		return "Nobody else in the team has this role."
	}
	line := "In the team with this role: " + strings.Join(names, ", ")
	if s.about.TeamMore > 0 {
		line += " and " + plural(s.about.TeamMore, "more colleague")
	}
	return esc(line+".", 800)
}

// earlierLine tells how others' requests for the role were decided lately.
func (s scene) earlierLine() string {
	if len(s.about.Earlier) == 0 {
		return "No decision on this role in the last months."
	}
	var parts []string
	for _, r := range s.about.Earlier {
		parts = append(parts, esc(s.decidedAs(r)+" for "+s.name(r.Beneficiary), 400)+" "+when(r.Decided))
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
	who := esc(s.name(s.receiver()), 2*longest)
	if len(s.about.History) == 0 {
		return who + " has not asked for " + esc(s.appName(), longest) + " before."
	}
	var parts []string
	for _, r := range s.about.History {
		role, ok := s.App.Role(r.Role)
		name := r.Role
		if ok {
			name = or(role.Name, r.Role)
		}
		parts = append(parts, esc(clip(name, longest)+" "+s.outcome(r), 400)+" "+when(r.Decided))
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
