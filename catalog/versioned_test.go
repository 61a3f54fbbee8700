package catalog_test

import (
	"testing"
	"time"

	"latchkey/catalog"
)

// TestAVersionIsOfWhatIsSaid: a version that was reckoned is the one that would be, what is said besides has another one, and
// groups that were seen to carry rights change none.
func TestAVersionIsOfWhatIsSaid(t *testing.T) {
	plain := catalog.New([]catalog.App{{ID: "figma", Name: "Figma"}}, nil)
	policy := catalog.Policy{Rules: []catalog.Rule{{ID: "short", Then: catalog.Consequence{Max: 8 * time.Hour}}}}
	seen := []catalog.GroupRef{{Directory: "okta", Group: "admins"}}
	known := catalog.Versioned(plain)
	if known.Version() != plain.Version() {
		t.Errorf("reckoned, it is %s, and not %s", known.Version(), plain.Version())
	}
	if got, want := known.Under(policy).Version(), plain.Under(policy).Version(); got != want || got == known.Version() {
		t.Errorf("with a policy it is %s, and not %s; without it is %s", got, want, known.Version())
	}
	for _, c := range []*catalog.Catalog{plain, known} {
		if got := c.Carrying(seen).Version(); got != c.Version() {
			t.Errorf("what was seen made %s of %s", got, c.Version())
		}
	}
}
