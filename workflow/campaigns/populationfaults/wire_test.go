package populationfaults

import (
	"context"
	"slices"
	"testing"
	"time"
)

// planted are all faults of a service.
func planted(of string) []fault {
	paged := slices.Concat(pages(), entries(), comings(), counts(), answers())
	switch of {
	case "Okta":
		return append(paged, ofOkta()...)
	case "Entra":
		return append(paged, ofEntra()...)
	case "Google":
		return append(paged, ofGoogle()...)
	}
	meeting := slices.DeleteFunc(comings(), func(f fault) bool { return f.name == "somebody leaves and comes back" }) // on one page it is nothing
	return append(meeting, ofSCIM()...)
}

func houses() []func(*testing.T) *house {
	return []func(*testing.T) *house{oktaHouse, entraHouse, googleHouse, scimHouse}
}

// TestNothingIsPlanted reads through a wire that changes nothing.
func TestNothingIsPlanted(t *testing.T) {
	for _, build := range houses() {
		h := build(t)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		got, err := listed(ctx, h.serve(t), h.groups[figma])
		if err != nil || !slices.Equal(got, h.truth()) || len(got) != 7 {
			t.Errorf("%s: %v, %v, want %v", h.name, got, err, h.truth())
		}
		h.mu.Lock()
		if want := 3; h.size != "" && h.pages["1"] != want {
			t.Errorf("%s: %v pages, want %d", h.name, h.pages, want)
		}
		h.mu.Unlock()
	}
}

// TestFaultsHaveNamesOfTheirOwn, and there are more than a hundred of them.
func TestFaultsHaveNamesOfTheirOwn(t *testing.T) {
	total := 0
	for _, of := range []string{"Okta", "Entra", "Google", "SCIM"} {
		seen := map[string]bool{}
		for _, f := range planted(of) {
			if seen[f.name] {
				t.Errorf("%s: %s is there twice", of, f.name)
			}
			seen[f.name] = true
		}
		t.Logf("%s: %d faults", of, len(seen))
		total += len(seen)
	}
	if total < 100 {
		t.Errorf("%d faults", total)
	}
}
