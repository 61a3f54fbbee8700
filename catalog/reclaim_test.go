package catalog_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/catalog"
)

// TestStricterReclaim: of two roles by which one seat is held, what takes longer counts, and what leaves alone.
func TestStricterReclaim(t *testing.T) {
	a := catalog.Reclaim{Idle: 30 * catalog.Day, Grace: 10 * catalog.Day, Least: catalog.DirectorySignIn, Downgrade: "viewer", Exempt: []catalog.ReclaimExempt{{Person: "a@acme.example"}}}
	b := catalog.Reclaim{Idle: 20 * catalog.Day, Cycle: 40 * catalog.Day, Grace: 5 * catalog.Day, Least: catalog.AppSignIn, Exempt: []catalog.ReclaimExempt{{Person: "b@acme.example"}}}
	for _, got := range []catalog.Reclaim{a.Stricter(b), b.Stricter(a)} {
		if got.Threshold() != 40*catalog.Day || got.Idle != 30*catalog.Day || got.Grace != 10*catalog.Day || got.Least != catalog.AppSignIn || got.Downgrade != "" || len(got.Exempt) != 2 {
			t.Errorf("it is %+v", got)
		}
	}
	if a.Stricter(catalog.Reclaim{}).On() || (catalog.Reclaim{}).Stricter(a).On() {
		t.Error("what doesn't come back comes back")
	}
}

// TestWhatADirectoryRemembers bounds what can be called idle: neither more than that, nor by one that tells nothing.
func TestWhatADirectoryRemembers(t *testing.T) {
	facts := catalog.Facts{Directories: []string{"okta", "scim"}, Remembers: map[string]time.Duration{"okta": 90 * catalog.Day}}
	for name, c := range map[string]struct {
		directory string
		uses      []catalog.AppUse
		change    func(*catalog.Reclaim)
		want      string
	}{
		"remembered":          {directory: "okta"},
		"as long as possible": {directory: "okta", change: func(r *catalog.Reclaim) { r.Idle = 90 * catalog.Day }},
		"longer":              {directory: "okta", change: func(r *catalog.Reclaim) { r.Idle = 91 * catalog.Day }, want: "remembers sign-ins to apps for 90d"},
		"a longer cycle":      {directory: "okta", change: func(r *catalog.Reclaim) { r.Cycle = 91 * catalog.Day }, want: "remembers sign-ins to apps for 90d"},
		"nothing is told":     {directory: "scim", want: "doesn't tell when an app was used"},
		"by the directory":    {directory: "scim", change: func(r *catalog.Reclaim) { r.Least = catalog.DirectorySignIn }},
		"told elsewhere":      {directory: "scim", uses: []catalog.AppUse{{Directory: "okta", App: "0oa1"}}},
	} {
		r := catalog.Reclaim{Idle: 60 * catalog.Day, Grace: catalog.Week, Postpone: 30 * catalog.Day, Postpones: 1, Least: catalog.AppSignIn}
		if c.change != nil {
			c.change(&r)
		}
		role := catalog.Role{ID: "editor", Name: "Editor", Groups: []catalog.GroupRef{{Directory: c.directory, Group: "editors"}}, Reclaim: r}
		found := ""
		for _, f := range catalog.New([]catalog.App{{ID: "kit", Name: "Kit", Provisioning: catalog.ByDirectory, Uses: c.uses, Roles: []catalog.Role{role}}}, nil).Check(facts) {
			if strings.Contains(f.Path, "reclaim") {
				found += f.Problem
			}
		}
		if c.want == "" && found != "" || !strings.Contains(found, c.want) {
			t.Errorf("%s: %q, want %q", name, found, c.want)
		}
	}
}
