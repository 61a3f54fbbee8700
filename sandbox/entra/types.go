package entra

import "latchkey/sandbox/entra/world"

// What is in the tenant, under the names that users of the emulator know.
type (
	User   = world.User
	Group  = world.Group
	App    = world.App
	SignIn = world.SignIn
)

// The sorts of accounts, and of what can be in a group.
const (
	Member  = world.Member
	Guest   = world.Guest
	AUser   = world.KindUser
	AnApp   = world.KindApp
	AGroup  = world.KindGroup
	Contact = world.KindContact
)
