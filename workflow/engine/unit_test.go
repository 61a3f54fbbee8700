package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// pot is a noun the engine has never heard of: it counts its moves.
type pot struct {
	Name    string
	Version uint64
	Moves   int
	Due     time.Time
	effects []access.Effect
}

const (
	stirred access.EventKind = "pot.stirred"
	refused access.EventKind = "pot.refused"
)

func (p pot) Apply(e access.Event, _ time.Time) (pot, []access.Effect, error) {
	if e.Kind == refused {
		return p, nil, access.Refuse(access.TooLate, "", "The pot is empty.")
	}
	p.Moves++
	return p, p.effects, nil
}

func pots() engine.Noun[pot] {
	return engine.Noun[pot]{
		Kind: "pot",
		ID:   func(p pot) string { return p.Name },
		Load: func(tx store.Tx, id string) (p pot, err error) {
			r, err := tx.Get("pot", id)
			if err != nil {
				return p, err
			}
			if err := json.Unmarshal(r.Body, &p); err != nil {
				return p, fmt.Errorf("pot %s can't be read back: %w", id, err)
			}
			p.Version = r.Version
			return p, nil
		},
		Put: func(tx store.Tx, p *pot) (err error) {
			body, err := json.Marshal(p)
			if err != nil {
				return err
			}
			p.Version, err = tx.Put(store.Record{Kind: "pot", ID: p.Name, Version: p.Version, Body: body, Index: []string{"pots"}, Due: p.Due})
			return err
		},
	}
}

// stir moves the pot of a name, asking for effects.
func stir(u *engine.Unit, name string, effs ...access.EffectKind) error {
	p, err := engine.Load(u, pots(), name)
	if errors.Is(err, store.ErrNotFound) {
		p, err = pot{Name: name}, nil
	}
	if err != nil {
		return err
	}
	p.effects = nil
	for _, kind := range effs {
		p.effects = append(p.effects, access.Effect{Kind: kind})
	}
	_, err = engine.Move(u, pots(), p, access.Event{Kind: stirred, At: u.At, Note: name})
	return err
}

// pot is one as it is stored.
func (p *process) pot(name string) (found pot) {
	p.Helper()
	err := p.units.View(context.Background(), func(tx store.Tx) (err error) {
		found, err = pots().Load(tx, name)
		return err
	})
	if err != nil {
		p.Fatal(err)
	}
	return found
}

// story is the notes of all events, in order.
func (p *process) story() string {
	p.Helper()
	var notes []string
	err := p.units.View(context.Background(), func(tx store.Tx) error {
		all, err := store.Events(tx, store.Filter{}, 0, 1000)
		for _, e := range all {
			notes = append(notes, e.Note)
		}
		return err
	})
	if err != nil {
		p.Fatal(err)
	}
	return strings.Join(notes, ", ")
}

func TestEffectsAreCarriedOutInTheOrderTheyWereAskedFor(t *testing.T) {
	in(t, func(w *world) {
		then := func(name string, more ...access.EffectKind) engine.EffectFunc {
			return func(u *engine.Unit, _ access.Event, _ access.Effect) error { return stir(u, name, more...) }
		}
		w.effects["a"] = then("from a", "c", "d")
		w.effects["b"] = then("from b")
		w.effects["c"] = then("from c")
		w.effects["d"] = then("from d", "b")
		p := w.process("one", w.clock)
		p.update(func(u *engine.Unit) error {
			if err := stir(u, "first", "a", "b"); err != nil {
				return err
			}
			return stir(u, "second", "c")
		})
		if got, want := p.story(), "first, second, from a, from b, from c, from c, from d, from b"; got != want {
			w.Errorf("got  %s\nwant %s", got, want)
		}
		if p.pot("from c").Moves != 2 || p.pot("from c").Version != 2 {
			w.Errorf("a later effect did not see what an earlier one moved: %+v", p.pot("from c"))
		}
	})
}

func TestAnEffectThatFailsUndoesEverything(t *testing.T) {
	in(t, func(w *world) {
		broken := errors.New("no")
		w.effects["a"] = func(u *engine.Unit, _ access.Event, _ access.Effect) error { return stir(u, "a", "b") }
		w.effects["b"] = func(*engine.Unit, access.Event, access.Effect) error { return broken }
		p := w.process("one", w.clock)
		err := p.units.Update(w.Context(), func(u *engine.Unit) error { return stir(u, "first", "a") })
		if !errors.Is(err, broken) || p.story() != "" {
			w.Fatalf("%v; story %q", err, p.story())
		}
	})
}

