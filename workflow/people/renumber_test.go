package people_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// moved gives Maya's account in Slack another id, which Slack tells unless it says
// nothing of it.
func (w *world) moved(told bool) {
	w.member("maya", func(m *access.Person) { m.Bindings = []access.Binding{{System: "slack", ID: "W-maya"}} })
	w.set(func(w *world) {
		if told {
			w.former = map[string]string{"W-maya": "U-maya"}
		}
	})
}

// renumberings are the events that say so.
func (w *world) renumberings() (out []access.Event) {
	w.t.Helper()
	err := w.units.View(w.t.Context(), func(tx store.Tx) error {
		all, err := store.Story(tx, store.Filter{Subject: access.LogSubject()})
		out = slices.DeleteFunc(all, func(e access.Event) bool { return e.Kind != access.EventRenumbered })
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// 15: the account is bound under its new id, as surely as before, once, with an event
// in the log; the former id is history.
func TestAnAccountGetsAnotherID(t *testing.T) {
	w := familiar(t, nil)
	before := w.stored(maya)
	was, _ := before.Bound("slack")
	w.pass(1)
	w.moved(true)
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if p, err := w.Who(t.Context(), "W-maya"); err != nil || p.ID != maya {
				t.Errorf("she is %+v, %v", p, err)
			}
		})
	}
	both.Wait()
	p := w.stored(maya)
	is, _ := p.Bound("slack")
	if is.ID != "W-maya" || is.Level != was.Level || is.How != was.How || len(p.Former("slack")) != 1 {
		t.Errorf("she is bound as %+v, was as %+v; before: %+v", is, was, p.Former("slack"))
	}
	if got := w.renumberings(); len(got) != 1 || got[0].Person != maya || !strings.Contains(got[0].Note, "U-maya") || !strings.Contains(got[0].Note, "W-maya") {
		t.Errorf("the log says %+v", got)
	}
	if !slices.ContainsFunc(w.told, func(s string) bool { return strings.HasPrefix(s, "Slack gave accounts other ids: ") }) {
		t.Errorf("IT was told %q", w.told)
	}
}

// Whoever is asked about by our id, or leaves, is found as well.
func TestTheFormerIDIsWhose(t *testing.T) {
	w := familiar(t, nil)
	w.moved(true)
	if who, err := w.Whose(t.Context(), "slack", "W-maya"); err != nil || who != maya {
		t.Errorf("it is that of %q, %v", who, err)
	}
	if w.person(maya).Account("slack") != "W-maya" {
		t.Errorf("she is %+v", w.person(maya))
	}
}

// A doubt about who somebody is stays through it.
func TestAnotherIDAnswersNoDoubt(t *testing.T) {
	w := familiar(t, nil)
	err := w.units.Update(t.Context(), func(u *engine.Unit) error {
		k, err := store.Person(u.Tx, maya)
		k.Doubted = u.At
		if err == nil {
			err = store.PutPerson(u.Tx, &k)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w.moved(true)
	p, err := w.Who(t.Context(), "W-maya")
	if err == nil || p.ID != maya || w.stored(maya).Doubted.IsZero() {
		t.Errorf("she is %+v, %v", p, err)
	}
}

// Where Slack says nothing of a new id, it is another account, whatever it shows: the
// address of somebody whose account lives is not enough. Where Slack doesn't let the app
// ask, IT hears what to do; where it keeps silent, nothing is decided.
func TestANewIDAloneIsAnotherAccount(t *testing.T) {
	denied := &access.Failure{Class: access.Denied, Sentence: "I may not ask: the Slack app lacks the scope tokens.basic"}
	for name, c := range map[string]struct {
		told   bool
		mute   error
		sounds string
	}{
		"nothing is known of it": {false, nil, "Latchkey can't tell whose account this is"},
		"it may not ask":         {true, denied, "lacks the scope tokens.basic"},
	} {
		t.Run(name, func(t *testing.T) {
			w := familiar(t, nil)
			w.moved(c.told)
			w.members["old"] = access.Person{Email: "maya@acme.example", Name: "Maya", Kind: access.Employee, Standing: access.Active, Bindings: []access.Binding{{System: "slack", ID: "U-maya"}}}
			w.set(func(w *world) { w.unexchanged = c.mute })
			p, err := w.Who(t.Context(), "W-maya")
			if err == nil || p.ID != "" {
				t.Errorf("it is that of %+v, %v", p, err)
			}
			if was := w.stored(maya); was.Account("slack") != "U-maya" || len(w.renumberings()) != 0 {
				t.Errorf("she is %+v", was)
			}
			if !slices.ContainsFunc(w.told, func(s string) bool { return strings.Contains(s, c.sounds) }) {
				t.Errorf("IT was told %q", w.told)
			}
		})
	}
	t.Run("it keeps silent", func(t *testing.T) {
		w := familiar(t, nil)
		w.moved(true)
		w.set(func(w *world) { w.unexchanged = &access.Failure{Class: access.Transient, Sentence: "Slack was busy"} })
		if _, err := w.Who(t.Context(), "W-maya"); err == nil || !strings.Contains(err.Error(), "Slack was busy") {
			t.Error(err)
		}
		w.set(func(w *world) { w.unexchanged = nil })
		if p, err := w.Who(t.Context(), "W-maya"); err != nil || p.ID != maya {
			t.Errorf("she is %+v, %v", p, err)
		}
	})
}
