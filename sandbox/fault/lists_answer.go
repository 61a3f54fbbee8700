package fault

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// answering is how one page of a list comes to be answered.
type answering struct {
	lists *Lists
	inner http.Handler
	shape Shape
	page  int
}

// heard is an answer that the client has not got yet.
type heard struct {
	status int
	header http.Header
	raw    bytes.Buffer
	body   map[string]any // nil where the answer is no JSON object
	rows   []any
	listed bool // it has rows, or may have
}

// Header implements http.ResponseWriter.
func (h *heard) Header() http.Header { return h.header }

// Write implements http.ResponseWriter.
func (h *heard) Write(p []byte) (int, error) { return h.raw.Write(p) }

// WriteHeader implements http.ResponseWriter.
func (h *heard) WriteHeader(status int) { h.status = status }

// ask has the emulation answer a call, and reads the answer.
func (a answering) ask(r *http.Request) *heard {
	h := &heard{status: http.StatusOK, header: http.Header{}}
	a.inner.ServeHTTP(h, r)
	h.read(a.shape)
	if next := a.shape.Next(h.header, h.body); h.listed && next != "" {
		a.lists.leads(r.URL, next, a.page+1)
	}
	return h
}

func (h *heard) read(shape Shape) {
	if h.status != http.StatusOK {
		return
	}
	if shape.Rows == "" {
		h.listed = json.Unmarshal(h.raw.Bytes(), &h.rows) == nil
		return
	}
	if h.listed = json.Unmarshal(h.raw.Bytes(), &h.body) == nil; h.listed {
		h.rows, _ = h.body[shape.Rows].([]any)
	}
}

// write sends an answer. Rows and links that were changed are written anew.
func (a answering) write(w http.ResponseWriter, h *heard) {
	maps.Copy(w.Header(), h.header)
	w.WriteHeader(h.status)
	_, _ = w.Write(h.raw.Bytes()) // whoever has gone doesn't hear it
}

// spoiled answers by the ways of a fault.
func (a answering) spoiled(w http.ResponseWriter, r *http.Request, f List) {
	if f.Meanwhile != nil {
		f.Meanwhile()
	}
	if f.Status != 0 {
		a.shape.Refuse(w, r, f.Status)
		return
	}
	h := a.ask(r)
	if !h.listed {
		a.write(w, h)
		return
	}
	h = a.instead(r, f, h)
	a.changed(f, h)
	if f.Circle {
		a.shape.Lead(r, h.header, h.body, a.circle(r, h))
	}
	if f.Last {
		a.shape.Lead(r, h.header, h.body, "")
	}
	h.encode(a.shape, f)
	a.write(w, h)
}

// circle is the cursor of the page itself; of the first, which has none, that of the page after it.
func (a answering) circle(r *http.Request, h *heard) string {
	if own := r.URL.Query().Get(a.shape.Cursor); own != "" {
		return own
	}
	return a.shape.Next(h.header, h.body)
}

// instead is the answer that comes in place of the true one.
func (a answering) instead(r *http.Request, f List, h *heard) *heard {
	switch {
	case f.Dropped:
		next := a.shape.Next(h.header, h.body)
		if next == "" {
			h.rows = nil
			return h
		}
		return answering{a.lists, a.inner, a.shape, a.page + 1}.ask(at(r, r.URL.Path, a.shape.Cursor, next))
	case f.Again:
		before := answering{a.lists, a.inner, a.shape, 1}.ask(at(r, r.URL.Path, a.shape.Cursor, a.before(r)))
		h.rows = before.rows
	case f.Other != "":
		return a.other(r, f, h)
	}
	return h
}

// other is the page of another list, as far into it as the one that was asked for.
func (a answering) other(r *http.Request, f List, h *heard) *heard {
	theirs := answering{a.lists, a.inner, a.shape, 1}
	got := theirs.ask(at(r, f.Other, a.shape.Cursor, ""))
	for range a.page - 1 {
		next := a.shape.Next(got.header, got.body)
		if next == "" {
			break
		}
		got = theirs.ask(at(r, f.Other, a.shape.Cursor, next))
	}
	if f.Grafted {
		got.rows = got.rows[:min(len(got.rows), len(h.rows))]
	}
	if f.Disguised {
		h.rows = got.rows
		return h
	}
	return got
}

// before is the cursor of the page before the one that a call asks for.
func (a answering) before(r *http.Request) string {
	a.lists.mu.Lock()
	defer a.lists.mu.Unlock()
	for _, key := range slices.Sorted(maps.Keys(a.lists.pages)) {
		if list, cursor, _ := strings.Cut(key, "\n"); list == r.URL.Path && a.lists.pages[key] == a.page-1 {
			return cursor
		}
	}
	return ""
}

// at is a call for a page of a list.
func at(r *http.Request, list, parameter, cursor string) *http.Request {
	other := r.Clone(r.Context())
	q := other.URL.Query()
	q.Del(parameter)
	if cursor != "" {
		q.Set(parameter, cursor)
	}
	other.URL.Path, other.URL.RawPath, other.URL.RawQuery = list, "", q.Encode()
	return other
}

// changed changes the rows of a page.
func (a answering) changed(f List, h *heard) {
	if n := min(f.Lost, len(h.rows)); n > 0 {
		from := (len(h.rows) - n) / 2
		h.rows = slices.Delete(h.rows, from, from+n)
	}
	h.rows = append(h.rows, h.rows[:min(f.Double, len(h.rows))]...)
	if f.Alias[0] != "" {
		for _, row := range slices.Clone(h.rows) {
			text, _ := json.Marshal(row) // it was read from JSON
			var twin any
			if strings.Contains(string(text), f.Alias[0]) && json.Unmarshal([]byte(strings.ReplaceAll(string(text), f.Alias[0], f.Alias[1])), &twin) == nil {
				h.rows = append(h.rows, twin)
			}
		}
	}
	if first, is := nth(h.rows, 0).(map[string]any); is && f.Nameless {
		for _, name := range a.shape.IDs {
			delete(first, name)
		}
	}
}

func nth(rows []any, n int) any {
	if n < len(rows) {
		return rows[n]
	}
	return nil
}

// encode writes the answer anew.
func (h *heard) encode(shape Shape, f List) {
	var whole any = h.rows
	if h.rows == nil {
		whole = []any{}
	}
	if shape.Rows != "" {
		h.body[shape.Rows] = whole
		if len(h.rows) == 0 && shape.Omits {
			delete(h.body, shape.Rows)
		}
		whole = h.body
	}
	raw, _ := json.Marshal(whole) // it was read from JSON
	switch {
	case f.Cut:
		raw = raw[:len(raw)/2]
	case f.Blank:
		raw = nil
	case f.Shapeless:
		raw = []byte(`{"message":"not today"}`)
	}
	h.header.Del("Content-Length")
	h.raw.Reset()
	h.raw.Write(raw)
}
