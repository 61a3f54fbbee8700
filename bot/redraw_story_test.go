package bot

import (
	"testing"

	"latchkey/sandbox/slack"
)

func TestFormIsRedrawnInSpiteOfAConflict(t *testing.T) {
	w := newWorld(t, slack.Config{})
	w.slash(w.Maya, "figma")
	w.sees(w.Maya, "Role")
	w.AddFault(slack.Fault{Method: "views.update", Times: 1, Error: "hash_conflict"})
	w.set(w.Maya, "app", "vault")
	w.sees(w.Maya, "Admin")
	w.Clean()
}
