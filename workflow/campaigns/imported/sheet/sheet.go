// Package sheet reads the rows of a table that an application exports: CSV in the encodings and with the separators that are
// met, and the first sheet of an Excel workbook. It reads all of it or says, with the number of the row, what it can't read:
// a list that ends early would look like fewer people.
package sheet

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
)

// The bounds of what is read. A bigger application has a directory.
const (
	MostBytes   = 32 << 20
	MostRows    = 50_000
	mostColumns = 200
	mostCell    = 4_000 // bytes
)

// Table is what a file says.
type Table struct {
	Form   string   // in words, as in "CSV in UTF-8, parted by commas"
	Header []string // of each column
	Rows   []Row
	Blank  int // rows that say nothing
}

// Row is a row with its number in the file, as a spreadsheet shows it: the header is row 1.
type Row struct {
	Number int
	Cells  []string // as many as the header has
}

// Fault is why a file can't be read, in words for people.
type Fault struct{ Sentence string }

func (f *Fault) Error() string { return f.Sentence }

func faultf(format string, args ...any) error { return &Fault{fmt.Sprintf(format, args...)} }

// Read reads a file.
func Read(body []byte) (Table, error) {
	switch {
	case len(body) == 0:
		return Table{}, faultf("The file is empty.")
	case len(body) > MostBytes:
		return Table{}, faultf("The file has %d MB; at most %d MB are read.", len(body)>>20, MostBytes>>20)
	case bytes.HasPrefix(body, []byte("PK\x03\x04")):
		return workbook(body)
	case bytes.HasPrefix(body, []byte("\xd0\xcf\x11\xe0")):
		return Table{}, faultf("This is an Excel file of the old kind, or one with a password. Save it as .xlsx without a password, or as CSV.")
	case bytes.HasPrefix(body, []byte("%PDF")), bytes.HasPrefix(bytes.ToLower(bytes.TrimSpace(body[:min(len(body), 100)])), []byte("<")):
		return Table{}, faultf("This is no table: export it as CSV or .xlsx.")
	}
	return separated(body)
}

// collecting takes rows as they come, the header first.
type collecting struct {
	Table
	begun bool
}

func (c *collecting) add(number int, cells []string) error {
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
		if err := checkCell(number, i, cells[i]); err != nil {
			return err
		}
	}
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	switch {
	case len(cells) == 0:
		if c.begun {
			c.Blank++
		}
		return nil
	case len(cells) > mostColumns:
		return faultf("Row %d has %d columns; at most %d are read.", number, len(cells), mostColumns)
	case !c.begun:
		c.begun = true
		return c.head(number, cells)
	case len(cells) > len(c.Header):
		return faultf("Row %d has %d columns, and the header has %d: is something in it parted that belongs together?", number, len(cells), len(c.Header))
	case len(c.Rows) == MostRows:
		return faultf("The file has more than %d rows. An application of that size is better reviewed by its directory.", MostRows)
	}
	c.Rows = append(c.Rows, Row{number, append(cells, make([]string, len(c.Header)-len(cells))...)})
	return nil
}

// head takes the header.
func (c *collecting) head(number int, cells []string) error {
	seen := map[string]int{}
	for i, name := range cells {
		key := strings.ToLower(name)
		if name == "" {
			continue
		}
		if was, twice := seen[key]; twice {
			return faultf("Row %d names the columns %s and %s alike (%q): rename one of them, so that it is clear which counts.", number, Column(was), Column(i), name)
		}
		seen[key] = i
	}
	c.Header = cells
	return nil
}

func (c *collecting) done() (Table, error) {
	switch {
	case !c.begun:
		return Table{}, faultf("There is nothing in the file.")
	case len(c.Rows) == 0:
		return Table{}, faultf("The file has a header and no rows. That nobody has access can't be told from a failed export: end the review of the app, or take it out of its scope.")
	}
	return c.Table, nil
}

// checkCell refuses what is no text, and formulas: what such a cell shows is worked out by whoever opens the file.
func checkCell(row, column int, text string) error {
	switch {
	case len(text) > mostCell:
		return faultf("Row %d, column %s has more than %d bytes of text.", row, Column(column), mostCell)
	case strings.HasPrefix(text, "="):
		return faultf("Row %d, column %s is a formula (%q): have the application export values, or paste them as values.", row, Column(column), short(text))
	case strings.ContainsFunc(text, hidden):
		return faultf("Row %d, column %s has a character that can't be seen or printed (%q): export the file anew.", row, Column(column), short(text))
	}
	return nil
}

// hidden are characters by which two texts look alike that aren't, or a text looks like another one.
func hidden(r rune) bool {
	return r == unicode.ReplacementChar || unicode.Is(unicode.Cc, r) && r != '\t' && r != '\n' && r != '\r' || unicode.Is(unicode.Bidi_Control, r) ||
		r == '\u200b' || r == '\u2060' || r == '\ufeff'
}

// short is the beginning of a text.
func short(text string) string {
	r := []rune(text)
	if len(r) <= 30 {
		return text
	}
	return string(r[:30]) + "…"
}

// Column is what a spreadsheet calls a column, as in "C".
func Column(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}
