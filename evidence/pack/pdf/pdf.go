package pdf

import (
	"io"
	"math"
	"strings"
	"time"

	"latchkey/evidence/pack"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
)

// face is how letters look.
type face string

// The faces. The font of each comes inside a module, so that it prints alike everywhere.
const (
	plainFace  face = ""
	boldFace   face = "B"
	italicFace face = "I"
	monoFace   face = "M"
)

// Millimetres of a page, A4 across, and points of letters.
const (
	paperWide, paperHigh = 297.0, 210.0
	margin               = 12.0
	bottom               = paperHigh - 14
	inside               = paperWide - 2*margin
	small                = 7.2 // points, in tables
	lineOfSmall          = 3.3
	padding              = 1.4
)

// ink is a colour.
type ink [3]int

func black() ink { return ink{27, 31, 36} }
func grey() ink  { return ink{84, 92, 102} }
func red() ink   { return ink{160, 28, 28} }
func brown() ink { return ink{122, 74, 0} }

// line is a piece of text in a cell, which begins on a line of its own.
type line struct {
	text string
	face face
	ink  ink
}

func said(text string) line   { return line{text, plainFace, black()} }
func strong(text string) line { return line{text, boldFace, black()} }
func faint(text string) line  { return line{text, plainFace, grey()} }
func code(text string) line   { return line{text, monoFace, grey()} }
func alert(text string) line  { return line{text, plainFace, brown()} }
func lack(text string) line   { return line{text, italicFace, grey()} }

// of writes a fact, with a word before it where there is one.
func of[T any](before string, f pack.Fact[T], write func(T) string) line {
	if before != "" {
		before += " "
	}
	if f.Known() {
		return said(before + write(f.Value))
	}
	return lack(before + pack.Lacking(f.Knowledge(), f.Why))
}

// paper is a document that is being printed.
type paper struct {
	pdf    *fpdf.Fpdf
	widths map[face]map[rune]float64 // of letters, for one point
	has    map[face]func(rune) bool
	east   func(rune) bool // which letters the font of eastern ones has; nil: no letter needed it
	chosen chosen
	y      float64
	foot   string
}

// chosen are the face and the size in which is written.
type chosen struct {
	face face
	size float64
}

func newPaper(title, foot string, made time.Time) (*paper, error) {
	pdf := fpdf.New("L", "mm", "A4", "")
	pdf.SetCatalogSort(true) // the same review gives the same bytes
	pdf.SetCreationDate(made.UTC())
	pdf.SetModificationDate(made.UTC())
	pdf.SetCreator("Latchkey", true)
	pdf.SetLang("en")
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(margin, margin, margin)
	p := &paper{pdf: pdf, widths: map[face]map[rune]float64{}, has: map[face]func(rune) bool{}, foot: foot}
	for f, ttf := range map[face][]byte{plainFace: goregular.TTF, boldFace: gobold.TTF, italicFace: goitalic.TTF, monoFace: gomono.TTF} {
		has, err := letters(ttf)
		if err != nil {
			return nil, err
		}
		p.has[f], p.widths[f] = has, map[rune]float64{}
	}
	pdf.SetTitle(p.writable(title, plainFace), true)
	pdf.AddUTF8FontFromBytes("go", "", goregular.TTF)
	pdf.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	pdf.AddUTF8FontFromBytes("go", "I", goitalic.TTF)
	pdf.AddUTF8FontFromBytes("mono", "", gomono.TTF)
	p.turn()
	return p, pdf.Error()
}

// letter chooses a face and a size in points.
func (p *paper) letter(f face, size float64, i ink) {
	p.chosen = chosen{f, size}
	p.choose(false)
	p.pdf.SetTextColor(i[0], i[1], i[2])
}

// turn begins a page.
func (p *paper) turn() {
	p.pdf.AddPage()
	number := "Page " + itoa(p.pdf.PageNo())
	right := paperWide - margin - p.wide(number, plainFace, 7)
	p.letter(plainFace, 7, grey())
	p.write(margin, paperHigh-7, p.writable(p.foot, plainFace))
	p.write(right, paperHigh-7, number)
	p.y = margin
}

// space turns the page unless there is so much room left on it.
func (p *paper) space(millimetres float64) {
	if p.y+millimetres > bottom {
		p.turn()
	}
}

// heading writes a heading, which is also in the outline.
func (p *paper) heading(text string, level int) {
	size := []float64{19, 13, 10}[level]
	p.space(size + 14)
	if level > 0 {
		p.y += 4
	}
	p.pdf.SetY(p.y)
	p.pdf.Bookmark(p.writable(text, boldFace), level, -1)
	for _, l := range p.wrap(text, boldFace, size, inside) {
		p.y += size * .42
		p.letter(boldFace, size, black())
		p.write(margin, p.y, l)
	}
	p.y += 2
	if level == 1 {
		p.rule(black())
		p.y += 1
	}
}

func (p *paper) rule(i ink) {
	p.pdf.SetDrawColor(i[0], i[1], i[2])
	p.pdf.SetLineWidth(.2)
	p.pdf.Line(margin, p.y, paperWide-margin, p.y)
}

