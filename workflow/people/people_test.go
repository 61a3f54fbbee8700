package people_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/clock/clocktest"
	"latchkey/idp"
	"latchkey/idp/idptest"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
)

func TestSlackAndDirectoryMakeOnePerson(t *testing.T) {
	w := familiar(t, nil)
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
	if p, err := w.Service.Member(t.Context(), "U-noor"); err != nil || p.Standing != access.Suspended {
		t.Errorf("a member whose address is that of an account that is gone is %+v, %v", p, err)
	}
}

// TestAnAccountThatIsNotBoundSaysNothingOfLeaving: Maya came with an address that
// somebody had before, whose account in the directory is deactivated. Hers is made
// later.
func TestAnAccountThatIsNotBoundSaysNothingOfLeaving(t *testing.T) {
	w := newWorld(t, nil)
	w.account("maya", func(p *idp.Person) { p.Status = idp.Left })
	p, err := w.Service.Member(t.Context(), "U-maya")
	if err != nil || p.MayAct() == nil {
		t.Fatalf("she may act while it isn't clear whose the account is: %+v, %v", p, err)
	}
	if left, err := w.HasLeft(t.Context(), p.ID); err != nil || left {
		t.Errorf("somebody else's account says that she left: %v, %v", left, err)
	}
	err = w.units.Update(t.Context(), func(u *engine.Unit) error { return people.StillHere(u, p.ID) })
	if err != nil {
		t.Errorf("it is remembered that she left: %v", err)
	}
	w.account("maya", func(p *idp.Person) { p.ID, p.Status = "00u-maya2", idp.Active })
	w.pass(2 * time.Minute)
	if p, err = w.Who(t.Context(), "U-maya"); err != nil || p.Account("okta") != "00u-maya2" {
		t.Errorf("once she has an account of her own: %+v, %v", p, err)
	}
}

// TestWhoseAccountWasDeletedMayNotAct: Slack still shows them as active, but the account that is theirs is not there any
// more. That is no proof that they have left.
func TestWhoseAccountWasDeletedMayNotAct(t *testing.T) {
	w := familiar(t, nil)
	if _, err := w.Who(t.Context(), "U-noor"); err != nil {
		t.Fatal(err)
	}
	w.set(func(w *world) { delete(w.staff, "noor") })
	w.pass(2 * time.Minute)
	if p, err := w.Who(t.Context(), "U-noor"); !refused(err) {
		t.Errorf("she may act: %+v, %v", p, err)
	}
	if left, err := w.HasLeft(t.Context(), noor); left || err != nil {
		t.Errorf("has she left? %v, %v", left, err)
	}
	if p, err := w.Who(t.Context(), "U-nemo"); err == nil {
		t.Errorf("a stranger: %+v", p)
	}
}

func refused(err error) bool {
	_, yes := access.AsRefusal(err)
	return yes
}

func TestADirectoryThatDoesNotAnswer(t *testing.T) {
	w := newWorld(t, nil)
	w.set(func(w *world) { w.broken = errors.New("no route to host") })
	if _, err := w.Who(t.Context(), "U-maya"); access.Classify(err).Class != access.Transient || !strings.Contains(err.Error(), "Look up maya@acme.example in okta") {
		t.Errorf("without an earlier answer: %v", err)
	}
	w = familiar(t, nil)
	w.person(maya)
	w.pass(2 * time.Minute)
	w.set(func(w *world) { w.broken = errors.New("no route to host") })
	w.member("maya", func(m *access.Person) { m.Name = "Maya Berg" })
	if p := w.person(maya); p.Manager != noor || p.Department != "Design" || p.Name != "Maya Berg" {
		t.Errorf("the last known answer does not stand in: %+v", p)
	}
	asked := w.asked
	if w.person(maya); w.asked == asked {
		t.Error("it is not asked again")
	}
	w.member("maya", func(m *access.Person) { m.Standing = access.Left })
	if p, err := w.Person(t.Context(), maya); !refused(err) {
		t.Errorf("who is deactivated in Slack is found: %+v %v", p, err)
	}
}

