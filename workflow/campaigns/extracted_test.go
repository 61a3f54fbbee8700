package campaigns

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/clock/clocktest"
	"latchkey/store"
	"latchkey/store/snapshot"
)

// moved is a clock by which nobody waits: it is where they want it to be.
type moved struct {
	*clocktest.Clock
	waits  int
	onWait func()
}

func (c *moved) Until(at time.Time) (<-chan struct{}, func()) {
	c.waits++
	c.Set(at.Add(time.Millisecond))
	if c.onWait != nil {
		c.onWait()
	}
	return c.Clock.Until(at)
}

// extracting has the room read groups as it does in life.
func (w *readingWorld) extracting() *moved {
	c := &moved{Clock: w.clock}
	w.Service.extract, w.Service.clock = extracted, c
	return c
}

// proofs are those of a campaign's groups, by name.
func (w *readingWorld) proofs(c access.Campaign) map[string]access.Population {
	w.Helper()
	out := map[string]access.Population{}
	err := w.units.View(w.Context(), func(tx store.Tx) error {
		from, err := snapshot.Open(tx, c.Snapshot)
		if err != nil {
			return err
		}
		for g, err := range from.Groups() {
			if err != nil {
				return err
			}
			p, err := proofOf(g)
			if err != nil {
				return err
			}
			out[g.Name] = p
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
	return out
}

// TestACampaignStandsOnProof: each group's is kept with its rows, as it was when they were read.
func TestACampaignStandsOnProof(t *testing.T) {
	w := newReadingWorld(t)
	c := w.extracting()
	w.put("figma-editors", "maya", "tom")
	w.put("payroll-clerks", "omar")
	w.vendor.SetEmail(w.accounts["tom"], "maya@acme.example")
	read := w.reads(w.begun())
	if read.State != access.CampaignDraft || read.Counts.Rows != 3 || c.waits != 0 {
		t.Fatalf("%s %+v, waited %d times: %v", read.State, read.Counts, c.waits, read.Unproven)
	}
	proofs := w.proofs(read)
	for name, n := range map[string]int{"figma-editors": 2, "payroll-clerks": 1, "figma-admins": 0} {
		p := proofs[name]
		if p.Proof() != access.ProvedByCount || p.Last().Accounts != n || p.Tool != "1.2.3" || p.Directory != "okta" || p.Group != w.groups[name] || p.Last().LookedUp != min(n, 1) || p.Last().Doubled != 0 { // one address, and two people
			t.Errorf("%s: %s", name, p.Says())
		}
	}
}

// TestACampaignWaitsForItsProof: a count that trails is waited for, and one that never fits keeps it from starting until
// somebody of IT takes it by name.
func TestACampaignWaitsForItsProof(t *testing.T) {
	w := newReadingWorld(t)
	w.review.Automatic = true
	c := w.extracting()
	w.put("figma-editors", "maya", "tom")
	editors := w.groups["figma-editors"]
	w.vendor.Miscount(editors, 1)
	read := w.reads(w.begun())
	if read.State != access.CampaignUnproven || len(read.Unproven) != 1 || !strings.Contains(read.Unproven[0], "counts 3 and 2 were read") || c.waits != 3 {
		t.Fatalf("%s %v, waited %d times", read.State, read.Unproven, c.waits)
	}
	if p := w.proofs(read)["figma-editors"]; len(p.Readings) != 4 || p.Usable() {
		t.Errorf("%d readings: %s", len(p.Readings), p.Says())
	}
	c.onWait = func() { w.vendor.Miscount(editors, 0) }
	if _, err := w.ReadAgain(t.Context(), it(), read.ID); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(time.Second)
	if read = w.reads(read); read.State != access.CampaignOpen || c.waits != 4 {
		t.Errorf("once the count fits: %s %v, waited %d times", read.State, read.Unproven, c.waits)
	}
}
