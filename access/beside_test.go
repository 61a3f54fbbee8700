package access_test

import (
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

func okta(group string) catalog.GroupRef { return catalog.GroupRef{Directory: "okta", Group: group} }

// holds is a grant that gave Ann a group, as a test changes it.
func holds(id string, change func(*access.Grant, *access.Entitlement)) access.Grant {
	g := access.Grant{ID: id, Person: "P-ANN", State: access.GrantActive, Source: access.SourceRequested,
		Entitlements: []access.Entitlement{{Group: okta("kit"), State: access.EntitlementHeld, Absent: true, Account: "u1", GroupID: "g1"}}}
	if change != nil {
		change(&g, &g.Entitlements[0])
	}
	return g
}

// TestWhoGaveAMembershipBesides: another grant of hers that did, and doesn't miss it itself.
func TestWhoGaveAMembershipBesides(t *testing.T) {
	seen := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		change func(*access.Grant, *access.Entitlement)
		want   bool
	}{
		"another one gave it": {nil, true},
		"the same":            {func(g *access.Grant, _ *access.Entitlement) { g.ID = "G-1" }, false},
		"somebody else's":     {func(g *access.Grant, _ *access.Entitlement) { g.Person = "P-BOB" }, false},
		"of another account":  {func(_ *access.Grant, e *access.Entitlement) { e.Account = "u2" }, false},
		"which found it":      {func(_ *access.Grant, e *access.Entitlement) { e.Absent = false }, false},
		"which may have": {func(_ *access.Grant, e *access.Entitlement) {
			e.State, e.Absent, e.Sent = access.EntitlementWanted, false, true
		}, true},
		"which misses it, too": {func(_ *access.Grant, e *access.Entitlement) { e.Missing = true }, false},
		"which took it away":   {func(_ *access.Grant, e *access.Entitlement) { e.State = access.EntitlementRemoved }, false},
		"which ended before":   {func(g *access.Grant, _ *access.Entitlement) { g.State, g.Finished = access.GrantEnded, seen.Add(-1) }, false},
		"which ended since":    {func(g *access.Grant, _ *access.Entitlement) { g.State, g.Finished = access.GrantEnded, seen }, true},
	} {
		if got := access.GivenBesides(holds("G-1", nil), okta("kit"), []access.Grant{holds("G-2", c.change)}, seen); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestWhatIsPutRightWithAnotherGrant: those that gave the group, and from whom somebody took it away.
func TestWhatIsPutRightWithAnotherGrant(t *testing.T) {
	missing := func(_ *access.Grant, e *access.Entitlement) { e.Missing = true }
	for name, c := range map[string]struct {
		change func(*access.Grant, *access.Entitlement)
		want   int
	}{
		"it was taken away":  {missing, 1},
		"it is there":        {nil, 0},
		"it was found":       {func(g *access.Grant, e *access.Entitlement) { g.Source, e.Missing = access.SourceAdopted, true }, 0},
		"it is ending":       {func(g *access.Grant, e *access.Entitlement) { g.State, e.Missing = access.GrantEnding, true }, 0},
		"of another account": {func(_ *access.Grant, e *access.Entitlement) { e.Account, e.Missing = "u2", true }, 0},
		"somebody else's":    {func(g *access.Grant, e *access.Entitlement) { g.Person, e.Missing = "P-BOB", true }, 0},
		"of another group":   {func(_ *access.Grant, e *access.Entitlement) { e.Group, e.Missing = okta("other"), true }, 0},
	} {
		if got := access.Restored(holds("G-1", nil), okta("kit"), []access.Grant{holds("G-1", missing), holds("G-2", c.change)}); len(got) != c.want {
			t.Errorf("%s: %d", name, len(got))
		}
	}
}

// TestWhatWasFoundBefore is the grant of the same account in the same group, and no other.
func TestWhatWasFoundBefore(t *testing.T) {
	adopted := func(change func(*access.Grant, *access.Entitlement)) func(*access.Grant, *access.Entitlement) {
		return func(g *access.Grant, e *access.Entitlement) {
			if g.Source = access.SourceAdopted; change != nil {
				change(g, e)
			}
		}
	}
	for name, c := range map[string]struct {
		change func(*access.Grant, *access.Entitlement)
		want   bool
	}{
		"it was found":        {adopted(nil), true},
		"it was asked for":    {nil, false},
		"another account":     {adopted(func(_ *access.Grant, e *access.Entitlement) { e.Account = "u2" }), false},
		"a group made anew":   {adopted(func(_ *access.Grant, e *access.Entitlement) { e.GroupID = "g2" }), false},
		"it is ending":        {adopted(func(g *access.Grant, _ *access.Entitlement) { g.State = access.GrantEnding }), false},
		"of somebody else":    {adopted(func(g *access.Grant, _ *access.Entitlement) { g.Person = "P-BOB" }), false},
		"it opens it no more": {adopted(func(_ *access.Grant, e *access.Entitlement) { e.Group = okta("other") }), false},
	} {
		got, found := access.FoundBefore(holds("G-1", nil), okta("kit"), []access.Grant{holds("G-2", c.change)})
		if found != c.want || found && got.ID != "G-2" {
			t.Errorf("%s: %v, %s", name, found, got.ID)
		}
	}
	unknown := holds("G-1", func(_ *access.Grant, e *access.Entitlement) { e.Account = "" })
	if _, found := access.FoundBefore(unknown, okta("kit"), []access.Grant{holds("G-2", adopted(func(_ *access.Grant, e *access.Entitlement) { e.Account = "" }))}); found {
		t.Error("two accounts that aren't known are taken for the same")
	}
	fresh := holds("G-1", func(_ *access.Grant, e *access.Entitlement) { e.State, e.Absent = access.EntitlementWanted, false })
	if !fresh.Untouched(okta("kit")) || fresh.Untouched(okta("other")) || holds("G-1", nil).Untouched(okta("kit")) {
		t.Error("what a grant has changed nothing about")
	}
}

// TestWhoDecidesForWhomWasFound: by delegations that count, and never for themselves or over two corners.
func TestWhoDecidesForWhomWasFound(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	d := func(of, to access.PersonID) access.Delegation {
		return access.Delegation{Delegator: of, Delegate: to, From: at, Until: at.Add(time.Hour), State: access.DelegationRunning}
	}
	r := access.Request{Requester: "P-ANN", Beneficiary: "P-BOB", State: access.RequestPending, Stages: []access.Stage{{Answers: []access.Answer{{By: access.Actor{Person: "P-DAN"}, Yes: true}}}}}
	all := []access.Delegation{d("P-EVE", "P-GUS"), d("P-DAN", "P-EVE"), d("P-EVE", "P-ANN"), d("P-EVE", "P-BOB"), d("P-GUS", "P-HAL")}
	found := []access.PersonID{"P-EVE", "P-DAN"}
	if got := access.Delegated(r, found, all, at); !slices.Equal(got, []access.Delegate{{Who: "P-GUS", For: "P-EVE"}}) {
		t.Errorf("got %v", got)
	}
	if got := access.Delegated(r, found, all, at.Add(time.Hour)); len(got) != 0 {
		t.Errorf("when it is over: %v", got)
	}
	places := []access.Delegate{{Who: "P-GUS", For: "P-DAN"}, {Who: "P-GUS", For: "P-EVE"}, {Who: "P-HAL", For: "P-DAN"}}
	for who, want := range map[access.PersonID]access.PersonID{"P-GUS": "P-EVE", "P-HAL": "P-DAN", "P-EVE": ""} {
		if got := r.Standing(who, places); got != want {
			t.Errorf("%s stands in for %q, want %q", who, got, want)
		}
	}
	one := d("P-EVE", "P-GUS")
	if one.Other("P-EVE") != "P-GUS" || one.Other("P-GUS") != "P-EVE" {
		t.Error("the other one of the two")
	}
	one.By.Person = "P-EVE"
	if got := one.Unite("P-EVE", "P-ANN"); got.Delegator != "P-ANN" || got.By.Person != "P-ANN" || got.Delegate != "P-GUS" {
		t.Errorf("put in the place of another one: %+v", got)
	}
}

// TestWhoStandsBy may answer as a back-up, until they have or it is over; and whose place somebody took is found alone.
func TestWhoStandsBy(t *testing.T) {
	r := access.Request{State: access.RequestPending, Stages: []access.Stage{{
		Standby: []access.PersonID{"P-EVE", "P-DAN"}, Answers: []access.Answer{{By: access.Actor{Person: "P-DAN"}, Yes: true}},
		Reassigned: []access.Reassignment{{From: "", To: "P-GUS"}, {From: "P-EVE", To: "P-HAL"}},
	}}}
	if got := r.StandBy(); !slices.Equal(got, []access.PersonID{"P-EVE"}) {
		t.Errorf("got %v", got)
	}
	over := r
	if over.State = access.RequestDenied; over.StandBy() != nil {
		t.Errorf("when it is over: %v", over.StandBy())
	}
	for who, want := range map[access.PersonID]access.PersonID{"P-EVE": "P-HAL", "P-DAN": "P-DAN"} {
		if got, by := r.Stages[0].Instead(who); got != want || (by != nil) != (got != who) {
			t.Errorf("instead of %s: %s, %v", who, got, by)
		}
	}
}

// TestWhenItIsLookedAgainWhoDecides: at its time, while nothing else is decided.
func TestWhenItIsLookedAgainWhoDecides(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		r    access.Request
		want bool
	}{
		"at its time":     {access.Request{State: access.RequestPending, Look: at}, true},
		"before":          {access.Request{State: access.RequestPending, Look: at.Add(1)}, false},
		"never":           {access.Request{State: access.RequestPending}, false},
		"it is decided":   {access.Request{State: access.RequestDenied, Look: at}, false},
		"it lapses then":  {access.Request{State: access.RequestPending, Look: at, Lapses: at}, false},
		"it lapses later": {access.Request{State: access.RequestPending, Look: at, Lapses: at.Add(1)}, true},
	} {
		if got := c.r.LooksAgain(at); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestAYesThatNeedsASignIn: a no needs none, and what its role asked for once counts for the request.
func TestAYesThatNeedsASignIn(t *testing.T) {
	strict, plain := catalog.Role{Assurance: catalog.StepUp}, catalog.Role{}
	yes := access.Event{Kind: access.EventApproved, Actor: access.Actor{Person: "P-ANN", Via: access.ViaSlack}}
	for name, c := range map[string]struct {
		role   catalog.Role
		change func(*access.Event)
		refuse bool
	}{
		"without one":             {strict, func(*access.Event) {}, true},
		"in Jira":                 {strict, func(e *access.Event) { e.Actor.Via = access.ViaJira }, true},
		"taken in an emergency":   {strict, func(e *access.Event) { e.Kind = access.EventBreakGlass }, true},
		"with one":                {strict, func(e *access.Event) { e.SignedIn = &access.SignedIn{} }, false},
		"a no":                    {strict, func(e *access.Event) { e.Kind = access.EventDenied }, false},
		"of a role without asked": {plain, func(*access.Event) {}, false},
	} {
		e := yes
		c.change(&e)
		if _, refused := access.AsRefusal(access.SignInMissing(c.role, e)); refused != c.refuse {
			t.Errorf("%s: %v", name, access.SignInMissing(c.role, e))
		}
	}
	if !(access.Request{StepUp: true}).NeedsStepUp(plain) || !(access.Request{}).NeedsStepUp(strict) || (access.Request{}).NeedsStepUp(plain) {
		t.Error("which requests need one")
	}
}

// TestBindingsAreTakenOver as surely as they were, and an address is as sure as the surest that shows it.
func TestBindingsAreTakenOver(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	p := access.Person{ID: "P-ANN"}
	p, _ = p.Bind(access.Binding{System: "okta", ID: "u1", Level: access.AssuranceChecked, How: "test", Since: at}, "")
	p, _ = p.Bind(access.Binding{System: "jira", ID: "j1", Level: access.AssuranceSaid, How: "test", Since: at}, "")
	p = p.Rename(access.ShownAddress("slack", "ann@acme.example", access.AssuranceChecked, at))
	if !p.Surely("okta") || p.Surely("jira") || p.Surely("slack") {
		t.Error("which accounts are surely hers")
	}
	if q := p.Renumber("okta", "u2", at.Add(1)); q.Account("okta") != "u2" || !q.Surely("okta") || p.Account("okta") != "u1" {
		t.Errorf("renumbered: %+v", q.Bindings)
	}
	for _, id := range []string{"u1", ""} {
		if q := p.Renumber("okta", id, at.Add(1)); q.Account("okta") != "u1" {
			t.Errorf("renumbered to %q: %s", id, q.Account("okta"))
		}
	}
	if q := p.Renumber("entra", "e1", at); q.Account("entra") != "" {
		t.Error("an account appeared")
	}
	if p.AddressLevel("ann@acme.example") != access.AssuranceChecked || p.AddressLevel("bob@acme.example") != access.AssuranceSaid {
		t.Error("how sure an address is")
	}
	used := p.Inherit("ann@acme.example", true)
	if used.MeantBy("ann@acme.example") || !used.Inherit("ann@acme.example", false).MeantBy("ann@acme.example") || !p.MeantBy("ann@acme.example") {
		t.Error("whom an address means that somebody else had before")
	}
	if access.Email("a@b@acme.example").Domain() != "acme.example" || access.Email("ann").Domain() != "" {
		t.Error("domains")
	}
}

// TestABirthrightGivesWhatItSays, once its issue says why; without a group there is nothing to give.
func TestABirthrightGivesWhatItSays(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	gift := access.Gift{ID: "G-1", Person: "P-ANN", Rule: "design", App: "kit", Role: "viewer", Groups: []catalog.GroupRef{okta("kit")}, For: catalog.Forever, Why: "Design"}
	g, e, err := access.Give(gift, at)
	if err != nil || g.State != access.GrantWaiting || g.Source != access.SourceBirthright || g.Birthright != "design" || len(g.Entitlements) != 1 || g.Entitlements[0].State != access.EntitlementWanted {
		t.Errorf("%+v, %v", g, err)
	}
	if e.Kind != access.EventGrantStarted || e.Note != "Design" || e.Birthright != "design" || !slices.Equal(e.Groups, gift.Groups) {
		t.Errorf("%+v", e)
	}
	for name, change := range map[string]func(*access.Gift){"nobody": func(g *access.Gift) { g.Person = "" }, "no rule": func(g *access.Gift) { g.Rule = "" }, "no group": func(g *access.Gift) { g.Groups = nil }} {
		bad := gift
		change(&bad)
		if _, _, err := access.Give(bad, at); err == nil {
			t.Errorf("%s: it is given", name)
		}
	}
}

// TestWhyTheyMayAnswer says where they come from, and no more than the source itself.
func TestWhyTheyMayAnswer(t *testing.T) {
	group := okta("leads")
	if b := access.BasisOf(catalog.Approver{Kind: catalog.GroupOf, Group: group}); b.Source != catalog.GroupOf || b.Group == nil || *b.Group != group || b.Name != "" {
		t.Errorf("%+v", b)
	}
	if b := access.BasisOf(catalog.Approver{Kind: catalog.OnCall, Name: "platform"}); b.Name != "platform" || b.Group != nil {
		t.Errorf("%+v", b)
	}
	if b := access.BasisOf(catalog.Approver{Kind: catalog.Named, Person: "ann@acme.example"}); b != (access.Basis{Source: catalog.Named}) {
		t.Errorf("%+v", b)
	}
}

// TestAllOfItWasThere is told by what was seen, group by group.
func TestAllOfItWasThere(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	added := func(group string) access.Event {
		ref := okta(group)
		return access.Event{Kind: access.EventMemberAdded, Group: &ref}
	}
	two := access.Grant{Started: at, Entitlements: []access.Entitlement{{Group: okta("a")}, {Group: okta("b")}}}
	for name, c := range map[string]struct {
		c    access.Case
		want bool
	}{
		"no grant":          {access.Case{}, false},
		"never begun":       {access.Case{Grant: &access.Grant{}}, false},
		"both":              {access.Case{Grant: &two, Story: []access.Event{added("a"), added("b")}}, true},
		"one":               {access.Case{Grant: &two, Story: []access.Event{added("a")}}, false},
		"the same one more": {access.Case{Grant: &two, Story: []access.Event{added("a"), added("a")}}, false},
		"made by hand":      {access.Case{Grant: &access.Grant{Started: at, Manual: true}}, true},
	} {
		if got := c.c.Whole(); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
