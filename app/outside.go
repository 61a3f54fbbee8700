package app

import (
	"latchkey/access"
	"latchkey/idp"
	"latchkey/workflow/people"
)

// outside is what a rehearsal may ask beside the store. The zero value is nobody.
type outside struct {
	directories []idp.Directory
	groups      people.UserGroups
	onCalls     people.OnCalls
}

// reached tells whether anybody can be asked.
func (o outside) reached() bool { return o.groups != nil }

// errNotReached: nobody is to read that there is nothing where nobody looked.
var errNotReached = access.Refuse(access.TooLate, "", "The directories and Slack can't be asked from here. Please run this where the bot runs, while it does.")
