package csv

import (
	"encoding/csv"
	"fmt"
	"io"
	"unicode/utf16"

	"latchkey/evidence"
	"latchkey/evidence/pack"
)

// cellLimit is how many characters Excel keeps of a cell.
const cellLimit = 32_767

// byteOrderMark tells spreadsheets that a file is UTF-8.
const byteOrderMark = "\ufeff"

// column is a column of a table about T.
type column[T any] struct {
	name string
	text func(T) string
}

// table writes rows of T for spreadsheets: UTF-8 with its mark, lines ended by CR LF, no
// cell that is taken for a formula or is longer than Excel keeps.
type table[T any] struct {
	columns []column[T]
	w       *csv.Writer
	cells   []string
}

func newTable[T any](w io.Writer, columns []column[T]) (*table[T], error) {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return nil, err
	}
	t := &table[T]{columns: columns, w: csv.NewWriter(w), cells: make([]string, len(columns))}
	t.w.UseCRLF = true
	for i, c := range columns {
		t.cells[i] = c.name
	}
	return t, t.w.Write(t.cells)
}

func (t *table[T]) put(v T) error {
	for i, c := range t.columns {
		t.cells[i] = cell(c.text(v))
	}
	return t.w.Write(t.cells)
}

func (t *table[T]) end() error {
	t.w.Flush()
	return t.w.Error()
}

// cell is a text as a cell holds it.
func cell(text string) string {
	text = evidence.Harmless(pack.Clean(text))
	if len(text) <= cellLimit {
		return text
	}
	n := units(text)
	if n <= cellLimit {
		return text
	}
	rest := fmt.Sprintf(" … (cut: all %d characters are in %s)", n, pack.JSONFile)
	keep := cellLimit - units(rest)
	for i, r := range text {
		if keep -= utf16.RuneLen(r); keep < 0 {
			return text[:i] + rest
		}
	}
	return text
}

// units is the length of a text as Excel counts it.
func units(text string) (n int) {
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}
