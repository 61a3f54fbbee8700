package requests_test

import (
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/requests"
)

func (w *world) more(r access.Request, origin string) (requests.Extended, error) {
	w.Helper()
	return w.Extend(w.Context(), requests.MoreTime{Request: r.ID, By: w.person(maya), More: 6 * time.Hour, Reason: "Not done yet", Origin: origin})
}

func TestMoreTimeOnTheEarlierApproval(t *testing.T) {
	w := newWorld(t)
	r := w.held("editor")
	ends := w.grant(r).Ends
	for range 2 {
		out, err := w.more(r, "view-1")
		if err != nil || !out.Until.Equal(ends.Add(6*time.Hour)) || out.Asked != nil {
			t.Fatalf("got %+v, %v", out, err)
		}
	}
	if g := w.grant(r); g.Extensions != 1 || !g.Ends.Equal(ends.Add(6*time.Hour)) {
		t.Errorf("extended %d times, until %s", g.Extensions, g.Ends)
	}
}

func TestMoreTimeIsApprovedAnew(t *testing.T) {
	w := newWorld(t)
	r := w.held("root")
	ends := w.grant(r).Ends
	out, err := w.more(r, "view-1")
	if err != nil || out.Asked == nil || out.Why == "" || out.Asked.Extends != r.GrantID() {
		t.Fatalf("got %+v, %v", out, err)
	}
	if again, err := w.more(r, "view-1"); err != nil || again.Asked == nil || again.Asked.ID != out.Asked.ID {
		t.Fatalf("the second time: %+v, %v", again, err)
	}
	w.findApprovers()
	w.ok(w.answer(*out.Asked, noor, true))
	if g := w.grant(r); !g.Ends.Equal(ends.Add(6 * time.Hour)) {
		t.Errorf("it ends %s", g.Ends)
	}
	w.view(func(tx store.Tx) error {
		if _, err := store.Grant(tx, out.Asked.GrantID()); err == nil {
			t.Error("the extension is a grant of its own")
		}
		return nil
	})
}

// Nothing would say why: where the issue of an extension is gone, a yes gives no more
// time, and whoever says it reads why.
func TestMoreTimeNeedsItsIssue(t *testing.T) {
	w := newWorld(t)
	r := w.held("root")
	ends := w.grant(r).Ends
	out, err := w.more(r, "view-1")
	if err != nil {
		t.Fatal(err)
	}
	w.findApprovers()
	w.do(func(u *engine.Unit) error {
		asked, err := u.Request(out.Asked.ID)
		if err != nil {
			return err
		}
		asked.Issue = access.Issue{ID: "9", Key: "IT-9", Gone: true}
		return engine.Save(u, engine.Requests(), &asked)
	})
	w.refused(w.answer(*out.Asked, noor, true), access.Unknown)
	if g := w.grant(r); !g.Ends.Equal(ends) {
		t.Errorf("it ends %s", g.Ends)
	}
}

func TestMoreTimeThatIsApprovedTooLateIsGivenAnew(t *testing.T) {
	w := newWorld(t)
	r := w.held("root")
	out, err := w.more(r, "view-1")
	w.ok(err)
	w.findApprovers()
	w.pass(7 * time.Hour)
	w.ok(w.due("grant", r.GrantID()))
	w.ok(w.answer(*out.Asked, noor, true))
	if g := w.grant(*out.Asked); g.State != access.GrantWaiting {
		t.Errorf("the new grant is %s", g.State)
	}
}

func TestMoreTimeIsNotForEverybody(t *testing.T) {
	w := newWorld(t)
	r := w.held("editor")
	_, err := w.Extend(t.Context(), requests.MoreTime{Request: r.ID, By: w.person(tom), More: time.Hour, Origin: "v"})
	w.refused(err, access.NotAllowed)
	_, err = w.Extend(t.Context(), requests.MoreTime{Request: r.ID, By: w.person(maya), More: 10 * catalog.Day, Origin: "v"})
	w.refused(err, access.Invalid)
	_, err = w.Extend(t.Context(), requests.MoreTime{Request: "AR-GONE", By: w.person(maya), More: time.Hour, Origin: "v"})
	w.refused(err, access.Unknown)
	_, _, err = w.Extensions(t.Context(), r.ID, by(noor))
	w.refused(err, access.NotAllowed)
}

func TestTheStretchesThereAre(t *testing.T) {
	w := newWorld(t)
	r := w.held("editor")
	choices, anew, err := w.Extensions(t.Context(), r.ID, by(maya))
	if err != nil || len(choices) != 1 || choices[0] != 6*time.Hour || anew != "" {
		t.Errorf("got %v, %q, %v", choices, anew, err)
	}
	w.offer = testCatalog(false)
	root := w.grant(r)
	w.moveGrant(r, func(g access.Grant) access.Event {
		e := g.Event(access.EventExtended, by(noor), w.now)
		e.Until = root.Started.Add(catalog.Day)
		return e
	})
	_, _, err = w.Extensions(t.Context(), r.ID, by(maya))
	w.refused(err, access.TooLate)
}

