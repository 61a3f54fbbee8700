package fault

import (
	"net/http"
	"net/url"
	"path"
	"sync"
)

// List is what goes wrong with a list of members that comes page by page. Pages are counted from 1, by the cursors by which
// they are asked for. Faults that change a page change the answer that the emulation would have given.
type List struct {
	Path  string // of which lists; "*" stands for one segment
	Page  int    // which page; 0 is each
	Times int    // how many pages it hits; 0 is every one

	Dropped   bool      // it is passed over: the page after it comes in its place
	Again     bool      // the rows of the page before it come in place of its own
	Last      bool      // it says that it is the last
	Circle    bool      // it leads to itself
	Lost      int       // so many of its rows are missing, from the middle
	Double    int       // so many of its rows come twice
	Alias     [2]string // the row with the first address comes once more, with the second
	Other     string    // path of another list, whose page comes in its place, with its links
	Disguised bool      // only the rows of Other come, with the links of the list that was asked for
	Grafted   bool      // of Other come no more rows than the page has itself
	Cut       bool      // the JSON breaks off in the middle
	Blank     bool      // it has no body, with 200
	Shapeless bool      // it is JSON, and has no list in it
	Nameless  bool      // its first row has no id
	Status    int       // an error
	Meanwhile func()    // somebody does something right before it is answered
}

// Shape is how a vendor writes lists.
type Shape struct {
	Cursor string   // the parameter by which a page is asked for
	Rows   string   // the attribute that holds the rows; "" where the answer is the list
	IDs    []string // the attributes that say what a row stands for
	// Omits says that an attribute without rows is left out.
	Omits bool
	// Next reads from an answer the cursor of the page after it, "" if it is the last. Lead has it lead to another one, or,
	// with "", to none.
	Next func(h http.Header, body map[string]any) string
	Lead func(r *http.Request, h http.Header, body map[string]any, cursor string)
	// Refuse answers with an error.
	Refuse func(w http.ResponseWriter, r *http.Request, status int)
}

// Lists are the faults of the lists of one emulation. The zero value is ready; it is safe for concurrent use.
type Lists struct {
	armed Armed[List]
	mu    sync.Mutex
	pages map[string]int // which page a cursor asks for, by the list's path
}

// AddListFault arms a fault, until disarm is called. Of several that match a page, the one armed first hits it.
func (l *Lists) AddListFault(f List) (disarm func()) { return l.armed.Arm(f) }

// ClearListFaults disarms all.
func (l *Lists) ClearListFaults() { l.armed.Clear() }

// Wrap puts the faults before an emulation.
func (l *Lists) Wrap(inner http.Handler, shape Shape) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || !l.known(r) {
			inner.ServeHTTP(w, r)
			return
		}
		page := l.page(r, shape)
		hit := l.armed.Take(func(f *List) bool { return f.matches(r) && (f.Page == 0 || f.Page == page) }, func(f *List) *int { return &f.Times })
		a := answering{l, inner, shape, page}
		if hit == nil {
			a.write(w, a.ask(r))
			return
		}
		a.spoiled(w, r, *hit)
	})
}

func (f *List) matches(r *http.Request) bool {
	matched, err := path.Match(f.Path, r.URL.Path)
	return err == nil && matched
}

// known tells whether any fault is about a list: what none is about is left alone.
func (l *Lists) known(r *http.Request) bool {
	l.armed.mu.Lock()
	defer l.armed.mu.Unlock()
	for _, f := range l.armed.list {
		if f.matches(r) {
			return true
		}
	}
	return false
}

// page is which page a call asks for.
func (l *Lists) page(r *http.Request, shape Shape) int {
	cursor := r.URL.Query().Get(shape.Cursor)
	if cursor == "" {
		return 1
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(1, l.pages[r.URL.Path+"\n"+cursor])
}

// leads notes to which page a cursor leads.
func (l *Lists) leads(at *url.URL, cursor string, page int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pages == nil {
		l.pages = map[string]int{}
	}
	l.pages[at.Path+"\n"+cursor] = page
}
