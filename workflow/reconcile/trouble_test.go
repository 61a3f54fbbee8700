package reconcile_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/reconcile"
)

// TestWithoutAnIssueNothingIsAdopted lists what becomes of a run whose issue can't
// be opened.
func TestWithoutAnIssueNothingIsAdopted(t *testing.T) {
	for name, c := range map[string]struct {
		f        access.Failure
		attempts int
		again    bool // the run begins anew
	}{
		"Jira is out":          {access.Failure{Class: access.Transient, Sentence: "No answer"}, 0, true},
		"it stays out":         {access.Failure{Class: access.Transient, Sentence: "No answer"}, 3, false},
		"Jira asks to wait":    {access.Failure{Class: access.Limited, After: time.Minute, Sentence: "Too many calls"}, 5, true},
		"Jira refuses for now": {access.Failure{Class: access.Denied, Sentence: "No permission"}, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, catalog.Adopt, 30*catalog.Day)
			w.past()
			w.in(maya)
			w.jira = &c.f
			err := w.try(store.Task{Created: w.clock.Now(), Attempts: c.attempts})
			if (err != nil) != c.again || c.again && access.Classify(err).Class != c.f.Class {
				t.Errorf("the run says %v", err)
			}
			w.expect("nothing was adopted", len(w.held(maya)) == 0)
			w.jira = nil
			w.turn()
			w.expect("it is adopted at the next turn", len(w.held(maya)) == 1)
		})
	}
}

func TestARunThatBeginsAnewFindsItsIssue(t *testing.T) {
	w := newWorld(t, catalog.Adopt, 30*catalog.Day)
	w.past()
	w.in(maya)
	began := w.clock.Now()
	task := store.Task{ID: "duty/reconcile", Created: began}
	if _, err := w.Duties()[0].Do(t.Context(), task); err != nil { // and it ends there
		t.Fatal(err)
	}
	w.in(tom)
	w.clock.Advance(time.Minute)
	task.Begun = true
	if err := w.try(task); err != nil {
		t.Fatal(err)
	}
	if len(w.issues) != 2 || w.issues[0].ID != w.issues[1].ID || !w.since[0].IsZero() || !w.since[1].Equal(began) {
		t.Errorf("issues %+v, looked for since %v", w.issues, w.since)
	}
	w.expect("nothing is done twice", len(w.held(maya)) == 1 && len(w.held(tom)) == 1)
}

// damage leaves a grant of somebody's in the store that can't be read.
func (w *world) damage(who access.PersonID) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		_, err := u.Tx.Put(store.Record{Kind: "grant", ID: "G-bad", Body: []byte("{"), Index: []string{"person:" + string(who)}})
		return err
	})
}

func TestDamageKeepsNobodyElse(t *testing.T) {
	for name, damage := range map[string]func(*world){
		"before it is looked": func(w *world) { w.damage(tom) },
		"after it was looked": func(w *world) { w.opened = func() { w.damage(tom); w.opened = nil } },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, catalog.Adopt, 30*catalog.Day)
			w.past()
			w.in(maya, tom)
			damage(w)
			w.turn()
			w.expect("Maya's is adopted", len(w.held(maya)) == 1)
			w.says(w.report(), "Done: 1 membership adopted.", "Problem: memberships of tom@acme.example", "can't be read back")
		})
	}
}

func TestGroupsThatCantBeCompared(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*world, *reconcile.Config)
		words  string
	}{
		"the directory is out":  {func(w *world, _ *reconcile.Config) { w.vendor.Fail(idptest.Outage) }, "Read who is in okta:figma-editors did not work"},
		"the directory is gone": {func(_ *world, c *reconcile.Config) { c.Directories = nil }, `the directory "okta", which is not configured`},
		"filled by a rule":      {func(w *world, _ *reconcile.Config) { w.swap(idptest.RuleFed) }, "can't be governed: It is filled by something else"},
		"protected under another name": {func(w *world, _ *reconcile.Config) {
			w.protected = []catalog.GroupRef{{Directory: "okta", Group: w.group, ByID: true}}
		}, "protected by the configuration; remove it here or there"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorldWith(t, catalog.Remove, 0, c.change)
			w.in(maya)
			w.turn()
			w.says(w.report(), "0 memberships with no request", "Problem: ", c.words)
		})
	}
	w := newWorldWith(t, catalog.Remove, 0, func(w *world, _ *reconcile.Config) { w.protected = []catalog.GroupRef{figma()} })
	w.in(maya)
	w.turn()
	if said := w.report(); strings.Contains(said, "Problem") || !strings.Contains(said, "0 memberships") {
		t.Errorf("a protected group is looked at:\n%s", said)
	}
}

// swap puts a group of another kind in the place of the plain one.
func (w *world) swap(k idptest.Kind) {
	w.vendor.DeleteGroup(w.group)
	w.group = w.vendor.AddGroup("figma-editors", k)
}

// TestDamagedRecordsAreNamedOnceAndLeftOut has records that every look comes upon.
func TestDamagedRecordsAreNamedOnceAndLeftOut(t *testing.T) {
	w := newWorld(t, catalog.Adopt, 30*catalog.Day)
	w.past()
	w.in(maya)
	w.do(func(u *engine.Unit) error {
		for _, r := range []store.Record{
			{Kind: "grant", ID: "G-bad", Index: []string{"app:figma", "state:active"}},
			{Kind: "request", ID: "AR-bad", Index: []string{"state:pending"}},
		} {
			r.Body = []byte("{")
			if _, err := u.Tx.Put(r); err != nil {
				return err
			}
		}
		return nil
	})
	w.turn()
	w.expect("Maya's is adopted", len(w.held(maya)) == 1)
	said := w.report()
	for _, id := range []string{"grant G-bad can't be read back", "request AR-bad can't be read back"} {
		if strings.Count(said, id) != 1 {
			t.Errorf("the report names %q %d times:\n%s", id, strings.Count(said, id), said)
		}
	}
}

// A list may show somebody for some seconds who was taken out: within that time the grant
// that has ended accounts for it, and behind it nothing does.
func TestWhoWasTakenOutAMomentAgoIsAccountedFor(t *testing.T) {
	for ago, adopted := range map[time.Duration]int{2 * time.Second: 0, time.Minute: 1} {
		w := newWorld(t, catalog.Adopt, 30*catalog.Day)
		w.past()
		w.in(maya)
		id := w.holds(maya, "", "").ID
		w.do(func(u *engine.Unit) error {
			g, err := u.Grant(id)
			if err != nil {
				return err
			}
			g.State, g.Finished = access.GrantEnded, u.At.Add(catalog.Day-ago) // the run is tomorrow
			return engine.Save(u, engine.Grants(), &g)
		})
		w.turn()
		if got := len(w.held(maya)); got != adopted {
			t.Errorf("taken out %s ago: %d are adopted", ago, got)
		}
	}
}
