package lifecycle

import (
	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// Handlers are the room's lines in the table of handlers.
func (s *Service) Handlers() map[string]engine.Handler {
	return map[string]engine.Handler{LookTask: {Do: s.look}}
}

// Failures are the room's lines in the table of failure policies. That accounts can't be read is told once, however many they are.
func Failures() map[string]engine.Policy {
	return map[string]engine.Policy{LookTask: {Parking: engine.ParkSlow, Tell: unread}}
}

// Purposes say what the room's tasks are for.
func Purposes() map[string]func(store.Tx, store.Task) string {
	return map[string]func(store.Tx, store.Task) string{
		LookTask: func(_ store.Tx, t store.Task) string {
			h, err := engine.ReadPayload[hinted](t)
			if err != nil {
				return "look at an account that has changed"
			}
			return "look at an account in " + h.Directory + " that has changed"
		},
	}
}

// unread tells IT that accounts can't be read.
func unread(u *engine.Unit, t store.Task, f *access.Failure) error {
	return notify.Alert(u, "account/unread/"+t.Queue, "Accounts that have changed can't be read", f.Sentence+".", "It is tried again until it works: who has left is found out then, or by the calendar.")
}
