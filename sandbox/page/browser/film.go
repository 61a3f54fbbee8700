package browser

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"maps"
	"slices"
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
		film.Image = append(film.Image, paletted(full, part))
		film.Delay = append(film.Delay, int(f.For/(10*time.Millisecond)))
		film.Disposal = append(film.Disposal, gif.DisposalNone)
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, &film); err != nil {
		return nil, fmt.Errorf("browser: write a film: %w", err)
	}
	return out.Bytes(), nil
}

// paletted is a part of a picture in its 256 most frequent colours; each other one becomes the nearest of these, so that
// large pale areas stay as they are.
func paletted(full image.Image, part image.Rectangle) *image.Paletted {
	counts := map[color.RGBA]int{}
	within(full, part, func(_, _ int, c color.RGBA) { counts[c]++ })
	frequent := slices.SortedFunc(maps.Keys(counts), func(a, b color.RGBA) int {
		return cmp.Or(counts[b]-counts[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	var palette color.Palette
	for _, c := range frequent[:min(256, len(frequent))] {
		palette = append(palette, c)
	}
	places := map[color.RGBA]uint8{}
	for _, c := range frequent {
		places[c] = uint8(palette.Index(c))
	}
	few := image.NewPaletted(part, palette)
	within(full, part, func(x, y int, c color.RGBA) { few.Pix[few.PixOffset(x, y)] = places[c] })
	return few
}

func within(full image.Image, part image.Rectangle, do func(x, y int, c color.RGBA)) {
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			r, g, b, _ := full.At(x, y).RGBA()
			do(x, y, color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 255})
		}
	}
}

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
