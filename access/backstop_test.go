package access_test

import (
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// TestADirectoryEndsWhatNobodyNeedsAnyMore: after the last end of all that need the group, and never before it; what has
// no end, or a doubtful one, outlasts all others.
func TestADirectoryEndsWhatNobodyNeedsAnyMore(t *testing.T) {
	now := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	ref, other := catalog.GroupRef{Directory: "d", Group: "g"}, catalog.GroupRef{Directory: "d", Group: "h"}
	held := func(id string, ends time.Duration, change func(*access.Grant)) access.Grant {
		g := access.Grant{ID: id, Person: "p", State: access.GrantActive, Started: now.Add(-time.Hour), Ends: now.Add(ends), Wanted: time.Hour,
			Entitlements: []access.Entitlement{{Group: ref, State: access.EntitlementHeld, Absent: true, Account: "a"}}}
		if change != nil {
			change(&g)
		}
		return g
	}
	mine := held("G-1", time.Hour, nil)
	after := func(d time.Duration) time.Time { return now.Add(d + access.BackstopAfter) }
	for name, c := range map[string]struct {
		open  []access.Grant
		until time.Time
		none  bool // nothing needs it
	}{
		"alone":             {[]access.Grant{mine}, after(time.Hour), false},
		"nothing":           {nil, time.Time{}, true},
		"its end has begun": {[]access.Grant{held("G-1", time.Hour, func(g *access.Grant) { g.State, g.Revoking = access.GrantEnding, true })}, time.Time{}, true},
		"a longer one":      {[]access.Grant{mine, held("G-2", 3*time.Hour, nil)}, after(3 * time.Hour), false},
		"a shorter one":     {[]access.Grant{mine, held("G-2", time.Minute, nil)}, after(time.Hour), false},
		"one without end":   {[]access.Grant{mine, held("G-2", 0, func(g *access.Grant) { g.Ends, g.Wanted = time.Time{}, catalog.Forever })}, time.Time{}, false},
		"a doubtful one":    {[]access.Grant{mine, held("G-2", time.Minute, func(g *access.Grant) { g.Disputed = true })}, time.Time{}, false},
		"what was found":    {[]access.Grant{mine, held("GF-2", 0, func(g *access.Grant) { g.Ends, g.Wanted, g.Source = time.Time{}, catalog.Forever, access.SourceAdopted })}, time.Time{}, false},
		"found, and gone": {[]access.Grant{mine, held("GF-2", 0, func(g *access.Grant) {
			g.Ends, g.Wanted, g.Source, g.Entitlements[0].Missing = time.Time{}, catalog.Forever, access.SourceAdopted, true
		})}, after(time.Hour), false},
		"one that is being given": {[]access.Grant{mine, held("G-2", 0, func(g *access.Grant) {
			g.State, g.Started, g.Ends, g.Wanted = access.GrantProvisioning, time.Time{}, time.Time{}, 5*time.Hour
		})}, after(5 * time.Hour), false},
		"one that is to come": {[]access.Grant{mine, held("G-2", 0, func(g *access.Grant) {
			g.State, g.Started, g.Ends, g.Wanted = access.GrantWaiting, time.Time{}, time.Time{}, 5*time.Hour
		})}, after(time.Hour), false},
		"another account": {[]access.Grant{mine, held("G-2", 3*time.Hour, func(g *access.Grant) { g.Entitlements[0].Account = "b" })}, after(time.Hour), false},
		"another person":  {[]access.Grant{mine, held("G-2", 3*time.Hour, func(g *access.Grant) { g.Person = "q" })}, after(time.Hour), false},
		"another group":   {[]access.Grant{mine, held("G-2", 3*time.Hour, func(g *access.Grant) { g.Entitlements[0].Group = other })}, after(time.Hour), false},
		"stuck":           {[]access.Grant{mine, held("G-2", 3*time.Hour, func(g *access.Grant) { g.State = access.GrantStuck })}, after(3 * time.Hour), false},
	} {
		until, needed := mine.Backstop(ref, c.open, now)
		if !until.Equal(c.until) || needed == c.none {
			t.Errorf("%s: %s, needed: %v; want %s", name, until, needed, c.until)
		}
		for _, o := range c.open { // never before the end of one that needs it
			if o.Needs(ref) && o.Person == mine.Person && !o.Disputed && !o.Ends.IsZero() && !until.IsZero() && name != "another account" && until.Before(o.Ends) {
				t.Errorf("%s: %s would lose it at %s, before %s", name, o.ID, until, o.Ends)
			}
		}
	}
}

// TestAMembershipHasOneEndForAll: all grants of one account's membership know when its directory ends it.
func TestAMembershipHasOneEndForAll(t *testing.T) {
	ref, until := catalog.GroupRef{Directory: "d", Group: "g"}, time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	grant := func(id string, p access.PersonID, account string, known time.Time) access.Grant {
		return access.Grant{ID: id, Person: p, Entitlements: []access.Entitlement{{Group: ref, Account: account, Backstop: known}}}
	}
	mine := grant("G-1", "p", "a", time.Time{})
	open := []access.Grant{mine, grant("G-2", "p", "a", until.Add(time.Hour)), grant("G-3", "p", "b", time.Time{}), grant("G-4", "q", "a", time.Time{}), grant("G-5", "p", "a", until), {ID: "G-6", Person: "p"}}
	var got []string
	for _, o := range mine.Backstopped(ref, open, until) {
		got = append(got, o.ID)
		if ent, _ := o.Entitlement(ref); !ent.Backstop.Equal(until) {
			t.Errorf("%s: %s", o.ID, ent.Backstop)
		}
	}
	if len(got) != 2 || got[0] != "G-1" || got[1] != "G-2" || !open[0].Entitlements[0].Backstop.IsZero() {
		t.Errorf("told %v; of what there was: %v", got, open[0])
	}
}
