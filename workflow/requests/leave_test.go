package requests_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/requests"
)

func TestWhoeverLeavesLosesEverything(t *testing.T) {
	w := newWorld(t)
	waiting, held, ending := w.asked("editor"), w.held("root"), w.submit(w.wanting("viewer"))
	w.ok(w.Return(t.Context(), ending.ID, by(maya)))
	w.left(maya)
	if r := w.request(waiting.ID); r.State != access.RequestCancelled || w.last(r.ID).Note == "" {
		t.Errorf("what she asked for is %s", r.State)
	}
	if g := w.grant(held); g.State != access.GrantEnding || g.End != access.EndLeft {
		t.Errorf("what she had is %s, because of %s", g.State, g.End)
	}
	before := len(w.events(waiting.ID)) + len(w.events(held.ID))
	w.left(maya)
	if after := len(w.events(waiting.ID)) + len(w.events(held.ID)); after != before {
		t.Errorf("the second time, %d more things happened", after-before)
	}
	w.view(func(tx store.Tx) error {
		k, err := store.Person(tx, maya)
		if k.Standing != access.Left {
			t.Errorf("she is remembered as %s", k.Standing)
		}
		return err
	})
}

func TestWhatWaitedForALeaverIsAskedOfSomebodyElse(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	w.ok(w.LeftSlack(t.Context(), "U-noor"))
	w.ok(w.carryOut(requests.LeaveTask))
	gone := w.staff["noor@acme.example"]
	gone.Standing = access.Left
	w.staff["noor@acme.example"] = gone
	w.who.Forget(noor)
	w.findApprovers()
	if r = w.request(r.ID); !slices.Equal(r.Stages[0].Asked, []access.PersonID{grace}) {
		t.Errorf("asked are %v", r.Stages[0].Asked)
	}
	w.refused(w.answer(r, noor, true), access.NotAllowed)
}

func TestALeaverIsFoundByAccountAlone(t *testing.T) {
	w := newWorld(t)
	r := w.held("editor")
	w.ok(w.LeftSlack(t.Context(), "U-unknown"))
	w.ok(w.carryOut(requests.LeaveTask))
	if g := w.grant(r); g.State != access.GrantActive {
		t.Fatalf("nobody left, and it is %s", g.State)
	}
	w.ok(w.LeftSlack(t.Context(), "U-maya"))
	w.ok(w.carryOut(requests.LeaveTask))
	if g := w.grant(r); g.State != access.GrantEnding {
		t.Errorf("it is %s", g.State)
	}
}

