package populationfaults

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"latchkey/idp"
)

// The people, by their handles, and the groups. Seven are in figma, in this order, of whom eva has left; three are in
// payroll; seven others are in design.
const (
	ada, ben, cyd, dov, eva, fay, gil      = "ada", "ben", "cyd", "dov", "eva", "fay", "gil"
	hal, ivy, jan, kim, lea, mia, ned, oda = "hal", "ivy", "jan", "kim", "lea", "mia", "ned", "oda"

	aaron = "aaron" // comes before everybody

	figma, payroll, design = "figma", "payroll", "design"
)

// memberships are who is in which group.
func memberships(group string) []string {
	return map[string][]string{
		figma: {ada, ben, cyd, dov, eva, fay, gil}, payroll: {hal, ivy, ned}, design: {hal, ivy, jan, kim, lea, mia, oda},
	}[group]
}

// vendor is how a service writes.
type vendor struct {
	name     string
	sort     func(*http.Request) (what asks, group string)
	cursor   string // the parameter that leads to a page
	size     string // the parameter that says how long one is
	list     string // the attribute that holds the rows; "": the answer is the rows
	id       string // the attribute of a row that says which account it is
	nextOf   func(*call) string
	leads    func(c *call, cursor string)
	leadsTo  func(c *call, url *url.URL)
	counts   func(c *call, n any)
	renamed  func(row any, address string) any
	nobody   string // the id of nobody, in this service's form
	strange  func(i int) string
	separate bool // two lists of the same members
}

// house is a service with its people in it, the directory that reads it, and what is planted between them.
type house struct {
	vendor
	clock   *leaping
	service http.Handler
	ids     map[string]string // accounts, by handle
	groups  map[string]string // ids, by name
	deleted string            // the id of an account that was in figma, and is no more

	join   func(group, handle string, in bool)
	forget func(handle string) // deletes the account
	close  func(handle string) // deactivates the account
	in     func(group string) []string
	open   func(t *testing.T, url string) idp.Directory

	mu       sync.Mutex
	planted  func(*call)
	readings map[string]int
	pages    map[string]int
	done     map[string]bool
	touched  int // answers that the fault changed
	closed   map[string]bool
	were     [][]string // who was in figma at each call since the latest reading began
}

// ServeHTTP is the wire: the service's answer, with what was planted in it.
func (h *house) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	what, of := h.sort(r)
	c := &call{Request: r, house: h, asks: what, group: of}
	if (what == members || what == users) && of == h.groups[figma] {
		c.reading, c.page = h.counted(r, what)
	}
	c = c.ask(func(q url.Values) {
		if c.page > 0 && h.size != "" {
			q.Set(h.size, "3")
		}
	})
	if what == members && c.page == 1 && h.size != "" { // where there are no pages, a look-up asks the same
		h.were = nil
	}
	h.remember()
	if h.planted != nil && (of == h.groups[figma] || what == person || what == accounts || what == group) {
		before := fmt.Sprint(c.status, c.header, string(c.body), c.cut, h.done, h.closed, h.in(figma))
		h.planted(c)
		if before != fmt.Sprint(c.status, c.header, string(c.body), c.cut, h.done, h.closed, h.in(figma)) {
			h.touched++
		}
		h.remember()
	}
	c.send(w)
}

// remember notes who is in figma at this moment, as a review shows them.
func (h *house) remember() {
	var now []string
	for _, handle := range h.in(figma) {
		now = append(now, shown(h.ids[handle], h.closed[handle]))
	}
	slices.Sort(now)
	h.were = append(h.were, now)
}

// true tells whether rows are those who were in figma at some moment since the latest reading began.
func (h *house) true(rows []string, f fault) bool {
	return slices.ContainsFunc(h.were, func(w []string) bool { return slices.Equal(f.compared(h, w), rows) })
}

// left says that somebody has left.
func (h *house) left(handle string) {
	h.close(handle)
	h.closed[handle] = true
}

// counted is which reading of a list a call belongs to, and which page of it it is.
func (h *house) counted(r *http.Request, what asks) (reading, page int) {
	key := fmt.Sprint(what)
	if !r.URL.Query().Has(h.cursor) || h.cursor == "" {
		h.readings[key]++
		h.pages[key] = 0
	}
	h.pages[key]++
	return h.readings[key], h.pages[key]
}

func (c *call) send(w http.ResponseWriter) {
	for name, values := range c.header {
		if name != "Content-Length" {
			w.Header()[name] = values
		}
	}
	if !c.cut {
		w.WriteHeader(c.status)
		_, _ = w.Write(c.body) // whoever asked has gone
		return
	}
	w.Header().Set("Content-Length", fmt.Sprint(len(c.body)))
	w.WriteHeader(c.status)
	_, _ = w.Write(c.body[:len(c.body)/2])
	panic(http.ErrAbortHandler)
}

