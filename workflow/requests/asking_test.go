package requests_test

import (
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/requests"
)

// While it is looked who decides, somebody says otherwise: who is asked is found once more.
func TestWhatIsSaidWhileItIsLookedWhoDecides(t *testing.T) {
	tests := map[string]struct {
		before, meanwhile func(*world, access.Request)
	}{
		"somebody is to decide for them": {
			meanwhile: func(w *world, _ access.Request) { w.decidesFor(noor, tom) }},
		"nobody decides for them any more": {
			before:    func(w *world, _ access.Request) { w.decidesFor(noor, tom) },
			meanwhile: func(w *world, _ access.Request) { w.endDelegation(noor) }},
		"others have looked": {
			meanwhile: func(w *world, _ access.Request) { w.do(func(u *engine.Unit) error { return people.LookNow(u, noor) }) }},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			r := w.asked("editor")
			if tt.before != nil {
				tt.before(w, r)
			}
			w.pass(2 * time.Hour)
			w.ok(w.due("request", r.ID))
			look := crossing{w.who, func() { tt.meanwhile(w, r) }}
			s := requests.New(requests.Config{Units: w.units, Catalog: w.Catalog(), People: w.who, Authority: w.who, Approvers: look, Stuck: w.query})
			tasks := w.tasks(requests.FindApproversTask)
			done, err := s.Handlers()[requests.FindApproversTask].Do(t.Context(), tasks[len(tasks)-1])
			w.ok(err)
			if f := access.Classify(w.units.Update(t.Context(), done)); f.Class != access.Limited || f.After <= 0 {
				t.Errorf("it isn't looked again: %+v", f)
			}
			if got := w.request(r.ID).Stages[0].Asked; !slices.Equal(got, []access.PersonID{noor}) {
				t.Errorf("asked are %v", got)
			}
		})
	}
}

// decidesFor has somebody decide in another one's place for a day.
func (w *world) decidesFor(delegator, delegate access.PersonID) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		d, _, err := access.NewDelegation("DL-"+string(delegator), by(delegator), delegate, u.At, u.At.Add(24*time.Hour), u.At)
		if err != nil {
			return err
		}
		return store.PutDelegation(u.Tx, &d)
	})
}

// endDelegation has nobody decide in somebody's place any more.
func (w *world) endDelegation(delegator access.PersonID) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		d, err := store.Delegation(u.Tx, "DL-"+string(delegator))
		if err != nil {
			return err
		}
		d, _, err = d.Apply(d.Event(access.EventDelegationEnded, by(delegator), u.At), u.At)
		if err != nil {
			return err
		}
		return store.PutDelegation(u.Tx, &d)
	})
}
