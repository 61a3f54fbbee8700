package chart_test

import (
	"bytes"
	"image/color"
	"image/png"
	"testing"

	"latchkey/evidence/chart"
)

// TestAChart has a column for each week, as high as it should be; the same figures give the same bytes, and none at all are no fault.
func TestAChart(t *testing.T) {
	weeks := []chart.Week{{Name: "W46", Requests: 10, Touched: 5}, {Name: "W47"}, {Name: "W48", Requests: 40, Touched: 0}}
	one, err := chart.Draw("Requests", weeks)
	if err != nil {
		t.Fatal(err)
	}
	two, err := chart.Draw("Requests", weeks)
	if err != nil || !bytes.Equal(one, two) {
		t.Error("the same figures look otherwise", err)
	}
	drawn, err := png.Decode(bytes.NewReader(one))
	if err != nil {
		t.Fatal(err)
	}
	light, dark := color.RGBA{0x7f, 0xae, 0xde, 255}, color.RGBA{0x8a, 0x3b, 0x00, 255}
	rows := func(x int, of color.Color) (n int) {
		for y := range drawn.Bounds().Dy() {
			if drawn.At(x, y) == of {
				n++
			}
		}
		return n
	}
	third := (960 - 64 - 24) / 3
	for i, want := range []struct{ light, dark int }{{5, 5}, {0, 0}, {40, 0}} {
		x := 64 + i*third + third/2
		// 308 pixels stand for 40
		if l, d := rows(x, light), rows(x, dark); l != want.light*308/40 && l != want.light*308/40+1 || d != want.dark*308/40 && d != want.dark*308/40+1 {
			t.Errorf("column %d: %d light rows and %d dark ones, want %d and %d of 40", i, l, d, want.light, want.dark)
		}
	}
	for _, few := range [][]chart.Week{nil, {{Name: "W1", Requests: 123456, Touched: 1}}} {
		if _, err := chart.Draw("", few); err != nil {
			t.Error(err)
		}
	}
}
