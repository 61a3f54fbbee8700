package fault_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"latchkey/sandbox/fault"
)

// book is an emulation of two lists, three rows to a page, that are cut by a number.
type book struct {
	fault.Lists
	lists map[string][]string
	calls int
}

func newBook() *book {
	b := &book{lists: map[string][]string{}}
	for i := range 8 {
		b.lists["/groups/a/members"] = append(b.lists["/groups/a/members"], fmt.Sprintf("a%d", i+1))
		b.lists["/groups/b/members"] = append(b.lists["/groups/b/members"], fmt.Sprintf("b%d", i+1))
	}
	return b
}

func (b *book) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.calls++
	all := b.lists[r.URL.Path]
	from, _ := strconv.Atoi(r.URL.Query().Get("from"))
	to := min(from+3, len(all))
	body := map[string]any{"list": r.URL.Path}
	var rows []any
	for _, id := range all[min(from, to):to] {
		rows = append(rows, map[string]any{"id": id, "email": id + "@x.com"})
	}
	body["rows"] = rows
	if to < len(all) {
		body["next"] = strconv.Itoa(to)
	}
	_ = json.NewEncoder(w).Encode(body)
}

func (b *book) shape() fault.Shape {
	return fault.Shape{
		Cursor: "from", Rows: "rows", IDs: []string{"id"},
		Next: func(_ http.Header, body map[string]any) string {
			next, _ := body["next"].(string)
			return next
		},
		Lead: func(_ *http.Request, _ http.Header, body map[string]any, cursor string) {
			if delete(body, "next"); cursor != "" {
				body["next"] = cursor
			}
		},
		Refuse: func(w http.ResponseWriter, _ *http.Request, status int) { w.WriteHeader(status) },
	}
}

// read goes through a list, at most six pages of it, and says what came of each.
func (b *book) read(list string) string {
	served, said := b.Wrap(b, b.shape()), []string{}
	for next, n := "", 0; n < 6; n++ {
		w := httptest.NewRecorder()
		served.ServeHTTP(w, httptest.NewRequest(http.MethodGet, list+"?from="+next, nil))
		var body struct {
			List, Next string
			Rows       []struct{ ID, Email string }
		}
		switch err := json.Unmarshal(w.Body.Bytes(), &body); {
		case w.Code != http.StatusOK:
			return strings.Join(append(said, strconv.Itoa(w.Code)), " | ")
		case w.Body.Len() == 0:
			return strings.Join(append(said, "blank"), " | ")
		case err != nil:
			return strings.Join(append(said, "broken"), " | ")
		case body.List == "":
			return strings.Join(append(said, "shapeless"), " | ")
		}
		var rows []string
		for _, r := range body.Rows {
			if r.Email != r.ID+"@x.com" {
				r.ID += "=" + r.Email
			}
			rows = append(rows, r.ID)
		}
		if said = append(said, strings.Join(rows, ",")); body.Next == "" {
			break
		}
		next = body.Next
	}
	return strings.Join(said, " | ")
}

