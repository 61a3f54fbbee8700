package workflow

import (
	"errors"
	"testing"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Tasks that fail for one reason are told apart by what they are for; a request's story says it by itself.
func TestWhatCantBeDoneIsSaid(t *testing.T) {
	var told []string
	p := saying(engine.Policy{Tell: func(_ *engine.Unit, _ store.Task, f *access.Failure) error {
		told = append(told, f.Sentence)
		return nil
	}}, func(_ store.Tx, k store.Task) string { return "open the issue of " + k.ID })
	dead := &access.Failure{Class: access.Denied, Sentence: "Jira does not accept the token."}
	err := errors.Join(p.Tell(&engine.Unit{}, store.Task{ID: "okta"}, dead), p.Tell(&engine.Unit{}, store.Task{ID: "slack"}, dead), p.Tell(&engine.Unit{}, store.Task{Subject: access.RequestSubject("AR-1")}, dead))
	if err != nil || len(told) != 3 || told[0] != "What can't be done: open the issue of okta. Jira does not accept the token." || told[0] == told[1] || told[2] != dead.Sentence {
		t.Errorf("%v: told %q", err, told)
	}
}