// 66: a unit of work whose function runs twice has happened once: one event, with one number,
// behind the one before, and one task.
func TestAttack66AUnitOfWorkThatRunsTwice(t *testing.T) {
	in(t, func(w *world) {
		p, runs := w.process("one", w.clock), 0
		about := access.RequestSubject("AR-1")
		for _, word := range []string{"first", "second"} {
			runs = 0
			p.update(func(u *engine.Unit) error {
				runs++
				if _, err := u.Append(access.Event{Kind: access.EventNote, Request: "AR-1", At: u.At, Note: word}); err != nil {
					return err
				}
				_, err := u.Enqueue(store.Task{ID: word, Queue: "q", Kind: "k", Subject: about})
				return err
			})
			if runs != 2 {
				t.Fatalf("the function ran %d times", runs)
			}
		}
		err := w.store.View(t.Context(), func(tx store.Tx) error {
			all, err := tx.Entries(store.Filter{}, 0, 10)
			if err != nil {
				return err
			}
			if len(all) != 2 || all[0].N != 1 || all[1].N != 2 || all[0].Place != 1 || all[1].Place != 2 || all[1].Prev != all[0].Leaf {
				t.Errorf("the log has %+v", all)
			}
			tasks, err := tx.Tasks("", 0, 10)
			if len(tasks) != 2 {
				t.Errorf("the tasks are %+v", tasks)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestWhatWasAskedForEarlierIsDoneAgain(t *testing.T) {
	in(t, func(w *world) {
		w.effects["a"] = func(u *engine.Unit, about access.Event, _ access.Effect) error { return stir(u, "again "+about.Note) }
		p := w.process("one", w.clock)
		p.update(func(u *engine.Unit) error {
			u.Again(access.Event{Note: "first"}, access.Effect{Kind: "a"})
			return nil
		})
		if got := p.story(); got != "again first" {
			w.Errorf("the story is %q", got)
		}
	})
}

func TestEffectsThatGoInCirclesEnd(t *testing.T) {
	in(t, func(w *world) {
		w.effects["again"] = func(u *engine.Unit, _ access.Event, _ access.Effect) error { return stir(u, "pot", "again") }
		w.effects["double"] = func(u *engine.Unit, _ access.Event, _ access.Effect) error { return stir(u, "pot", "double", "double") }
		p := w.process("one", w.clock)
		for _, kind := range []access.EffectKind{"again", "double"} {
			err := p.units.Update(w.Context(), func(u *engine.Unit) error { return stir(u, "pot", kind) })
			if err == nil || !strings.Contains(err.Error(), "circles") {
				w.Fatalf("got %v", err)
			}
		}
	})
}

func TestAnUnknownEffectIsSetAsideAndTriedAgainByAVersionThatKnowsIt(t *testing.T) {
	in(t, func(w *world) {
		old := w.run()
		old.update(func(u *engine.Unit) error { return stir(u, "pot", "new") })
		var id string
		old.update(func(u *engine.Unit) error {
			all, err := store.Events(u.Tx, store.Filter{}, 0, 1)
			id = "effect/" + all[0].ID + "/new"
			return err
		})
		old.state(id, store.Stuck)
		if problem := old.task(id).Problem; !strings.Contains(problem, `the effect "new"`) {
			w.Errorf("it says %q", problem)
		}
		if old.pot("pot").Moves != 1 {
			w.Error("what caused it did not stand")
		}
		old.stop()
		w.effects["new"] = func(_ *engine.Unit, e access.Event, eff access.Effect) error {
			w.noted()
			w.note("%s after %s", eff.Kind, e.Note)
			return nil
		}
		p := w.run()
		p.update(func(u *engine.Unit) error { return u.Expedite(id) })
		p.state(id, "")
		w.expect("new after pot")
	})
}

func TestAUnitSeesWhatItStored(t *testing.T) {
	in(t, func(w *world) {
		p := w.process("one", w.clock)
		p.update(func(u *engine.Unit) error {
			r := access.Request{ID: "AR-1", Reason: "first"}
			if err := engine.Save(u, engine.Requests(), &r); err != nil {
				return err
			}
			g := access.Grant{ID: "G-1", Request: "AR-1"}
			c := store.Card{ID: "C-1", Channel: "D1"}
			return errors.Join(engine.Save(u, engine.Grants(), &g), engine.Save(u, engine.Cards(), &c))
		})
		p.update(func(u *engine.Unit) error {
			r, err := u.Request("AR-1")
			if err != nil || r.Reason != "first" || r.Version != 1 {
				w.Errorf("loaded %+v, %v", r, err)
			}
			r.Reason = "second"
			if err := engine.Save(u, engine.Requests(), &r); err != nil {
				return err
			}
			if again, err := u.Request("AR-1"); err != nil || again.Reason != "second" || again.Version != 2 {
				w.Errorf("loaded again %+v, %v", again, err)
			}
			if _, err := u.Request("AR-2"); !errors.Is(err, store.ErrNotFound) {
				w.Errorf("an absent one: %v", err)
			}
			g, err := u.Grant("G-1")
			c, err2 := engine.Load(u, engine.Cards(), "C-1")
			if g.Request != "AR-1" || c.Channel != "D1" {
				w.Errorf("loaded %+v and %+v", g, c)
			}
			return errors.Join(err, err2)
		})
	})
}

func TestAMoveThatIsRefusedChangesNothing(t *testing.T) {
	in(t, func(w *world) {
		p := w.process("one", w.clock)
		p.update(func(u *engine.Unit) error {
			before := pot{Name: "pot"}
			after, err := engine.Move(u, pots(), before, access.Event{Kind: refused, At: u.At})
			if _, is := access.AsRefusal(err); !is || after.Version != 0 {
				w.Errorf("got %+v, %v", after, err)
			}
			if _, err := u.MoveRequest(access.Request{ID: "AR-1"}, access.Event{Kind: stirred}); err == nil {
				w.Error("a request was moved by an event it doesn't know")
			}
			if _, err := u.MoveGrant(access.Grant{ID: "G-1"}, access.Event{Kind: stirred}); err == nil {
				w.Error("a grant was moved by an event it doesn't know")
			}
			return nil
		})
		if p.story() != "" {
			w.Errorf("the story is %q", p.story())
		}
	})
}

func TestATakenVersionIsAConflict(t *testing.T) {
	in(t, func(w *world) {
		p := w.process("one", w.clock)
		p.update(func(u *engine.Unit) error { return stir(u, "pot") })
		stale := pot{Name: "pot"}
		err := p.units.Update(w.Context(), func(u *engine.Unit) error {
			_, err := engine.Move(u, pots(), stale, access.Event{Kind: stirred, At: u.At})
			return err
		})
		if !errors.Is(err, store.ErrConflict) {
			w.Fatalf("got %v", err)
		}
	})
}

func TestARefusalIsLogged(t *testing.T) {
	in(t, func(w *world) {
		p := w.process("one", w.clock)
		p.update(func(u *engine.Unit) error {
			return engine.Save(u, engine.Requests(), &access.Request{ID: "AR-1", App: "figma"})
		})
		no := access.Refuse(access.NotAllowed, "", "It isn't yours.")
		for _, c := range []struct {
			request string
			err     error
		}{{"AR-1", no}, {"AR-9", no}, {"", no}, {"AR-1", nil}, {"AR-1", errors.New("down")}, {"AR-1", access.Refuse(access.Invalid, "reason", "Say why.")}} {
			if got := p.units.LogRefusal(w.Context(), c.request, access.System(), "decide", c.err); got != c.err {
				w.Errorf("%q: got %v, want %v as it is", c.request, got, c.err)
			}
		}
		line := "Refused to decide: It isn't yours."
		if got := p.story(); got != strings.Join([]string{line, line, line}, ", ") {
			w.Errorf("the log says %q", got)
		}
		if err := w.store.Close(); err != nil {
			w.Fatal(err)
		}
		if got := p.units.LogRefusal(w.Context(), "AR-1", access.System(), "decide", no); got != no {
			w.Errorf("without a log: %v", got)
		}
	})
}

// TestRefusalsAreCountedNotPiledUp: a thousand times of the same are a handful of
// lines that say how often; another day, or something else, is news again.
func TestRefusalsAreCountedNotPiledUp(t *testing.T) {
	in(t, func(w *world) {
		p := w.process("one", w.clock)
		tom := access.Actor{Person: "P-TOM", Via: access.ViaSlack}
		refuse := func(by access.Actor, what string, times int) {
			for i := range times {
				_ = p.units.LogRefusal(w.Context(), "", by, what, access.Refuse(access.NotAllowed, "", fmt.Sprint("No. ", i)))
			}
		}
		refuse(tom, "approve", 1000)
		refuse(access.Actor{Via: access.ViaJira, Account: "712020:x"}, "approve", 1)
		refuse(tom, "deny", 1)
		w.clock.Set(w.clock.Now().Add(24 * time.Hour))
		refuse(tom, "approve", 1)
		since := ", %d times since 09:00 UTC on 23 November 2026: No. %d"
		want := []string{"Refused to approve: No. 0", "Refused to approve: No. 1", "Refused to approve: No. 2"}
		for _, n := range []int{10, 100, 1000} {
			want = append(want, "Refused to approve"+fmt.Sprintf(since, n, n-1))
		}
		want = append(want, "Refused to approve: No. 0", "Refused to deny: No. 0", "Refused to approve: No. 0")
		if got := p.story(); got != strings.Join(want, ", ") {
			w.Errorf("the log says %q\nwant %q", got, want)
		}
	})
}

// TestWhatBecomesSoIsNewsOnce: to whichever process sees it first, until it is over.
func TestWhatBecomesSoIsNewsOnce(t *testing.T) {
	in(t, func(w *world) {
		news := func(owner string, so bool) (out bool) {
			err := w.process(owner, w.clock).units.Update(w.Context(), func(u *engine.Unit) (err error) {
				out, err = u.Becomes("jira is down", so)
				return err
			})
			if err != nil {
				w.Fatal(err)
			}
			return out
		}
		for i, step := range []struct {
			owner    string
			so, news bool
		}{{"one", false, false}, {"one", true, true}, {"one", true, false}, {"two", true, false}, {"two", false, true}, {"one", false, false}, {"one", true, true}} {
			if got := news(step.owner, step.so); got != step.news {
				w.Errorf("step %d: %+v is news: %v", i, step, got)
			}
		}
	})
}

// TestWhoInsistsGetsTheSameAnswer: after a few refusals in a minute nothing is looked up for the next; a minute
// later it is.
func TestWhoInsistsGetsTheSameAnswer(t *testing.T) {
	in(t, func(w *world) {
		p := w.process("one", w.clock)
		tom, no := access.Actor{Person: "P-TOM", Via: access.ViaSlack}, access.Refuse(access.NotAllowed, "", "No.")
		for range 5 {
			if err := p.units.RefusedLately("AR-1", tom, "answer"); err != nil {
				w.Fatalf("refused too soon: %v", err)
			}
			_ = p.units.NoteRefusal("AR-1", tom, "answer", no)
		}
		if err := p.units.RefusedLately("AR-1", tom, "answer"); err != no {
			w.Errorf("the sixth time: %v", err)
		}
		for _, other := range []error{p.units.RefusedLately("AR-2", tom, "answer"), p.units.RefusedLately("AR-1", tom, "claim"), p.units.RefusedLately("AR-1", access.System(), "answer")} {
			if other != nil {
				w.Errorf("something else is refused too: %v", other)
			}
		}
		w.clock.Set(w.clock.Now().Add(time.Minute))
		if err := p.units.RefusedLately("AR-1", tom, "answer"); err != nil {
			w.Errorf("a minute later: %v", err)
		}
	})
}

func TestPayloads(t *testing.T) {
	type about struct{ Name string }
	body, err := engine.Payload(about{"x"})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := engine.ReadPayload[about](store.Task{Payload: body}); err != nil || got.Name != "x" {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := engine.ReadPayload[about](store.Task{ID: "1", Payload: []byte("{")}); access.Classify(err).Class != access.Rejected {
		t.Errorf("a broken payload: %v", err)
	}
	if _, err := engine.Payload(func() {}); err == nil {
		t.Error("a function was encoded")
	}
}

// TestEachStandsForItself: of many, those that fail are found and named, and all
// others are done, once.
func TestEachStandsForItself(t *testing.T) {
	in(t, func(w *world) {
		p := w.process("one", w.clock)
		var ids []string
		for i := range 100 {
			ids = append(ids, fmt.Sprintf("p-%02d", i))
		}
		failed, err := p.units.Each(context.Background(), ids, func(u *engine.Unit, id string) error {
			switch id {
			case "p-00", "p-57":
				return errors.New("no lid")
			case "p-99":
				panic("on purpose")
			}
			return stir(u, id)
		})
		if err != nil || len(failed) != 3 || failed[0].Error() != "p-00: no lid" || failed[1].Error() != "p-57: no lid" || !strings.Contains(failed[2].Error(), "at work on p-99") {
			w.Errorf("failed are %v, %v", failed, err)
		}
		for _, id := range ids {
			if id != "p-00" && id != "p-57" && id != "p-99" && p.pot(id).Moves != 1 {
				w.Errorf("%s was stirred %d times", id, p.pot(id).Moves)
			}
		}
		full := 0
		failed, err = p.units.Each(context.Background(), ids, func(*engine.Unit, string) error {
			full++
			return store.ErrFull
		})
		if failed != nil || !errors.Is(err, store.ErrFull) || full != 2 { // every function runs twice here
			w.Errorf("a store that is full was tried %d times: %v, %v", full, failed, err)
		}
		if failed, err := p.units.Each(context.Background(), nil, nil); failed != nil || err != nil {
			w.Errorf("nothing at all: %v, %v", failed, err)
		}
	})
}
