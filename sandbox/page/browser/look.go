package browser

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"maps"
	"slices"
)

//go:embed lines.js
var countLines string

// Lines counts the lines that a reader of a page sees of what the app wrote: of text, of
// buttons, of fields. Names and times around it don't count, nor does what is folded away.
func (b *Browser) Lines(ctx context.Context, page string, on Screen) (lines int, err error) {
	if err = b.show(ctx, page, on); err == nil {
		err = b.evaluate(ctx, countLines, &lines)
	}
	return lines, err
}

// Folded counts the paragraphs of which a reader first sees the beginning only.
func (b *Browser) Folded(ctx context.Context, page string, on Screen) (folded int, err error) {
	if err = b.show(ctx, page, on); err == nil {
		err = b.evaluate(ctx, "document.querySelectorAll('.folded').length", &folded)
	}
	return folded, err
}

// Picture draws a page from top to bottom as a PNG of few colours, which is small.
func (b *Browser) Picture(ctx context.Context, page string, on Screen) ([]byte, error) {
	if err := b.show(ctx, page, on); err != nil {
		return nil, err
	}
	var height float64
	if err := b.evaluate(ctx, "document.querySelector('main').getBoundingClientRect().bottom", &height); err != nil {
		return nil, err
	}
	clip := fields{"x": 0, "y": 0, "width": on.Width, "height": height, "scale": 1}
	var shot struct{ Data []byte }
	if err := b.call(ctx, "Page.captureScreenshot", fields{"format": "png", "clip": clip, "captureBeyondViewport": true}, &shot); err != nil {
		return nil, err
	}
	return small(shot.Data)
}

// Small is a picture with at most 256 colours.
func Small(picture []byte) ([]byte, error) { return small(picture) }

// small writes a picture anew with at most 256 colours.
func small(picture []byte) ([]byte, error) {
	full, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, fmt.Errorf("browser: read its picture: %w", err)
	}
	var out bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, reduced(full))
	return out.Bytes(), err
}

// reduced is a picture with a palette.
func reduced(full image.Image) *image.Paletted {
	counts := map[color.RGBA]int{}
	each(full, func(_, _ int, c color.RGBA) { counts[c]++ })
	palette, places := paletteOf(counts)
	few := image.NewPaletted(full.Bounds(), palette)
	each(full, func(x, y int, c color.RGBA) { few.Pix[few.PixOffset(x, y)] = places[c] })
	return few
}

func each(full image.Image, do func(x, y int, c color.RGBA)) {
	for y := full.Bounds().Min.Y; y < full.Bounds().Max.Y; y++ {
		for x := full.Bounds().Min.X; x < full.Bounds().Max.X; x++ {
			r, g, b, _ := full.At(x, y).RGBA()
			do(x, y, color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 255})
		}
	}
}

// paletteOf is the colours of a picture: of those that are nearly alike the most frequent one,
// as few as a small picture can hold. It also tells where in it each colour stands.
func paletteOf(counts map[color.RGBA]int) (color.Palette, map[color.RGBA]uint8) {
	all := slices.SortedFunc(maps.Keys(counts), func(a, b color.RGBA) int {
		return cmp.Or(counts[b]-counts[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	for step := uint8(16); ; step *= 2 {
		var palette color.Palette
		first, places := map[color.RGBA]uint8{}, map[color.RGBA]uint8{}
		for _, c := range all {
			alike := color.RGBA{c.R / step, c.G / step, c.B / step, 0}
			place, known := first[alike]
			if !known {
				place = uint8(len(palette))
				first[alike], palette = place, append(palette, c)
			}
			places[c] = place
		}
		if len(palette) <= 256 {
			return palette, places
		}
	}
}

// Title is what the page calls itself once everything in it has run.
func (b *Browser) Title(ctx context.Context, page string) (title string, err error) {
	if err = b.show(ctx, page, Desktop()); err == nil {
		err = b.evaluate(ctx, "document.title", &title)
	}
	return title, err
}
