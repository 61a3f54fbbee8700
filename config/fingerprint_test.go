package config

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// Replicas that were configured alike have the same fingerprints, whatever is each one's own; otherwise they tell which part differs.
func TestFingerprintsTellWhatDiffers(t *testing.T) {
	source := exampleSource(t)
	for name, c := range map[string]struct {
		old, now string
		want     []string
	}{
		"nothing":         {"", "", nil},
		"the catalogue":   {"description: Draw and publish.,", "description: Draw.,", nil},
		"admins":          {"admins: [ines@acme.example] ", "admins: [omar@acme.example] ", []string{"people.admins"}},
		"a token":         {"token: ${OKTA_TOKEN}", "token: abcdefgh12345678", nil},
		"an address":      {"url: https://acme.okta.com", "url: https://other.okta.com", []string{"idp"}},
		"a zone":          {"Europe/Berlin", "Europe/Paris", []string{"schedules"}},
		"times":           {"break_glass: 4h", "break_glass: 2h", []string{"requests"}},
		"what is its own": {"metrics: {} ", "metrics: {listen: \"127.0.0.1:9091\"} ", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if c.old != "" && strings.Count(source, c.old) != 1 {
				t.Fatalf("%q stands %d times", c.old, strings.Count(source, c.old))
			}
			before, after := parsed(t, source).Fingerprints(), parsed(t, strings.Replace(source, c.old, c.now, 1)).Fingerprints()
			var differ []string
			for _, key := range slices.Sorted(maps.Keys(before)) {
				if before[key] != after[key] {
					differ = append(differ, key)
				}
			}
			if !slices.Equal(differ, c.want) || len(before) != len(after) {
				t.Errorf("%v", differ)
			}
		})
	}
}
