package pdf

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
)

// eastern is a font with Chinese, Japanese and Korean letters, packed: Droid Sans Fallback, of the Android Open Source
// Project, under the Apache License 2.0 (fonts/LICENSE). It has 4 MB, so it is unpacked only where a letter needs it.
//
//go:embed fonts/DroidSansFallbackFull.ttf.gz
var eastern []byte

// easternFont is what the document calls it.
const easternFont = "east"

// easternHas tells whether the font of eastern letters has one. The first question adds it to the document.
func (p *paper) easternHas(r rune) bool {
	if p.east == nil {
		ttf, err := unpacked(eastern)
		if err == nil {
			p.east, err = letters(ttf)
		}
		if err != nil {
			p.pdf.SetError(fmt.Errorf("the font of eastern letters: %w", err))
			p.east = func(rune) bool { return false }
			return false
		}
		p.pdf.AddUTF8FontFromBytes(easternFont, "", ttf)
	}
	return p.east(r)
}

func unpacked(packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// isEastern tells whether a letter is written with the font of eastern letters, in the place of a face that lacks it.
func (p *paper) isEastern(f face, r rune) bool {
	return p.east != nil && !p.has[f](r) && p.east(r)
}

// write writes a line in the face that was chosen, letters that it lacks with the font of eastern ones.
func (p *paper) write(x, y float64, text string) {
	begun := 0
	end := func(to int, in bool) {
		if run := text[begun:to]; run != "" {
			p.choose(in)
			p.pdf.Text(x, y, run)
			x += p.pdf.GetStringWidth(run)
		}
		begun = to
	}
	before := false
	for i, r := range text {
		if is := p.isEastern(p.chosen.face, r); is != before {
			end(i, before)
			before = is
		}
	}
	end(len(text), before)
	p.choose(false)
}

// choose chooses the font of eastern letters, or the face again that was chosen last.
func (p *paper) choose(eastern bool) {
	switch f := p.chosen.face; {
	case eastern:
		p.pdf.SetFont(easternFont, "", p.chosen.size)
	case f == monoFace:
		p.pdf.SetFont("mono", "", p.chosen.size)
	default:
		p.pdf.SetFont("go", string(f), p.chosen.size)
	}
}
