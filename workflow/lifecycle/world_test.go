package lifecycle

import (
	"context"
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/clock/clocktest"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/workflow/engine"
	"latchkey/workflow/engine/enginetest"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
)

// world is a store, a clock and an identity provider whose log is read.
type world struct {
	*testing.T
	*Service
	clock  *clocktest.Clock
	store  store.Store
	vendor *idptest.Vendor
	owner  map[string]access.PersonID // by account
	left   []access.PersonID
	seen   []string // accounts of which the listener heard
	told   []string
}

func newWorld(t *testing.T) *world {
	w := &world{T: t, clock: clocktest.New(time.Date(2026, 11, 16, 6, 0, 0, 0, time.UTC)), store: bolttest.Open(t), owner: map[string]access.PersonID{}}
	w.vendor = idptest.NewVendor("okta", w.clock)
	units := engine.NewUnits(engine.UnitsConfig{Store: w.store, Clock: w.clock, Owner: "test"})
	w.Service = New(Config{
		Units: units, Clock: w.clock, Directories: people.Directories{w.vendor.Directory()}, Polls: map[string]time.Duration{"okta": 30 * time.Second},
		People: w, Leavers: w, Listener: w, Alarm: func(_ *engine.Unit, id, title string, _ ...string) error {
			w.told = append(w.told, title)
			return nil
		},
	})
	return w
}

// employ makes an account that somebody is known by.
func (w *world) employ(handle string) string {
	id := w.vendor.AddPerson(idptest.Person{Email: handle + "@acme.example"})
	w.owner[id] = peopletest.ID(handle)
	return id
}

func (w *world) Whose(_ context.Context, _, id string) (access.PersonID, error) {
	return w.owner[id], nil
}
func (w *world) Forget(access.PersonID) {}
func (w *world) Left(_ context.Context, who access.PersonID) error {
	if !slices.Contains(w.left, who) { // doing it again changes nothing more
		w.left = append(w.left, who)
	}
	return nil
}

func (w *world) Seen(_ context.Context, _ string, a idp.Person, _ access.PersonID) error {
	w.seen = append(w.seen, a.ID)
	return nil
}

// read has one turn at the log.
func (w *world) read() error {
	d := w.dirs[0]
	log, _ := idp.As[idp.AccountLog](d)
	return w.turn(w.Context(), d, log)
}

// mustRead has one turn at the log, and looks at whom it named.
func (w *world) mustRead() {
	w.Helper()
	if err := w.read(); err != nil {
		w.Fatal(err)
	}
	w.work()
}

// work carries out the tasks that are ready; those that fail stay.
func (w *world) work() (failed []error) {
	w.Helper()
	var tasks []store.Task
	err := w.units.View(w.Context(), func(tx store.Tx) (err error) {
		tasks, err = tx.Tasks("", 0, 1000)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	for _, t := range tasks {
		if err := enginetest.Attempt(w.Context(), w.units, w.Handlers(), t); err != nil {
			failed = append(failed, err)
		}
	}
	return failed
}

// Speaks is true: there is one directory.
func (w *world) Speaks(context.Context, string, access.PersonID) (bool, error) { return true, nil }
