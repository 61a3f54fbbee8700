package commands

import (
	"testing"

	"latchkey/access/accesstest"
)

// Whoever asks what happened reads words, of whatever kind an event is.
func TestEveryKindOfEventHasWordsInATrace(t *testing.T) {
	for kind := range accesstest.EventKinds(t, "../..") {
		if eventTexts()[kind] == "" {
			t.Errorf("nothing is said of %s", kind)
		}
	}
}
