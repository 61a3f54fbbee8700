package pipeline

import "github.com/jackc/pgx/v5"

// Statement is one way to write into a table.
type Statement struct {
	Table string // what is written to different tables can be sent in any order
	SQL   string
	Many  bool   // it takes many rows: each parameter is a column, an array with an element for each row
	Of    string // what its rows have in common: those of another sort are no part of it
}

// Part is a row of a table, by its key, or the whole table.
type Part struct{ Table, Key string }

// held are writes that were not sent yet, in runs of rows that one statement writes. Rows of
// different keys can be written in any order, but those of one statement keep theirs.
type held struct {
	runs        []run
	rows, bytes int

	latest map[Statement]int // the last run of a statement, from one on
	last   map[Part]int      // the last run that touches a row, or anything of a table
	whole  map[string]int    // the last run that touches all of a table
}

type run struct {
	Statement
	values [][]any // one for each parameter
}

// add holds a row back. One without a key touches the whole table.
func (h *held) add(s Statement, key string, values []any) {
	at := h.place(s, key, len(values))
	r := &h.runs[at-1]
	for i, v := range values {
		r.values[i] = append(r.values[i], v)
		h.bytes += size(v)
	}
	h.rows++
	h.latest[s] = at
	h.last[Part{s.Table, key}] = at
	h.last[Part{Table: s.Table}] = max(at, h.last[Part{Table: s.Table}])
	if key == "" {
		h.whole[s.Table] = at
	}
}

// place is the run for a row: the last one of its statement, unless the row or the whole table
// is touched after that; otherwise a new one.
func (h *held) place(s Statement, key string, columns int) int {
	if at := h.latest[s]; s.Many && at > h.last[Part{s.Table, key}] && at > h.whole[s.Table] {
		return at
	}
	if h.runs == nil {
		h.latest, h.last, h.whole = map[Statement]int{}, map[Part]int{}, map[string]int{}
	}
	h.runs = append(h.runs, run{s, make([][]any, columns)})
	return len(h.runs)
}

// touches tells whether something is held that belongs to a part; to none: anything.
func (h *held) touches(p Part) bool {
	return h.last[p] > 0 || h.whole[p.Table] > 0 || p == Part{} && h.rows > 0
}

// moveTo hands everything over, in order.
func (h *held) moveTo(b *pgx.Batch) {
	for _, r := range h.runs {
		b.Queue(r.SQL, r.parameters()...)
	}
	*h = held{}
}

func (r run) parameters() []any {
	all := make([]any, len(r.values))
	for i, column := range r.values {
		if all[i] = column; !r.Many {
			all[i] = column[0]
		}
	}
	return all
}

func size(v any) int {
	switch v := v.(type) {
	case []byte:
		return len(v)
	case string:
		return len(v)
	}
	return 8
}