func TestKnownAndNames(t *testing.T) {
	w := newWorld(t, nil)
	nemo := peopletest.ID("nemo")
	if p := w.Known(t.Context(), nemo); p.ID != nemo || p.Display() != access.Unnamed || w.Contact(t.Context(), nemo) != access.Unnamed {
		t.Errorf("a stranger is shown as %+v", p)
	}
	if got := w.Names(t.Context(), []access.PersonID{maya}); len(got) != 0 {
		t.Errorf("known without anybody having been met: %v", got)
	}
	peopletest.Remember(t, w.store, nil, "maya")
	w.set(func(w *world) { w.members = nil })
	if got := w.Names(t.Context(), []access.PersonID{maya, nemo}); len(got) != 1 || got[maya].Name != "Maya" {
		t.Errorf("named %v", got)
	}
	if p := w.Known(t.Context(), maya); p.Name != "Maya" || w.Contact(t.Context(), maya) != "maya@acme.example" {
		t.Errorf("known as %+v", p)
	}
	if got := w.Display(t.Context(), []string{"Maya@acme.example", "nemo@acme.example"}); !slices.Equal(got, []string{"Maya", "nemo@acme.example"}) {
		t.Errorf("called %v", got)
	}
}

func TestForgettingAnAccount(t *testing.T) {
	w := familiar(t, nil)
	w.person(maya)
	w.set(func(w *world) {
		p := w.staff["maya"]
		p.Department = "Sales"
		w.staff["maya"] = p
	})
	if p := w.person(maya); p.Department != "Design" {
		t.Errorf("not from the cache: %+v", p)
	}
	w.ForgetAccount("slack", "U-maya")
	if p := w.person(maya); p.Department != "Sales" || p.Stood == nil || p.Stood.Department != "Design" {
		t.Errorf("not asked anew: %+v", p)
	}
}

func TestWhoseAccountItIs(t *testing.T) {
	w := newWorld(t, nil)
	if who, err := w.Whose(t.Context(), "slack", "U-maya"); err != nil || who != "" {
		t.Errorf("before: %v, %v", who, err)
	}
	peopletest.Remember(t, w.store, nil, "maya")
	if who, err := w.Whose(t.Context(), "slack", "U-maya"); err != nil || who != maya {
		t.Errorf("after: %v, %v", who, err)
	}
}

func TestLeavers(t *testing.T) {
	w := familiar(t, nil)
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
	w.set(func(w *world) { delete(w.members, "maya"); delete(w.staff, "maya") })
	w.Forget(maya)
	if gone() {
		t.Error("not to be found is no proof")
	}
	w.set(func(w *world) {
		w.staff["maya"] = idp.Person{ID: "00u-maya", Email: "other@acme.example", Status: idp.Left}
	})
	if !gone() {
		t.Error("the directory says so")
	}
	w.set(func(w *world) {
		w.mute = &access.Failure{Class: access.Denied, Sentence: "Slack doesn't accept the bot token"}
	})
	if !gone() {
		t.Error("the directory says so, whether Slack answers or not")
	}
	w.account("maya", func(p *idp.Person) { p.Status = idp.Active })
	w.Forget(maya)
	if _, err := w.HasLeft(t.Context(), maya); access.Classify(err).Class != access.Denied {
		t.Errorf("nobody says so, and Slack was not heard: %v", err)
	}
	w.set(func(w *world) { w.mute = nil })
	w.Forget(maya)
	w.set(func(w *world) { w.broken = &idp.RateLimited{After: time.Minute} })
	if _, err := w.HasLeft(t.Context(), maya); access.Classify(err).Class != access.Limited {
		t.Errorf("got %v", err)
	}
}

func TestMarkLeft(t *testing.T) {
	w := familiar(t, nil)
	w.person(maya)
	for _, who := range []access.PersonID{maya, maya, peopletest.ID("nemo")} {
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
	d := directory{familiar(t, nil)}
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

// shortList lists nobody, and counts three.
type shortList struct{ idp.Directory }

func (shortList) Members(context.Context, string) (idp.Listing, error) {
	return idp.Listing{Count: idp.Counted(3), All: func(func(idp.Membership, error) bool) {}}, nil
}

// TestAnEmptyListOfACountedGroupIsNoList: three people decide, so "nobody" would be wrong and the fallback would decide.
func TestAnEmptyListOfACountedGroupIsNoList(t *testing.T) {
	v := idptest.NewVendor("okta", clocktest.New(time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)))
	v.AddGroup("security", idptest.Plain)
	_, _, err := people.Directories{shortList{v.Directory()}}.Members(t.Context(), catalog.GroupRef{Directory: "okta", Group: "security"})
	if f := access.Classify(err); f == nil || f.Class != access.Transient || !strings.Contains(f.Sentence, "not whole") {
		t.Errorf("got %v", err)
	}
}
