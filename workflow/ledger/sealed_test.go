package ledger_test

import (
	"context"
	"errors"
	"testing"

	"latchkey/access"
	"latchkey/store"
)

// unsealed is a store whose entries get no places while it says why.
type unsealed struct {
	store.Store
	why *error
}

func (s unsealed) Sealed(context.Context) error { return *s.why }

// Jira is told of nothing that has no place in the log yet; it is tried again.
func TestNothingIsToldBeforeItIsSealed(t *testing.T) {
	why := errors.New("nobody seals")
	w := newWorld(t, nil, func(s store.Store) store.Store { return unsealed{s, &why} })
	w.pending(access.Request{ID: "AR-1"})
	err := w.work("open/AR-1", nil)
	if !errors.Is(err, why) || access.Classify(err).Class != access.Limited {
		t.Fatalf("an issue of what has no place yet: %v", err)
	}
	w.expect()
	why = nil
	if err := w.work("open/AR-1", nil); err != nil {
		t.Fatal(err)
	}
	w.expect("open AR-1 afresh")
}
