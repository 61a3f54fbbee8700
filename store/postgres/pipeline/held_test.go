package pipeline

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

var (
	add    = Statement{Table: "task", SQL: "add", Many: true}
	remove = Statement{Table: "task", SQL: "remove", Many: true, Of: "w1"}
	others = Statement{Table: "task", SQL: "remove", Many: true, Of: "w2"}
	change = Statement{Table: "task", SQL: "change"}
	record = Statement{Table: "record", SQL: "put", Many: true}
)

// sent is what is sent for rows, which are named by their keys.
func sent(h *held) string {
	b := &pgx.Batch{}
	h.moveTo(b)
	var all []string
	for _, q := range b.QueuedQueries {
		all = append(all, fmt.Sprintf("%s %v", q.SQL, q.Arguments[0]))
	}
	return strings.Join(all, ", ")
}

type write struct {
	Statement
	key string
}

// Rows become one statement as long as nothing that concerns them comes between.
func TestRowsOfOneStatement(t *testing.T) {
	for want, rows := range map[string][]write{
		"":                                  nil,
		"add [1 2 3]":                       {{add, "1"}, {add, "2"}, {add, "3"}},
		"add [1 2], put [1 2]":              {{add, "1"}, {record, "1"}, {add, "2"}, {record, "2"}},
		"add [1 3], remove [2 4]":           {{add, "1"}, {remove, "2"}, {add, "3"}, {remove, "4"}},
		"add [1], remove [1], add [1 2]":    {{add, "1"}, {remove, "1"}, {add, "1"}, {add, "2"}},
		"remove [1], add [1], remove [1 2]": {{remove, "1"}, {add, "1"}, {remove, "1"}, {remove, "2"}},
		"add [1], add [1]":                  {{add, "1"}, {add, "1"}},
		"remove [1 3], remove [2]":          {{remove, "1"}, {others, "2"}, {remove, "3"}},
		"add [1 3], change 2, change 1":     {{add, "1"}, {change, "2"}, {add, "3"}, {change, "1"}},
		"add [1], change 1, add [1]":        {{add, "1"}, {change, "1"}, {add, "1"}},
		"add [1], change , add [2 3]":       {{add, "1"}, {change, ""}, {add, "2"}, {add, "3"}},
		"put [1 2], change ":                {{record, "1"}, {change, ""}, {record, "2"}},
	} {
		h := &held{}
		for _, w := range rows {
			h.add(w.Statement, w.key, []any{w.key})
		}
		if got := sent(h); got != want {
			t.Errorf("sent %q, want %q", got, want)
		}
		if h.rows != 0 || h.bytes != 0 || sent(h) != "" {
			t.Errorf("something is left of %q", want)
		}
	}
}

// A question has what concerns it sent before, and nothing else.
func TestWhatAQuestionTouches(t *testing.T) {
	h := &held{}
	h.add(add, "1", []any{"1"})
	for part, want := range map[Part]bool{
		{"task", "1"}: true, {"task", ""}: true, {"", ""}: true,
		{"task", "2"}: false, {"record", "1"}: false, {"record", ""}: false,
	} {
		if got := h.touches(part); got != want {
			t.Errorf("%v: %v", part, got)
		}
	}
	h.add(change, "", []any{""})
	if !h.touches(Part{"task", "2"}) || h.touches(Part{"record", "2"}) {
		t.Error("what was changed in the whole table isn't seen in a row of it")
	}
	sent(h)
	if h.touches(Part{"task", "1"}) || h.touches(Part{}) {
		t.Error("it was sent, and is held")
	}
}
