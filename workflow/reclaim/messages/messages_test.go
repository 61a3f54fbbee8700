package messages_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/clock/clocktest"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/store/storetest"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/reclaim/messages"
)

// world is a store with a clock in which a seat of Maya's is asked about. Noor manages her, and Omar owns the app.
type world struct {
	*testing.T
	clock   *clocktest.Clock
	units   *engine.Units
	service *messages.Service
	lost    error // why nobody is found
}

func (w *world) Manager(context.Context, access.PersonID) (access.PersonID, error) {
	return peopletest.ID("noor"), w.lost
}

func (w *world) Meant(_ context.Context, a access.Email) (access.Person, error) {
	handle, _, _ := strings.Cut(string(a), "@")
	if handle == "nobody" {
		return access.Person{}, access.Refuse(access.Unknown, "", "Nobody has that address.")
	}
	return peopletest.Person(handle), w.lost
}

func (w *world) Names(_ context.Context, who []access.PersonID) map[access.PersonID]access.Person {
	out := map[access.PersonID]access.Person{}
	for _, p := range who {
		out[p] = people.Stranger(p)
	}
	return out
}

func offers() *catalog.Catalog {
	return catalog.New([]catalog.App{{ID: "figma", Name: "Figma", Owners: []string{"omar@acme.example", "nobody@acme.example", "maya@acme.example"}, Roles: []catalog.Role{{ID: "editor", Name: "Editor"}}}}, nil)
}

func newWorld(t *testing.T) *world {
	w := &world{T: t, clock: clocktest.New(time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC))}
	effects := notify.Effects(map[access.SubjectKind]notify.Readership{access.SubjectReclaim: messages.Readership()}, 0)
	w.units = engine.NewUnits(engine.UnitsConfig{Store: storetest.Twice(bolttest.Open(t)), Clock: w.clock, Owner: "test", Catalog: offers, Effects: effects})
	w.service = messages.New(messages.Config{Units: w.units, Catalog: offers, People: w})
	for _, h := range []string{"maya", "noor", "omar"} {
		p := peopletest.Person(h)
		w.do(func(u *engine.Unit) error { return store.PutPerson(u.Tx, &store.Known{Person: p}) })
	}
	return w
}

func (w *world) do(fn func(*engine.Unit) error) {
	w.Helper()
	if err := w.units.Update(w.Context(), fn); err != nil {
		w.Fatal(err)
	}
}

func reclaims() engine.Noun[access.Reclaim] {
	return engine.Noun[access.Reclaim]{Kind: "reclaim", ID: func(r access.Reclaim) string { return r.ID }, Load: store.Reclaim, Put: store.PutReclaim}
}

// asks asks Maya about her seat, with whom else told.
func (w *world) asks(copies catalog.ReclaimCopy) {
	w.Helper()
	now := w.clock.Now()
	w.do(func(u *engine.Unit) error {
		r, e, effs, err := access.AskAbout(access.Reclaim{
			ID: "RC-1", Person: peopletest.ID("maya"), App: "figma", Role: "editor", Grant: "G-1", Grants: []string{"G-1"},
			Rule: access.ReclaimRule{Threshold: 60 * catalog.Day, Grace: 8 * catalog.Day, Postpone: 30 * catalog.Day, Postpones: 1, Restore: catalog.Week, Copy: copies},
			Seen: access.Idleness{Source: "sign-ins", Reach: now.Add(-90 * catalog.Day), Since: now.Add(-100 * catalog.Day), Read: now},
		}, u.At)
		if err == nil {
			err = engine.Begin(u, reclaims(), &r, e, effs...)
		}
		return err
	})
}

// moves moves the question.
func (w *world) moves(kind access.EventKind, fill func(*access.Event)) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		r, err := engine.Load(u, reclaims(), "RC-1")
		if err != nil {
			return err
		}
		e := r.Event(kind, access.System(), u.At)
		if fill != nil {
			fill(&e)
		}
		_, err = engine.Move(u, reclaims(), r, e)
		return err
	})
}