// holds gives Maya grants of their own, one per app.
func (w *world) holds(n int) {
	w.Helper()
	for from := 0; from < n; from += 500 {
		w.do(func(u *engine.Unit) error {
			for i := from; i < min(n, from+500); i++ {
				g := access.Grant{
					ID: fmt.Sprintf("G-%05d", i), Person: maya, App: fmt.Sprintf("app-%d", i), Role: "r", Source: access.SourceAdopted, State: access.GrantActive,
					Created: w.now, Entitlements: []access.Entitlement{{Group: catalog.GroupRef{Directory: "okta", Group: fmt.Sprintf("g-%d", i)}, State: access.EntitlementHeld}},
				}
				if err := engine.Save(u, engine.Grants(), &g); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// damage leaves records in the store that can't be read back.
func (w *world) damage(all ...store.Record) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		for _, r := range all {
			r.Body = []byte("{")
			if _, err := u.Tx.Put(r); err != nil {
				return err
			}
		}
		return nil
	})
}

// ends counts the grants that are ending because their holder left, and how often
// that happened to one of them.
func (w *world) ends() (ended, most int) {
	w.Helper()
	times := map[string]int{}
	w.view(func(tx store.Tx) error {
		all, err := store.Story(tx, store.Filter{Person: maya})
		for _, e := range all {
			if e.Kind == access.EventEnding && e.End == access.EndLeft {
				times[e.App]++
			}
		}
		return err
	})
	for _, n := range times {
		most = max(most, n)
	}
	return len(times), most
}

// bounded is a store that fails a unit in which more than a page is written, and
// the process after a number of units.
type bounded struct {
	store.Store
	left int
	stop context.CancelFunc
	most int // written in one unit
}

type counting struct {
	store.Tx
	puts int
}

func (c *counting) Put(r store.Record) (uint64, error) {
	if r.Kind == "grant" {
		c.puts++
	}
	return c.Tx.Put(r)
}

func (b *bounded) Update(ctx context.Context, fn func(store.Tx) error) error {
	if b.left--; b.left == 0 {
		b.stop()
	}
	return b.Store.Update(ctx, func(tx store.Tx) error {
		c := &counting{Tx: tx}
		err := fn(c)
		b.most = max(b.most, c.puts)
		return err
	})
}

func TestSomebodyWhoHoldsVeryMuchLeaves(t *testing.T) {
	const all = 2000
	w := newWorld(t)
	w.holds(all)
	w.ok(w.Left(t.Context(), maya))
	task := w.tasks(requests.LeaveTask)[0]

	ctx, stop := context.WithCancel(t.Context())
	b := &bounded{Store: w.store, left: 20, stop: stop}
	units := engine.NewUnits(engine.UnitsConfig{Store: b, Clock: w, Owner: "test", Catalog: w.Catalog()})
	s := requests.New(requests.Config{Units: units, Catalog: w.Catalog(), People: w.who, Authority: w.who, Approvers: w.who, Stuck: w.query})
	leave := s.Handlers()[requests.LeaveTask].Do
	if _, err := leave(ctx, task); err == nil {
		t.Fatal("it was broken off, and says nothing")
	}
	if ended, _ := w.ends(); ended == 0 || ended == all {
		t.Fatalf("%d have ended when it is broken off", ended)
	}
	if _, err := leave(t.Context(), task); err != nil {
		t.Fatal(err)
	}
	if ended, most := w.ends(); ended != all || most != 1 {
		t.Errorf("%d of %d have ended, one of them %d times", ended, all, most)
	}
	if b.most > 60 {
		t.Errorf("%d grants were written in one unit", b.most)
	}
}

func TestWhatIsDamagedKeepsNothingElseOfALeaverFromEnding(t *testing.T) {
	w := newWorld(t)
	w.holds(120)
	mine, asking := "person:"+string(maya), w.asked("editor")
	w.damage(
		store.Record{Kind: "grant", ID: "G-00049-bad", Index: []string{mine, "open:" + string(maya)}}, // the last of a page
		store.Record{Kind: "grant", ID: "G-00070-bad", Index: []string{mine, "open:" + string(maya)}},
		store.Record{Kind: "request", ID: "AA-bad", Index: []string{mine}},
	)
	w.ok(w.Left(t.Context(), maya))
	err := w.carryOut(requests.LeaveTask)
	f := access.Classify(err)
	if err == nil || f.Class != access.Rejected {
		t.Fatalf("nobody is told: %v", err)
	}
	for _, want := range []string{"maya@acme.example has left", "grant G-00049-bad can't be read back", "grant G-00070-bad", "request AA-bad"} {
		if !strings.Contains(f.Sentence, want) {
			t.Errorf("it says %s, without %q", f.Sentence, want)
		}
	}
	if ended, most := w.ends(); ended != 120 || most != 1 {
		t.Errorf("%d have ended, one of them %d times", ended, most)
	}
	if r := w.request(asking.ID); r.State != access.RequestCancelled {
		t.Errorf("what she asked for is %s", r.State)
	}
}

func TestSomebodyElseIsLookedForOncePerLeaving(t *testing.T) {
	w := newWorld(t)
	r := w.asked("editor")
	notes := func() (n int) {
		for _, kind := range w.story(r.ID) {
			if kind == access.EventNote {
				n++
			}
		}
		return n
	}
	w.ok(w.Left(t.Context(), noor))
	task := w.tasks(requests.LeaveTask)[0]
	for range 2 { // the second time after a crash
		if _, err := w.Handlers()[requests.LeaveTask].Do(t.Context(), task); err != nil {
			t.Fatal(err)
		}
	}
	if notes() != 1 {
		t.Errorf("it is noted %d times", notes())
	}
}

// TestReviewsOfALeaverAreAnsweredBySomebodyElse: that is arranged once they are remembered to have left.
func TestReviewsOfALeaverAreAnsweredBySomebodyElse(t *testing.T) {
	w := newWorld(t)
	var gone []access.PersonID
	s := requests.New(requests.Config{Units: w.units, Catalog: w.Catalog(), People: w.who, Authority: w.who, Approvers: w.who, Stuck: w.query, ReviewerLeft: func(u *engine.Unit, who access.PersonID) error {
		k, err := store.Person(u.Tx, who)
		if k.Standing == access.Left {
			gone = append(gone, who)
		}
		return err
	}})
	w.ok(s.Left(t.Context(), noor))
	task := w.tasks(requests.LeaveTask)[0]
	_, err := s.Handlers()[requests.LeaveTask].Do(t.Context(), task)
	w.ok(err)
	if len(gone) == 0 || gone[0] != noor {
		t.Errorf("handed on is what waits for %v", gone)
	}
}
