package requests

import (
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// Handlers are the room's lines in the table of handlers, beside those of Controls.
func (s *Service) Handlers() map[string]engine.Handler {
	return map[string]engine.Handler{
		FindApproversTask: {Do: s.stages.findApprovers}, EstablishTask: {Do: s.stages.establishKept}, LeaveTask: {Do: s.leave, Restarts: true},
		UniteTask: {Do: NewMerges(s).all, Restarts: true}, BeginTask: {Do: s.begin},
	}
}

// DueScans are the room's lines in the table of what falls due.
func DueScans() []engine.DueScan {
	return []engine.DueScan{{Kind: "grant", Do: dueGrant}, {Kind: "request", Do: dueRequest}, {Kind: "pause", Do: duePause}}
}

// Failures are the room's lines in the table of failure policies.
func Failures() map[string]engine.Policy {
	return map[string]engine.Policy{
		FindApproversTask: notify.Visible(), EstablishTask: notify.Visible(), LeaveTask: notify.Visible(), UniteTask: notify.Visible(), BeginTask: notify.Visible(),
		DeferredTask: notify.Visible(), MeasureTask: notify.Visible(), WatchTask: notify.Visible(),
	}
}

// Purposes say what the room's tasks are for.
func Purposes() map[string]func(store.Tx, store.Task) string {
	return map[string]func(store.Tx, store.Task) string{
		FindApproversTask: func(store.Tx, store.Task) string { return "find somebody who may decide" },
		BeginTask:         func(store.Tx, store.Task) string { return "look whether access may begin that was asked for later" },
		EstablishTask:     func(store.Tx, store.Task) string { return "find out whether an answer counts that was kept" },
		DeferredTask:      func(store.Tx, store.Task) string { return "look after what waits for the end of a pause" },
		MeasureTask:       func(store.Tx, store.Task) string { return "open the issue of a pause or an offboarding" },
		WatchTask: func(tx store.Tx, t store.Task) string {
			return "say when all is gone that " + leaverOf(tx, t) + " held"
		},
		LeaveTask: func(tx store.Tx, t store.Task) string { return "end what " + leaverOf(tx, t) + " has" },
		UniteTask: func(store.Tx, store.Task) string { return "bring together what was asked for and given under two ids" },
	}
}

// leaverOf is whom a LeaveTask is about.
func leaverOf(tx store.Tx, t store.Task) string {
	p, err := engine.ReadPayload[leaver](t)
	if err != nil || p.Person == "" {
		return "somebody"
	}
	name, err := people.ContactIn(tx, p.Person)
	if err != nil {
		return "somebody"
	}
	return name
}
