package slack

import (
	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// ErrGone is [kit.ErrGone].
var ErrGone = kit.ErrGone

// What is in the workspace, under the names that users of the emulator know.
type (
	User      = world.User
	UserGroup = world.UserGroup
	Channel   = world.Channel
	Message   = world.Message
	View      = world.View
	Option    = world.Option
	Click     = world.Click
)

// Render is [world.Render].
func Render[T Message | View](on T) string { return world.Render(on) }

// Offers is [world.Offers].
func Offers(v View, name, option string) bool { return world.Offers(v, name, option) }

// FindButton is [world.FindButton].
func FindButton[T Message | View](on T, label string) (Click, bool) {
	return world.FindButton(on, label)
}
