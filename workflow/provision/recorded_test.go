package provision_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/provision"
)

// jira says whether issues are there.
type jira struct {
	gone bool
	err  error
	told []string
}

func (j *jira) There(context.Context, access.Issue) (bool, error) { return !j.gone, j.err }

func (j *jira) tell(_ *engine.Unit, request string) error {
	j.told = append(j.told, request)
	return nil
}

func newRecordedWorld(t *testing.T) (*world, *jira) {
	j := &jira{}
	return newWorldWith(t, func(_ *world, c *provision.Config) { c.Record, c.Gone = j, j.tell }), j
}

// Nobody is put into a group unless the issue that says why is there at that
// moment, however long ago it was there.
func TestWithoutAnIssueNothingIsGiven(t *testing.T) {
	w, j := newRecordedWorld(t)
	g := w.grant("A")
	j.gone = true
	w.work()
	w.work() // what the end left to be done
	now := w.now(g.ID)
	w.expect("it ended for that reason", now.State == access.GrantEnded && now.End == access.EndUnrecorded && now.Started.IsZero())
	w.expect("she was never in", !w.vendor.IsMember(w.group, w.maya))
	w.expect("it is told, and of nothing else", len(slices.Compact(j.told)) == 1 && j.told[0] == "A") // a unit may run twice
}

// While Jira can't be asked the change waits, which costs no attempt, and goes on by
// itself; whatever the reason is that it can't be asked.
func TestWhileItCannotBeSeenNothingIsGiven(t *testing.T) {
	for _, class := range []access.Class{access.Transient, access.Denied, access.Rejected} {
		w, j := newRecordedWorld(t)
		g := w.grant("A")
		j.err = &access.Failure{Class: class, Sentence: "Jira does not accept the token."}
		var f *access.Failure
		if err := w.attempt(w.tasks()[0]); !errors.As(err, &f) || f.Class != access.Limited || f.After <= 0 {
			t.Errorf("%s: %v", class, err)
		}
		w.expect("she is not in", !w.vendor.IsMember(w.group, w.maya))
		j.err = nil
		w.work()
		w.expect("she is in", w.vendor.IsMember(w.group, w.maya) && w.now(g.ID).State == access.GrantActive)
	}
}

// Ends ask nobody but the directory.
func TestAnEndNeedsNoIssue(t *testing.T) {
	w, j := newRecordedWorld(t)
	g := w.active("A")
	j.gone, j.err = true, &access.Failure{Class: access.Denied}
	w.end(g.ID)
	w.work()
	w.expect("she is out", !w.vendor.IsMember(w.group, w.maya) && w.now(g.ID).State == access.GrantEnded)
}

// Access that was stuck and is tried again is looked at again.
func TestARetryLooksAgain(t *testing.T) {
	w, j := newRecordedWorld(t)
	g := w.grant("A")
	w.do(func(u *engine.Unit) error {
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
	j.gone = true
	w.work()
	w.expect("nobody has asked to try again", w.now(g.ID).State == access.GrantStuck)
	w.do(func(u *engine.Unit) error {
		g, err := u.Grant(g.ID)
		if err == nil {
			_, err = u.MoveGrant(g, g.Event(access.EventRetried, access.Actor{Person: "omar", Via: access.ViaSlack}, u.At))
		}
		return err
	})
	w.work()
	w.expect("she is not in", !w.vendor.IsMember(w.group, w.maya) && w.now(g.ID).End == access.EndUnrecorded)
}
