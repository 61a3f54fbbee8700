package people

import (
	"fmt"

	"latchkey/access"
	"latchkey/workflow/engine"
)

// Alarm tells IT, in the unit in which it was seen, what keeps somebody from being
// known for certain.
type Alarm func(u *engine.Unit, marker, title string, lines ...string) error

// Tell tells somebody something, in the unit in which it happens.
type Tell func(u *engine.Unit, marker string, who access.PersonID, title string, lines ...string) error

// notice is something for IT.
type notice struct {
	marker, title string
	lines         []string
}

// notifier tells IT and people.
type notifier struct {
	alarm Alarm // nil: only the log says so
	tell  Tell  // nil: nobody is told
}

// it tells IT something, in the unit in which it happens.
func (h notifier) it(u *engine.Unit, n notice) error {
	if h.alarm == nil {
		return nil
	}
	return h.alarm(u, n.marker, n.title, n.lines...)
}

// person tells somebody something, in the unit in which it happens.
func (h notifier) person(u *engine.Unit, who access.PersonID, marker, title string, lines ...string) error {
	if h.tell == nil {
		return nil
	}
	return h.tell(u, marker, who, title, lines...)
}

// reused asks IT whether an address of the configuration means who has it now.
func reused(a access.Email, has access.Person) notice {
	return notice{"reused/" + string(a), "An address of the configuration is somebody else's now", []string{
		fmt.Sprintf("%s has the address %s, which somebody else had before. What the configuration gives it, they don't get: they are neither asked nor obeyed because of it.", has.Display(), a),
		fmt.Sprintf("If they are meant: latchkey people meant %s. If not, take the address out of the configuration.", a),
	}}
}

// actorIn is what to call somebody who does something.
func actorIn(u *engine.Unit, by access.Actor) (string, error) {
	switch {
	case by.Person != "":
		return ContactIn(u.Tx, by.Person)
	case by.Via == access.ViaCLI:
		return by.Account + ", at the terminal", nil
	}
	return "Latchkey", nil
}

// called is a system as people call it.
func called(system string) string {
	switch system {
	case access.SystemJira:
		return "Jira"
	case access.SystemSlack:
		return "Slack"
	}
	return system
}

// written is an account as it is written on the command line.
func written(system, account string) string { return system + ":" + account }
