package browser

import (
	"bytes"
	"fmt"
	"image"
	"image/gif"
	"image/png"
	"time"
)

// Frame is a picture of a film, as a PNG, and how long it is shown.
type Frame struct {
	Picture []byte
	For     time.Duration
}

// Film makes a GIF that begins anew at its end. Of each frame it keeps what became different.
func Film(frames []Frame) ([]byte, error) {
	var film gif.GIF
	var before image.Image
	for i, f := range frames {
		full, err := png.Decode(bytes.NewReader(f.Picture))
		if err != nil {
			return nil, fmt.Errorf("browser: read frame %d of a film: %w", i+1, err)
		}
		part := different(before, full)
		before = full
		film.Image = append(film.Image, reduced(cut{full, part}))
		film.Delay = append(film.Delay, int(f.For/(10*time.Millisecond)))
		film.Disposal = append(film.Disposal, gif.DisposalNone)
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, &film); err != nil {
		return nil, fmt.Errorf("browser: write a film: %w", err)
	}
	return out.Bytes(), nil
}

// cut is a part of a picture.
type cut struct {
	image.Image
	part image.Rectangle
}

// Bounds is where the part is.
func (c cut) Bounds() image.Rectangle { return c.part }

// different is the part of a picture that isn't as in the one before it; all of it if there is none.
func different(before, now image.Image) image.Rectangle {
	if before == nil || before.Bounds() != now.Bounds() {
		return now.Bounds()
	}
	part, b := image.Rectangle{}, now.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			if before.At(x, y) != now.At(x, y) {
				part = part.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	if part.Empty() {
		return image.Rect(b.Min.X, b.Min.Y, b.Min.X+1, b.Min.Y+1) // a frame has to have something
	}
	return part
}
