package commands

import "latchkey/access"

// invocation is one use of the command: who typed it, and what came after the
// subcommand.
type invocation struct {
	person  access.Person
	user    string // Slack id
	trigger string
	rest    string
}

func (s invocation) actor() access.Actor {
	return access.Actor{Person: s.person.ID, Via: access.ViaSlack, Account: s.user}
}