// plant plants a fault, and counts readings anew.
func (h *house) plant(f func(*call)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.planted, h.readings, h.pages, h.done, h.touched = f, map[string]int{}, map[string]int{}, map[string]bool{}, 0
}

// next is the cursor to the page after this one; "" where there is none.
func (c *call) next() string { return c.nextOf(c) }

// lead leads to another page; "" to none.
func (c *call) lead(cursor string) { c.leads(c, cursor) }

// leadTo leads to another list.
func (c *call) leadTo(to *url.URL) { c.leadsTo(c, to) }

// countAs says another count.
func (c *call) countAs(n any) { c.counts(c, n) }

// happened says whether something was said to have happened before, and says it.
func (h *house) happened(what string) bool {
	before := h.done[what]
	h.done[what] = true
	return before
}

// truth are the accounts that are in figma now.
func (h *house) truth() (ids []string) {
	for _, handle := range h.in(figma) {
		ids = append(ids, h.ids[handle])
	}
	slices.Sort(ids)
	return ids
}

// handle is whose row it is.
func (h *house) handle(row any) string {
	o, _ := row.(map[string]any)
	for handle, id := range h.ids {
		if o[h.id] == id {
			return handle
		}
	}
	return ""
}

func (h *house) less(rows []any, handles ...string) (rest []any) {
	for _, r := range rows {
		if !slices.Contains(handles, h.handle(r)) {
			rest = append(rest, r)
		}
	}
	return rest
}

func (h *house) lessLeavers(rows []any) []any { return h.less(rows, eva) }

func (h *house) lessFirst(rows []any) []any { return h.less(rows, ada) }

// before is the list as it was when two of its members weren't in it, on one page.
func (c *call) before() *call {
	old := c.ask(func(q url.Values) { q.Del(c.cursor); q.Set(c.size, "100") })
	old.put(c.less(old.rows(), cyd, gil))
	return old
}

// foreign are rows of accounts of another organisation.
func (h *house) foreign(rows []any) (out []any) {
	for i, r := range rows {
		out = append(out, copyOf(r, func(o map[string]any) { o[h.id] = h.strange(i) }))
	}
	return out
}

// leadingTo is this page with a link to the same list of another group.
func (c *call) leadingTo(name string) *call {
	to := *c.URL
	to.Path = strings.ReplaceAll(to.Path, c.group, c.groups[name])
	c.leadTo(&to)
	return c
}

// redirect leads to another page by status and header.
func (c *call) redirect(cursor string) {
	to := *c.URL
	q := to.Query()
	q.Set(c.cursor, cursor)
	to.RawQuery = q.Encode()
	c.header.Set("Location", to.RequestURI())
	c.say(http.StatusFound, "")
}

// somebodyElse is what the service says of another account than the one that was asked about.
func (c *call) somebodyElse() *call {
	r := c.Request.Clone(c.Request.Context())
	for handle, id := range c.ids {
		other := c.ids[ned]
		if handle == ned {
			other = c.ids[oda]
		}
		if strings.HasSuffix(r.URL.Path, "/"+id) {
			r.URL.Path = strings.TrimSuffix(r.URL.Path, id) + other
			break
		}
	}
	return c.through(r)
}

// begin puts people into a service that has none, and a wire before it.
func (h *house) begin(t *testing.T, add func(handle string) string, addGroup func(name string) string) *house {
	t.Helper()
	h.ids, h.groups = map[string]string{}, map[string]string{}
	for _, name := range []string{figma, payroll, design} {
		h.groups[name] = addGroup(name)
	}
	for _, who := range []string{aaron, ada, ben, cyd, dov, eva, fay, gil, hal, ivy, jan, kim, lea, mia, ned, oda} {
		h.ids[who] = add(who)
	}
	for name := range h.groups {
		for _, who := range memberships(name) {
			h.join(name, who, true)
		}
	}
	h.closed = map[string]bool{}
	h.left(eva)
	h.deleted = h.nobody
	h.plant(nil)
	return h
}

// serve opens the directory on the wire.
func (h *house) serve(t *testing.T) idp.Directory {
	t.Helper()
	web := httptest.NewServer(h)
	t.Cleanup(web.Close)
	return h.open(t, web.URL)
}

// listed is who is in a group, as the directory shows it.
func listed(ctx context.Context, d idp.Directory, group string) ([]string, error) {
	all, err := idp.Everybody(d.Members(ctx, group))
	var ids []string
	for _, m := range all {
		ids = append(ids, m.PersonID)
	}
	slices.Sort(ids)
	return ids, err
}
