package erasure_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/clock/clocktest"
	"latchkey/evidence"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/store/storetest"
	"latchkey/workflow/engine"
	"latchkey/workflow/erasure"
	"latchkey/workflow/ledger"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
)

var (
	maya = peopletest.ID("maya")
	noor = peopletest.ID("noor")
	tom  = peopletest.ID("tom")
)

// world is a store with people, and the room over it.
type world struct {
	*testing.T
	store store.Store
	units *engine.Units
	clock *clocktest.Clock
	*erasure.Service
}

func newWorld(t *testing.T) *world {
	t.Helper()
	s := bolttest.Open(t)
	w := &world{T: t, store: storetest.Twice(s), clock: clocktest.New(time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC))}
	for _, handle := range []string{"maya", "noor", "tom"} {
		peopletest.Remember(t, s, nil, handle)
	}
	w.units = engine.NewUnits(engine.UnitsConfig{Store: w.store, Clock: w.clock, Owner: "test", Effects: ledger.Effects()})
	who := people.New(people.Config{Units: w.units, Roster: peopletest.Members{}})
	w.Service = erasure.New(erasure.Config{Units: w.units, People: who})
	return w
}

func terminal() access.Actor { return access.Actor{Via: access.ViaCLI, Account: "root"} }

func (w *world) do(fn func(u *engine.Unit) error) {
	w.Helper()
	if err := w.units.Update(w.Context(), fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) view(fn func(tx store.Tx) error) {
	w.Helper()
	if err := w.store.View(w.Context(), fn); err != nil {
		w.Fatal(err)
	}
}

// story is a request of somebody's that somebody answered, in a state, with a grant in
// another unless that is empty.
func (w *world) story(id string, asks, answers access.PersonID, state access.RequestState, grant access.GrantState) access.Request {
	w.Helper()
	r := access.Request{
		ID: id, Requester: asks, Beneficiary: asks, App: "figma", Role: "editor", Reason: "because " + id, State: state, Created: w.clock.Now(), Decided: w.clock.Now(),
		Issue: access.Issue{ID: "1" + id, Key: "IT-" + id}, Stages: []access.Stage{{}},
	}
	answer := access.Actor{Person: answers, Via: access.ViaSlack, Account: "U-x"}
	r.Stages[0].Answers = []access.Answer{{By: answer, Yes: true, Reason: "fine, " + id, At: w.clock.Now()}}
	w.do(func(u *engine.Unit) error {
		if _, err := u.Append(r.Event(access.EventSubmitted, access.Actor{Person: asks, Via: access.ViaSlack, Account: "U-y"}, u.At)); err != nil {
			return err
		}
		yes := r.Event(access.EventApproved, answer, u.At)
		yes.Reason = "fine, " + id
		if _, err := u.Append(yes); err != nil {
			return err
		}
		kept := r
		if err := engine.Save(u, engine.Requests(), &kept); err != nil || grant == "" {
			return err
		}
		g := access.Grant{ID: r.GrantID(), Request: r.ID, Person: asks, App: "figma", Role: "editor", State: grant, Created: u.At}
		return engine.Save(u, engine.Grants(), &g)
	})
	return r
}

// logged are the events of a request, by kind, with whether they are erased.
func (w *world) logged(id string) map[access.EventKind]bool {
	w.Helper()
	out := map[access.EventKind]bool{}
	w.view(func(tx store.Tx) error {
		all, err := store.Story(tx, store.Filter{Subject: access.RequestSubject(id)})
		for _, e := range all {
			out[e.Kind] = e.Erased
		}
		return err
	})
	return out
}

func (w *world) erased(id string, submitted, approved bool) {
	w.Helper()
	want := map[access.EventKind]bool{access.EventSubmitted: submitted, access.EventApproved: approved}
	if diff := cmp.Diff(want, w.logged(id)); diff != "" {
		w.Errorf("of %s (-want +got):\n%s", id, diff)
	}
}

func (w *world) whole() {
	w.Helper()
	v, err := evidence.Verify(context.Background(), w.store)
	if err != nil || !v.Whole() {
		w.Errorf("the log is not whole: %+v, %v", v, err)
	}
}

// Own stories go as a whole, of others' only what somebody said there; what is newer,
// and what isn't over, stays.
func TestWhatIsErased(t *testing.T) {
	w := newWorld(t)
	w.story("AR-OWN", maya, noor, access.RequestApproved, access.GrantEnded)
	w.story("AR-HIS", tom, maya, access.RequestDenied, "")
	w.story("AR-GOES-ON", tom, maya, access.RequestApproved, access.GrantActive)
	w.story("AR-APART", tom, noor, access.RequestDenied, "")
	w.clock.Advance(48 * time.Hour)
	w.story("AR-NEW", maya, noor, access.RequestDenied, "")
	before := w.clock.Now().Add(-24 * time.Hour)

	found, err := w.Plan(t.Context(), maya, before, terminal())
	if err != nil || found.Events != 3 || found.Kept != 1 || strings.Join(found.Requests, " ") != "IT-AR-HIS IT-AR-OWN" || found.Left {
		t.Fatalf("%+v, %v", found, err)
	}
	w.erased("AR-OWN", false, false)
	if _, err := w.Erase(t.Context(), maya, before, terminal()); err != nil {
		t.Fatal(err)
	}
	w.erased("AR-OWN", true, true)
	w.erased("AR-HIS", false, true)
	w.erased("AR-GOES-ON", false, false)
	w.erased("AR-APART", false, false)
	w.erased("AR-NEW", false, false)
	w.whole()
	w.view(func(tx store.Tx) error {
		own, err := store.Request(tx, "AR-OWN")
		if err != nil || own.Reason != "erased" || own.Stages[0].Answers[0].Reason != "erased" {
			t.Errorf("her own: %+v, %v", own, err)
		}
		his, err := store.Request(tx, "AR-HIS")
		if err != nil || his.Reason != "because AR-HIS" || his.Stages[0].Answers[0].Reason != "erased" {
			t.Errorf("his: %+v, %v", his, err)
		}
		for id, want := range map[string]bool{"erase/AR-OWN": true, "erase/AR-HIS": true, "erase/AR-NEW": false} {
			if _, err := tx.Task(id); err == nil != want {
				t.Errorf("%s: %v", id, err)
			}
		}
		k, err := store.Person(tx, maya)
		if err != nil || !k.Erased.Equal(before) || k.Email == "" {
			t.Errorf("of herself, who has not left: %+v, %v", k, err)
		}
		all, err := store.Story(tx, store.Filter{Subject: access.LogSubject()})
		if last := all[len(all)-1]; last.Kind != access.EventErased || last.Person != maya || last.Actor.Account != "root" || !strings.Contains(last.Note, "3 events") {
			t.Errorf("the log says %+v", last)
		}
		return err
	})
	again, err := w.Erase(t.Context(), maya, before, terminal())
	if err != nil || again.Events != 0 {
		t.Errorf("once more: %+v, %v", again, err)
	}
	w.whole()
}

func TestWhoHasLeftKeepsIDsOnly(t *testing.T) {
	w := newWorld(t)
	w.story("AR-OWN", maya, noor, access.RequestDenied, "")
	w.do(func(u *engine.Unit) error { return people.MarkLeft(u, maya) })
	w.clock.Advance(time.Hour)
	found, err := w.Erase(t.Context(), maya, w.clock.Now(), terminal())
	if err != nil || !found.Left || len(found.Accounts) == 0 {
		t.Fatalf("%+v, %v", found, err)
	}
	w.view(func(tx store.Tx) error {
		k, err := store.Person(tx, maya)
		if err != nil || k.Contact() != access.Unnamed || k.Account(access.SystemSlack) == "" {
			t.Errorf("of her: %+v, %v", k, err)
		}
		same, err := store.PersonByAccount(tx, access.SystemSlack, k.Account(access.SystemSlack))
		if err != nil || same.ID != maya {
			t.Errorf("her account is that of %s, %v", same.ID, err)
		}
		return nil
	})
}

func TestWhatIsNotOverForbidsIt(t *testing.T) {
	for name, begin := range map[string]func(w *world){
		"IT-AR-1":                         func(w *world) { w.story("AR-1", maya, noor, access.RequestApproved, access.GrantActive) },
		"IT-AR-2":                         func(w *world) { w.story("AR-2", maya, noor, access.RequestPending, "") },
		"IT-AR-3":                         func(w *world) { w.story("AR-3", maya, noor, access.RequestApproved, access.GrantEnding) },
		"IT-AR-4, which waits for an ans": func(w *world) { w.story("AR-4", maya, noor, access.RequestPending, "") },
	} {
		w := newWorld(t)
		begin(w)
		w.clock.Advance(time.Hour)
		_, err := w.Erase(t.Context(), maya, w.clock.Now(), terminal())
		if r, ok := access.AsRefusal(err); !ok || !strings.Contains(r.Sentence, name) || !strings.Contains(r.Sentence, "nothing was erased") {
			t.Errorf("%s: %v", name, err)
		}
	}
	w := newWorld(t)
	if _, err := w.Plan(t.Context(), "P-NOBODYHERE", w.clock.Now(), terminal()); err == nil {
		t.Error("somebody unknown has something to erase")
	}
	if _, err := w.Erase(t.Context(), maya, w.clock.Now(), access.Actor{Person: tom, Via: access.ViaSlack}); err == nil {
		t.Error("anybody can")
	}
}

// Several records that turned out to be one human go together, over however many steps
// they were united and whichever of them is named; what waits under any of them forbids it.
func TestOneHumanIsErasedUnderEachID(t *testing.T) {
	for _, named := range []access.PersonID{maya, noor, tom} {
		w := newWorld(t)
		peopletest.Remember(t, w.store, nil, "omar")
		omar := peopletest.ID("omar")
		w.story("AR-M", maya, omar, access.RequestDenied, "")
		w.story("AR-N", noor, omar, access.RequestApproved, access.GrantEnded)
		w.story("AR-T", tom, omar, access.RequestDenied, "")
		w.story("AR-O", omar, tom, access.RequestDenied, "")
		w.clock.Advance(time.Hour)
		w.unite(noor, tom)
		w.unite(maya, noor)
		w.do(func(u *engine.Unit) error { return people.MarkLeft(u, maya) })
		w.clock.Advance(time.Hour)

		done, err := w.Erase(t.Context(), named, w.clock.Now(), terminal())
		if err != nil || done.Person != maya || len(done.Also) != 2 || done.Who != "maya@acme.example" || !done.Left || strings.Join(done.Requests, " ") != "IT-AR-M IT-AR-N IT-AR-O IT-AR-T" {
			t.Fatalf("of %s: %+v, %v", named, done, err)
		}
		w.erased("AR-M", true, true)
		w.erased("AR-N", true, true)
		w.erased("AR-T", true, true)
		w.erased("AR-O", false, true)
		w.whole()
		w.view(func(tx store.Tx) error {
			for _, who := range []access.PersonID{maya, noor, tom} {
				k, err := store.Person(tx, who)
				if err != nil || k.Contact() != access.Unnamed || !k.Erased.Equal(done.Before) || len(k.Bindings) == 0 || slices.ContainsFunc(k.Bindings, func(b access.Binding) bool { return !b.IsAccount() }) {
					t.Errorf("of %s stays %+v, %v", who, k, err)
				}
			}
			all, err := store.Story(tx, store.Filter{Subject: access.LogSubject()})
			said := map[access.PersonID]string{}
			for _, e := range all {
				if e.Kind == access.EventErased {
					said[e.Person] = e.Note
				}
			}
			for _, other := range []access.PersonID{noor, tom} {
				if !strings.Contains(said[maya], string(other)) || !strings.Contains(said[other], "the same person as "+string(maya)) {
					t.Errorf("the log says %q", said)
				}
			}
			r, err2 := store.Request(tx, "AR-T")
			if r.Reason != "erased" {
				t.Errorf("of what was asked for under another id: %+v", r)
			}
			return errors.Join(err, err2)
		})
	}
	w := newWorld(t)
	w.story("AR-1", tom, maya, access.RequestApproved, access.GrantActive)
	w.clock.Advance(time.Hour)
	w.unite(noor, tom)
	if _, err := w.Erase(t.Context(), noor, w.clock.Now(), terminal()); err == nil || !strings.Contains(err.Error(), "IT-AR-1") {
		t.Errorf("what is held under the other id: %v", err)
	}
}

// unite makes one of two people what is known of both.
func (w *world) unite(one, other access.PersonID) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		a, err := store.Person(u.Tx, one)
		if err != nil {
			return err
		}
		b, err := store.Person(u.Tx, other)
		if err != nil {
			return err
		}
		a.Person, b.Person = access.Absorb(a.Person, b.Person, "ines says so", u.At)
		return errors.Join(store.PutPerson(u.Tx, &b), store.PutPerson(u.Tx, &a))
	})
}
