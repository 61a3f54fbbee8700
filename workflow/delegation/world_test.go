package delegation_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/clock/clocktest"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/workflow/delegation"
	"latchkey/workflow/engine"
	"latchkey/workflow/engine/enginetest"
	"latchkey/workflow/ledger"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
)

var (
	noor  = peopletest.ID("noor")  // goes away
	grace = peopletest.ID("grace") // decides for her
	omar  = peopletest.ID("omar")
)

// world is the room over a store, with a clock that is moved by hand. What people are told waits as tasks.
type world struct {
	*testing.T
	*delegation.Service
	units     *engine.Units
	clock     *clocktest.Clock
	store     store.Store
	forgotten []access.PersonID // of whom nothing is remembered any more
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, clock: clocktest.New(time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)), store: bolttest.Open(t)}
	peopletest.Remember(t, w.store, nil, "noor", "grace", "omar")
	w.units = engine.NewUnits(engine.UnitsConfig{Store: w.store, Clock: w.clock, Owner: "test"})
	w.Service = delegation.New(delegation.Config{Units: w.units, People: w, Zone: func(access.Person) *time.Location { return nil }})
	return w
}

// Anew is somebody as the store knows them.
func (w *world) Anew(ctx context.Context, who access.PersonID) (p access.Person, err error) {
	err = w.units.View(ctx, func(tx store.Tx) error {
		p, err = people.In(tx, who)
		return err
	})
	return p, err
}

func (w *world) Forget(who access.PersonID) { w.forgotten = append(w.forgotten, who) }

func by(who access.PersonID) access.Actor {
	return access.Actor{Person: who, Via: access.ViaSlack, Account: "U"}
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// refused wants a refusal for a reason, in words that name something.
func (w *world) refused(err error, reason access.Reason, names string) {
	w.Helper()
	if r, is := access.AsRefusal(err); !is || r.Reason != reason || !strings.Contains(r.Sentence, names) {
		w.Errorf("got %v, want a refusal: %s, with %q", err, reason, names)
	}
}

// set has Grace decide for Noor from some time from now on, for as long.
func (w *world) set(in, length time.Duration) access.Delegation {
	w.Helper()
	from := w.clock.Now().Add(in)
	d, err := w.Set(w.Context(), by(noor), grace, from, from.Add(length))
	w.ok(err)
	return d
}

// fallDue does what is due by now.
func (w *world) fallDue() {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		for _, scan := range w.DueScans() {
			rows, err := u.Tx.Due(scan.Kind, u.At, 10)
			if err != nil {
				return err
			}
			for _, r := range rows {
				if err := scan.Do(u, r.ID); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (w *world) do(fn func(*engine.Unit) error) {
	w.Helper()
	w.ok(w.units.Update(w.Context(), fn))
}

func (w *world) view(fn func(store.Tx) error) {
	w.Helper()
	w.ok(w.store.View(w.Context(), fn))
}

func (w *world) read(id string) (d access.Delegation) {
	w.Helper()
	w.view(func(tx store.Tx) (err error) {
		d, err = store.Delegation(tx, id)
		return err
	})
	return d
}

// edit changes what is known of somebody.
func (w *world) edit(who access.PersonID, change func(*store.Known)) {
	w.Helper()
	w.ok(w.store.Update(w.Context(), func(tx store.Tx) error {
		k, err := store.Person(tx, who)
		if err != nil {
			return err
		}
		change(&k)
		return store.PutPerson(tx, &k)
	}))
}

// away is until when somebody is away, as is known.
func (w *world) away(who access.PersonID) (until time.Time) {
	w.Helper()
	w.view(func(tx store.Tx) error {
		k, err := store.Person(tx, who)
		until = k.AwayUntil
		return err
	})
	return until
}

// left has somebody leave.
func (w *world) left(who access.PersonID) {
	w.edit(who, func(k *store.Known) { k.Standing = access.Left })
}

// told is what people are told since it was asked last: who, and what, in order of the names.
func (w *world) told() (out []string) {
	w.Helper()
	for _, t := range w.take("notice/") {
		var m struct {
			To    access.PersonID
			Title string
			Lines []string
		}
		w.ok(json.Unmarshal(t.Payload, &m))
		for _, name := range []string{"noor", "grace", "omar"} {
			if m.To == peopletest.ID(name) {
				out = append(out, name+": "+m.Title+" | "+strings.Join(m.Lines, " "))
			}
		}
	}
	slices.Sort(out)
	return out
}

// written is what is to be written on issues since it was asked last.
func (w *world) written() (out []string) {
	w.Helper()
	for _, t := range w.take("comment/") {
		var c struct {
			Issue access.Issue
			Body  access.IssueComment
		}
		w.ok(json.Unmarshal(t.Payload, &c))
		out = append(out, c.Issue.Key+": "+c.Body.Title+" | "+strings.Join(c.Body.Lines, " "))
	}
	slices.Sort(out)
	return out
}

// closed are the issues that are to be closed since it was asked last.
func (w *world) closed() (out []string) {
	w.Helper()
	for _, t := range w.take("close/") {
		var is access.Issue
		w.ok(json.Unmarshal(t.Payload, &is))
		out = append(out, is.Key)
	}
	return out
}

// take takes the tasks away whose ids begin like this.
func (w *world) take(prefix string) (some []store.Task) {
	w.Helper()
	w.ok(w.store.Update(w.Context(), func(tx store.Tx) error {
		all, err := tx.Tasks("", 0, 100)
		if err != nil {
			return err
		}
		for _, t := range all {
			if !strings.HasPrefix(t.ID, prefix) {
				continue
			}
			some = append(some, t)
			if err := tx.Done(t.ID, ""); err != nil {
				return err
			}
		}
		return nil
	}))
	return some
}

// reported lets the issues exist that are waited for, and is what they begin with.
func (w *world) reported() (out []string) {
	w.Helper()
	var tasks []store.Task
	w.view(func(tx store.Tx) (err error) {
		tasks, err = tx.Tasks("", 0, 100)
		return err
	})
	d := &desk{}
	handlers := ledger.New(ledger.Config{Units: w.units, Reports: d, Reported: delegation.Reported()}).Handlers()
	for _, t := range tasks {
		if t.Kind == ledger.ReportTask {
			w.ok(enginetest.Attempt(w.Context(), w.units, handlers, t))
		}
	}
	return d.opened
}

// desk opens issues.
type desk struct{ opened []string }

func (d *desk) OpenReport(_ context.Context, r access.IssueReport, _ time.Time) (access.Issue, error) {
	d.opened = append(d.opened, r.Title+" | "+strings.Join(r.Lines, " "))
	return access.Issue{ID: "1", Key: "IT-1"}, nil
}

// equal compares lines.
func (w *world) equal(what string, got []string, want ...string) {
	w.Helper()
	if !slices.Equal(got, want) {
		w.Errorf("%s:\n got %s\nwant %s", what, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}
