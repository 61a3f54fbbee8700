package access_test

import (
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// TestFollow walks through looks at one person: what each saw of a rule, and what is ready after it.
func TestFollow(t *testing.T) {
	const yes, no, unknown = catalog.Yes, catalog.No, catalog.Unknown
	viewer := catalog.RoleRef{App: "figma", Role: "viewer"}
	held := access.Grant{ID: "GB-1", Person: "P-1", App: "figma", Role: "viewer", Source: access.SourceBirthright, Birthright: "design", State: access.GrantActive}
	ended := func(why access.End) access.Grant {
		g := held
		g.State, g.End, g.Revoking = access.GrantEnded, why, true
		return g
	}
	type look struct {
		after time.Duration
		saw   catalog.Truth
		ready bool
	}
	for name, c := range map[string]struct {
		has   []access.Grant
		looks []look
	}{
		"given once two looks have seen it":       {nil, []look{{0, yes, false}, {time.Minute, yes, false}, {time.Minute, yes, true}}},
		"a flap gives nothing":                    {nil, []look{{0, yes, false}, {time.Minute, no, false}, {time.Minute, yes, false}, {time.Minute, yes, false}, {time.Minute, yes, true}}},
		"what isn't known gives nothing":          {nil, []look{{0, unknown, false}, {time.Hour, unknown, false}}},
		"what isn't known holds up, and no more":  {nil, []look{{0, yes, false}, {time.Minute, unknown, false}, {time.Minute, yes, true}}},
		"taken after the grace":                   {[]access.Grant{held}, []look{{0, no, false}, {2 * time.Minute, no, false}, {23 * time.Hour, no, false}, {time.Hour, no, true}}},
		"a flap takes nothing":                    {[]access.Grant{held}, []look{{0, no, false}, {time.Minute, yes, false}, {48 * time.Hour, yes, false}}},
		"back within the grace":                   {[]access.Grant{held}, []look{{0, no, false}, {2 * time.Minute, no, false}, {time.Hour, yes, false}, {48 * time.Hour, no, false}}},
		"what isn't known takes nothing":          {[]access.Grant{held}, []look{{0, unknown, false}, {48 * time.Hour, unknown, false}}},
		"unknown at the end of the grace":         {[]access.Grant{held}, []look{{0, no, false}, {2 * time.Minute, no, false}, {48 * time.Hour, unknown, false}, {time.Hour, no, true}}},
		"what somebody gave back isn't given":     {[]access.Grant{ended(access.EndReturned)}, []look{{0, yes, false}, {time.Hour, yes, false}}},
		"nor what was revoked":                    {[]access.Grant{ended(access.EndRevoked)}, []look{{0, yes, false}, {time.Hour, yes, false}}},
		"nor what has run out":                    {[]access.Grant{ended(access.EndExpired)}, []look{{0, yes, false}, {time.Hour, yes, false}}},
		"who moves back has it again":             {[]access.Grant{ended(access.EndMoved)}, []look{{0, yes, false}, {time.Hour, yes, true}}},
		"and who comes back to the company":       {[]access.Grant{ended(access.EndLeft)}, []look{{0, yes, false}, {time.Hour, yes, true}}},
		"what is there already isn't given twice": {[]access.Grant{held}, []look{{0, yes, false}, {time.Hour, yes, false}}},
	} {
		t.Run(name, func(t *testing.T) {
			b := catalog.Birthrights{Settle: 2 * time.Minute, Grace: 24 * time.Hour}
			at := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
			var changes []access.BirthrightChange
			for i, l := range c.looks {
				at = at.Add(l.after)
				f := access.Follow(changes, []catalog.Entitlement{{Rule: "design", Role: viewer, Truth: l.saw}}, c.has, b, at)
				changes = f.Changes
				ready := false
				for _, one := range changes {
					ready = ready || one.Ready()
				}
				if ready != l.ready {
					t.Fatalf("look %d: ready %v, want %v: %+v", i+1, ready, l.ready, changes)
				}
				if !ready && len(changes) > 0 && !f.Next.After(at) {
					t.Errorf("look %d: the next one is at %v, which isn't after %v", i+1, f.Next, at)
				}
			}
		})
	}
}

// TestFollowSeveralRules: the first rule that holds gives a role; where another takes its place both are changes of their own.
func TestFollowSeveralRules(t *testing.T) {
	viewer := catalog.RoleRef{App: "figma", Role: "viewer"}
	entitled := func(design, sales catalog.Truth) []catalog.Entitlement {
		return []catalog.Entitlement{{Rule: "design", Role: viewer, Truth: design}, {Rule: "sales", Role: viewer, Truth: sales}}
	}
	at := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	keys := func(seen []catalog.Entitlement, has ...access.Grant) (out []string) {
		for _, c := range access.Follow(nil, seen, has, catalog.Birthrights{}, at).Changes {
			out = append(out, c.Key())
		}
		return out
	}
	byDesign := access.Grant{ID: "GB-1", App: "figma", Role: "viewer", Source: access.SourceBirthright, Birthright: "design", State: access.GrantActive}
	asked := access.Grant{ID: "G-1", App: "figma", Role: "viewer", Source: access.SourceRequested, State: access.GrantActive}
	for name, c := range map[string]struct{ got, want []string }{
		"both":                     {keys(entitled(catalog.Yes, catalog.Yes)), []string{"give design figma/viewer"}},
		"both, one is there":       {keys(entitled(catalog.Yes, catalog.Yes), byDesign), nil},
		"from one to the other":    {keys(entitled(catalog.No, catalog.Yes), byDesign), []string{"take design figma/viewer", "give sales figma/viewer"}},
		"asked for besides":        {keys(entitled(catalog.Yes, catalog.No), asked), []string{"give design figma/viewer"}},
		"asked for, and no rule":   {keys(entitled(catalog.No, catalog.No), asked), nil},
		"the rule is gone":         {keys(nil, byDesign), []string{"take design figma/viewer"}},
		"one known, one not":       {keys(entitled(catalog.Unknown, catalog.Yes), byDesign), []string{"give sales figma/viewer"}},
		"the one it came by isn't": {keys(entitled(catalog.Unknown, catalog.No), byDesign), nil},
	} {
		if len(c.got) != len(c.want) {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
			continue
		}
		for i := range c.got {
			if c.got[i] != c.want[i] {
				t.Errorf("%s: %v, want %v", name, c.got, c.want)
			}
		}
	}
}
