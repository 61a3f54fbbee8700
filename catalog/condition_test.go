package catalog_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/catalog"
)

func asked() catalog.Attributes {
	return catalog.Attributes{
		App: catalog.App{ID: "figma", Tags: []string{"design"}}, Role: catalog.Role{ID: "editor", Kind: catalog.Everyday, Risk: catalog.Low}, Wanted: 6 * time.Hour,
		Person: catalog.PersonAttributes{
			Department: "Design", Type: "Employee", Addresses: []string{"maya@acme.example"}, ManagedBy: []string{"noor@acme.example"},
			Groups: map[catalog.GroupRef]catalog.Truth{{Directory: "okta", Group: "staff"}: catalog.Yes, {Directory: "okta", Group: "interns"}: catalog.No},
		},
	}
}

func expression(t catalog.Truth, missing ...string) catalog.Expression {
	return catalog.Expression{Text: "x", Holds: func(catalog.Attributes) (catalog.Truth, []string) { return t, missing }}
}

func TestConditionHasThreeTruths(t *testing.T) {
	staff, interns, others := catalog.GroupRef{Directory: "okta", Group: "staff"}, catalog.GroupRef{Directory: "okta", Group: "interns"}, catalog.GroupRef{Directory: "okta", Group: "others"}
	cases := map[string]struct {
		c       catalog.Condition
		want    catalog.Truth
		missing string
	}{
		"empty":                     {catalog.Condition{}, catalog.Yes, ""},
		"department":                {catalog.Condition{Departments: []string{"Sales", "design"}}, catalog.Yes, ""},
		"other department":          {catalog.Condition{Departments: []string{"Sales"}}, catalog.No, ""},
		"no title known":            {catalog.Condition{Titles: []string{"Designer"}}, catalog.Unknown, "title"},
		"no beats unknown":          {catalog.Condition{Titles: []string{"Designer"}, Departments: []string{"Sales"}}, catalog.No, ""},
		"no of an app beats it":     {catalog.Condition{Apps: []string{"github"}, Titles: []string{"Designer"}}, catalog.No, ""},
		"in one of the groups":      {catalog.Condition{Groups: []catalog.GroupRef{interns, staff}}, catalog.Yes, ""},
		"in none":                   {catalog.Condition{Groups: []catalog.GroupRef{interns}}, catalog.No, ""},
		"a group nobody could read": {catalog.Condition{Groups: []catalog.GroupRef{interns, others}}, catalog.Unknown, "groups"},
		"yes beats such a group":    {catalog.Condition{Groups: []catalog.GroupRef{others, staff}}, catalog.Yes, ""},
		"manager":                   {catalog.Condition{Managers: []string{"Noor@acme.example"}}, catalog.Yes, ""},
		"other manager":             {catalog.Condition{Managers: []string{"grace@acme.example"}}, catalog.No, ""},
		"named":                     {catalog.Condition{People: []string{"maya@acme.example"}}, catalog.Yes, ""},
		"tag":                       {catalog.Condition{Tags: []string{"Design"}}, catalog.Yes, ""},
		"role":                      {catalog.Condition{Roles: []catalog.RoleRef{{App: "figma", Role: "editor"}}}, catalog.Yes, ""},
		"risk":                      {catalog.Condition{Risks: []catalog.Risk{catalog.High}}, catalog.No, ""},
		"longer":                    {catalog.Condition{Over: 6 * time.Hour}, catalog.No, ""},
		"not longer":                {catalog.Condition{UpTo: 6 * time.Hour}, catalog.Yes, ""},
		"expression":                {catalog.Condition{When: expression(catalog.Yes)}, catalog.Yes, ""},
		"expression unknown":        {catalog.Condition{When: expression(catalog.Unknown, "the peers")}, catalog.Unknown, "the peers"},
		"both unknown":              {catalog.Condition{Titles: []string{"x"}, When: expression(catalog.Unknown, "the peers")}, catalog.Unknown, "title, the peers"},
		"unknown and expression no": {catalog.Condition{Titles: []string{"x"}, When: expression(catalog.No)}, catalog.No, ""},
		"never compiled":            {catalog.Condition{When: catalog.Expression{Text: "true"}}, catalog.Unknown, "what its expression comes to"},
	}
	for name, c := range cases {
		truth, missing := c.c.Holds(asked())
		if truth != c.want || strings.Join(missing, ", ") != c.missing {
			t.Errorf("%s: %v, missing %q; want %v, %q", name, truth, missing, c.want, c.missing)
		}
	}
}

// Access without an end is longer than anything, though it is written as zero.
func TestForeverIsLongerThanAnything(t *testing.T) {
	a := asked()
	a.Wanted = catalog.Forever
	over, _ := catalog.Condition{Over: 100 * 365 * catalog.Day}.Holds(a)
	upTo, _ := catalog.Condition{UpTo: 100 * 365 * catalog.Day}.Holds(a)
	if over != catalog.Yes || upTo != catalog.No {
		t.Errorf("forever is over a hundred years: %v, up to a hundred years: %v", over, upTo)
	}
}

// What isn't known is never taken for yes or no, whatever it is joined with.
func TestTruths(t *testing.T) {
	all := []catalog.Truth{catalog.Unknown, catalog.No, catalog.Yes}
	for _, a := range all {
		for _, b := range all {
			both, one := a.And(b), a.Or(b)
			if (both == catalog.Yes) != (a == catalog.Yes && b == catalog.Yes) || (both == catalog.No) != (a == catalog.No || b == catalog.No) {
				t.Errorf("%v and %v is %v", a, b, both)
			}
			if (one == catalog.Yes) != (a == catalog.Yes || b == catalog.Yes) || (one == catalog.No) != (a == catalog.No && b == catalog.No) {
				t.Errorf("%v or %v is %v", a, b, one)
			}
		}
		var back catalog.Truth
		text, _ := a.MarshalText()
		if _ = back.UnmarshalText(text); back != a {
			t.Errorf("%v reads back as %v", a, back)
		}
	}
}
