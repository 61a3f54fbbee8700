package notify_test

import (
	"context"
	"fmt"
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
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/query"
)

var (
	maya = peopletest.ID("maya") // asks
	noor = peopletest.ID("noor") // decides
	omar = peopletest.ID("omar") // decides too, and makes manual changes
)

// world is a store, a clock that stands, and Slack as a list of what was sent.
type world struct {
	*testing.T
	units *engine.Units
	*notify.Service

	sent    []string // in the order of sending
	cards   []notify.CardUpdate
	says    []notify.ThreadReply
	news    []notify.Announcement
	err     error                    // of Slack
	gone    map[access.PersonID]bool // not to be found
	left    map[access.PersonID]bool // known to have left
	forgot  []access.PersonID        // who was dropped from the cache
	admins  []access.PersonID
	while   func() // happens while a card is on its way
	passed  time.Duration
	hours   access.Hours // everybody's
	zone    string       // everybody's
	limited int          // from which Say on Slack asks to wait; 0: never
}

func newWorld(t *testing.T) *world { return newWorldWith(t, nil, nil) }

// newWorldWith is a world in which others read, too, and in which everything is shown at once.

func newWorldWith(t *testing.T, reads map[access.SubjectKind]notify.Readership, loads map[access.SubjectKind]notify.Loader) *world {
	t.Helper()
	return newWorldPaced(t, reads, loads, 0)
}

func newWorldPaced(t *testing.T, reads map[access.SubjectKind]notify.Readership, loads map[access.SubjectKind]notify.Loader, together time.Duration) *world {
	t.Helper()
	s := bolttest.Open(t)
	w := &world{T: t, gone: map[access.PersonID]bool{}, left: map[access.PersonID]bool{}}
	effects := notify.Effects(reads, together)
	for _, kind := range []access.EffectKind{access.EffectRecord, access.EffectOpenIssue, access.EffectFindApprovers, access.EffectStartGrant, access.EffectRemoveMember} {
		effects[kind] = func(*engine.Unit, access.Event, access.Effect) error { return nil }
	}
	w.units = engine.NewUnits(engine.UnitsConfig{Store: storetest.Twice(s), Clock: w, Owner: "test", Catalog: catalogue, Effects: effects})
	w.Service = notify.New(notify.Config{Units: w.units, Messenger: w, People: w, Cases: cases{w}, Loaders: loads, Hours: func(access.Person) access.Hours { return w.hours }, Together: together})
	return w
}

func catalogue() *catalog.Catalog {
	apps := []catalog.App{
		{ID: "figma", Name: "Figma", Status: catalog.Approved, Provisioning: catalog.Manual, FulfilledBy: []string{"Omar@acme.example"},
			Roles: []catalog.Role{{ID: "editor", Name: "Editor", Route: "manager"}}},
		{ID: "proddb", Name: "Production", Status: catalog.Approved, Roles: []catalog.Role{{ID: "admin", Name: "Admin", Route: "manager", Channel: "#prod-access"}}},
	}
	return catalog.New(apps, []catalog.Route{{Name: "manager"}})
}

// Now and Until make it a clock that stands, unless it is moved.
func (w *world) Now() time.Time { return time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC).Add(w.passed) }

func (w *world) Until(time.Time) (<-chan struct{}, func()) { return nil, func() {} }

// Show, Say and Announce make it a messenger.
func (w *world) Show(_ context.Context, u notify.CardUpdate) (notify.CardPosted, error) {
	w.cards = append(w.cards, u)
	to := u.Channel
	if u.Reader.ID != "" {
		to = string(u.Reader.ID)
	}
	w.note("card", string(u.Audience), to)
	if w.while != nil {
		w.while()
		w.while = nil
	}
	if u.At.TS == "" {
		u.At = notify.MessageRef{Channel: "C-" + to, TS: fmt.Sprint(len(w.cards))}
	}
	return notify.CardPosted{At: u.At, Digest: "as it is"}, w.err
}

func (w *world) Say(_ context.Context, r notify.ThreadReply) error {
	w.says = append(w.says, r)
	w.note("say", r.Event.Reason, r.At.Channel)
	if w.limited > 0 && len(w.says) >= w.limited {
		return &access.Failure{Class: access.Limited, After: time.Second, Sentence: "Slack takes only so many calls at a time"}
	}
	return w.err
}

func (w *world) Announce(_ context.Context, a notify.Announcement) error {
	w.news = append(w.news, a)
	w.note("announce", string(a.To.ID), a.Title)
	return w.err
}

func (w *world) Ready(context.Context) error { return w.err }