func TestHowListsGoWrong(t *testing.T) {
	const list, right = "/groups/a/members", "a1,a2,a3 | a4,a5,a6 | a7,a8"
	for name, c := range map[string]struct {
		f    fault.List
		want string
	}{
		"of another list":          {fault.List{Path: "/groups/b/*", Dropped: true}, right},
		"a page is passed over":    {fault.List{Page: 2, Dropped: true}, "a1,a2,a3 | a7,a8"},
		"the last is passed over":  {fault.List{Page: 3, Dropped: true}, "a1,a2,a3 | a4,a5,a6 | "},
		"the first is passed over": {fault.List{Page: 1, Dropped: true}, "a4,a5,a6 | a7,a8"},
		"a page comes again":       {fault.List{Page: 2, Again: true}, "a1,a2,a3 | a1,a2,a3 | a7,a8"},
		"a later page comes again": {fault.List{Page: 3, Again: true}, "a1,a2,a3 | a4,a5,a6 | a4,a5,a6"},
		"it ends too early":        {fault.List{Page: 2, Last: true}, "a1,a2,a3 | a4,a5,a6"},
		"it leads to itself":       {fault.List{Page: 2, Circle: true}, "a1,a2,a3 | a4,a5,a6 | a4,a5,a6 | a4,a5,a6 | a4,a5,a6 | a4,a5,a6"},
		"a row is lost":            {fault.List{Page: 2, Lost: 1}, "a1,a2,a3 | a4,a6 | a7,a8"},
		"a row comes twice":        {fault.List{Page: 1, Double: 1}, "a1,a2,a3,a1 | a4,a5,a6 | a7,a8"},
		"under two addresses":      {fault.List{Page: 1, Alias: [2]string{"a2@x.com", "maya@x.com"}}, "a1,a2,a3,a2=maya@x.com | a4,a5,a6 | a7,a8"},
		"a page of another":        {fault.List{Page: 2, Other: "/groups/b/members"}, "a1,a2,a3 | b4,b5,b6 | a7,a8"},
		"rows of another":          {fault.List{Page: 3, Other: "/groups/b/members", Disguised: true}, "a1,a2,a3 | a4,a5,a6 | b7,b8"},
		"it breaks off":            {fault.List{Page: 2, Cut: true}, "a1,a2,a3 | broken"},
		"it is blank":              {fault.List{Page: 2, Blank: true}, "a1,a2,a3 | blank"},
		"it is no list":            {fault.List{Page: 1, Shapeless: true}, "shapeless"},
		"a row without an id":      {fault.List{Page: 3, Nameless: true}, "a1,a2,a3 | a4,a5,a6 | =a7@x.com,a8"},
		"an error":                 {fault.List{Page: 2, Status: 503}, "a1,a2,a3 | 503"},
		"every page":               {fault.List{Lost: 1}, "a1,a3 | a4,a6 | a8"},
		"one page, whichever":      {fault.List{Lost: 1, Times: 1}, "a1,a3 | a4,a5,a6 | a7,a8"},
	} {
		b := newBook()
		if c.f.Path == "" {
			c.f.Path = "/groups/a/*"
		}
		disarm := b.AddListFault(c.f)
		if got := b.read(list); got != c.want {
			t.Errorf("%s: %s\nwant %s", name, got, c.want)
		}
		disarm()
		if got := b.read(list); got != right {
			t.Errorf("%s, disarmed: %s", name, got)
		}
	}
}

// TestSomebodyComesMeanwhile: what is done before a page is answered shows on it, and later.
func TestSomebodyComesMeanwhile(t *testing.T) {
	b := newBook()
	b.AddListFault(fault.List{Path: "/groups/a/members", Page: 2, Times: 1, Meanwhile: func() {
		b.lists["/groups/a/members"] = append(b.lists["/groups/a/members"], "a9")
	}})
	if got := b.read("/groups/a/members"); got != "a1,a2,a3 | a4,a5,a6 | a7,a8,a9" {
		t.Error(got)
	}
	b.AddListFault(fault.List{Path: "/groups/a/members", Cut: true})
	b.ClearListFaults()
	if got := b.read("/groups/a/members"); got != "a1,a2,a3 | a4,a5,a6 | a7,a8,a9" {
		t.Error(got)
	}
	w := httptest.NewRecorder()
	b.AddListFault(fault.List{Path: "/groups/*/members", Status: 500})
	b.Wrap(b, b.shape()).ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/groups/a/members", nil))
	if w.Code != http.StatusOK {
		t.Error("a change was hit")
	}
}

func TestHowMembersAreMiscounted(t *testing.T) {
	var c fault.Counts
	said := func() string {
		n, known := c.Said("g", 5)
		return fmt.Sprint(n, known)
	}
	c.Miscount("other", 3)
	if said() != "5 true" {
		t.Error("counted wrongly that was not to be:", said())
	}
	for want, do := range map[string]func(){
		"7 true": func() { c.Miscount("g", 2) }, "4 true": func() { c.Miscount("g", -1) }, "9 true": func() { c.StickCount("g", 9) },
		"0 false": func() { c.HideCount("g") }, "5 true": func() { c.CountRight("g") },
	} {
		if do(); said() != want {
			t.Errorf("%s, want %s", said(), want)
		}
	}
	c.HideCount("g")
	if c.CountRight(); said() != "5 true" {
		t.Error("after all are right:", said())
	}
}
