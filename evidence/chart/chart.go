// Package chart draws figures of weeks as a picture, for those who read them where there are no tables. It is pure: the same
// figures give the same bytes.
package chart

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strconv"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Week is a column: how many requests there were, and how many of them took somebody's hands.
type Week struct {
	Name     string // below it
	Requests int
	Touched  int
}

// size of the picture, and of what is around the columns.
const (
	width, height            = 960, 420
	left, right, top, bottom = 64, 24, 64, 48
	letters                  = 18
)

// The colours differ in lightness, too, so that they can be told apart by everybody and on paper.
func colours() (ink, rule, all, touched color.Color) {
	return color.RGBA{0x1b, 0x1f, 0x24, 255}, color.RGBA{0xd0, 0xd5, 0xdb, 255}, color.RGBA{0x7f, 0xae, 0xde, 255}, color.RGBA{0x8a, 0x3b, 0x00, 255}
}

// Draw draws the weeks from left to right, as a PNG.
func Draw(title string, weeks []Week) ([]byte, error) {
	parsed, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return nil, fmt.Errorf("the chart's letters: %w", err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: letters, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return nil, fmt.Errorf("the chart's letters: %w", err)
	}
	defer func() { _ = face.Close() }() // it holds nothing
	p := picture{image.NewRGBA(image.Rect(0, 0, width, height)), face}
	p.fill(p.Bounds(), color.White)
	p.frame(title, highest(weeks))
	for i, w := range weeks {
		p.column(i, len(weeks), w, highest(weeks))
	}
	var out bytes.Buffer
	if err := png.Encode(&out, p.RGBA); err != nil {
		return nil, fmt.Errorf("the chart: %w", err)
	}
	return out.Bytes(), nil
}

// highest is what the axis reaches to: a round number above all columns.
func highest(weeks []Week) int {
	most := 1
	for _, w := range weeks {
		most = max(most, w.Requests)
	}
	for step := 1; ; step *= 10 {
		for _, round := range []int{4, 8, 10, 20} {
			if most <= round*step {
				return round * step
			}
		}
	}
}

type picture struct {
	*image.RGBA
	face font.Face
}

func (p picture) fill(r image.Rectangle, c color.Color) {
	draw.Draw(p, r, image.NewUniform(c), image.Point{}, draw.Src)
}

func (p picture) text(x, y int, c color.Color, s string) {
	d := font.Drawer{Dst: p, Src: image.NewUniform(c), Face: p.face, Dot: fixed.P(x, y)}
	d.DrawString(s)
}

func (p picture) wide(s string) int { return font.MeasureString(p.face, s).Round() }

// y is how high a number stands.
func y(n, most int) int { return height - bottom - n*(height-top-bottom)/most }

// frame draws the title, what the colours mean, and the lines of the axis.
func (p picture) frame(title string, most int) {
	ink, rule, all, touched := colours()
	p.text(left, 30, ink, title)
	const what, hands = "requests", "of these, somebody's hands were needed"
	x := left
	for _, k := range []struct {
		c    color.Color
		name string
	}{{all, what}, {touched, hands}} {
		p.fill(image.Rect(x, 40, x+14, 54), k.c)
		p.text(x+20, 54, ink, k.name)
		x += 44 + p.wide(k.name)
	}
	for i := range 5 {
		n := i * most / 4
		p.fill(image.Rect(left, y(n, most), width-right, y(n, most)+1), rule)
		label := strconv.Itoa(n)
		p.text(left-10-p.wide(label), y(n, most)+6, ink, label)
	}
}

// column draws a week: its number above it, its name below.
func (p picture) column(i, of int, w Week, most int) {
	ink, _, all, touched := colours()
	room := (width - left - right) / of
	thick := min(room*6/10, 90)
	x := left + i*room + (room-thick)/2
	p.fill(image.Rect(x, y(w.Requests, most), x+thick, height-bottom), all)
	p.fill(image.Rect(x, y(w.Touched, most), x+thick, height-bottom), touched)
	number := strconv.Itoa(w.Requests)
	p.text(x+(thick-p.wide(number))/2, y(w.Requests, most)-6, ink, number)
	p.text(x+(thick-p.wide(w.Name))/2, height-bottom+26, ink, w.Name)
}
