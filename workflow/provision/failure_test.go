package provision_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// TestHowDirectoriesFail lists what becomes of a directory's failures, when access
// is given and when it is taken.
func TestHowDirectoriesFail(t *testing.T) {
	for name, c := range map[string]struct {
		fail  func(*world)
		class access.Class
		words string
	}{
		"an outage":     {func(w *world) { w.vendor.Fail(idptest.Outage) }, access.Transient, "did not work"},
		"no permission": {func(w *world) { w.vendor.Fail(idptest.Denied) }, access.Denied, "was denied: okta refuses the token, renew it"},
		"a rate limit":  {func(w *world) { w.vendor.Fail(idptest.Throttled) }, access.Limited, "okta limits how often it is asked"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, removing := range []bool{false, true} {
				w := newWorld(t)
				if removing {
					g := w.active("A")
					w.end(g.ID)
				} else {
					w.grant("A")
				}
				c.fail(w)
				f := w.fails(c.class)
				if !strings.Contains(f.Sentence, c.words) || c.class == access.Limited && f.After != time.Minute {
					t.Errorf("removing %v: %+v", removing, f)
				}
				w.vendor.Heal()
				w.work()
				w.expect("it works afterwards", w.vendor.IsMember(w.group, w.maya) != removing)
			}
		})
	}
}

func TestWhatCantBeFound(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*world)
		words  string
	}{
		"no account":         {func(w *world) { w.vendor.DeletePerson(w.maya) }, "Find the account of maya@acme.example in okta failed: nobody has the address"},
		"two accounts":       {func(w *world) { w.vendor.AddPerson(idptest.Person{Email: "maya@acme.example"}) }, `2 accounts have the address "maya@acme.example". Latchkey doesn't guess`},
		"no group":           {func(w *world) { w.vendor.DeleteGroup(w.group) }, `Find the group okta:figma-editors failed: there is no group "figma-editors"`},
		"two of the name":    {func(w *world) { w.vendor.AddGroup("figma-editors", idptest.Plain) }, `2 groups are named "figma-editors". Latchkey doesn't guess`},
		"ruled in meanwhile": {func(w *world) { w.swap(idptest.RuleFed) }, "can't be changed by Latchkey: It is filled by something else"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.grant("A")
			c.change(w)
			if f := w.fails(access.Rejected); !strings.Contains(f.Sentence, c.words) {
				t.Errorf("%s", f.Sentence)
			}
		})
	}
}

func TestStuckIsToldOnceAndRetried(t *testing.T) {
	w := newWorld(t)
	g := w.grant("A")
	w.vendor.Fail(idptest.Denied)
	f, task := w.fails(access.Denied), w.tasks()[0]
	tell := w.Failures(engine.Policy{})["grant.add"].Tell
	for range 2 {
		w.do(func(u *engine.Unit) error { return tell(u, task, f) })
	}
	told := w.last(access.EventStuck)
	w.expect("the grant is stuck, with the cause", w.now(g.ID).State == access.GrantStuck && w.now(g.ID).Problem == f.Sentence)
	if told.Group == nil || *told.Group != editors() || told.Place != w.newest() {
		t.Errorf("told %+v", told)
	}
	w.do(func(u *engine.Unit) error { // as the engine leaves it
		task.State, task.Attempts, task.NotBefore = store.Stuck, 8, u.At.Add(time.Hour)
		return u.Tx.Requeue(task)
	})
	w.vendor.Heal()
	w.do(func(u *engine.Unit) error {
		_, err := u.MoveGrant(w.load(u, g.ID), g.Event(access.EventRetried, access.System(), u.At))
		return err
	})
	if now := w.tasks()[0]; now.State != store.Ready || now.Attempts != 0 || now.NotBefore.After(w.clock.Now()) {
		t.Errorf("a human's retry waits: %+v", now)
	}
	w.work()
	w.expect("it works", w.now(g.ID).State == access.GrantActive)
	w.do(func(u *engine.Unit) error { return tell(u, task, f) })
	w.expect("there is nothing to be stuck about any more", w.now(g.ID).State == access.GrantActive)
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
	w.do(func(u *engine.Unit) (err error) {
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
			g := w.active("A")
			w.do(func(u *engine.Unit) error {
				_, err := u.Tx.Put(store.Record{Kind: "grant", ID: "G-bad", Body: []byte("{"), Index: []string{"open:" + string(g.Person), "app:" + app}})
				return err
			})
			w.end(g.ID)
			if ends {
				w.work()
				if now := w.now(g.ID); now.State != access.GrantEnded || w.vendor.IsMember(w.group, w.maya) {
					t.Errorf("the grant is %s: %s", now.State, now.Problem)
				}
				return
			}
			f := w.fails(access.Rejected)
			if !strings.Contains(f.Sentence, "The grant G-bad of "+string(g.Person)+", which may need the group okta:figma-editors, can't be read back") || !w.vendor.IsMember(w.group, w.maya) {
				t.Errorf("it says %s", f.Sentence)
			}
		})
	}
}
