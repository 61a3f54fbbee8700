package catalog_test

import (
	"testing"

	"latchkey/catalog"
)

func TestLookalikes(t *testing.T) {
	for text, want := range map[string]bool{
		"Maya Lind": false, "M\u0430ya Lind": true, "Мая Линд": false, "Ma\u03bfri": true, "Øyvind Åsen": false, "田中 Maya": false, "": false, "maya@acme.example": false, "m\u0430ya@acme.example": true,
	} {
		if got := catalog.Lookalike(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
