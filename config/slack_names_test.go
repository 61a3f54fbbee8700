package config

import (
	"strings"
	"testing"
)

// TestNamesInSlack are up to eighty letters of whatever script, and ids any length.
func TestNamesInSlack(t *testing.T) {
	long := strings.Repeat("ø", 80)
	for text, want := range map[string]bool{
		"#it-access": true, "#" + long: true, "#" + long + "ø": false, "#": false, "it-access": false, "#IT": false, "C0123ABCD": true, "C" + strings.Repeat("A", 90): true, "#देवनागरी": true,
	} {
		if isChannel(text) != want {
			t.Errorf("%q is a channel: %v", text, !want)
		}
	}
	for text, want := range map[string]bool{
		"@it-oncall": true, "it.oncall": true, "@" + long: true, long + "ø": false, "@" + long + "ø": false, "@": false, "S0123ABCD": true, "S" + strings.Repeat("A", 90): true, "s0123": true, "Support": false,
	} {
		if isGroup(text) != want {
			t.Errorf("%q is a group: %v", text, !want)
		}
	}
}
