package engine_test

import (
	"context"
	"testing"

	"latchkey/catalog"
	"latchkey/store/bolt/bolttest"
	"latchkey/workflow/engine"
)

// TestWhatWasBegunGoesOnByOneCatalogue: whatever takes its place meanwhile.
func TestWhatWasBegunGoesOnByOneCatalogue(t *testing.T) {
	first, second := catalog.New([]catalog.App{{ID: "one"}}, nil), catalog.New([]catalog.App{{ID: "two"}}, nil)
	now := first
	offered := func() *catalog.Catalog { return now }
	units := engine.NewUnits(engine.UnitsConfig{Store: bolttest.Open(t), Clock: newClock(), Catalog: offered})
	began := units.Holding(t.Context())
	now = second
	for name, c := range map[string]struct {
		ctx  context.Context
		want *catalog.Catalog
	}{
		"begun before":       {began, first},
		"and held once more": {units.Holding(began), first},
		"begun since":        {t.Context(), second},
	} {
		if engine.Offered(c.ctx, offered) != c.want {
			t.Errorf("%s: goes by another catalogue", name)
		}
		err := units.Update(c.ctx, func(u *engine.Unit) error {
			if u.Catalog != c.want {
				t.Errorf("%s: a unit goes by another catalogue", name)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}
