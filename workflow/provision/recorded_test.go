package provision_test

import (
	"errors"
	"slices"
	"testing"

	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/provision/provisiontest"
)

func newRecordedWorld(t *testing.T) (*world, *provisiontest.Jira) {
	t.Helper()
	w, j := provisiontest.Recorded(t)
	return &world{w}, j
}

// Nobody is put into a group unless the issue that says why is there at that
// moment, however long ago it was there.
func TestWithoutAnIssueNothingIsGiven(t *testing.T) {
	w, j := newRecordedWorld(t)
	g := w.Grant("A")
	j.Gone = true
	w.Work()
	w.Work() // what the end left to be done
	now := w.Now(g.ID)
	w.Expect("it ended for that reason", now.State == access.GrantEnded && now.End == access.EndUnrecorded && now.Started.IsZero())
	w.Expect("she was never in", !w.Vendor.IsMember(w.Group, w.Maya))
	w.Expect("it is told, and of nothing else", len(slices.Compact(j.Told)) == 1 && j.Told[0] == "A") // a unit may run twice
}

// While Jira can't be asked the change waits, which costs no attempt, and goes on by
// itself; whatever the reason is that it can't be asked.
func TestWhileItCannotBeSeenNothingIsGiven(t *testing.T) {
	for _, class := range []access.Class{access.Transient, access.Denied, access.Rejected} {
		w, j := newRecordedWorld(t)
		g := w.Grant("A")
		j.Err = &access.Failure{Class: class, Sentence: "Jira does not accept the token."}
		var f *access.Failure
		if err := w.Attempt(w.Tasks()[0]); !errors.As(err, &f) || f.Class != access.Limited || f.After <= 0 {
			t.Errorf("%s: %v", class, err)
		}
		w.Expect("she is not in", !w.Vendor.IsMember(w.Group, w.Maya))
		j.Err = nil
		w.Work()
		w.Expect("she is in", w.Vendor.IsMember(w.Group, w.Maya) && w.Now(g.ID).State == access.GrantActive)
	}
}

// Ends ask nobody but the directory.
func TestAnEndNeedsNoIssue(t *testing.T) {
	w, j := newRecordedWorld(t)
	g := w.Active("A")
	j.Gone, j.Err = true, &access.Failure{Class: access.Denied}
	w.End(g.ID)
	w.Work()
	w.Expect("she is out", !w.Vendor.IsMember(w.Group, w.Maya) && w.Now(g.ID).State == access.GrantEnded)
}

// Access that was stuck and is tried again is looked at again.
func TestARetryLooksAgain(t *testing.T) {
	w, j := newRecordedWorld(t)
	g := w.Grant("A")
	w.Do(func(u *engine.Unit) error {
		g, err := u.Grant(g.ID)
		if err != nil {
			return err
		}
		waiting, err := u.Tx.Tasks("", 0, 10)
		if err != nil {
			return err
		}
		for _, t := range waiting { // as it is when the attempts are used up: the grant shows the trouble
			if err := u.Drop(t.ID); err != nil {
				return err
			}
		}
		e := g.Event(access.EventStuck, access.System(), u.At)
		e.Note = "Okta refuses it."
		_, err = u.MoveGrant(g, e)
		return err
	})
	j.Gone = true
	w.Work()
	w.Expect("nobody has asked to try again", w.Now(g.ID).State == access.GrantStuck)
	w.Do(func(u *engine.Unit) error {
		g, err := u.Grant(g.ID)
		if err == nil {
			_, err = u.MoveGrant(g, g.Event(access.EventRetried, access.Actor{Person: "omar", Via: access.ViaSlack}, u.At))
		}
		return err
	})
	w.Work()
	w.Expect("she is not in", !w.Vendor.IsMember(w.Group, w.Maya) && w.Now(g.ID).End == access.EndUnrecorded)
}