func TestARoleThatIsNotOfferedAnyMoreIsNotExtended(t *testing.T) {
	w := newWorld(t)
	r := w.held("root")
	w.offer = testCatalog(false)
	_, err := w.more(r, "v")
	w.refused(err, access.Unknown)
}

// The earlier approval carries no more time for what may not be held any more.
func TestMoreTimeForWhatMayNotBeHeldAnyMore(t *testing.T) {
	w := newWorld(t)
	r := w.held("editor")
	apps := w.offer.Apps()
	apps[0].Roles = slices.Clone(apps[0].Roles)
	apps[0].Roles[0].For = catalog.Audience{People: []string{"tom@acme.example"}}
	w.offer = catalog.New(apps, []catalog.Route{{Name: "manager"}})
	before := w.grant(r).Ends
	_, err := w.Extend(t.Context(), requests.MoreTime{Request: r.ID, By: w.person(maya), More: time.Hour, Reason: "Not done", Origin: "v-2"})
	w.refused(err, access.NotAllowed)
	if g := w.grant(r); !g.Ends.Equal(before) {
		t.Errorf("it ends %s, before %s", g.Ends, before)
	}
}

// TestExtensionsTogetherKeepToTheLongestTime: while more time waits for an answer,
// the access is extended otherwise; the answer gives what is left.
func TestExtensionsTogetherKeepToTheLongestTime(t *testing.T) {
	for name, c := range map[string]struct{ meanwhile, then time.Duration }{
		"some is left": {22 * time.Hour, catalog.Day},
		"all is left":  {12 * time.Hour, 18 * time.Hour},
		"none is left": {catalog.Day, catalog.Day},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			r := w.held("root")
			out, err := w.more(r, "view-1")
			w.ok(err)
			w.findApprovers()
			started := w.grant(r).Started
			w.moveGrant(r, func(g access.Grant) access.Event {
				e := g.Event(access.EventExtended, by(maya), w.now)
				e.Until = started.Add(c.meanwhile)
				return e
			})
			if err := w.answer(*out.Asked, noor, true); c.meanwhile == c.then {
				w.refused(err, access.Invalid)
			} else {
				w.ok(err)
			}
			if g := w.grant(r); !g.Ends.Equal(started.Add(c.then)) {
				t.Errorf("it is held for %s, and a day is the longest", g.Ends.Sub(started))
			}
		})
	}
}

// TestARoleIsGoneBeforeItIsGivenAgain, where it can be held for so long and no longer.
func TestARoleIsGoneBeforeItIsGivenAgain(t *testing.T) {
	w := newWorld(t)
	r := w.held("root")
	w.pass(6 * time.Hour)
	w.ok(w.due("grant", r.GrantID()))
	again := w.wanting("root")
	again.ID = "view-again"
	_, err := w.Submit(t.Context(), again)
	w.refused(err, access.TooLate)
	_, err = w.emergency(func(b *requests.BreakGlass) { b.Incident = "" })
	w.refused(err, access.TooLate)
	w.moveGrant(r, func(g access.Grant) access.Event {
		e := g.Event(access.EventMemberRemoved, access.System(), w.now)
		e.Group = &g.Entitlements[0].Group
		return e
	})
	w.submit(again)
}

// TestEmergenciesInARowAreNoLongerThanOne, as long as nobody has said that one was.
func TestEmergenciesInARowAreNoLongerThanOne(t *testing.T) {
	w := newWorld(t)
	take := func(origin string, long time.Duration) (access.Request, error) {
		return w.emergency(func(b *requests.BreakGlass) { b.Origin, b.Wanted, b.Incident = origin, long, "" })
	}
	over := func(r access.Request) {
		w.issue(r.ID)
		w.added(r)
		w.pass(3 * time.Hour)
		w.moveGrant(r, func(g access.Grant) access.Event {
			e := g.Event(access.EventEnding, by(maya), w.now)
			e.End = access.EndReturned
			return e
		})
		w.moveGrant(r, func(g access.Grant) access.Event {
			e := g.Event(access.EventMemberRemoved, access.System(), w.now)
			e.Group = &g.Entitlements[0].Group
			return e
		})
	}
	first, err := take("view-1", 4*time.Hour)
	w.ok(err)
	over(first)
	_, err = take("view-2", 2*time.Hour)
	w.refused(err, access.Invalid) // an hour is left
	second, err := take("view-2", time.Hour)
	w.ok(err)
	_, err = take("view-3", time.Hour)
	w.refused(err, access.NotAllowed)
	w.findApprovers()
	_, err = w.Review(t.Context(), first.ID, by(noor), true, "")
	w.ok(err)
	w.moveGrant(second, func(g access.Grant) access.Event {
		e := g.Event(access.EventEnding, by(maya), w.now)
		e.End = access.EndReturned
		return e
	})
	_, err = take("view-4", 4*time.Hour)
	w.ok(err)
}
