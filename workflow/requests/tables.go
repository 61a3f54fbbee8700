package requests

import (
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// Handlers are the room's lines in the table of handlers.
func (s *Service) Handlers() map[string]engine.Handler {
	return map[string]engine.Handler{FindApproversTask: {Do: s.findApprovers}, LeaveTask: {Do: s.leave, Restarts: true}}
}

// DueScans are the room's lines in the table of what falls due.
func DueScans() []engine.DueScan {
	return []engine.DueScan{{Kind: "grant", Do: dueGrant}, {Kind: "request", Do: dueRequest}}
}

// Failures are the room's lines in the table of failure policies.
func Failures() map[string]engine.Policy {
	return map[string]engine.Policy{FindApproversTask: notify.Visible(), LeaveTask: notify.Visible()}
}

// Purposes say what the room's tasks are for.
func Purposes() map[string]func(store.Task) string {
	return map[string]func(store.Task) string{
		FindApproversTask: func(store.Task) string { return "find somebody who may decide" },
		LeaveTask: func(t store.Task) string {
			p, _ := engine.ReadPayload[leaver](t)
			return "end what " + string(p.Person) + " has, who has left"
		},
	}
}
