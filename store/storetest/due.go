package storetest

import (
	"testing"
	"time"

	"latchkey/store"
)

func dueChecks() []check {
	return []check{
		{"what is due comes earliest first", dueOrder},
		{"the due time follows the record", dueFollows},
		{"the next due time is the earliest", dueNext},
		{"the ends of the calendar sort too", dueCalendar},
	}
}

func dueIDs(t failer, s store.Store, kind string, at time.Time, limit int) []string {
	t.Helper()
	return recordIDs(read(t, s, func(tx store.Tx) ([]store.Record, error) { return tx.Due(kind, at, limit) }))
}

// nextDue is the next due time of the kind, the zero time if there is none.
func nextDue(t failer, s store.Store, kind string) time.Time {
	t.Helper()
	return read(t, s, func(tx store.Tx) (time.Time, error) {
		at, ok, err := tx.NextDue(kind)
		if ok == at.IsZero() {
			t.Errorf("NextDue says %v and %v", at, ok)
		}
		return at, err
	})
}

func dueOrder(t *testing.T, b Backend) {
	put(t, b,
		store.Record{Kind: "g", ID: "late", Due: in(30)},
		store.Record{Kind: "g", ID: "never"},
		store.Record{Kind: "g", ID: "soon", Due: in(10)},
		store.Record{Kind: "g", ID: "then", Due: in(20)},
		store.Record{Kind: "h", ID: "other", Due: in(5)},
	)
	same(t, "before the first", dueIDs(t, b, "g", in(9), 9))
	same(t, "at the first", dueIDs(t, b, "g", in(10), 9), "soon")
	same(t, "after all", dueIDs(t, b, "g", in(99), 9), "soon", "then", "late")
	same(t, "two at most", dueIDs(t, b, "g", in(99), 2), "soon", "then")
	same(t, "none wanted", dueIDs(t, b, "g", in(99), 0))
}

func dueFollows(t *testing.T, b Backend) {
	put(t, b, store.Record{Kind: "g", ID: "1", Due: in(10)})
	put(t, b, store.Record{Kind: "g", ID: "1", Version: 1, Due: in(20)})
	same(t, "at the old time", dueIDs(t, b, "g", in(10), 9))
	same(t, "at the new time", dueIDs(t, b, "g", in(20), 9), "1")
	put(t, b, store.Record{Kind: "g", ID: "1", Version: 2})
	same(t, "without a time", dueIDs(t, b, "g", in(99), 9))
}

func dueNext(t *testing.T, b Backend) {
	if at := nextDue(t, b, "g"); !at.IsZero() {
		t.Fatalf("an empty store is due at %v", at)
	}
	put(t, b, store.Record{Kind: "g", ID: "1", Due: in(20)}, store.Record{Kind: "g", ID: "2", Due: in(10)}, store.Record{Kind: "g", ID: "3"})
	if at := nextDue(t, b, "g"); !at.Equal(in(10)) {
		t.Fatalf("next is %v, want %v", at, in(10))
	}
	update(t, b, func(tx store.Tx) error { return tx.Delete("g", "2") })
	if at := nextDue(t, b, "g"); !at.Equal(in(20)) {
		t.Fatalf("then %v, want %v", at, in(20))
	}
}

func dueCalendar(t *testing.T, b Backend) {
	zone := time.FixedZone("somewhere", -5*3600)
	put(t, b,
		store.Record{Kind: "g", ID: "far", Due: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)},
		store.Record{Kind: "g", ID: "past", Due: time.Date(1901, 1, 1, 0, 0, 0, 0, time.UTC)},
		store.Record{Kind: "g", ID: "abroad", Due: in(10).In(zone)},
	)
	same(t, "due", dueIDs(t, b, "g", in(10), 9), "past", "abroad")
	r := get(t, b, "g", "far")
	if want := time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC); !r.Due.Equal(want) {
		t.Fatalf("due time came back as %v, want %v", r.Due, want)
	}
}
