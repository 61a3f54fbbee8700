package access_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
)

// Until it is approved, the request says where a case stands, and from then on the
// grant, under the words of their states.
func TestPhase(t *testing.T) {
	extension := requestIn(access.RequestApproved)
	extension.Extends = "G-OTHER"
	emergency := requestIn(access.RequestApproved)
	emergency.BreakGlass = true
	asked, judged := emergency, emergency
	asked.Review = &access.Review{Rounds: 1}
	judged.Review = &access.Review{Rounds: 1, Answer: &access.Answer{Yes: true}}
	giving, taking := access.Grant{State: access.GrantManual}, access.Grant{State: access.GrantManual, Revoking: true}
	for _, c := range []struct {
		name  string
		r     access.Request
		g     *access.Grant
		phase access.Phase
	}{
		{"pending", requestIn(access.RequestPending), nil, access.PhasePending},
		{"denied", requestIn(access.RequestDenied), nil, access.PhaseDenied},
		{"cancelled", requestIn(access.RequestCancelled), nil, access.PhaseCancelled},
		{"lapsed", requestIn(access.RequestLapsed), nil, access.PhaseLapsed},
		{"approved", requestIn(access.RequestApproved), nil, access.PhaseApproved},
		{"more time", extension, nil, access.PhaseExtended},
		{"waiting", requestIn(access.RequestApproved), &access.Grant{State: access.GrantWaiting}, access.PhaseApproved},
		{"provisioning", requestIn(access.RequestApproved), &access.Grant{State: access.GrantProvisioning}, access.PhaseApproved},
		{"active", requestIn(access.RequestApproved), &access.Grant{State: access.GrantActive}, access.PhaseActive},
		{"given manually", requestIn(access.RequestApproved), &giving, access.PhaseManual},
		{"taken away manually", requestIn(access.RequestApproved), &taking, access.PhaseEnding},
		{"ending", requestIn(access.RequestApproved), &access.Grant{State: access.GrantEnding}, access.PhaseEnding},
		{"stuck", requestIn(access.RequestApproved), &access.Grant{State: access.GrantStuck}, access.PhaseStuck},
		{"ended", requestIn(access.RequestApproved), &access.Grant{State: access.GrantEnded}, access.PhaseEnded},
		{"break-glass, nobody asked yet", emergency, &access.Grant{State: access.GrantEnded}, access.PhaseReview},
		{"break-glass, under review", asked, &access.Grant{State: access.GrantEnded}, access.PhaseReview},
		{"break-glass, reviewed", judged, &access.Grant{State: access.GrantEnded}, access.PhaseEnded},
	} {
		if got := (access.Case{Request: c.r, Grant: c.g}).Phase(); got != c.phase {
			t.Errorf("%s: %s, want %s", c.name, got, c.phase)
		}
	}
}

// Whoever a case names can be called by name, wherever it is known.
func TestCaseKnowsWhomItNames(t *testing.T) {
	r := requestIn(access.RequestPending)
	r.Beneficiary = "sam@acme.example"
	r.Stages[0].Asked = []access.PersonID{"noor@acme.example"}
	r.Stages[0].Answers = []access.Answer{{By: access.Actor{Person: "omar@acme.example"}}}
	r.Review = &access.Review{Asked: []access.PersonID{"priya@acme.example"}}
	c := access.Case{
		Request: r, Requester: someone("maya"), Approvers: []access.Person{someone("noor")},
		People:     map[access.PersonID]access.Person{"sam@acme.example": {ID: "sam@acme.example", Email: "sam@new.example"}},
		Fulfillers: []access.PersonID{"ines@acme.example"},
		Grant:      &access.Grant{EndedBy: access.Actor{Person: "tom@acme.example"}},
		Story:      []access.Event{{Kind: access.EventSubmitted, Actor: access.Actor{Person: "maya@acme.example"}}, {Kind: access.EventLapsed}, {Kind: access.EventReplied, Note: "second", Approvers: []access.PersonID{"lena@acme.example"}}},
	}
	want := []access.PersonID{"ines@acme.example", "lena@acme.example", "maya@acme.example", "noor@acme.example", "omar@acme.example", "priya@acme.example", "sam@acme.example", "tom@acme.example"}
	if diff := cmp.Diff(want, c.Named()); diff != "" {
		t.Errorf("named (-want +got):\n%s", diff)
	}
	for who, name := range map[access.PersonID]string{"maya@acme.example": "maya", "noor@acme.example": "noor", "sam@acme.example": "", "omar@acme.example": ""} {
		if p := c.Person(who); p.ID != who || p.Name != name {
			t.Errorf("%s is %+v", who, p)
		}
	}
	if p := c.Person("sam@acme.example"); p.Email != "sam@new.example" {
		t.Errorf("without a name, the address counts: %+v", p)
	}
	c.Story = append(c.Story, access.Event{Kind: access.EventReplied, Note: "third"})
	if e, ok := c.Last(access.EventReplied); !ok || e.Note != "third" {
		t.Errorf("the latest reply is %+v", e)
	}
	if e, ok := c.Last(access.EventDenied); ok {
		t.Errorf("a denial that never was: %+v", e)
	}
}

// A story that ends differently in anything but what was noted before a change has
// not come to the same.
func TestCoursesThatDiffer(t *testing.T) {
	r, g := requestIn(access.RequestApproved), grantIn(access.GrantActive, false)
	g.Ends = at
	was := access.CourseOf(r, &g)
	for name, change := range map[string]func(*access.Request, *access.Grant){
		"request": func(r *access.Request, _ *access.Grant) { r.State = access.RequestDenied },
		"stage":   func(r *access.Request, _ *access.Grant) { r.Stage++ },
		"allowed": func(r *access.Request, _ *access.Grant) { r.Allowed++ },
		"grant":   func(_ *access.Request, g *access.Grant) { g.State = access.GrantStuck },
		"until":   func(_ *access.Request, g *access.Grant) { g.Ends = g.Ends.Add(1) },
		"end":     func(_ *access.Request, g *access.Grant) { g.End = access.EndLeft },
		"group":   func(_ *access.Request, g *access.Grant) { g.Entitlements[0].State = access.EntitlementKept },
		"before":  func(_ *access.Request, g *access.Grant) { g.Entitlements[0].Before = true },
		"missing": func(_ *access.Request, g *access.Grant) { g.Entitlements[0].Missing = true },
		"fewer":   func(_ *access.Request, g *access.Grant) { g.Entitlements = nil },
	} {
		otherR, otherG := r, g
		otherG.Entitlements = append([]access.Entitlement(nil), g.Entitlements...)
		change(&otherR, &otherG)
		if access.CourseOf(otherR, &otherG).Same(was) {
			t.Errorf("another %s goes unseen", name)
		}
	}
	if access.CourseOf(r, nil).Same(was) {
		t.Error("a grant that is gone goes unseen")
	}
	pinned := g.Pin(group, "00u1", "00g1", true)
	if !access.CourseOf(r, &pinned).Same(was) {
		t.Error("what was noted of the group before it was changed counts")
	}
}
