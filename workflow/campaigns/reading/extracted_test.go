package reading_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/workflow/campaigns/campaignstest"

	"latchkey/access"
)

// TestACampaignStandsOnProof: each group's is kept with its rows, as it was when they were read.
func TestACampaignStandsOnProof(t *testing.T) {
	w := campaignstest.NewReadings(t)
	c := w.Extracting()
	w.Put("figma-editors", "maya", "tom")
	w.Put("payroll-clerks", "omar")
	w.Vendor.SetEmail(w.Accounts["tom"], "maya@acme.example")
	read := w.Reads(w.Begun())
	if read.State != access.CampaignDraft || read.Counts.Rows != 3 || c.Waits != 0 {
		t.Fatalf("%s %+v, waited %d times: %v", read.State, read.Counts, c.Waits, read.Unproven)
	}
	proofs := w.Proofs(read)
	for name, n := range map[string]int{"figma-editors": 2, "payroll-clerks": 1, "figma-admins": 0} {
		p := proofs[name]
		if p.Proof() != access.ProvedByCount || p.Last().Accounts != n || p.Tool != "1.2.3" || p.Directory != "okta" || p.Group != w.Groups[name] || p.Last().LookedUp != min(n, 1) || p.Last().Doubled != 0 { // one address, and two people
			t.Errorf("%s: %s", name, p.Says())
		}
	}
}

// TestACampaignWaitsForItsProof: a count that trails is waited for, and one that never fits keeps it from starting until
// somebody of IT takes it by name.
func TestACampaignWaitsForItsProof(t *testing.T) {
	w := campaignstest.NewReadings(t)
	w.Review.Automatic = true
	c := w.Extracting()
	w.Put("figma-editors", "maya", "tom")
	editors := w.Groups["figma-editors"]
	w.Vendor.Miscount(editors, 1)
	read := w.Reads(w.Begun())
	if read.State != access.CampaignUnproven || len(read.Unproven) != 1 || !strings.Contains(read.Unproven[0], "counts 3 and 2 were read") || c.Waits != 3 {
		t.Fatalf("%s %v, waited %d times", read.State, read.Unproven, c.Waits)
	}
	if p := w.Proofs(read)["figma-editors"]; len(p.Readings) != 4 || p.Usable() {
		t.Errorf("%d readings: %s", len(p.Readings), p.Says())
	}
	c.OnWait = func() { w.Vendor.Miscount(editors, 0) }
	if _, err := w.ReadAgain(t.Context(), campaignstest.IT(), read.ID); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(time.Second)
	if read = w.Reads(read); read.State != access.CampaignOpen || c.Waits != 4 {
		t.Errorf("once the count fits: %s %v, waited %d times", read.State, read.Unproven, c.Waits)
	}
}
