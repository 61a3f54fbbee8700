package idp

import (
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"hash/maphash"
	"iter"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"latchkey/clock"
)

// Reading notes how one listing is read, while its pages come: implementations of Directory keep one for each listing, and
// its Extraction is what Listing.Read says. It is not safe for concurrent use, as a listing isn't.
type Reading struct {
	service string
	clock   clock.Clock
	rows    hash.Hash
	seed    maphash.Seed
	lists   []*ListReading
	ended   bool
}

// ListReading notes how one list is read.
type ListReading struct {
	of    *Reading
	so    ListRead
	seen  hashes // of the keys of rows: a list may name a hundred thousand
	apart map[string]int
	count Counter
	first Count // what the vendor counted before the first page; unknown where it wasn't asked

	spots []string // an account of each page
	onIt  int      // accounts of the page so far
	found string   // the one of them that is chosen; "" for none yet
	spare string   // the one that was chosen before the latest row
}

// NewReading begins to note. Service is whose API is asked, for people.
func NewReading(service string, c clock.Clock) *Reading {
	return &Reading{service: service, clock: c, rows: sha256.New(), seed: maphash.MakeSeed()}
}

// List begins to note one list, asked for with a request. count asks for the vendor's own count once the list is read; nil
// where the vendor doesn't count it.
func (r *Reading) List(q Request, count Counter) *ListReading {
	l := &ListReading{of: r, so: ListRead{Request: q}, apart: map[string]int{}, count: count}
	r.lists = append(r.lists, l)
	return l
}

// Instead forgets what was noted: the list that is begun next is read in its place.
func (r *Reading) Instead() {
	r.lists = nil
	r.rows.Reset()
}

// Page notes that a page was received, before its rows are.
func (l *ListReading) Page() {
	l.settle()
	l.so.Last = l.of.clock.Now()
	if l.so.Pages++; l.so.Pages == 1 {
		l.so.First = l.so.Last
	}
}

// Row notes a row as it was received. Key is what it stands for, such as an account's id; it says whether the list had
// named that before.
func (l *ListReading) Row(raw []byte, key string) (again bool) {
	l.of.rows.Write(raw) // a hash never fails
	l.of.rows.Write([]byte{'\n'})
	l.so.Rows++
	if again = !l.seen.add(maphash.String(l.of.seed, key)); again {
		l.so.Repeated++
	}
	l.spare = l.found
	if l.onIt++; rand.IntN(l.onIt) == 0 {
		l.found = key
	}
	return again
}

// settle keeps the account that was chosen of the page before.
func (l *ListReading) settle() {
	if l.found != "" && len(l.spots) < mostSpots {
		l.spots = append(l.spots, l.found)
	}
	l.onIt, l.found, l.spare = 0, "", ""
}

// mostSpots is of how many pages of a list an account is chosen.
const mostSpots = 16

// Apart notes that a row that the list had not named before is no member like others: the vendor's count leaves it out,
// unless counted, or it stands for no account, unless account. What says in words for people what such rows are, in the
// plural.
func (l *ListReading) Apart(what string, counted, account bool) {
	l.apart[what]++
	if !counted {
		l.so.Uncounted++
	}
	if !account {
		l.so.NotAccounts++
		l.onIt, l.found = l.onIt-1, l.spare
	}
}

// Says notes what an account on the list says of itself: whether it is in the group.
func (l *ListReading) Says(isIn bool) {
	if isIn {
		l.so.Confirmed++
	} else {
		l.so.Contradicted++
	}
}

// Unlisted notes how many members another list of the vendor's names, and this one doesn't.
func (l *ListReading) Unlisted(n int) { l.so.Unlisted = n }

// ByPosition notes that the vendor cuts pages by position.
func (l *ListReading) ByPosition() { l.so.ByPosition = true }

// Moved notes when the vendor says that somebody joined or left last. Where that was while the pages of the list were read, or so
// shortly before that clocks may differ, one may have slipped from a page that wasn't read yet to one that was.
func (l *ListReading) Moved(last time.Time) {
	l.so.Moved = l.so.Pages > 1 && last.After(l.so.First.Add(-clocksDiffer))
}

// Before notes what the vendor counted before the first page was asked for. Where it counts otherwise after the last of several,
// somebody joined or left meanwhile, and one may have slipped so, too.
func (l *ListReading) Before(c Count) { l.first = c }

// clocksDiffer is by how much a vendor's clock may differ from ours, with all that a page is under way.
const clocksDiffer = 30 * time.Second

// Listing is the listing of all, whose reading this notes.
func (r *Reading) Listing(count Count, all iter.Seq2[Membership, error]) Listing {
	return Listing{Count: count, Read: r.Extraction, All: func(yield func(Membership, error) bool) {
		for m, err := range all {
			if !yield(m, err) || err != nil {
				return
			}
		}
		r.ended = true
	}}
}

// Extraction says how it was read, and asks the vendor for its counts. That one can't be asked for just now is an error.
func (r *Reading) Extraction(ctx context.Context) (Extraction, error) {
	if !r.ended {
		return Extraction{}, ErrUnfinished
	}
	out := Extraction{Service: r.service, RowsHash: [sha256.Size]byte(r.rows.Sum(nil))}
	for _, l := range r.lists {
		read, err := l.read(ctx)
		if err != nil {
			return Extraction{}, err
		}
		l.settle()
		out.Lists, out.Spots = append(out.Lists, read), append(out.Spots, l.spots...)
	}
	return out, nil
}

func (l *ListReading) read(ctx context.Context) (ListRead, error) {
	so := l.so
	var apart []string
	for _, what := range slices.SortedFunc(maps.Keys(l.apart), cmp.Compare[string]) {
		apart = append(apart, fmt.Sprintf("%s: %d", what, l.apart[what]))
	}
	so.Apart = strings.Join(apart, ", ")
	if l.count == nil {
		return so, nil
	}
	count, by, err := l.count(ctx)
	if err != nil {
		return so, fmt.Errorf("how many there are could not be asked: %w", err)
	}
	so.Moved = l.so.Moved || so.Pages > 1 && l.first.Known && count.Known && l.first != count // what counts may say that, too
	if so.CountedBy = by; count.Known {
		so.Count, so.CountedAt = count, l.of.clock.Now()
	}
	return so, nil
}

// Got is the request of a GET with parameters.
func Got(path string, params url.Values) Request {
	r := Request{Method: http.MethodGet, Path: path}
	for _, name := range slices.Sorted(maps.Keys(params)) {
		for _, value := range params[name] {
			r.Params = append(r.Params, Param{name, value})
		}
	}
	return r
}