func (w *world) note(words ...string) {
	w.sent = append(w.sent, strings.TrimSpace(strings.Join(slices.DeleteFunc(words, func(s string) bool { return s == "" }), " ")))
}

// Meant, Person, Known, HasLeft and Forget make it know people.
func (w *world) Person(_ context.Context, who access.PersonID) (access.Person, error) {
	if w.gone[who] {
		return access.Person{}, access.Refuse(access.Unknown, "", "Nobody has that address.")
	}
	p := people.Stranger(who)
	if p.Name = "Somebody"; w.left[who] {
		p.Standing = access.Left
	}
	return p, nil
}

func (w *world) Meant(ctx context.Context, a access.Email) (access.Person, error) {
	handle, _, _ := strings.Cut(string(a), "@")
	return w.Person(ctx, peopletest.ID(handle))
}

func (w *world) Known(_ context.Context, who access.PersonID) access.Person {
	p := people.Stranger(who)
	p.Name, p.TimeZone = "Somebody", w.zone
	return p
}

func (w *world) HasLeft(_ context.Context, who access.PersonID) (bool, error) {
	return w.left[who], nil
}

func (w *world) Admins(context.Context) ([]access.PersonID, error) { return w.admins, nil }

func (w *world) Forget(who access.PersonID) { w.forgot = append(w.forgot, who) }

// cases tells of the requests in the world's store.
type cases struct{ w *world }

func (c cases) Case(ctx context.Context, id string) (out access.Case, err error) {
	err = c.w.units.View(ctx, func(tx store.Tx) error {
		r, err := store.Request(tx, id)
		if err != nil {
			return err
		}
		out, err = query.CaseIn(tx, catalogue(), r)
		return err
	})
	return out, err
}

func (c cases) Paused(context.Context) (access.Pause, error) { return access.Pause{}, nil }

func (c cases) Background(context.Context, access.Case) (query.Background, error) {
	return query.Background{TeamMore: 3}, nil
}

// do is one unit of work.
func (w *world) do(fn func(*engine.Unit) error) {
	w.Helper()
	if err := w.units.Update(w.Context(), fn); err != nil {
		w.Fatal(err)
	}
}

// request puts Maya's request into the store, waiting for an answer.
func (w *world) request(app, role string) access.Request {
	w.Helper()
	r := access.Request{ID: "AR-1", Requester: maya, Beneficiary: maya, App: app, Role: role, State: access.RequestPending, Created: w.Now(), Stages: []access.Stage{{}}}
	w.do(func(u *engine.Unit) error {
		next := r
		return engine.Save(u, engine.Requests(), &next)
	})
	return r
}

// tells appends an event to the story and has the cards shown, or its words said.
func (w *world) tells(e access.Event, eff access.EffectKind) access.Event {
	w.Helper()
	w.do(func(u *engine.Unit) (err error) {
		e, err = u.Append(e, access.Effect{Kind: eff})
		return err
	})
	return e
}

// tasks are the room's tasks that wait.
func (w *world) tasks() []store.Task {
	w.Helper()
	var all []store.Task
	err := w.units.View(w.Context(), func(tx store.Tx) (err error) {
		all, err = tx.Tasks("", 0, 1000)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return slices.DeleteFunc(all, func(t store.Task) bool { _, mine := w.Handlers()[t.Kind]; return !mine })
}

// work carries the room's tasks out until none is ready, and returns what was sent
// meanwhile, sorted.
func (w *world) work() []string { return w.workBut("") }

// workBut leaves a task alone.
func (w *world) workBut(id string) []string {
	w.Helper()
	w.sent = nil
	waiting := func() []store.Task {
		return slices.DeleteFunc(w.tasks(), func(t store.Task) bool { return t.ID == id || t.NotBefore.After(w.Now()) })
	}
	round := 0
	for all := waiting(); len(all) > 0; all = waiting() {
		if round++; round > 100 {
			w.Fatalf("it never comes to rest: %v", all)
		}
		for _, t := range all {
			if err := w.carryOut(t); err != nil {
				w.Fatalf("%s: %v", t.ID, err)
			}
		}
	}
	slices.Sort(w.sent)
	return w.sent
}

// carryOut is one attempt at a task.
func (w *world) carryOut(t store.Task) error {
	w.Helper()
	return enginetest.Attempt(w.Context(), w.units, w.Handlers(), t)
}

func (w *world) want(got []string, want ...string) {
	w.Helper()
	slices.Sort(want)
	if !slices.Equal(got, want) {
		w.Errorf("sent\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}
