package people_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/workflow/people"
)

// TestWhoIsAskedAsWell when nobody answers: one rung more each time, leaving out those
// that add nobody, and never who asks, who gets the access, or somebody below them.
func TestWhoIsAskedAsWell(t *testing.T) {
	w := familiar(t, func(c *people.Config) { c.Escalate = people.Rungs() })
	risky := familiar(t, func(c *people.Config) {
		c.Escalate = people.Rungs()
		c.Catalog = func() *catalog.Catalog {
			all := catalogue()
			app, _ := all.App("figma")
			app.Roles = []catalog.Role{{ID: "editor", Name: "Editor", Risk: catalog.High}}
			return catalog.New([]catalog.App{app}, all.Routes())
		}
	})
	for _, c := range []struct {
		what  string
		w     *world
		who   access.PersonID
		route string
		added [][]access.PersonID // the first time, the second, …
	}{
		{"nobody comes next", w, maya, "manager", [][]access.PersonID{{grace}, {grace, omar}, {grace, omar, ines}, {grace, omar, ines}}},
		{"whom the route asks next", w, maya, "two", [][]access.PersonID{{ines}, {ines, grace}, {ines, grace, omar}, {ines, grace, omar}}},
		{"all report to who asks", w, grace, "owner", [][]access.PersonID{nil, nil}},
		{"what can do harm", risky, maya, "manager", [][]access.PersonID{{ines}, {ines}}},
	} {
		r := request(c.who, c.route)
		r.App, r.Role = "figma", "editor"
		first, err := c.w.Deciders(t.Context(), r)
		if err != nil || len(first.Also) > 0 || len(first.Who) == 0 {
			t.Fatalf("%s: %+v, %v", c.what, first, err)
		}
		for i, added := range c.added {
			r.Stages[r.Stage].Escalated = i + 1
			got, err := c.w.Deciders(t.Context(), r)
			if err != nil || !slices.Equal(got.Also, added) || !slices.Equal(got.Who, slices.Concat(first.Who, added)) {
				t.Errorf("%s, %d times: %v may, %v of them as well, %v; want %v", c.what, i+1, got.Who, got.Also, err, added)
			}
			for _, who := range added {
				if now, err := c.w.Established(t.Context(), r, by(who)); err != nil || !slices.Contains(now.Who, who) {
					t.Errorf("%s: %s is asked and may not answer: %v, %v", c.what, who, now.Who, err)
				}
			}
		}
	}
}

// TestNobodyIsAddedWhoMayReportToWhoAsks: as long as the directory keeps silent about whom
// somebody reports to, they aren't asked.
func TestNobodyIsAddedWhoMayReportToWhoAsks(t *testing.T) {
	w := familiar(t, func(c *people.Config) { c.Escalate = []people.Rung{people.RungFallback, people.RungIT} })
	r := request(grace, "owner")
	r.App, r.Role = "figma", "editor"
	first, err := w.Deciders(t.Context(), r)
	if err != nil || len(first.Who) == 0 {
		t.Fatalf("%+v, %v", first, err)
	}
	r.Stages[r.Stage].Escalated = 1
	w.set(func(w *world) { w.now, w.broken = w.now.Add(time.Hour), errors.New("no route to host") })
	if got, err := w.Deciders(t.Context(), r); err == nil || len(got.Also) > 0 {
		t.Errorf("%v are asked as well, %v", got.Also, err)
	}
	w.set(func(w *world) { w.broken = nil })
	w.account("omar", func(p *idp.Person) { p.ManagerEmail = "" })
	if got, err := w.Deciders(t.Context(), r); err != nil || !slices.Equal(got.Also, []access.PersonID{omar}) {
		t.Errorf("%v are asked as well, %v", got.Also, err)
	}
}
