package requests_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/requests"
)

// word is IT's word on who people are.
type word struct{ err error }

func (w word) Unite(u *engine.Unit, one, other access.PersonID, _ access.Actor) (kept, gone access.PersonID, err error) {
	k, err := store.Person(u.Tx, other)
	if err == nil {
		k.Same = one
		err = store.PutPerson(u.Tx, &k)
	}
	return one, other, errors.Join(err, w.err)
}

func (w word) Split(u *engine.Unit, _ access.PersonID, _, _ string, _ access.Actor) (access.PersonID, error) {
	k := store.Known{Person: peopletest.Person("fresh")}
	k.Bindings = nil
	return k.ID, errors.Join(store.PutPerson(u.Tx, &k), w.err)
}

// united brings two people together, with all that follows.
func (w *world) united(kept, gone access.PersonID) {
	w.Helper()
	w.ok(requests.NewMerges(w.Service).Unite(w.Context(), word{}, kept, gone, by(ines)))
	w.ok(w.carryOut(requests.UniteTask))
}

// TestWhatIsKeptUnderTwoIDsIsBroughtTogether: who turns out to be one human has it all under one id.
func TestWhatIsKeptUnderTwoIDsIsBroughtTogether(t *testing.T) {
	w := newWorld(t)
	held := w.held("editor")
	w.united(tom, maya)
	if g, r := w.grant(held), w.request(held.ID); g.Person != tom || r.Beneficiary != tom || r.Requester != tom {
		t.Errorf("the grant is %s's, the request %s's", g.Person, r.Beneficiary)
	}
	if told := w.messages("twice/"); len(told) > 0 {
		t.Errorf("told: %q", told)
	}
}

// TestAccessOnTheWordOfWhoGotItIsTold: it goes on, and IT decides.
func TestAccessOnTheWordOfWhoGotItIsTold(t *testing.T) {
	w := newWorld(t)
	held := w.held("editor")
	w.united(noor, maya)
	if told := w.messages("twice/" + held.ID); len(told) != 1 || !strings.Contains(told[0], "nobody decides on their own access") {
		t.Errorf("told: %q", told)
	}
	if g := w.grant(held); g.State != access.GrantActive || g.Person != noor {
		t.Errorf("it is %s, of %s", g.State, g.Person)
	}
}

// TestARequestInWhichTwoAreOneIsClosed, where one has answered the other; otherwise it is looked again who decides.
func TestARequestInWhichTwoAreOneIsClosed(t *testing.T) {
	w := newWorld(t)
	r := w.asked("both")
	w.ok(w.answer(r, noor, true))
	w.united(noor, maya)
	if r = w.request(r.ID); r.State != access.RequestDenied || w.last(r.ID).Note != "Two people in it were found to be one." {
		t.Errorf("it is %s: %+v", r.State, w.last(r.ID))
	}

	w = newWorld(t)
	r = w.asked("editor")
	w.united(grace, noor)
	r = w.request(r.ID)
	if r.State != access.RequestPending || !slices.Equal(r.Stages[0].Asked, []access.PersonID{grace}) || len(w.tasks(requests.FindApproversTask)) != 1 {
		t.Errorf("it is %s, asked are %v, tasks: %v", r.State, r.Stages[0].Asked, w.tasks(requests.FindApproversTask))
	}
}

// TestGrantsFollowTheAccount that turns out to be another human's, and nothing else does.
func TestGrantsFollowTheAccount(t *testing.T) {
	w := newWorld(t)
	theirs, hers := w.held("editor"), w.held("root")
	for r, account := range map[string]string{theirs.GrantID(): "00u-other", hers.GrantID(): "00u-maya"} {
		w.ok(w.store.Update(t.Context(), func(tx store.Tx) error {
			g, err := store.Grant(tx, r)
			if err != nil {
				return err
			}
			g.Entitlements[0].Account = account
			return store.PutGrant(tx, &g)
		}))
	}
	w.ok(requests.NewMerges(w.Service).Split(t.Context(), word{}, maya, "okta", "00u-other", by(ines)))
	w.ok(w.carryOut(requests.UniteTask))
	if a, b := w.grant(theirs), w.grant(hers); a.Person != peopletest.ID("fresh") || b.Person != maya {
		t.Errorf("they are %s's and %s's", a.Person, b.Person)
	}
}

// TestAWordThatIsRefusedChangesNothing.
func TestAWordThatIsRefusedChangesNothing(t *testing.T) {
	w := newWorld(t)
	no := word{access.Refuse(access.NotAllowed, "", "No.")}
	m := requests.NewMerges(w.Service)
	w.refused(m.Unite(t.Context(), no, tom, maya, by(tom)), access.NotAllowed)
	w.refused(m.Split(t.Context(), no, maya, "okta", "00u-maya", by(tom)), access.NotAllowed)
	if all := w.tasks(requests.UniteTask); len(all) > 0 || w.person(maya).Same != "" {
		t.Errorf("tasks: %v", all)
	}
}
