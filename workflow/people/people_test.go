package people_test

import (
	"errors"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

func TestSlackAndDirectoryMakeOnePerson(t *testing.T) {
	w := newWorld(t, nil)
	p, err := w.Who(t.Context(), "U-maya")
	if err != nil {
		t.Fatal(err)
	}
	if p.ID != maya || p.Name != "Maya" || p.Department != "Design" || p.Manager != noor || p.Account("slack") != "U-maya" || p.Account("okta") != "00u-maya" {
		t.Errorf("got %+v", p)
	}
	if again := w.person(maya); again.Manager != noor || w.asked != 1 {
		t.Errorf("asked the directory %d times for %+v", w.asked, again)
	}
	w.pass(2 * time.Minute)
	if w.person(maya); w.asked != 2 {
		t.Error("an old answer is believed")
	}
}

func TestWhoMayNotAct(t *testing.T) {
	w := newWorld(t, nil)
	w.set(func(w *world) {
		guest := w.members["maya"]
		guest.Kind = access.Guest
		nobody := w.members["omar"]
		nobody.Email = ""
		left := w.staff["noor"]
		left.Status = idp.Left
		w.members["maya"], w.members["omar"], w.staff["noor"] = guest, nobody, left
	})
	for _, handle := range []string{"maya", "omar", "noor", "nemo"} {
		if _, err := w.Who(t.Context(), "U-"+handle); !refused(err) {
			t.Errorf("%s may act: %v", handle, err)
		}
	}
	if p, err := w.Service.Member(t.Context(), "U-noor"); err != nil || p.Standing != access.Left {
		t.Errorf("a member who left is %+v, %v", p, err)
	}
}

func refused(err error) bool {
	_, yes := access.AsRefusal(err)
	return yes
}

func TestADirectoryThatDoesNotAnswer(t *testing.T) {
	w := newWorld(t, nil)
	w.set(func(w *world) { w.broken = errors.New("no route to host") })
	if _, err := w.Person(t.Context(), maya); access.Classify(err).Class != access.Transient {
		t.Errorf("without an earlier answer: %v", err)
	}
	w.set(func(w *world) { w.broken = nil })
	w.person(maya)
	w.pass(2 * time.Minute)
	w.set(func(w *world) {
		w.broken = errors.New("no route to host")
		m := w.members["maya"]
		m.Standing = access.Suspended
		w.members["maya"] = m
	})
	p, err := w.Person(t.Context(), maya)
	if !refused(err) {
		t.Errorf("a suspended member is found by address: %+v %v", p, err)
	}
	w.set(func(w *world) {
		m := w.members["maya"]
		m.Standing = access.Active
		w.members["maya"] = m
	})
	if p = w.person(maya); p.Manager != noor {
		t.Errorf("the last known answer does not stand in: %+v", p)
	}
}

func TestKnownNamesRecall(t *testing.T) {
	w := newWorld(t, nil)
	if p := w.Known(t.Context(), "nemo@acme.example"); p.Email != "nemo@acme.example" {
		t.Errorf("a stranger is shown as %+v", p)
	}
	if got := w.Names(t.Context(), []access.PersonID{maya}); len(got) != 0 {
		t.Errorf("known without anybody having been asked: %v", got)
	}
	if got := w.Recall(t.Context(), []access.PersonID{maya, "nemo@acme.example"}); len(got) != 1 || got[maya].Name != "Maya" {
		t.Errorf("recalled %v", got)
	}
	w.pass(2 * time.Minute)
	w.set(func(w *world) { w.members = nil })
	if got := w.Names(t.Context(), []access.PersonID{maya}); got[maya].Name != "Maya" {
		t.Errorf("forgotten: %v", got)
	}
	if p := w.Known(t.Context(), maya); p.Name != "Maya" {
		t.Errorf("known as %+v", p)
	}
}

func TestForgettingAnAccount(t *testing.T) {
	w := newWorld(t, nil)
	w.person(maya)
	w.set(func(w *world) {
		p := w.staff["maya"]
		p.Department = "Sales"
		w.staff["maya"] = p
	})
	if p := w.person(maya); p.Department != "Design" {
		t.Errorf("not from memory: %+v", p)
	}
	w.ForgetAccount("slack", "U-maya")
	if p := w.person(maya); p.Department != "Sales" {
		t.Errorf("not asked anew: %+v", p)
	}
}

func TestHolderOfAJiraAccount(t *testing.T) {
	for _, c := range []struct {
		name       string
		account    access.Account
		candidates []access.PersonID
		want       access.PersonID
	}{
		{"address shown", access.Account{ID: "j1", Email: "maya@acme.example", Active: true}, nil, maya},
		{"a candidate's", access.Account{ID: "j1", Active: true}, []access.PersonID{"nemo@acme.example", noor, maya}, maya},
		{"nobody's", access.Account{ID: "j1", Name: "M.", Active: true}, []access.PersonID{noor}, ""},
		{"inactive", access.Account{ID: "j1", Email: "maya@acme.example"}, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, nil)
			w.set(func(w *world) { w.jira["maya"] = "j1" })
			p, err := w.Holder(t.Context(), c.account, c.candidates...)
			if p.ID != c.want || (c.want == "") != refused(err) {
				t.Fatalf("got %v, %v", p.ID, err)
			}
			if c.want == "" {
				return
			}
			again, err := w.Holder(t.Context(), access.Account{ID: "j1", Active: true})
			if err != nil || again.ID != maya || again.Account("jira") != "j1" {
				t.Errorf("the binding is forgotten: %v, %v", again, err)
			}
			w.pass(2 * time.Minute)
			if again := w.person(maya); again.Account("jira") != "j1" {
				t.Errorf("the binding is not carried over: %v", again)
			}
		})
	}
}

