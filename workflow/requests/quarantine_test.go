package requests_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/requests"
)

func (w *world) controls() *requests.Controls {
	return requests.NewControls(requests.ControlsConfig{Units: w.units, Catalog: func() *catalog.Catalog { return w.offer }, Authority: w.who})
}

// quarantinedFor are the causes of the quarantines there are.
func (w *world) quarantinedFor() (causes string) {
	w.Helper()
	w.view(func(tx store.Tx) error {
		all, err := store.Quarantines(tx)
		causes = ""
		for _, h := range all {
			causes += h.Cause + " "
		}
		return err
	})
	return causes
}

// A quarantine has no end of its own, may be one of several, and what waits goes on when the
// last is gone.
func TestHolds(t *testing.T) {
	w := newWorld(t)
	begin := func(cause string) {
		w.do(func(u *engine.Unit) error {
			return requests.BeginQuarantine(u, store.Quarantine{Cause: cause, Why: "It is " + cause + "."}, "Look at it.")
		})
	}
	end := func(cause string) {
		w.do(func(u *engine.Unit) error {
			return requests.EndQuarantine(u, cause, access.System(), "It was compared.")
		})
	}
	begin("older")
	begin("older")
	begin("twin")
	if got := w.quarantinedFor(); got != "older twin " {
		t.Errorf("quarantined for %s", got)
	}
	r := w.asked("editor")
	w.ok(w.answer(r, noor, true))
	w.pass(90 * 24 * time.Hour)
	held := slices.DeleteFunc(w.events(r.ID), func(e access.Event) bool { return e.Kind != access.EventDeferred })
	if len(held) != 1 || held[0].Reason != "It is older." || !held[0].Until.IsZero() {
		t.Errorf("its story says %+v", held)
	}
	end("older")
	end("older") // once more is nothing
	if g := w.grant(r); g.State != access.GrantWaiting {
		t.Errorf("with the other quarantine it is %s", g.State)
	}
	end("twin")
	for _, t := range w.tasks(requests.DeferredTask) {
		_, err := w.controls().Handlers()[requests.DeferredTask].Do(w.Context(), t)
		w.ok(err)
	}
	if g := w.grant(r); g.State != access.GrantProvisioning {
		t.Errorf("without any quarantine it is %s", g.State)
	}
}

// An admin takes a restored store as it is, once, and nobody else does.
func TestARestoredStoreIsAccepted(t *testing.T) {
	w := newWorld(t)
	l := w.controls()
	if _, err := l.Accept(w.Context(), by(ines)); err == nil || !strings.Contains(err.Error(), "not restored") {
		t.Errorf("a store that is none: %v", err)
	}
	made := start().Add(-time.Hour)
	for range 2 { // a copy of a restored store is restored
		w.do(func(u *engine.Unit) error { return requests.QuarantineRestored(u, made) })
	}
	if _, err := l.Accept(w.Context(), by(maya)); err == nil {
		t.Error("anybody can")
	}
	was, err := l.Accept(w.Context(), by(ines))
	if err != nil || !was.Backup.Equal(made) || was.Log == "" || w.quarantinedFor() != "" {
		t.Errorf("%+v, %v, and quarantined for %s", was, err, w.quarantinedFor())
	}
	ended := access.Event{}
	w.view(func(tx store.Tx) error {
		all, err := store.Story(tx, store.Filter{Subject: access.LogSubject()})
		for _, e := range all {
			if e.Kind == access.EventQuarantineEnded {
				ended = e
			}
		}
		return err
	})
	if ended.Origin != store.QuarantineRestored || ended.Actor.Person != ines || !strings.Contains(ended.Note, "takes the store as it is") {
		t.Errorf("the log says %+v", ended)
	}
}
