package birthright

import (
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

const (
	// scanTimeout bounds a look at everybody: the list of a big company waits for its directory's limits.
	scanTimeout = 30 * time.Minute
	// unreadAgain is how soon an account is read again that can't be.
	unreadAgain = 10 * time.Minute
)

// Duties are the room's lines in the table of duties.
func (s *Service) Duties() []engine.Duty {
	return []engine.Duty{{Name: Duty, Line: s.line, Do: s.scan}}
}

// Handlers are the room's lines in the table of handlers.
func (s *Service) Handlers() map[string]engine.Handler {
	return map[string]engine.Handler{
		LookTask: {Do: s.look}, RunTask: {Do: s.run}, BeginTask: {Do: s.begin}, MovedTask: {Do: s.tellOwners}, ScanTask: {Do: s.scan, Restarts: true, Timeout: scanTimeout},
	}
}

// DueScans are the room's lines in the table of what falls due.
func DueScans() []engine.DueScan {
	return []engine.DueScan{{Kind: "birthright", Do: due}, {Kind: "birthrightbrake", Do: dueBrake}}
}

// Failures are the room's lines in the table of failure policies. A directory that keeps silent is told once, however many people
// couldn't be looked at.
func Failures() map[string]engine.Policy {
	return map[string]engine.Policy{
		LookTask: {Parking: engine.ParkSlow, Slow: unreadAgain, Tell: unread}, RunTask: notify.Visible(), BeginTask: notify.Visible(), MovedTask: notify.Visible(), ScanTask: notify.Visible(),
	}
}

// unread tells IT that accounts can't be read.
func unread(u *engine.Unit, t store.Task, f *access.Failure) error {
	return notify.Alert(u, "birthright/unread/"+t.Queue, "What comes with who people are can't be found out", f.Sentence+".", "It is tried again until it works. Nothing is given or taken away meanwhile because of it.")
}

// dueBrake has IT asked again.
func dueBrake(u *engine.Unit, _ string) error {
	q, err := store.LoadBirthrightBrake(u.Tx)
	if err != nil {
		return err
	}
	q.Again = time.Time{}
	if err := store.PutBirthrightBrake(u.Tx, &q); err != nil {
		return err
	}
	return runSoon(u)
}

// Purposes say what the room's tasks are for.
func Purposes() map[string]func(store.Tx, store.Task) string {
	always := func(what string) func(store.Tx, store.Task) string {
		return func(store.Tx, store.Task) string { return what }
	}
	return map[string]func(store.Tx, store.Task) string{
		LookTask: always("find out what comes with who somebody is"), RunTask: always("give and take what comes with who people are"),
		BeginTask: always("begin to give what comes with who somebody is"), MovedTask: always("tell owners what somebody keeps who has moved"), ScanTask: always("find out what comes with who people are"),
	}
}
