package bot

import (
	"testing"

	"latchkey/sandbox/slack"
)

func TestFormIsRedrawnInSpiteOfAConflict(t *testing.T) {
	w := newWorld(t, slack.Config{})
	w.slash(w.Maya, "")
	w.sees(w.Maya, "Choose an app first")
	w.AddFault(slack.Fault{Method: "views.update", Times: 1, Error: "hash_conflict"})
	w.set(w.Maya, "app", "figma")
	w.sees(w.Maya, "Role")
	w.Clean()
}
