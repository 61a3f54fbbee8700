package access_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

func ask() access.Ask {
	return access.Ask{ID: "AR-TEST0001", Requester: someone("maya"), Beneficiary: someone("maya"), App: "figma", Role: "editor", Wanted: 6 * time.Hour, Reason: "Launch assets", Via: access.ViaSlack}
}

func TestSubmitRefusesWithTheField(t *testing.T) {
	guest := someone("gus")
	guest.Kind = access.Guest
	gone := someone("tom")
	gone.Standing = access.Left
	pending := access.Request{ID: "AR-1", App: "figma", Role: "editor", Beneficiary: "maya@acme.example", State: access.RequestPending}
	held := access.Grant{App: "figma", Role: "editor", Person: "maya@acme.example", State: access.GrantActive}
	for _, c := range []struct {
		name   string
		change func(*access.Ask, *access.Standings)
		reason access.Reason
		field  string
	}{
		{"a guest", func(a *access.Ask, _ *access.Standings) { a.Requester = guest }, access.NotAllowed, ""},
		{"for somebody who left", func(a *access.Ask, _ *access.Standings) { a.Beneficiary = gone }, access.NotAllowed, "person"},
		{"unknown app", func(a *access.Ask, _ *access.Standings) { a.App = "nope" }, access.Unknown, "app"},
		{"unknown role", func(a *access.Ask, _ *access.Standings) { a.Role = "nope" }, access.Unknown, "role"},
		{"retired app", func(a *access.Ask, _ *access.Standings) { a.App, a.Role = "oldapp", "user" }, access.Invalid, "app"},
		{"too long", func(a *access.Ask, _ *access.Standings) { a.Wanted = 25 * time.Hour }, access.Invalid, "duration"},
		{"no end", func(a *access.Ask, _ *access.Standings) { a.Wanted = catalog.Forever }, access.Invalid, "duration"},
		{"no reason", func(a *access.Ask, _ *access.Standings) { a.Reason = " a " }, access.Invalid, "reason"},
		{"endless reason", func(a *access.Ask, _ *access.Standings) { a.Reason = strings.Repeat("é", access.MaxReason+1) }, access.Invalid, "reason"},
		{"asked already", func(_ *access.Ask, h *access.Standings) { h.Requests = []access.Request{pending} }, access.Duplicate, "role"},
		{"held already", func(_ *access.Ask, h *access.Standings) { h.Grants = []access.Grant{held} }, access.Duplicate, "role"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, has := ask(), access.Standings{}
			c.change(&a, &has)
			_, _, _, err := access.Submit(testCatalog(), a, has, at)
			r, ok := access.AsRefusal(err)
			if !ok || r.Reason != c.reason || r.Field != c.field || r.Sentence == "" {
				t.Fatalf("got %+v, want reason %s on field %q", err, c.reason, c.field)
			}
		})
	}
}

func TestAutomaticRouteApprovesAndSaysSo(t *testing.T) {
	a := ask()
	a.Role = "viewer"
	r, e, effs, err := access.Submit(testCatalog(), a, access.Standings{}, at)
	if err != nil || r.State != access.RequestApproved || !strings.Contains(e.Note, "everyday") {
		t.Fatalf("got %s, note %q, %v", r.State, e.Note, err)
	}
	if effs[0].Kind != access.EffectOpenIssue || effs[1].Kind != access.EffectStartGrant {
		t.Fatalf("the issue comes before the grant: %v", effs)
	}
}

func TestEveryoneOfAStageMustAgree(t *testing.T) {
	r := requestIn(access.RequestPending)
	r.Stage = 1
	eligible := []access.PersonID{"noor@acme.example", "omar@acme.example"}
	yes := func(who access.PersonID) access.Event {
		e := r.Event(access.EventApproved, access.Actor{Person: who, Via: access.ViaSlack}, at)
		e.Approvers = eligible
		return e
	}
	r, _, err := r.Apply(yes("noor@acme.example"), at)
	if err != nil || r.State != access.RequestPending {
		t.Fatalf("after one of two: %s, %v", r.State, err)
	}
	if _, _, err := r.Apply(yes("noor@acme.example"), at); err == nil {
		t.Fatal("the same person's second yes was taken")
	}
	r, _, err = r.Apply(yes("omar@acme.example"), at)
	if err != nil || r.State != access.RequestApproved {
		t.Fatalf("after both: %s, %v", r.State, err)
	}
}