// paragraph writes text over the width of a page, or a part of it that can be read well.
func (p *paper) paragraph(l line) {
	const size, step = 9.0, 4.2
	for _, text := range p.wrap(l.text, l.face, size, inside*.8) {
		p.space(step)
		p.y += step
		p.letter(l.face, size, l.ink)
		p.write(margin, p.y, text)
	}
	p.y += 1.2
}

// wrap parts a text into lines of a width at most. Words that are longer are parted.
func (p *paper) wrap(text string, f face, size, width float64) []string {
	var out []string
	for part := range strings.SplitSeq(p.writable(text, f), "\n") {
		now, used := "", 0.0
		for word := range strings.FieldsSeq(part) {
			gap, long := p.wide(" ", f, size), p.wide(word, f, size)
			if now != "" && used+gap+long <= width {
				now, used = now+" "+word, used+gap+long
				continue
			}
			if now != "" {
				out = append(out, now)
			}
			var whole []string
			whole, now = p.parted(word, f, size, width)
			out, used = append(out, whole...), p.wide(now, f, size)
		}
		out = append(out, now)
	}
	return out
}

// parted is a word that is wider than a line as the lines that it fills, and what is left.
func (p *paper) parted(word string, f face, size, width float64) (lines []string, rest string) {
	for {
		head := p.fitting(word, f, size, width)
		if head == word {
			return lines, word
		}
		lines, word = append(lines, head), word[len(head):]
	}
}

// fitting is the beginning of a word that fits a width: one letter at least.
func (p *paper) fitting(word string, f face, size, width float64) string {
	used := 0.0
	for i, r := range word {
		if used += p.wide(string(r), f, size); used > width && i > 0 {
			return word[:i]
		}
	}
	return word
}

// wide is how wide a text is, in millimetres.
func (p *paper) wide(text string, f face, size float64) (sum float64) {
	known := p.widths[f]
	for _, r := range text {
		w, ok := known[r]
		if !ok {
			p.letter(f, 100, black())
			p.choose(p.isEastern(f, r))
			w = p.pdf.GetStringWidth(string(r)) / 100
			known[r] = w
		}
		sum += w
	}
	return sum * size
}

// writable is a text as a face can write it: a letter that it lacks is written as its number.
func (p *paper) writable(text string, f face) string {
	text = strings.ReplaceAll(pack.Clean(text), "\t", " ")
	if pack.PlainASCII(text) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if r == '\n' || p.has[f](r) || p.easternHas(r) {
			b.WriteRune(r)
		} else {
			b.WriteString(numbered(r))
		}
	}
	return b.String()
}

// end writes the document.
func (p *paper) end(w io.Writer) error { return p.pdf.Output(w) }

// columns are the titles of a table's columns and their shares of the width.
type columns []struct {
	title string
	share float64
}

// grid is a table that is being printed.
type grid struct {
	*paper
	columns columns
	widths  []float64
}

// grid begins a table.
func (p *paper) grid(c columns) *grid {
	all := 0.0
	for _, one := range c {
		all += one.share
	}
	g := &grid{paper: p, columns: c}
	for _, one := range c {
		g.widths = append(g.widths, inside*one.share/all)
	}
	p.space(20)
	g.head()
	return g
}

// head writes the titles of the columns.
func (g *grid) head() {
	g.y += .5
	g.pdf.SetFillColor(244, 246, 248)
	g.pdf.Rect(margin, g.y, inside, lineOfSmall+2*padding, "F")
	x := margin
	for i, c := range g.columns {
		g.letter(boldFace, small, black())
		g.write(x+padding, g.y+padding+lineOfSmall*.8, c.title)
		x += g.widths[i]
	}
	g.y += lineOfSmall + 2*padding
	g.rule(grey())
}

// row writes a row. One that is longer than the rest of the page goes on on the next.
func (g *grid) row(cells ...[]line) {
	lines, most := make([][]line, len(cells)), 1
	for i, c := range cells {
		lines[i] = g.wrapped(c, g.widths[i]-2*padding)
		most = max(most, len(lines[i]))
	}
	for from := 0; from < most; {
		room := int(math.Floor((bottom - g.y - 2*padding) / lineOfSmall))
		if room < min(most-from, 9) {
			g.turn()
			g.head()
			continue
		}
		to := min(most, from+room)
		g.draw(lines, from, to)
		from = to
	}
}

// wrapped is the lines of a cell as they fit its width.
func (g *grid) wrapped(cell []line, width float64) (out []line) {
	for _, l := range cell {
		if l.text == "" {
			continue
		}
		for _, text := range g.wrap(l.text, l.face, small, width) {
			out = append(out, line{text, l.face, l.ink})
		}
	}
	return out
}

// draw writes some of the lines of a row's cells.
func (g *grid) draw(cells [][]line, from, to int) {
	x := margin
	for i, lines := range cells {
		for n, l := range lines[min(from, len(lines)):min(to, len(lines))] {
			g.letter(l.face, small, l.ink)
			g.write(x+padding, g.y+padding+(float64(n)+.8)*lineOfSmall, l.text)
		}
		x += g.widths[i]
	}
	g.y += float64(to-from)*lineOfSmall + 2*padding
	g.rule(ink{208, 213, 219})
}
