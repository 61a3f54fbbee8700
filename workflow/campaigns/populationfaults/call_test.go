package populationfaults

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
)

// asks is what a directory asks a service about.
type asks int

const (
	other    asks = iota
	members       // who is in a group
	users         // who of the members has an account, as a list of its own
	count         // how many are in a group
	group         // what a group is
	person        // an account
	accounts      // several accounts
)

// call is a question of the directory's, and the answer that it is about to get.
type call struct {
	*http.Request
	*house
	asks  asks
	group string // the id of the group that is asked about

	reading int // which time the list is begun, from 1
	page    int // which page of it this is, from 1

	status int
	header http.Header
	body   []byte
	cut    bool // the connection breaks in the middle of the body
}

// last is the cursor that leads to the first page again.
const again = "again"

// ask has the service answer: what was asked, or as it was changed.
func (c *call) ask(change func(url.Values)) *call {
	r := c.Request.Clone(c.Request.Context())
	q := r.URL.Query()
	change(q)
	if q.Get(c.cursor) == again {
		q.Del(c.cursor)
	}
	r.URL.RawQuery = q.Encode()
	return c.through(r)
}

// through has the service answer a request.
func (c *call) through(r *http.Request) *call {
	r.Header.Del("Accept-Encoding")
	w := httptest.NewRecorder()
	c.service.ServeHTTP(w, r)
	out := *c
	out.Request, out.status, out.header, out.body = r, w.Code, w.Header(), w.Body.Bytes()
	return &out
}

// at is the page of this list that a cursor leads to.
func (c *call) at(cursor string) *call {
	return c.ask(func(q url.Values) { q.Set(c.cursor, cursor) })
}

// nth is a page of this list as it is now, from 1.
func (c *call) nth(n int) *call {
	page := c.at(again)
	for range n - 1 {
		page = page.at(page.next())
	}
	return page
}

// cursorOf leads to a page of this list, from 1.
func (c *call) cursorOf(n int) string {
	if n == 1 {
		return again
	}
	return c.nth(n - 1).next()
}

// whole are all rows of this list as it is now.
func (c *call) whole() []any {
	return c.ask(func(q url.Values) { q.Del(c.cursor); q.Set(c.size, "100") }).rows()
}

// of is the same question about another group, by its id or its name.
func (c *call) of(name string) *call {
	r := c.Request.Clone(c.Request.Context())
	from, to := figma, name
	if c.group != "" {
		from, to = c.group, c.groups[name]
	}
	r.URL.Path = strings.ReplaceAll(r.URL.Path, from, to)
	q := r.URL.Query()
	for param, values := range q {
		for i, v := range values {
			q[param][i] = strings.ReplaceAll(v, from, to)
		}
	}
	if c.asks == members || c.asks == users {
		q.Del(c.cursor)
	}
	r.URL.RawPath, r.URL.RawQuery = "", q.Encode()
	return c.through(r)
}

// answerLike takes another call's answer for this one's.
func (c *call) answerLike(o *call) {
	c.status, c.header, c.body = o.status, o.header, o.body
}

// say answers something of one's own.
func (c *call) say(status int, text string) {
	c.status, c.body = status, []byte(text)
}

func (c *call) doc() any {
	var v any
	if err := json.Unmarshal(c.body, &v); err != nil {
		return nil
	}
	return v
}

// edit changes the object that is answered.
func (c *call) edit(change func(map[string]any)) {
	o, _ := c.doc().(map[string]any)
	if o == nil {
		o = map[string]any{}
	}
	change(o)
	c.write(o)
}

func (c *call) write(v any) {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // it came out of JSON
	}
	c.body = raw
}

func (c *call) rows() []any {
	switch v := c.doc().(type) {
	case []any:
		return v
	case map[string]any:
		all, _ := v[c.list].([]any)
		return all
	}
	return nil
}

// put answers other rows.
func (c *call) put(rows []any) {
	if c.list == "" {
		c.write(append([]any{}, rows...))
		return
	}
	c.edit(func(o map[string]any) { o[c.list] = append([]any{}, rows...) })
}

// change edits one row of the answer, by its position.
func (c *call) change(i int, edit func(map[string]any)) {
	rows := c.rows()
	if i < len(rows) {
		row := maps.Clone(rows[i].(map[string]any))
		edit(row)
		rows[i] = row
		c.put(rows)
	}
}

// add answers further rows at the end.
func (c *call) add(more ...any) { c.put(append(c.rows(), more...)) }

// copyOf is a row to change.
func copyOf(row any, edit func(map[string]any)) any {
	made := maps.Clone(row.(map[string]any))
	edit(made)
	return made
}

// without are rows less those at some positions.
func without(rows []any, at ...int) (rest []any) {
	for i, r := range rows {
		if !slices.Contains(at, i) {
			rest = append(rest, r)
		}
	}
	return rest
}