// silent has nobody answer, and the access be seen to be gone.
func (w *world) silent() {
	w.Helper()
	w.clock.Advance(8 * catalog.Day)
	w.moves(access.EventReclaimDue, nil)
	w.moves(access.EventReclaimRemoving, func(e *access.Event) {
		e.Reclaim.Ends = []string{"G-1"}
		e.Reclaim.Seen = &access.Idleness{Source: "sign-ins", Reach: e.At.Add(-90 * catalog.Day), Since: e.At.Add(-108 * catalog.Day), Read: e.At, Complete: e.At}
	})
	w.moves(access.EventReclaimSettled, func(e *access.Event) { e.Reclaim.Outcome = access.ReclaimGone })
}

// waiting are the tasks, by kind, with from when on they are ready.
func (w *world) waiting(kind string) (out []store.Task) {
	w.Helper()
	err := w.units.View(w.Context(), func(tx store.Tx) error {
		out = nil
		all, err := tx.Tasks("", 0, 1000)
		for _, t := range all {
			if t.Kind == kind {
				out = append(out, t)
			}
		}
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return out
}

// carryOut carries out a task, and has it be done.
func (w *world) carryOut(t store.Task) {
	w.Helper()
	out, err := w.service.Handlers()[t.Kind].Do(w.Context(), t)
	if err != nil {
		w.Fatal(err)
	}
	w.do(func(u *engine.Unit) error {
		if out != nil {
			return out(u)
		}
		return nil
	})
}

// told are the messages that wait to be posted, with whom they are for.
func (w *world) told() (out []string) {
	for _, t := range w.waiting("notice.show") {
		m, err := engine.ReadPayload[struct {
			To    access.PersonID
			Title string
			Lines []string
		}](t)
		if err != nil {
			w.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%s: %s | %s", m.To, m.Title, strings.Join(m.Lines, " | ")))
	}
	slices.Sort(out)
	return out
}

// TestWhoeverIsAskedIsToldTwiceMore halfway and on the last day, while they haven't answered.
func TestWhoeverIsAskedIsToldTwiceMore(t *testing.T) {
	w := newWorld(t)
	w.asks("")
	tasks := w.waiting(messages.RemindTask)
	if len(tasks) != 2 || !tasks[0].NotBefore.Equal(w.clock.Now().Add(4*catalog.Day)) || !tasks[1].NotBefore.Equal(w.clock.Now().Add(7*catalog.Day)) {
		t.Fatalf("they are told again by %v", tasks)
	}
	w.clock.Advance(4 * catalog.Day)
	w.carryOut(tasks[0])
	if n := len(w.waiting("notice.waiting")); n != 1 {
		t.Errorf("%d messages about all that waits", n)
	}
}

// TestWhoeverHasAnsweredIsntToldAgain, nor is anybody by the time of a question that was put off.
func TestWhoeverHasAnsweredIsntToldAgain(t *testing.T) {
	for name, answer := range map[string]func(w *world){
		"needed":    func(w *world) { w.moves(access.EventReclaimNeeded, answered("The fair")) },
		"postponed": func(w *world) { w.moves(access.EventReclaimPostponed, answeredUntil(30*catalog.Day)) },
	} {
		w := newWorld(t)
		w.asks("")
		tasks := w.waiting(messages.RemindTask)
		answer(w)
		w.clock.Advance(4 * catalog.Day)
		w.carryOut(tasks[0])
		if n := len(w.waiting("notice.waiting")); n != 0 {
			t.Errorf("%s: %d messages about what waits", name, n)
		}
	}
}

func answered(why string) func(*access.Event) {
	return func(e *access.Event) {
		e.Actor, e.Reason = access.Actor{Person: peopletest.ID("maya"), Via: access.ViaSlack}, why
	}
}

func answeredUntil(d time.Duration) func(*access.Event) {
	return func(e *access.Event) { answered("")(e); e.Until = e.At.Add(d) }
}

// TestNobodyElseHearsOfASeat unless that is configured; then their manager, or the owners of the app but for the holder, when they
// are asked and when it was seen to be gone.
func TestNobodyElseHearsOfASeat(t *testing.T) {
	for copies, want := range map[catalog.ReclaimCopy][]string{"": nil, catalog.CopyManager: {"noor"}, catalog.CopyOwner: {"omar"}} {
		w := newWorld(t)
		w.asks(copies)
		for _, task := range w.waiting(messages.CopyTask) {
			w.carryOut(task)
		}
		asked := w.told()
		if len(asked) != len(want) {
			t.Fatalf("%q: told are %v", copies, asked)
		}
		if len(want) == 0 {
			continue
		}
		if !strings.HasPrefix(asked[0], string(peopletest.ID(want[0]))+": ") || !strings.Contains(asked[0], "was asked whether Figma · Editor is still needed | No use is on record in sign-ins, which reach back to 18 August 2026. | Without an answer") {
			t.Errorf("%q: %s", copies, asked[0])
		}
		w.silent()
		for _, task := range w.waiting(messages.CopyTask) {
			if strings.Contains(task.ID, "/copy/") {
				w.carryOut(task)
			}
		}
		if all := w.told(); !slices.ContainsFunc(all, func(s string) bool {
			return strings.Contains(s, "has lost Figma · Editor, which nobody used") && strings.Contains(s, "can have it back until 09:00 UTC on 1 December 2026")
		}) {
			t.Errorf("%q: told are %v", copies, all)
		}
	}
}

// TestWhoCantBeFoundStopsNothing for good: what nobody knows is tried again, and nobody there is nothing to tell.
func TestWhoCantBeFoundStopsNothing(t *testing.T) {
	w := newWorld(t)
	w.asks(catalog.CopyManager)
	task := w.waiting(messages.CopyTask)[0]
	w.lost = access.Refuse(access.Unknown, "", "Nobody has that address.")
	w.carryOut(task)
	if told := w.told(); len(told) != 0 {
		t.Errorf("told are %v", told)
	}
	w.lost = &access.Failure{Class: access.Transient, Sentence: "Okta is away"}
	if _, err := w.service.Handlers()[task.Kind].Do(t.Context(), task); err == nil {
		t.Error("nobody tries it again")
	}
}

// TestTheCardIsPostedAnewForWhatHasToBeNoticed, and shows how it stands.
func TestTheCardIsPostedAnewForWhatHasToBeNoticed(t *testing.T) {
	w := newWorld(t)
	load := messages.Loader(w.units, offers, w)
	shown := func() notify.SeatContent {
		t.Helper()
		c, err := load(t.Context(), "RC-1", notify.Card{})
		if err != nil {
			t.Fatal(err)
		}
		return c.(notify.SeatContent)
	}
	w.asks("")
	if c := shown(); c.Posting() != 1 || c.Reclaim.State != access.ReclaimAsked || c.App.Name != "Figma" || c.Role.Name != "Editor" || c.Upto() == 0 {
		t.Errorf("it shows %+v", c)
	}
	w.silent()
	c := shown()
	if c.Posting() != 2 || c.Reclaim.State != access.ReclaimRemoved {
		t.Errorf("posting %d of one that is %s", c.Posting(), c.Reclaim.State)
	}
	var audiences []string
	for _, task := range w.waiting("card.show") {
		card, err := engine.ReadPayload[notify.Card](task)
		if err != nil || card.Reader != peopletest.ID("maya") {
			t.Errorf("a card is for %s: %v", card.Reader, err)
		}
		audiences = append(audiences, string(card.Audience))
	}
	slices.Sort(audiences)
	if !slices.Equal(audiences, []string{"seat", "seat.2"}) {
		t.Errorf("the cards are %v", audiences)
	}
	if _, err := load(t.Context(), "RC-2", notify.Card{}); err == nil {
		t.Error("there is a card of nothing")
	}
}

// TestEveryTaskIsFor something that whoever reads what is stuck understands, and has a policy.
func TestEveryTaskIsFor(t *testing.T) {
	for kind := range newWorld(t).service.Handlers() {
		if messages.Purposes()[kind](nil, store.Task{}) == "" || messages.Failures()[kind].Tell == nil {
			t.Errorf("nothing is said of %s", kind)
		}
	}
}
