package ledger_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/store/bolt"
	"latchkey/store/storetest"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

const maya = access.PersonID("maya@acme.example")

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

func newWorld(t *testing.T, change func(*ledger.Config)) *world {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "latchkey.db"), bolt.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &world{T: t, store: storetest.Twice(s)}
	known := func() *catalog.Catalog { return catalog.New(nil, nil) }
	effects := ledger.Effects()
	for _, other := range []access.EffectKind{access.EffectRelease, access.EffectShowCards, access.EffectFindApprovers} {
		effects[other] = nothing
	}
	w.units = engine.NewUnits(engine.UnitsConfig{Store: w.store, Clock: w, Owner: "test", Catalog: known, Effects: effects})
	who := people.New(people.Config{Units: w.units, Catalog: known, Roster: w})
	c := ledger.Config{Units: w.units, Query: query.New(query.Config{Units: w.units, Catalog: known, People: who}), Issues: w, Comments: w, Incidents: w}
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

func (w *world) Record(_ context.Context, c access.Case, e access.Event, looks bool) error {
	return w.note("record", c.Request.ID, string(e.Kind), again(looks))
}

func (w *world) Say(_ context.Context, issue access.Issue, m access.IssueComment, looks bool) error {
	return w.note("say", m.Title, "on", issue.Key, again(looks))
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
	outcome, err := w.Handlers()[t.Kind].Do(w.Context(), t)
	if err != nil {
		return err
	}
	w.do(func(u *engine.Unit) error {
		if err := u.Tx.Done(t.ID, ""); err != nil || outcome == nil {
			return err
		}
		return outcome(u)
	})
	return nil
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
		all, err = query.Story(u.Tx, f)
		return err
	})
	return all
}

func begun(t *store.Task) { t.Begun = true }

func TestIssueIsOpenedOnceAndThenToldTheStory(t *testing.T) {
	w := newWorld(t, nil)
	e := w.pending(access.Request{ID: "AR-1"})
	if err := w.work("open/AR-1", nil); err != nil {
		t.Fatal(err)
	}
	if err := w.work(ledger.RecordID(e), begun); err != nil {
		t.Fatal(err)
	}
	w.do(func(u *engine.Unit) error { return ledger.Effects()[access.EffectOpenIssue](u, e, access.Effect{}) })
	if err := w.work("open/AR-1", begun); err != nil { // it has its issue
		t.Fatal(err)
	}
	w.expect("open AR-1 afresh", "record AR-1 request.submitted again")
	if story := w.story(store.Filter{Request: "AR-1"}); len(story) < 2 || story[1].Issue.Key != "IT-1" {
		t.Errorf("story: %+v", story)
	}
}

func TestAnAttemptThatMayHaveWorkedIsLookedFor(t *testing.T) {
	w := newWorld(t, nil)
	w.pending(access.Request{ID: "AR-1"})
	w.err = &access.Failure{Class: access.Unclear, Sentence: "Jira did not answer"}
	if err := w.work("open/AR-1", begun); access.Classify(err).Class != access.Unclear {
		t.Errorf("got %v", err)
	}
	w.expect("open AR-1 again")
}

func TestEventsThatCanNotBeRecorded(t *testing.T) {
	w := newWorld(t, nil)
	e := w.pending(access.Request{ID: "AR-1"})
	if err := w.work(ledger.RecordID(e), func(t *store.Task) { t.Payload = []byte(`{"Event": 99}`) }); access.Classify(err).Class != access.Rejected {
		t.Errorf("an event that is not there: %v", err)
	}
	if err := w.work(ledger.RecordID(e), func(t *store.Task) { t.Payload = nil }); access.Classify(err).Class != access.Rejected {
		t.Errorf("a payload that can't be read: %v", err)
	}
	if err := w.work(ledger.RecordID(e), func(t *store.Task) { t.Subject = "AR-9" }); err == nil {
		t.Error("an unknown request is recorded")
	}
	if err := w.work(ledger.RecordID(e), func(t *store.Task) { t.Subject = "grant:G-1" }); access.Classify(err).Class != access.Rejected {
		t.Errorf("a noun that nobody writes about: %v", err)
	}
	w.do(func(u *engine.Unit) error {
		return ledger.Effects()[access.EffectRecord](u, access.Event{Grant: "GF-1"}, access.Effect{})
	}) // has no issue of its own
	w.expect()
}

