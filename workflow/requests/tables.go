package requests

import (
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// Handlers are the room's lines in the table of handlers.
func (s *Service) Handlers() map[string]engine.Handler {
	return map[string]engine.Handler{FindApproversTask: {Do: s.findApprovers}}
}

// DueScans are the room's lines in the table of what falls due.
func DueScans() []engine.DueScan {
	return []engine.DueScan{{Kind: "grant", Do: dueGrant}, {Kind: "request", Do: dueRequest}}
}

// Failures are the room's lines in the table of failure policies.
func Failures() map[string]engine.Policy {
	return map[string]engine.Policy{FindApproversTask: notify.Visible()}
}

// Purposes say what the room's tasks are for.
func Purposes() map[string]func(store.Tx, store.Task) string {
	return map[string]func(store.Tx, store.Task) string{
		FindApproversTask: func(store.Tx, store.Task) string { return "find somebody who may decide" },
	}
}
