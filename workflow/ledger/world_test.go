package ledger_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/store/storetest"
	"latchkey/workflow/engine"
	"latchkey/workflow/engine/enginetest"
	"latchkey/workflow/ledger"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/query"
)

var maya = peopletest.ID("maya")

func start() time.Time { return time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC) }

// world is a store, a clock that stands, and Jira as a list of what was done there.
type world struct {
	*testing.T
	store store.Store
	units *engine.Units
	*ledger.Service
	done []string
	err  error // of Jira
}

func newWorld(t *testing.T, change func(*ledger.Config), over ...func(store.Store) store.Store) *world {
	t.Helper()
	w := &world{T: t, store: storetest.Twice(bolttest.Open(t))}
	for _, wrap := range over {
		w.store = wrap(w.store)
	}
	known := func() *catalog.Catalog { return catalog.New(nil, nil) }
	effects := ledger.Effects()
	for _, other := range []access.EffectKind{access.EffectRelease, access.EffectShowCards, access.EffectFindApprovers} {
		effects[other] = nothing
	}
	w.units = engine.NewUnits(engine.UnitsConfig{Store: w.store, Clock: w, Owner: "test", Catalog: known, Effects: effects})
	who := people.New(people.Config{Units: w.units, Catalog: known, Roster: w})
	c := ledger.Config{Units: w.units, Query: query.New(query.Config{Units: w.units, Catalog: known, People: who}), Issues: w, Comments: w, Delays: w, Incidents: w}
	if change != nil {
		change(&c)
	}
	w.Service = ledger.New(c)
	return w
}

func nothing(*engine.Unit, access.Event, access.Effect) error { return nil }

func (w *world) Now() time.Time { return start() }

func (w *world) Until(time.Time) (<-chan struct{}, func()) { return nil, func() {} }

func (w *world) Member(context.Context, string) (access.Person, error) {
	return access.Person{}, access.Refuse(access.Unknown, "person", "Nobody is here.")
}

func (w *world) ForgetMember(string) {}

func (w *world) MemberByEmail(ctx context.Context, _ access.Email) (access.Person, error) {
	return w.Member(ctx, "")
}

func (w *world) note(what ...string) error {
	w.done = append(w.done, strings.Join(what, " "))
	return w.err
}

func (w *world) Open(_ context.Context, c access.Case, since time.Time) (access.Issue, error) {
	return access.Issue{ID: "1", Key: "IT-1"}, w.note("open", c.Request.ID, again(!since.IsZero()))
}

func (w *world) Record(_ context.Context, c access.Case, e access.Event, _ access.RecordMaker, looks bool, with ...access.Event) error {
	words := []string{"record", c.Request.ID, string(e.Kind), again(looks)}
	for _, other := range with {
		words = append(words, "with", string(other.Kind))
	}
	if c.MoreToTell {
		words = append(words, "before more")
	}
	return w.note(words...)
}

func (w *world) Comment(_ context.Context, issue access.Issue, m access.IssueComment, looks bool) error {
	return w.note("say", m.Title, "on", issue.Key, again(looks))
}

func (w *world) Late(_ context.Context, c access.Case, e access.Event, looks bool) error {
	return w.note("late", c.Request.ID, string(e.Kind), again(looks))
}

// LinkRevocation is the same Jira.
func (w *world) LinkRevocation(ctx context.Context, issue access.Issue, key string) error {
	return w.LinkIncident(ctx, issue, key)
}

func (w *world) LinkIncident(_ context.Context, issue access.Issue, key string) error {
	return w.note("link", issue.Key, "to", key)
}

func again(yes bool) string {
	if yes {
		return "again"
	}
	return "afresh"
}

// do is one unit of work.
func (w *world) do(fn func(*engine.Unit) error) {
	w.Helper()
	if err := w.units.Update(w.Context(), fn); err != nil {
		w.Fatal(err)
	}
}

// work carries out one task that is queued, and ends it.
func (w *world) work(id string, change func(*store.Task)) error {
	w.Helper()
	var t store.Task
	w.do(func(u *engine.Unit) (err error) {
		t, err = u.Tx.Task(id)
		return err
	})
	if change != nil {
		change(&t)
	}
	return enginetest.Attempt(w.Context(), w.units, w.Handlers(), t)
}

// task finds a task that is queued.
func (w *world) task(id string) (t store.Task, err error) {
	w.do(func(u *engine.Unit) error {
		t, err = u.Tx.Task(id)
		return nil
	})
	return t, err
}

// pending is a request that waits, with an event that has to be recorded.
func (w *world) pending(r access.Request) (sealed access.Event) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		r.Requester, r.Beneficiary, r.State = maya, maya, access.RequestPending
		r.Version = 0
		if err := engine.Save(u, engine.Requests(), &r); err != nil {
			return err
		}
		var err error
		sealed, err = u.Append(r.Event(access.EventSubmitted, access.System(), u.At), access.Effect{Kind: access.EffectOpenIssue}, access.Effect{Kind: access.EffectRecord})
		return err
	})
	return sealed
}

func (w *world) expect(done ...string) {
	w.Helper()
	if !slices.Equal(w.done, done) {
		w.Errorf("done: %q\nwant: %q", w.done, done)
	}
}

func (w *world) story(f store.Filter) (all []access.Event) {
	w.Helper()
	w.do(func(u *engine.Unit) (err error) {
		all, err = store.Story(u.Tx, f)
		return err
	})
	return all
}

func begun(t *store.Task) { t.Begun = true }
