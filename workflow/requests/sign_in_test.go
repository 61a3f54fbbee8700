package requests_test

import (
	"errors"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/requests"
)

// stepsUp has the role root ask for a sign-in, from now on.
func (w *world) stepsUp() {
	w.Helper()
	apps := w.offer.Apps()
	for i := range apps[0].Roles {
		if apps[0].Roles[i].ID == "root" || apps[0].Roles[i].ID == "both" {
			apps[0].Roles[i].Assurance = catalog.StepUp
		}
	}
	var routes []catalog.Route
	for _, name := range []string{"manager", "nobody", "two", "pair"} {
		route, _ := w.offer.Route(name)
		routes = append(routes, route)
	}
	w.offer = catalog.New(apps, routes)
}

// signedIn is a sign-in of Noor's for a yes to a request, as change leaves it.
func (w *world) signedIn(r access.Request, change func(*store.SignIn)) string {
	w.Helper()
	in := store.SignIn{
		ID: "S-" + r.ID, By: by(noor), Directory: "okta", Account: "00u-noor", Request: r.ID, Stage: r.Stage, Begun: w.now, Expires: w.now.Add(10 * time.Minute),
		Proof: &access.SignedIn{Directory: "okta", Account: "00u-noor", At: w.now},
	}
	if change != nil {
		change(&in)
	}
	w.do(func(u *engine.Unit) error {
		old, err := store.LoadSignIn(u.Tx, in.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		in.Version = old.Version
		return store.PutSignIn(u.Tx, &in)
	})
	return in.ID
}

func (w *world) yesWith(r access.Request, signIn string, change func(*requests.Decision)) error {
	d := requests.Decision{Request: r.ID, By: by(noor), Yes: true, SignIn: signIn}
	if change != nil {
		change(&d)
	}
	_, err := w.Decide(w.Context(), d)
	return err
}

// A yes without a sign-in counts nowhere, whichever door it comes through; a no does.
func TestAYesNeedsASignIn(t *testing.T) {
	for _, via := range []access.Via{access.ViaSlack, access.ViaJira, access.ViaCLI} {
		w := newWorld(t)
		w.stepsUp()
		r := w.asked("root")
		if !r.StepUp {
			t.Fatal("the request doesn't know that it needs a sign-in")
		}
		from := func(d *requests.Decision) { d.By.Via, d.Typed = via, "figma" }
		w.refused(w.yesWith(r, "", from), access.Unproved)
		w.broken = errors.New("no route to host")
		w.refused(w.yesWith(r, "", from), access.Unproved)
		w.broken = nil
		if r = w.request(r.ID); r.State != access.RequestPending || len(r.Waiting) > 0 {
			t.Errorf("by %s: %s, kept %v", via, r.State, r.Waiting)
		}
		_, err := w.Decide(t.Context(), requests.Decision{Request: r.ID, By: by(noor), Reason: "Not now."})
		w.ok(err)
	}
}

// A role that asks for a sign-in since the request was made asks for it, too, and a request that was made when it did
// goes on asking.
func TestARoleThatAsksForASignInSince(t *testing.T) {
	w := newWorld(t)
	before := w.asked("root")
	plain := w.offer
	w.stepsUp()
	w.refused(w.yesWith(before, "", func(d *requests.Decision) { d.Typed = "figma" }), access.Unproved)
	w.ok(w.answer(before, noor, false))

	other := newWorld(t)
	other.stepsUp()
	since := other.asked("root")
	other.offer = plain
	other.refused(other.yesWith(since, "", func(d *requests.Decision) { d.Typed = "figma" }), access.Unproved)
}

// A sign-in is good for one person, one request, one stage, one length and once.
func TestASignInIsGoodForOneThing(t *testing.T) {
	for name, change := range map[string]func(*store.SignIn){
		"of somebody else":         func(in *store.SignIn) { in.By.Person = grace },
		"for another request":      func(in *store.SignIn) { in.Request = "AR-OTHER" },
		"for another stage":        func(in *store.SignIn) { in.Stage = 1 },
		"for less time":            func(in *store.SignIn) { in.Wanted = time.Hour },
		"for an emergency":         func(in *store.SignIn) { in.Emergency = &store.Emergency{App: "figma", Role: "root"} },
		"that nobody went through": func(in *store.SignIn) { in.Proof = nil },
		"to another account":       func(in *store.SignIn) { in.Proof.Account = "00u-grace" },
		"to another directory":     func(in *store.SignIn) { in.Proof.Directory = "entra" },
		"that took too long":       func(in *store.SignIn) { in.Expires = in.Begun },
		"to a former account":      func(in *store.SignIn) { in.Account, in.Proof.Account = "00u-old", "00u-old" },
	} {
		w := newWorld(t)
		w.stepsUp()
		r := w.asked("root")
		if err := w.yesWith(r, w.signedIn(r, change), nil); err == nil || w.request(r.ID).State != access.RequestPending {
			t.Errorf("a sign-in %s counts: %v", name, err)
		}
	}
	w := newWorld(t)
	w.stepsUp()
	r := w.asked("root")
	w.refused(w.yesWith(r, "S-NONE", nil), access.TooLate)
	id := w.signedIn(r, nil)
	w.refused(w.yesWith(r, id, func(d *requests.Decision) { d.By = by(grace) }), access.NotAllowed)
	w.ok(w.yesWith(r, id, nil))
	if e := w.last(r.ID); e.Kind == access.EventApproved && (e.SignedIn == nil || e.SignedIn.Account != "00u-noor") {
		t.Errorf("the record says %+v", e.SignedIn)
	}
	if a := w.request(r.ID).Stages[0].Answers[0]; a.SignedIn == nil || a.SignedIn.Account != "" {
		t.Errorf("the request says %+v", a.SignedIn)
	}
	second := w.asked("both")
	w.refused(w.yesWith(second, id, nil), access.TooLate)
}

// Who may not decide doesn't, whatever they signed in to.
func TestASignInReplacesNoAuthority(t *testing.T) {
	w := newWorld(t)
	w.stepsUp()
	r := w.asked("root")
	id := w.signedIn(r, func(in *store.SignIn) { in.By, in.Account, in.Proof.Account = by(tom), "00u-tom", "00u-tom" })
	w.refused(w.yesWith(r, id, func(d *requests.Decision) { d.By = by(tom) }), access.NotAllowed)
	own := w.signedIn(r, func(in *store.SignIn) { in.By, in.Account, in.Proof.Account = by(maya), "00u-maya", "00u-maya" })
	w.refused(w.yesWith(r, own, func(d *requests.Decision) { d.By = by(maya) }), access.NotAllowed)
}

// A yes that is kept because a directory is silent keeps its sign-in with it.
func TestAKeptYesKeepsItsSignIn(t *testing.T) {
	w := newWorld(t)
	w.stepsUp()
	r := w.asked("root")
	w.broken = errors.New("no route to host")
	w.ok(w.yesWith(r, w.signedIn(r, nil), nil))
	w.broken = nil
	if r = w.request(r.ID); len(r.Waiting) != 1 || r.Waiting[0].SignedIn == nil {
		t.Fatalf("kept is %+v", r.Waiting)
	}
	w.ok(w.carryOut(requests.EstablishTask))
	if r = w.request(r.ID); r.State != access.RequestApproved || r.Stages[0].Answers[0].SignedIn == nil {
		t.Errorf("%s, %+v", r.State, r.Stages[0].Answers)
	}
}

// An emergency needs one, too.
func TestAnEmergencyNeedsASignIn(t *testing.T) {
	w := newWorld(t)
	w.stepsUp()
	take := requests.BreakGlass{Origin: "view", By: w.person(maya), App: "figma", Role: "root", Wanted: time.Hour, Reason: "It is down", Typed: "figma"}
	_, err := w.SubmitBreakGlass(t.Context(), take)
	w.refused(err, access.Unproved)
	mine := func(in *store.SignIn) {
		in.By, in.Account, in.Proof.Account, in.Request = by(maya), "00u-maya", "00u-maya", ""
		in.Emergency = &store.Emergency{App: "figma", Role: "root", Wanted: time.Hour}
	}
	take.SignIn = w.signedIn(access.Request{ID: "1"}, func(in *store.SignIn) { mine(in); in.Emergency.Wanted = 2 * time.Hour })
	_, err = w.SubmitBreakGlass(t.Context(), take)
	w.refused(err, access.NotAllowed)
	take.SignIn = w.signedIn(access.Request{ID: "2"}, mine)
	r, err := w.SubmitBreakGlass(t.Context(), take)
	if err != nil || r.State != access.RequestApproved || w.last(r.ID).SignedIn == nil && w.events(r.ID)[1].SignedIn == nil {
		t.Errorf("%s, %v", r.State, err)
	}
}
