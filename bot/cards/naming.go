package cards

import (
	"latchkey/access"
	"latchkey/bot/blocks"
)

// naming says how those in a case, and what it is about, are called before one reader.
type naming struct {
	access.Case
	reader access.Person
	others map[access.PersonID]access.Person // whom the background names, beside the case
}

// what is the app and the role, not escaped.
func (n naming) what() string {
	return blocks.Clip(n.appName(), blocks.MaxName) + " · " + blocks.Clip(blocks.Or(n.Role.Name, n.Request.Role), blocks.MaxName)
}

func (n naming) appName() string { return blocks.Or(n.App.Name, n.Request.App) }

// name is how a person is called, not escaped: by name where it is known, by
// address where that is.
func (n naming) name(e access.PersonID) string {
	if n.reads(e) && n.reader.Name != "" {
		return blocks.Clip(blocks.OneLine(n.reader.Name), blocks.MaxName)
	}
	p := n.Case.Person(e)
	if known, ok := n.others[e]; ok && p.Display() == access.Unnamed {
		p = known
	}
	return blocks.Clip(blocks.OneLine(p.Display()), blocks.MaxName)
}

// you is name, or "you" for the reader.
func (n naming) you(e access.PersonID) string {
	if n.reads(e) {
		return "you"
	}
	return n.name(e)
}

func (n naming) reads(e access.PersonID) bool { return e != "" && e == n.reader.ID }

// actor is who did something and where, not escaped.
func (n naming) actor(a access.Actor) string {
	switch {
	case a.Person == "" && a.Via == access.ViaCLI && a.Account != "":
		return a.Account + " on the command line"
	case a.Person == "":
		return "Latchkey"
	case a.Via == access.ViaJira:
		return n.you(a.Person) + " in Jira"
	}
	return n.you(a.Person)
}

// answerer is who gave an answer, and in whose place; not escaped.
func (n naming) answerer(a access.Answer) string {
	if a.For == "" {
		return n.actor(a.By)
	}
	return n.actor(a.By) + ", for " + n.you(a.For)
}

// names lists people, not escaped.
func (n naming) names(list []access.PersonID) string {
	var names []string
	for _, e := range list {
		names = append(names, n.you(e))
	}
	return blocks.List(names, 5)
}
