package site

import "testing"

// TestDiff sends a browser what it lacks: also what it had, once that was gone.
func TestDiff(t *testing.T) {
	a, b := piece{"a", "<p>a</p>"}, piece{"b", "<p>b</p>"}
	has := newShown()
	for i, step := range []struct {
		pieces []piece
		put    int // -1: nothing is sent
	}{
		{[]piece{a, b}, 2}, {[]piece{a, b}, -1}, {[]piece{b, a}, 0}, {[]piece{b}, 0}, {[]piece{b, a}, 1}, {[]piece{b, {"a", "<p>other</p>"}}, 1}, {nil, 0},
	} {
		sent := has.diff([]region{{"r", step.pieces}, {"r2", []piece{a}}})
		put := -1
		for _, p := range sent {
			if p.ID == "r" {
				put = len(p.Put)
			}
		}
		if put != step.put {
			t.Errorf("%d: %d pieces are sent, want %d", i, put, step.put)
		}
	}
}