func TestApprovalCanOnlyShorten(t *testing.T) {
	r := requestIn(access.RequestPending)
	r.Stage = 1
	e := r.Event(access.EventApproved, access.Actor{Person: "noor@acme.example", Via: access.ViaSlack}, at)
	e.Approvers = []access.PersonID{"noor@acme.example"}
	e.Wanted = 7 * time.Hour
	if _, _, err := r.Apply(e, at); err == nil {
		t.Fatal("an approval lengthened the time")
	}
	e.Wanted = time.Hour
	if next, _, err := r.Apply(e, at); err != nil || next.Allowed != time.Hour || next.Wanted != 6*time.Hour {
		t.Fatalf("allowed %v of %v, %v", next.Allowed, next.Wanted, err)
	}
}

func TestDurationRunsFromTheMomentAccessIsThere(t *testing.T) {
	g := grantIn(access.GrantProvisioning, false)
	e := grantEvent(g, access.EventMemberAdded)
	g, _, err := g.Apply(e, at.Add(3*time.Hour))
	if err != nil || !g.Ends.Equal(at.Add(9*time.Hour)) {
		t.Fatalf("ends %v, %v", g.Ends, err)
	}
}

func TestExpiryNeedsTheTimeToHaveCome(t *testing.T) {
	g := grantIn(access.GrantActive, false)
	e := g.Event(access.EventEnding, access.System(), at)
	e.End = access.EndExpired
	if _, _, err := g.Apply(e, at.Add(-time.Second)); err == nil {
		t.Fatal("expired before its time")
	}
	if next, _, err := g.Apply(e, at); err != nil || next.State != access.GrantEnding {
		t.Fatalf("got %s, %v", next.State, err)
	}
}

func TestEndKeepsWhatAnotherGrantNeeds(t *testing.T) {
	g, needs := grantIn(access.GrantEnding, true), grantIn(access.GrantActive, false)
	needs.ID = "G-OTHER"
	if _, ok := g.NeededBy(group, []access.Grant{g, needs}); !ok {
		t.Fatal("the other grant's need was missed")
	}
	for _, s := range []access.GrantState{access.GrantWaiting, access.GrantEnding, access.GrantEnded} {
		needs.State = s
		if _, ok := g.NeededBy(group, []access.Grant{needs}); ok {
			t.Errorf("a grant that is %s counted as a need", s)
		}
	}
}

// Somebody who was two people before has two accounts. What keeps one of them in a group
// doesn't keep the other there; where it isn't known which it is, nothing is taken away.
func TestEndOfAnotherAccountKeepsNothing(t *testing.T) {
	for _, c := range []struct {
		mine, theirs string
		needed       bool
	}{{"00u1", "00u2", false}, {"00u1", "00u1", true}, {"00u1", "", true}, {"", "00u2", true}} {
		g := grantIn(access.GrantEnding, true).Pin(group, c.mine, "00g1", false)
		other := grantIn(access.GrantActive, false).Pin(group, c.theirs, "00g1", false)
		other.ID = "G-OTHER"
		if _, needed := g.NeededBy(group, []access.Grant{other}); needed != c.needed {
			t.Errorf("accounts %q and %q: needed %v", c.mine, c.theirs, needed)
		}
	}
}

func TestClassifyKeepsTheKind(t *testing.T) {
	wrapped := fmt.Errorf("open: %w", &access.Failure{Class: access.Limited, After: time.Second, Sentence: "wait"})
	if f := access.Classify(wrapped); f.Class != access.Limited || f.After != time.Second {
		t.Fatalf("got %+v", f)
	}
	if f := access.Classify(errors.New("boom")); f.Class != access.Transient {
		t.Fatalf("got %+v", f)
	}
}

// The sentence is for people, the chain for the log: both are kept.
func TestFailureKeepsItsCause(t *testing.T) {
	cause := errors.New("dial tcp: refused")
	f := &access.Failure{Class: access.Transient, Sentence: "Jira can't be reached", Err: cause}
	if !errors.Is(f, cause) || f.Error() != "Jira can't be reached: dial tcp: refused" {
		t.Errorf("got %q", f)
	}
	if alone := (&access.Failure{Sentence: "Jira can't be reached"}); alone.Error() != "Jira can't be reached" || errors.Unwrap(alone) != nil {
		t.Errorf("got %q", alone)
	}
}

func TestWhoMayAct(t *testing.T) {
	for _, c := range []struct {
		change func(*access.Person)
		may    bool
	}{
		{func(*access.Person) {}, true},
		{func(p *access.Person) { p.Email = "" }, false},
		{func(p *access.Person) { p.Kind = access.Guest }, false},
		{func(p *access.Person) { p.Kind = access.External }, false},
		{func(p *access.Person) { p.Kind = access.Bot }, false},
		{func(p *access.Person) { p.Standing = access.Suspended }, false},
		{func(p *access.Person) { p.Standing = access.Left }, false},
	} {
		p := someone("maya")
		c.change(&p)
		if err := p.MayAct(); (err == nil) != c.may {
			t.Errorf("%+v: %v", p, err)
		}
	}
}