func TestHolderWithoutJira(t *testing.T) {
	w := newWorld(t, func(c *people.Config) { c.Accounts = nil })
	if _, err := w.Holder(t.Context(), access.Account{ID: "j1", Active: true}, maya); !refused(err) {
		t.Errorf("got %v", err)
	}
}

func TestWhoseAccountItIs(t *testing.T) {
	w := newWorld(t, nil)
	if who, err := w.Whose(t.Context(), "slack", "U-maya", "m@acme.example"); err != nil || who != "m@acme.example" {
		t.Errorf("before: %v, %v", who, err)
	}
	w.person(maya)
	if who, err := w.Whose(t.Context(), "slack", "U-maya", ""); err != nil || who != maya {
		t.Errorf("after: %v, %v", who, err)
	}
}

func TestLeavers(t *testing.T) {
	w := newWorld(t, nil)
	gone := func() bool {
		t.Helper()
		left, err := w.HasLeft(t.Context(), maya)
		if err != nil {
			t.Fatal(err)
		}
		return left
	}
	if w.person(maya); gone() {
		t.Error("somebody who is here has left")
	}
	w.set(func(w *world) {
		m := w.members["maya"]
		m.Standing = access.Left
		w.members["maya"] = m
	})
	if !gone() {
		t.Error("Slack says so")
	}
	w.set(func(w *world) { delete(w.members, "maya") })
	if gone() {
		t.Error("not to be found is no proof")
	}
	w.Forget(maya)
	w.set(func(w *world) { w.staff["maya"] = idp.Person{ID: "00u-maya", Status: idp.Left} })
	if !gone() {
		t.Error("the directory says so")
	}
	w.Forget(maya)
	w.set(func(w *world) { w.broken = &idp.RateLimited{After: time.Minute} })
	if _, err := w.HasLeft(t.Context(), maya); access.Classify(err).Class != access.Limited {
		t.Errorf("got %v", err)
	}
}

func TestMarkLeft(t *testing.T) {
	w := newWorld(t, nil)
	w.person(maya)
	for _, who := range []access.PersonID{maya, maya, "nemo@acme.example"} {
		if err := w.units.Update(t.Context(), func(u *engine.Unit) error { return people.MarkLeft(u, who) }); err != nil {
			t.Fatal(err)
		}
		err := w.store.View(t.Context(), func(tx store.Tx) error {
			k, err := store.Person(tx, who)
			if k.Standing != access.Left {
				t.Errorf("%s is remembered as %+v", who, k.Person)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func TestDirectoryFailures(t *testing.T) {
	d := directory{newWorld(t, nil)}
	for want, err := range map[access.Class]error{
		access.Limited: &idp.RateLimited{}, access.Denied: idp.ErrDenied, access.Transient: errors.New("no route to host"),
	} {
		if f := access.Classify(people.DirectoryFailure(d, "Read it", err)); f.Class != want || f.Class == access.Limited && f.After != time.Second {
			t.Errorf("%v is %+v", err, f)
		}
	}
	for _, err := range []error{idp.ErrNotFound, idp.ErrAmbiguous, idp.ErrRefused} {
		if f := access.Classify(people.DirectoryFailure(d, "Read it", err)); f.Class != access.Rejected {
			t.Errorf("%v is %+v", err, f)
		}
	}
}
