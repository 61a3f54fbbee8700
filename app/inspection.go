package app

import (
	"latchkey/config"
	jiracheck "latchkey/jira/check"
)

// Finding is one thing that was looked at, in one of the services.
type Finding struct {
	Service string
	Level   string // ok, note or fault
	Check   string
	Detail  string // what was seen; for a fault, the cause and the remedy
}

// inspection looks at the services and counts what is wrong. One cause is told once: what a service that can't be worked
// with would say besides is left out.
type inspection struct {
	services *services
	config   *config.Config
	tell     func(Finding)
	clocks   *clocks
	silent   map[string]bool // services that can't be worked with at all, which was said
	lacking  map[string]bool // directories in which something lacks, which was said
	said     map[Finding]bool
	faults   int
}

func (i *inspection) say(level jiracheck.Level, service, check, detail string) {
	f := Finding{Service: service, Level: string(level), Check: check, Detail: detail}
	if i.said[f] {
		return // what is seen on two ways is one thing
	}
	i.said[f] = true
	if level == jiracheck.Fault {
		i.faults++
	}
	i.tell(f)
}

func level(ok bool) jiracheck.Level {
	if ok {
		return jiracheck.Good
	}
	return jiracheck.Fault
}
