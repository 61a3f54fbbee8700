package access_test

import (
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// The machine itself refuses a yes without a sign-in to a request that was made when its role asked for one, and taking
// the role without one; whoever moves it, and whatever the catalogue says by then.
func TestARequestThatNeedsASignIn(t *testing.T) {
	noor := access.Actor{Person: "noor", Via: access.ViaSlack}
	r := access.Request{ID: "AR-1", Requester: "maya", Beneficiary: "maya", State: access.RequestPending, StepUp: true, Stages: []access.Stage{{}}, Allowed: time.Hour}
	yes := r.Event(access.EventApproved, noor, at)
	yes.Approvers = []access.PersonID{"noor"}
	signedIn := &access.SignedIn{Directory: "okta", Account: "00u1", At: at}

	unproved := func(what string, r access.Request, e access.Event) {
		t.Helper()
		next, _, err := r.Apply(e, at)
		if why, refused := access.AsRefusal(err); !refused || why.Reason != access.Unproved || next.State != access.RequestPending {
			t.Errorf("%s: %s, %v", what, next.State, err)
		}
	}
	unproved("a yes", r, yes)
	for _, via := range []access.Via{access.ViaJira, access.ViaCLI, access.ViaSystem} {
		other := yes
		other.Actor.Via = via
		unproved("a yes by "+string(via), r, other)
	}
	kept := r.Event(access.EventAnswerKept, noor, at)
	kept.Answer = access.EventApproved
	unproved("a yes that is kept", r, kept)

	yes.SignedIn = signedIn
	next, _, err := r.Apply(yes, at)
	if err != nil || next.State != access.RequestApproved || next.Stages[0].Answers[0].SignedIn == nil || next.Stages[0].Answers[0].SignedIn.Account != "" {
		t.Errorf("with a sign-in: %s, %+v, %v", next.State, next.Stages, err)
	}
	no := r.Event(access.EventDenied, noor, at)
	no.Approvers, no.Reason = []access.PersonID{"noor"}, "Not now."
	if next, _, err := r.Apply(no, at); err != nil || next.State != access.RequestDenied {
		t.Errorf("a no: %s, %v", next.State, err)
	}

	taken := access.Request{ID: "AR-2", Requester: "maya", Beneficiary: "maya", State: access.RequestPending, StepUp: true, BreakGlass: true, Allowed: time.Hour}
	take := taken.Event(access.EventBreakGlass, access.Actor{Person: "maya", Via: access.ViaSlack}, at)
	unproved("taking it", taken, take)
	take.SignedIn = signedIn
	if next, _, err := taken.Apply(take, at); err != nil || next.State != access.RequestApproved {
		t.Errorf("taking it with a sign-in: %s, %v", next.State, err)
	}
}

// Nobody is let in without anybody's sign-in by a route that asks nobody: IT is asked instead.
func TestAStepUpRoleIsNeverAutomatic(t *testing.T) {
	role := catalog.Role{ID: "admin", Name: "Admin", Route: "nobody", Assurance: catalog.StepUp, Durations: catalog.Durations{Choices: []time.Duration{time.Hour}, Default: time.Hour, Max: time.Hour}}
	c := catalog.New([]catalog.App{{ID: "db", Name: "Database", Status: catalog.Approved, Roles: []catalog.Role{role}}}, []catalog.Route{{Name: "nobody"}})
	a := ask()
	a.App, a.Role, a.Wanted = "db", "admin", time.Hour
	if r, _, _, err := access.Submit(c, a, access.Standings{}, at); err != nil || r.State != access.RequestPending || !r.StepUp {
		t.Errorf("it is %s, %v", r.State, err)
	}
}
