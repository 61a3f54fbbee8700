package populationfaults

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/store/bolt/bolttest"
	"latchkey/workflow/campaigns"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/engine/enginetest"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
	"latchkey/workflow/people/peopletest"
	"latchkey/workflow/provision/provisiontest"
)

// leaping is a clock that is ahead by as long as anybody waited.
type leaping struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *leaping) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *leaping) leap(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// After is for what a service waits for, in life.
func (c *leaping) After(d time.Duration) <-chan time.Time { return time.After(d) }

func (c *leaping) Until(at time.Time) (<-chan struct{}, func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += max(0, at.Sub(time.Now().Add(c.ahead))) + time.Millisecond
	ready := make(chan struct{})
	close(ready)
	return ready, func() {}
}

// review is a review of figma, with the service's directory behind the wire.
type review struct {
	*campaigns.Service
	house *house
	units *engine.Units
	clock *leaping
	store store.Store
	known *catalog.Catalog
}

func it() access.Actor {
	return access.Actor{Person: peopletest.ID("ines"), Via: access.ViaSlack, Account: "U-ines"}
}

func newReview(t *testing.T, h *house) *review {
	t.Helper()
	r := &review{house: h, clock: h.clock, store: bolttest.Open(t)}
	dir := h.serve(t)
	known := catalog.New([]catalog.App{{ID: "figma", Name: "Figma", Status: catalog.Approved, Roles: []catalog.Role{
		{ID: "editor", Name: "Editor", Risk: catalog.Low, Groups: []catalog.GroupRef{{Directory: dir.ID(), Group: figma}}},
	}}}, nil)
	r.known = known
	catalogue := func() *catalog.Catalog { return known }
	effects := provisiontest.Effects()
	for kind, do := range notify.Effects(nil, 0) {
		effects[kind] = do
	}
	for kind, do := range ledger.Effects() {
		effects[kind] = do
	}
	r.units = engine.NewUnits(engine.UnitsConfig{Store: r.store, Clock: r.clock, Owner: "test", Catalog: catalogue, Effects: effects})
	peopletest.Remember(t, r.store, nil, "ines")
	who := people.New(people.Config{
		Units: r.units, Catalog: catalogue, Roster: peopletest.Members{"ines"}, Directories: people.Directories{dir}, Admins: []access.Email{peopletest.Address("ines")}, AsSeen: true,
	})
	asked := catalog.Review{ID: "quarterly", Name: "Quarterly", Restore: catalog.Week, Stages: []catalog.ReviewStage{{
		Reviewers: []catalog.Approver{{Kind: catalog.Security}}, Strategy: catalog.AllMustKeep, Lasts: catalog.Week,
	}}}
	r.Service = campaigns.New(campaigns.Config{
		Units: r.units, Store: r.store, Clock: r.clock, Catalog: catalogue, Reviews: func() []catalog.Review { return []catalog.Review{asked} }, Directories: people.Directories{dir},
		Groups: who.Groups(), People: who, Reviewers: people.ReviewingOf(who), Authority: who, Version: "1.2.3",
	})
	return r
}

// outcome is what became of a review.
type outcome struct {
	why  string   // why it didn't start; "" if it did
	rows []string // of what it asks about, as "id" or "id left"
}

// run has the group read, as often as it is tried in life, and the review started.
func (r *review) run(ctx context.Context) (out outcome, err error) {
	c, err := r.BeginConfigured(ctx, it(), "quarterly")
	if err != nil {
		return outcome{}, err
	}
	if failed := r.read(ctx); failed != nil {
		return outcome{why: "it is read again later: " + failed.Error()}, nil
	}
	if c, err = r.Campaign(ctx, c.ID); err != nil {
		return outcome{}, err
	}
	if _, _, err := r.Start(ctx, it(), c.ID); err != nil {
		return outcome{why: strings.Join(append(c.Unproven, err.Error()), " ")}, nil
	}
	return out, r.units.View(ctx, func(tx store.Tx) error {
		out.rows = nil
		all, err := rows.Of(tx, c, r.known)
		if err != nil {
			return err
		}
		for row, err := range all.All(0) {
			if err != nil {
				return err
			}
			out.rows = append(out.rows, shown(row.Account, row.Left))
		}
		slices.Sort(out.rows)
		return nil
	})
}

func shown(id string, left bool) string {
	if left {
		return id + " left"
	}
	return id
}

// read carries the reading out, up to the attempt after which what can't be read is written down as that.
func (r *review) read(ctx context.Context) (err error) {
	for attempt := range 4 {
		var waiting []store.Task
		if err = r.units.View(ctx, func(tx store.Tx) (err error) {
			waiting, err = tx.Tasks("", 0, 100)
			return err
		}); err != nil {
			return err
		}
		waiting = slices.DeleteFunc(waiting, func(t store.Task) bool { return t.Kind != campaigns.ReadTask })
		if len(waiting) == 0 {
			return nil
		}
		waiting[0].Attempts = attempt
		err = enginetest.Attempt(ctx, r.units, r.Handlers(), waiting[0])
	}
	return err
}

// TestEveryPlantedFaultIsFound holds every fault against a review of its own: it must not start, or it must ask about exactly
// those who are in the group.
func TestEveryPlantedFaultIsFound(t *testing.T) {
	for _, build := range houses() {
		name := build(t).name
		for _, f := range planted(name) {
			t.Run(name+"/"+strings.ReplaceAll(f.name, " ", "_"), func(t *testing.T) {
				t.Parallel()
				find(t, build(t), f)
			})
		}
	}
}

func find(t *testing.T, h *house, f fault) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("it panics: %v", p)
		}
	}()
	r := newReview(t, h)
	h.plant(f.plant)
	got, err := r.run(ctx)
	if err != nil {
		t.Fatal(err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.touched == 0:
		t.Errorf("the fault came to nothing")
	case got.why != "":
	case !h.true(f.compared(h, got.rows), f):
		t.Errorf("it started, and asks about\n%v, and these were in the group\n%v", got.rows, h.were)
	case f.loud:
		t.Errorf("it started, though nobody can know that the rows are right")
	}
}

// compared are rows as far as a fault's are to be right.
func (f fault) compared(h *house, rows []string) (out []string) {
	for _, r := range rows {
		if f.who {
			r = strings.TrimSuffix(r, " left")
		}
		if !f.dangles || !strings.HasPrefix(r, h.deleted) {
			out = append(out, r)
		}
	}
	return out
}
