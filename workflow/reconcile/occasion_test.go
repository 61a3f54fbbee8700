package reconcile_test

import (
	"slices"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/reconcile"
)

// occasions are for whom something was found that has what they have looked at.
type occasions []string

func (o *occasions) happens(_ *engine.Unit, who access.PersonID, what access.Occasion) error {
	if said := string(what) + " " + string(who); !slices.Contains(*o, said) { // a unit of work may run twice
		*o = append(*o, said)
	}
	return nil
}

// TestWhatIsAdoptedIsAnOccasion: not for whoever has left, whose membership ends.
func TestWhatIsAdoptedIsAnOccasion(t *testing.T) {
	var seen occasions
	w := newWorldWith(t, catalog.Adopt, 30*catalog.Day, func(_ *world, c *reconcile.Config) { c.Occasion = seen.happens })
	w.past()
	w.in(maya, tom)
	w.vendor.SetStatus(w.ids[tom], "left")
	w.turn()
	w.expect("Maya's is one", slices.Equal(seen, occasions{"adopted " + string(maya)}))
	w.turn()
	w.expect("once", len(seen) == 1)
}

// TestAnExceptionThatLapsedIsAnOccasion: a conflict that was never allowed is told, and is none.
func TestAnExceptionThatLapsedIsAnOccasion(t *testing.T) {
	var seen occasions
	viewers := catalog.GroupRef{Directory: "okta", Group: "figma-viewers"}
	w := newWorldWith(t, catalog.Alert, 0, func(w *world, c *reconcile.Config) {
		c.Occasion = seen.happens
		second := w.vendor.AddGroup(viewers.Group, 0)
		known := c.Catalog
		c.Catalog = func() *catalog.Catalog {
			return known().Under(catalog.Policy{Conflicts: []catalog.Conflict{{ID: "both", Why: "one at a time", Not: [2][]catalog.Holding{{{Group: figma()}}, {{Group: viewers}}}}}})
		}
		for _, who := range []access.PersonID{maya, tom} {
			w.in(who)
			w.vendor.SetMember(second, w.ids[who], true)
		}
	})
	w.do(func(u *engine.Unit) error {
		return store.PutGrant(u.Tx, &access.Grant{ID: "G-1", Person: maya, App: "figma", Role: "editor", State: access.GrantEnded, Finished: w.clock.Now().Add(-time.Hour), Exceptions: []catalog.Exception{{Conflict: "both", Between: [2]catalog.Holding{{Group: figma()}, {Group: viewers}}}}})
	})
	w.turn()
	w.turn()
	w.expect("Maya's was allowed, Tom's never", slices.Equal(seen, occasions{"exception " + string(maya)}))
}