func TestEmergenciesAlarmOnce(t *testing.T) {
	w := newWorld(t, nil)
	w.pending(access.Request{ID: "AR-1"})
	w.pending(access.Request{ID: "AR-2", Emergency: true})
	soon := func(id string) (yes bool) {
		w.do(func(u *engine.Unit) (err error) {
			yes, err = ledger.Failures(engine.Policy{})[ledger.OpenTask].Soon(u, store.Task{Subject: id}, nil)
			return err
		})
		return yes
	}
	if soon("AR-1") || !soon("AR-2") {
		t.Error("an emergency alarms, and nothing else")
	}
	w.do(func(u *engine.Unit) error {
		_, err := u.Append(access.Event{Kind: access.EventTaskBlocked, At: u.At, Request: "AR-2"})
		return err
	})
	if soon("AR-2") {
		t.Error("it alarms twice")
	}
}

func TestComments(t *testing.T) {
	w := newWorld(t, nil)
	for _, subject := range []string{"", "AR-1"} {
		r := ledger.Remark{Marker: "m" + subject, Subject: subject, Issue: access.Issue{ID: "1", Key: "IT-1"}, Comment: access.IssueComment{Title: "Which app?"}}
		w.do(func(u *engine.Unit) error { return ledger.Say(u, r) })
		if err := w.work("say/m"+subject, nil); err != nil {
			t.Error(err)
		}
	}
	w.expect("say Which app? on IT-1 afresh", "say Which app? on IT-1 afresh")
}

func TestIncidents(t *testing.T) {
	w := newWorld(t, nil)
	w.pending(access.Request{ID: "AR-1", Incident: "ops-7", Issue: access.Issue{ID: "1", Key: "IT-1"}})
	link := func(err error) error {
		w.err = err
		w.do(func(u *engine.Unit) error { return ledger.LinkIncident(u, "AR-1") })
		return w.work("incident/AR-1", nil)
	}
	if err := link(errors.New("no route to host")); err == nil {
		t.Error("a passing failure is given up")
	}
	if err := link(nil); err != nil {
		t.Error(err)
	}
	before := len(w.story(store.Filter{Request: "AR-1"}))
	if err := link(&access.Failure{Class: access.Rejected, Sentence: "there is no such issue"}); err != nil {
		t.Error(err)
	}
	if story := w.story(store.Filter{Request: "AR-1"}); len(story) != before+1 || !strings.Contains(story[before].Note, "ops-7 could not be linked") {
		t.Errorf("story: %+v", story)
	}
	w.expect("link IT-1 to OPS-7", "link IT-1 to OPS-7", "link IT-1 to OPS-7")
}

func TestWithoutJirasExtras(t *testing.T) {
	w := newWorld(t, func(c *ledger.Config) { c.Comments, c.Incidents = nil, nil })
	w.pending(access.Request{ID: "AR-1"})
	w.do(func(u *engine.Unit) error {
		return errors.Join(ledger.Say(u, ledger.Remark{Marker: "m"}), ledger.LinkIncident(u, "AR-1"))
	})
	for _, id := range []string{"say/m", "incident/AR-1"} {
		if err := w.work(id, nil); err != nil {
			t.Error(err)
		}
	}
	w.expect()
}

func TestEveryTaskHasAPurpose(t *testing.T) {
	w := newWorld(t, nil)
	for kind := range w.Handlers() {
		if say, known := ledger.Purposes()[kind]; !known || say(store.Task{}) == "" {
			t.Errorf("nothing says what %s is for", kind)
		}
	}
}
