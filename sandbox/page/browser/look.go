package browser

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"image"
	"image/color"
	"image/png"
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

// reduced is a picture with colours told apart as finely as a palette allows.
func reduced(full image.Image) image.Image {
	for _, step := range []uint8{8, 16, 32, 64} {
		if few, ok := rounded(full, step); ok {
			return few
		}
	}
	return full
}

// rounded is a picture with its colours rounded to steps, if they are few enough then.
func rounded(full image.Image, step uint8) (*image.Paletted, bool) {
	round := func(v uint32) uint8 { return uint8(min(255, (int(v>>8)+int(step)/2)/int(step)*int(step))) }
	places := map[color.RGBA]uint8{}
	var palette color.Palette
	few := image.NewPaletted(full.Bounds(), nil)
	for y := full.Bounds().Min.Y; y < full.Bounds().Max.Y; y++ {
		for x := full.Bounds().Min.X; x < full.Bounds().Max.X; x++ {
			r, g, b, _ := full.At(x, y).RGBA()
			c := color.RGBA{round(r), round(g), round(b), 255}
			place, known := places[c]
			if !known {
				if len(palette) == 256 {
					return nil, false
				}
				place = uint8(len(palette))
				places[c], palette = place, append(palette, c)
			}
			few.Pix[few.PixOffset(x, y)] = place
		}
	}
	few.Palette = palette
	return few, true
}

// Title is what the page calls itself once everything in it has run.
func (b *Browser) Title(ctx context.Context, page string) (title string, err error) {
	if err = b.show(ctx, page, Desktop()); err == nil {
		err = b.evaluate(ctx, "document.title", &title)
	}
	return title, err
}
