package access_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"latchkey/access"
	"latchkey/catalog"
)

func TestExplainPrefersWholeRoles(t *testing.T) {
	foreign := catalog.GroupRef{Directory: "okta", Group: "elsewhere"}
	for name, c := range map[string]struct {
		in   []catalog.GroupRef
		want []access.Found
	}{
		"a whole role":         {[]catalog.GroupRef{other, group}, []access.Found{{App: "figma", Role: "editor", Groups: []catalog.GroupRef{group, other}}}},
		"a smaller whole role": {[]catalog.GroupRef{group}, []access.Found{{App: "figma", Role: "viewer", Groups: []catalog.GroupRef{group}}}},
		"part of a role":       {[]catalog.GroupRef{other}, []access.Found{{App: "figma", Role: "editor", Groups: []catalog.GroupRef{other}}}},
		"not governed":         {[]catalog.GroupRef{foreign}, nil},
		"nothing":              {nil, nil},
	} {
		if diff := cmp.Diff(c.want, access.Explain(testCatalog(), c.in)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func adoption(wanted time.Duration) access.Adoption {
	return access.Adoption{
		ID: "G-F0000001", Person: "maya@acme.example", For: wanted, Why: "found", By: access.System(),
		Found: access.Found{App: "figma", Role: "viewer", Groups: []catalog.GroupRef{group}},
	}
}

func TestAdoptedIsActiveAtOnceAndExplainsTheGroup(t *testing.T) {
	g, e, _, err := access.Adopt(adoption(catalog.Forever), at)
	if err != nil || g.State != access.GrantActive || !g.Ends.IsZero() || g.Source != access.SourceAdopted || g.Request != "" {
		t.Fatalf("got %+v, %v", g, err)
	}
	if e.Kind != access.EventAdopted || e.Grant != g.ID || e.Note == "" {
		t.Errorf("the event is %+v", e)
	}
	if !g.Explains(group) || !g.Needs(group) || g.Explains(other) {
		t.Error("it explains its own group and no other")
	}
	if g, _, _, _ = access.Adopt(adoption(time.Hour), at); !g.Due().Equal(at.Add(time.Hour)) {
		t.Errorf("it ends %v", g.Ends)
	}
	if _, _, _, err := access.Adopt(access.Adoption{Person: "maya@acme.example"}, at); err == nil {
		t.Error("nothing was taken over")
	}
}

func TestAdoptedAccessMayBeAskedForProperly(t *testing.T) {
	g, _, _, _ := access.Adopt(adoption(catalog.Forever), at)
	if err := (access.Ask{Beneficiary: access.Person{ID: g.Person, Email: access.Email(g.Person)}, App: g.App, Role: g.Role}).Objection(testCatalog(), access.Standings{Grants: []access.Grant{g}}); err != nil {
		t.Fatal(err)
	}
}

func TestMissingMembershipIsNotedOnceAndHealed(t *testing.T) {
	g := grantIn(access.GrantActive, false)
	gone, back := grantEvent(g, access.EventMemberMissing), grantEvent(g, access.EventMemberBack)
	if _, _, err := g.Apply(back, at); err == nil {
		t.Fatal("what was not missing came back")
	}
	g, _, err := g.Apply(gone, at)
	if err != nil || !g.Entitlements[0].Missing || g.Entitlements[0].State != access.EntitlementHeld {
		t.Fatalf("got %+v, %v", g.Entitlements, err)
	}
	if _, _, err := g.Apply(gone, at); err == nil {
		t.Fatal("noted twice")
	}
	started, ends := g.Started, g.Ends
	g, _, err = g.Apply(back, at)
	if err != nil || g.Entitlements[0].Missing || !g.Started.Equal(started) || !g.Ends.Equal(ends) {
		t.Fatalf("got %+v, %v", g, err)
	}
}

// shared is a directory group that several grants of one person use, moved as
// the workflow moves it: one task about it at a time, decisions by the grants.
type shared struct {
	member bool // is the person in the group?
	byHand bool // an admin put them there, before anything else
	grants []access.Grant
	next   int
}

func (s *shared) apply(t *rapid.T, i int, k access.EventKind, change func(*access.Event)) bool {
	e := s.grants[i].Event(k, access.System(), at)
	e.Group = &group
	if change != nil {
		change(&e)
	}
	next, _, err := s.grants[i].Apply(e, at)
	if err != nil {
		if _, refused := access.AsRefusal(err); !refused {
			t.Fatal(err)
		}
		return false
	}
	s.grants[i] = next
	return true
}

func (s *shared) pick(t *rapid.T) int {
	if len(s.grants) == 0 {
		t.Skip("no grant yet") // rapid: this action does not apply now
	}
	return rapid.IntRange(0, len(s.grants)-1).Draw(t, "grant")
}

func (s *shared) start(t *rapid.T) {
	g := grantIn(access.GrantProvisioning, false)
	s.next++
	g.ID = "G-" + string(rune('A'+s.next%26)) + string(rune('A'+s.next/26%26))
	s.grants = append(s.grants, g)
}

// add is the addition's task, which may crash between any two of its steps.
func (s *shared) add(t *rapid.T) {
	i := s.pick(t)
	g := s.grants[i]
	if g.State != access.GrantProvisioning {
		return
	}
	before := s.member && s.grants[i].Unexplained(group, s.grants)
	if !s.member {
		s.grants[i].Entitlements = []access.Entitlement{{Group: group, State: access.EntitlementWanted, Absent: true}}
	}
	if rapid.Bool().Draw(t, "crash before the change") {
		return
	}
	s.member = true
	if rapid.Bool().Draw(t, "crash after the change") {
		return
	}
	if before {
		a, _, _, err := access.Adopt(access.Adoption{ID: "G-F" + g.ID, Person: g.Person, For: catalog.Forever, Found: access.Found{App: "figma", Role: "viewer", Groups: []catalog.GroupRef{group}}}, at)
		if err != nil {
			t.Fatal(err)
		}
		s.grants = append(s.grants, a)
	}
	s.apply(t, i, access.EventMemberAdded, func(e *access.Event) { e.Before = before })
}

func (s *shared) end(t *rapid.T) {
	i := s.pick(t)
	if s.grants[i].Source == access.SourceAdopted {
		return
	}
	s.apply(t, i, access.EventEnding, func(e *access.Event) { e.End = access.EndReturned })
}

func (s *shared) remove(t *rapid.T) {
	i := s.pick(t)
	g := s.grants[i]
	if g.State != access.GrantEnding {
		return
	}
	if _, needed := g.NeededBy(group, s.grants); needed || g.Untouched(group) {
		for _, o := range g.PassOn(group, s.grants) {
			s.grants[slices.IndexFunc(s.grants, func(old access.Grant) bool { return old.ID == o.ID })] = o
		}
		s.apply(t, i, access.EventMemberKept, nil)
		return
	}
	s.member = false
	s.apply(t, i, access.EventMemberRemoved, nil)
}

func (s *shared) check(t *rapid.T) {
	open := func(g access.Grant) bool { return g.State != access.GrantEnded && g.State != access.GrantWaiting }
	if s.byHand && !s.member {
		t.Fatal("a membership that was there before was taken away")
	}
	if !s.byHand && s.member && !slices.ContainsFunc(s.grants, open) {
		t.Fatal("all grants have ended and the person is still in the group")
	}
	for _, g := range s.grants {
		if g.Source == access.SourceAdopted && !s.byHand {
			t.Fatal("Latchkey's own work was taken for a membership that was there before")
		}
		if g.State == access.GrantActive && !s.member {
			t.Fatalf("%s is active and the person is not in the group", g.ID)
		}
	}
}

func TestSharedGroupIsHeldExactlyAsLongAsSomebodyNeedsIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &shared{}
		s.byHand = rapid.Bool().Draw(t, "there before")
		s.member = s.byHand
		t.Repeat(map[string]func(*rapid.T){"start": s.start, "add": s.add, "end": s.end, "remove": s.remove, "": s.check})
	})
}

