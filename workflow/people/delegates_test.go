package people_test

import (
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// decidesFor has somebody decide in another one's place from now on.
func (w *world) decidesFor(t *testing.T, delegator, delegate access.PersonID) {
	t.Helper()
	err := w.units.Update(t.Context(), func(u *engine.Unit) error {
		d, _, err := access.NewDelegation("DL-"+string(delegator), by(delegator), delegate, u.At, u.At.Add(time.Hour), u.At)
		if err != nil {
			return err
		}
		return store.PutDelegation(u.Tx, &d)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Who decides for a back-up approver may as they may, and isn't told either. A back-up who decides
// for somebody who is asked is told.
func TestDelegatesAndBackups(t *testing.T) {
	w, b := outside(t)
	b.called = []string{"U-omar"}
	r := asking(t, maya, "manager")
	r.Stages[0].Backups = []catalog.Approver{{Kind: catalog.OnCall, Name: "platform"}}
	w.decidesFor(t, omar, grace)
	found, err := w.Deciders(t.Context(), r)
	if err != nil || !slices.Equal(found.Asked(), []access.PersonID{noor}) || !slices.Equal(found.Standby, []access.PersonID{omar, grace}) || !slices.Equal(found.Principals(), []access.PersonID{noor, omar}) {
		t.Errorf("in a back-up's place: %+v, %v", found, err)
	}
	r.Stages[0].Asked = found.Asked()
	now, err := w.Established(t.Context(), r, by(grace))
	if err != nil || !slices.Contains(now.Who, grace) || !slices.Contains(now.Delegates, access.Delegate{Who: grace, For: omar}) || !now.As[grace].Backup {
		t.Errorf("their answer: %+v, %v", now.Found, err)
	}
	w.decidesFor(t, noor, omar)
	if found, err = w.Deciders(t.Context(), r); err != nil || !slices.Equal(found.Asked(), []access.PersonID{noor, omar, grace}) {
		t.Errorf("a back-up who decides for who is asked: %+v, %v", found, err)
	}
}

// Where somebody else is to decide, those whom the stage names as back-ups don't any more.
func TestAReassignedStageHasNoBackups(t *testing.T) {
	w, b := outside(t)
	b.called = []string{"U-omar"}
	r := asking(t, maya, "manager")
	r.Stages[0].Backups = []catalog.Approver{{Kind: catalog.OnCall, Name: "platform"}}
	r.Stages[0].Reassigned = []access.Reassignment{{To: grace, By: by(ines)}}
	found, err := w.Deciders(t.Context(), r)
	if err != nil || !slices.Equal(found.Who, []access.PersonID{grace}) || len(found.Standby) > 0 || found.As[grace].Asked != ines || found.As[grace].Backup {
		t.Errorf("%+v, %v", found, err)
	}
	if now, err := w.Established(t.Context(), r, by(omar)); err != nil || slices.Contains(now.Who, omar) {
		t.Errorf("a back-up answers: %+v, %v", now.Found, err)
	}
}

// Several have to agree, and those whom the stage names can't: somebody is asked in the place of one
// of those who stand in, and decides; that one doesn't any more.
func TestSomebodyInThePlaceOfOneWhoStandsIn(t *testing.T) {
	w, b := outside(t)
	b.called = nil
	r := asking(t, maya, "oncall:platform")
	r.Stages[0].Need = catalog.Need{AtLeast: 2}
	found, err := w.Deciders(t.Context(), r)
	if err != nil || len(found.Who) == 0 || found.Why == "" {
		t.Fatalf("nobody stands in: %+v, %v", found, err)
	}
	one := found.Who[0]
	r.Stages[0].Asked = found.Asked()
	r.Stages[0].Reassigned = []access.Reassignment{{From: one, To: grace, By: by(ines)}}
	found, err = w.Deciders(t.Context(), r)
	if err != nil || !slices.Contains(found.Who, grace) || slices.Contains(found.Who, one) || found.As[grace].Asked != ines {
		t.Errorf("%+v, %v", found, err)
	}
	r.Stages[0].Asked = found.Asked()
	if now, err := w.Established(t.Context(), r, by(grace)); err != nil || !slices.Contains(now.Who, grace) {
		t.Errorf("who was chosen answers: %+v, %v", now.Found, err)
	}
	if now, err := w.Established(t.Context(), r, by(one)); err != nil || slices.Contains(now.Who, one) {
		t.Errorf("who was replaced answers: %+v, %v", now.Found, err)
	}
}
