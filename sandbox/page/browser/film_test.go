package browser_test

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"testing"
	"time"

	"latchkey/sandbox/page/browser"
)

// A film keeps of a frame what became different, for as long as it is shown.
func TestFilm(t *testing.T) {
	picture := func(dots ...image.Point) browser.Frame {
		all := image.NewRGBA(image.Rect(0, 0, 40, 20))
		for _, at := range dots {
			all.Set(at.X, at.Y, color.White)
		}
		var out bytes.Buffer
		if err := png.Encode(&out, all); err != nil {
			t.Fatal(err)
		}
		return browser.Frame{Picture: out.Bytes(), For: time.Second}
	}
	raw, err := browser.Film([]browser.Frame{picture(), picture(image.Pt(3, 4), image.Pt(9, 8)), picture(image.Pt(3, 4), image.Pt(9, 8))})
	if err != nil {
		t.Fatal(err)
	}
	film, err := gif.DecodeAll(bytes.NewReader(raw))
	if err != nil || len(film.Image) != 3 || film.Delay[1] != 100 {
		t.Fatalf("%v, %+v", err, film)
	}
	if got := film.Image[1].Bounds(); got != image.Rect(3, 4, 10, 9) {
		t.Errorf("the second frame is %v", got)
	}
	if _, err := browser.Film([]browser.Frame{{Picture: []byte("no picture")}}); err == nil {
		t.Error("a film of no pictures")
	}
}