// Access is said to be there where it was seen, or confirmed by whoever made it, and
// not where somebody was seen to be out of every group meanwhile.
func TestWhatIsSaidToBeThere(t *testing.T) {
	held, lost := access.Entitlement{State: access.EntitlementHeld}, access.Entitlement{State: access.EntitlementHeld, Missing: true}
	for name, c := range map[string]struct {
		grant access.Grant
		want  bool
	}{
		"waiting":               {access.Grant{State: access.GrantWaiting, Entitlements: []access.Entitlement{{State: access.EntitlementWanted}}}, false},
		"taken, and not seen":   {access.Grant{State: access.GrantProvisioning, Entitlements: []access.Entitlement{{State: access.EntitlementWanted, Sent: true}}}, false},
		"in part":               {access.Grant{State: access.GrantStuck, Entitlements: []access.Entitlement{held, {State: access.EntitlementWanted}}}, true},
		"active":                {access.Grant{State: access.GrantActive, Entitlements: []access.Entitlement{held}}, true},
		"active, taken out":     {access.Grant{State: access.GrantActive, Entitlements: []access.Entitlement{lost}}, false},
		"active, in one still":  {access.Grant{State: access.GrantActive, Entitlements: []access.Entitlement{lost, held}}, true},
		"ending":                {access.Grant{State: access.GrantEnding, Entitlements: []access.Entitlement{held}}, true},
		"ended":                 {access.Grant{State: access.GrantEnded, Entitlements: []access.Entitlement{{State: access.EntitlementRemoved}}}, false},
		"to be made by hand":    {access.Grant{State: access.GrantManual, Manual: true}, false},
		"made by hand":          {access.Grant{State: access.GrantActive, Manual: true}, true},
		"to be removed by hand": {access.Grant{State: access.GrantManual, Manual: true, Revoking: true}, true},
		"removed by hand":       {access.Grant{State: access.GrantEnded, Manual: true, Revoking: true}, false},
	} {
		if got := access.Given(c.grant); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
