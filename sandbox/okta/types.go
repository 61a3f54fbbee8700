package okta

import "latchkey/sandbox/okta/world"

// What is in the org, under the names that users of the emulator know.
type (
	User     = world.User
	Group    = world.Group
	Rule     = world.Rule
	App      = world.App
	LogEvent = world.LogEvent
	Target   = world.Target
)

// Account states as Okta names them.
const (
	Staged        = world.Staged
	Provisioned   = world.Provisioned
	Active        = world.Active
	Recovery      = world.Recovery
	Expired       = world.Expired
	LockedOut     = world.LockedOut
	Suspended     = world.Suspended
	Deprovisioned = world.Deprovisioned
)

// Group types as Okta names them.
const (
	OktaGroup = world.OktaGroup
	AppGroup  = world.AppGroup
	BuiltIn   = world.BuiltIn
)
