package app

import (
	"latchkey/idp"
	"latchkey/workflow/people"
)

// outside is what a rehearsal may ask beside the store. The zero value is nobody.
type outside struct {
	directories []idp.Directory
	groups      people.UserGroups
	onCalls     people.OnCalls
}
