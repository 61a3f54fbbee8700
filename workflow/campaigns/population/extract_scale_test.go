package population_test

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"runtime"
	"slices"
	"testing"

	"latchkey/clock"
	"latchkey/idp"

	"latchkey/workflow/campaigns/population"
)

// crowded is a directory with one group of n members, of which it has no more than a page at a time.
type crowded struct {
	idp.Directory
	n int
}

func (crowded) ID() string { return "crowded" }

func (d crowded) Members(context.Context, string) (idp.Listing, error) {
	reading := idp.NewReading("Vendor", clock.System{})
	list := reading.List(idp.Got("/groups/g/members", url.Values{"limit": {"200"}}), func(context.Context) (idp.Count, idp.Request, error) {
		return idp.Counted(d.n), idp.Got("/groups/g", nil), nil
	})
	return reading.Listing(idp.Count{}, func(yield func(idp.Membership, error) bool) {
		for i := range d.n {
			if i%200 == 0 {
				list.Page()
			}
			m := idp.Membership{PersonID: fmt.Sprintf("00u%017d", i), Email: fmt.Sprintf("p%d@x.com", i)}
			list.Row([]byte(`{"id":"`+m.PersonID+`","profile":{"email":"`+m.Email+`"}}`), m.PersonID)
			if !yield(m, nil) {
				return
			}
		}
	}), nil
}

// weighed takes members and keeps none of them. At the last one it sees how much memory is held.
type weighed struct {
	n, last int
	held    uint64
}

func (*weighed) Begin() error { return nil }

func (w *weighed) Add(some []idp.Membership) (int, error) {
	if w.n += len(some); w.n == w.last {
		w.held = inUse()
	}
	return 0, nil
}

func (*weighed) Doubled() (int, error) { return 0, nil }

func (*weighed) Accounts() iter.Seq[string] { return slices.Values([]string(nil)) }

func inUse() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestAHundredThousandMembersFit: their keys are held while a group is read, and nothing else of them.
func TestAHundredThousandMembersFit(t *testing.T) {
	const n, most = 100_000, 48 << 20
	take, before := &weighed{last: n}, inUse()
	p, err := population.Extractor{Clock: clock.System{}}.Extract(t.Context(), crowded{n: n}, idp.Group{ID: "g"}, take)
	if err != nil || !p.Proven() || p.Last().Accounts != n || p.Last().Pages() != n/200 || p.Last().LookedUp != 0 {
		t.Fatalf("%v: %s", err, p.Says())
	}
	if held := int64(take.held) - int64(before); held > most {
		t.Errorf("%d MB are held, want at most %d", held>>20, most>>20)
	} else {
		t.Logf("%d MB are held for %d members", held>>20, n)
	}
}
