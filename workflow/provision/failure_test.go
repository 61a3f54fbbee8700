package provision_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/provision/provisiontest"
)

// TestHowDirectoriesFail lists what becomes of a directory's failures, when access
// is given and when it is taken.
func TestHowDirectoriesFail(t *testing.T) {
	for name, c := range map[string]struct {
		fail  func(*world)
		class access.Class
		words string
	}{
		"an outage":     {func(w *world) { w.Vendor.Fail(idptest.Outage) }, access.Transient, "did not work"},
		"no permission": {func(w *world) { w.Vendor.Fail(idptest.Denied) }, access.Denied, "was denied: okta refuses the token, renew it"},
		"a rate limit":  {func(w *world) { w.Vendor.Fail(idptest.Throttled) }, access.Limited, "okta limits how often it is asked"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, removing := range []bool{false, true} {
				w := newWorld(t)
				if removing {
					g := w.Active("A")
					w.End(g.ID)
				} else {
					w.Grant("A")
				}
				c.fail(w)
				f := w.Fails(c.class)
				if !strings.Contains(f.Sentence, c.words) || c.class == access.Limited && f.After != time.Minute {
					t.Errorf("removing %v: %+v", removing, f)
				}
				w.Vendor.Heal()
				w.Work()
				w.Expect("it works afterwards", w.Vendor.IsMember(w.Group, w.Maya) != removing)
			}
		})
	}
}

func TestStuckIsToldOnceAndRetried(t *testing.T) {
	w := newWorld(t)
	g := w.Grant("A")
	w.Vendor.Fail(idptest.Denied)
	f, task := w.Fails(access.Denied), w.Tasks()[0]
	tell := w.Failures(engine.Policy{})["grant.add"].Tell
	for range 2 {
		w.Do(func(u *engine.Unit) error { return tell(u, task, f) })
	}
	told := w.Last(access.EventStuck)
	w.Expect("the grant is stuck, with the cause", w.Now(g.ID).State == access.GrantStuck && w.Now(g.ID).Problem == f.Sentence)
	if told.Group == nil || *told.Group != provisiontest.Editors() || told.Place != w.newest() {
		t.Errorf("told %+v", told)
	}
	w.Do(func(u *engine.Unit) error { // as the engine leaves it
		task.State, task.Attempts, task.NotBefore = store.Stuck, 8, u.At.Add(time.Hour)
		return u.Tx.Requeue(task)
	})
	w.Vendor.Heal()
	w.Do(func(u *engine.Unit) error {
		_, err := u.MoveGrant(w.load(u, g.ID), g.Event(access.EventRetried, access.System(), u.At))
		return err
	})
	if now := w.Tasks()[0]; now.State != store.Ready || now.Attempts != 0 || now.NotBefore.After(w.Clock.Now()) {
		t.Errorf("a human's retry waits: %+v", now)
	}
	w.Work()
	w.Expect("it works", w.Now(g.ID).State == access.GrantActive)
	w.Do(func(u *engine.Unit) error { return tell(u, task, f) })
	w.Expect("there is nothing to be stuck about any more", w.Now(g.ID).State == access.GrantActive)
}

func (w *world) load(u *engine.Unit, id string) access.Grant {
	w.Helper()
	g, err := u.Grant(id)
	if err != nil {
		w.Fatal(err)
	}
	return g
}

// newest is the place of the last event of all.
func (w *world) newest() (n uint64) {
	w.Helper()
	w.Do(func(u *engine.Unit) (err error) {
		n, err = u.Tx.Size()
		return err
	})
	return n
}

// TestADamagedGrantKeepsOnlyItsOwnGroups: what else its holder has ends. A group
// that it may need is left to a human, because nothing valid is taken away.
func TestADamagedGrantKeepsOnlyItsOwnGroups(t *testing.T) {
	for app, ends := range map[string]bool{"figma": false, "somewhere": true} {
		t.Run(app, func(t *testing.T) {
			w := newWorld(t)
			g := w.Active("A")
			w.Do(func(u *engine.Unit) error {
				_, err := u.Tx.Put(store.Record{Kind: "grant", ID: "G-bad", Body: []byte("{"), Index: []string{"open:" + string(g.Person), "app:" + app}})
				return err
			})
			w.End(g.ID)
			if ends {
				w.Work()
				if now := w.Now(g.ID); now.State != access.GrantEnded || w.Vendor.IsMember(w.Group, w.Maya) {
					t.Errorf("the grant is %s: %s", now.State, now.Problem)
				}
				return
			}
			f := w.Fails(access.Rejected)
			if !strings.Contains(f.Sentence, "The grant G-bad of "+string(g.Person)+", which may need the group okta:figma-editors, can't be read back") || !w.Vendor.IsMember(w.Group, w.Maya) {
				t.Errorf("it says %s", f.Sentence)
			}
		})
	}
}
