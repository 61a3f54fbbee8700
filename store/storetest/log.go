package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/store"
)

func logChecks() []check {
	return []check{
		{"every subject has a chain", logChain},
		{"an entry comes back as it was chained", logRoundTrip},
		{"an entry of another log keeps its bytes", logRestored},
		{"what does not follow is refused", logRefuses},
		{"a failed update leaves no hole", logNoHole},
		{"a filter finds its entries, in order", logFilters},
		{"entries come in pages", logPages},
		{"leaves come in pages", logLeaves},
		{"a transaction sees its own entries", logOwnWrites},
		{"private parts are erased, and nothing else is", logErase},
		{"what was erased is erased for good", logErasedForGood},
	}
}

// made is an entry that is still to be chained, with what it is found by.
type made struct {
	access.Entry
	store.About
}

func (m made) append(tx store.Tx) (access.Entry, error) { return tx.Append(m.Entry, m.About) }

func eventOf(request, person, app string) made {
	e := access.Entry{ID: "01934a5e-7c00-7abc-8def-0123456789ab", Log: "acme.test/latchkey/7f3k9q2m/1", Subject: access.LogSubject(), Schema: 1, Body: []byte(`{"App":"` + app + `"}`)}
	if request != "" {
		e.Subject = access.RequestSubject(request)
	}
	return made{e, store.About{Person: access.PersonID(person), App: app}}
}

func ofRequest(id string) store.Filter { return store.Filter{Subject: access.RequestSubject(id)} }

func appendEvents(t failer, s store.Store, all ...made) {
	t.Helper()
	update(t, s, func(tx store.Tx) error {
		for _, m := range all {
			if _, err := m.append(tx); err != nil {
				return err
			}
		}
		return nil
	})
}

// numbers are the places of the entries that are found.
func numbers(t failer, s store.Store, f store.Filter, after uint64, limit int) []uint64 {
	t.Helper()
	settle(t, s)
	var places []uint64
	for _, e := range read(t, s, func(tx store.Tx) ([]access.Entry, error) { return tx.Entries(f, after, limit) }) {
		places = append(places, e.Place)
	}
	return places
}

func logChain(t *testing.T, b Backend) {
	if n := read(t, b, store.Tx.Size); n != 0 {
		t.Errorf("the size of an empty log is %d", n)
	}
	appendEvents(t, b, eventOf("AR-1", "ann@acme.test", "crm"))
	appendEvents(t, b, eventOf("AR-1", "ann@acme.test", "crm"), eventOf("AR-10", "bob@acme.test", "crm"), eventOf("AR-1", "ann@acme.test", "crm"))
	all := whole(t, b)
	if len(all) != 4 {
		t.Fatalf("%d entries, want 4", len(all))
	}
	for i, want := range []uint64{1, 2, 1, 3} {
		if all[i].N != want {
			t.Errorf("the entry at place %d is number %d of %s, want %d", i+1, all[i].N, all[i].Subject, want)
		}
	}
}

func logRoundTrip(t *testing.T, b Backend) {
	m := eventOf("AR-1", "ann@acme.test", "crm")
	m.Schema, m.Body, m.Salt, m.Private = 7, []byte("<\xff> \u2028\x00"), []byte("0123456789abcdef"), []byte(`{"Reason":"🗝"}`)
	m.Subject = access.Subject{Kind: "campaign", ID: "Q4: all"}
	written := write(t, b, m.append)
	erased := m
	erased.Entry = erased.Erase()
	again := write(t, b, erased.append)
	found := read(t, b, func(tx store.Tx) ([]access.Entry, error) { return tx.Entries(store.Filter{Subject: m.Subject}, 0, 9) })
	written.Place, again.Place = 0, 0 // it may come later
	for i := range found {
		found[i].Place = 0
	}
	if diff := cmp.Diff([]access.Entry{written, again}, found); diff != "" {
		t.Fatalf("written and read differ:\n%s", diff)
	}
	whole(t, b)
}

// logRestored puts a chain back that was made in a log that is gone.
func logRestored(t *testing.T, b Backend) {
	other := eventOf("AR-1", "ann@acme.test", "crm")
	first, err := other.Chain("acme.test/latchkey/older/1", 0, access.Hash{})
	if err != nil {
		t.Fatal(err)
	}
	second, err := other.Chain("acme.test/latchkey/older/1", first.N, first.Leaf)
	if err != nil {
		t.Fatal(err)
	}
	first.Place, second.Place = 70, 90
	appendEvents(t, b, eventOf("AR-2", "ann@acme.test", "crm"), made{first, other.About}, made{second, other.About}, other)
	all := whole(t, b)
	if all[1].Leaf != first.Leaf || all[2].Log != second.Log || all[2].Place != 3 || all[3].Prev != second.Leaf || all[3].Log != other.Log {
		t.Errorf("the chain goes on as %+v", all)
	}
}

func logRefuses(t *testing.T, b Backend) {
	m := eventOf("AR-1", "ann@acme.test", "crm")
	first, err := m.Chain(m.Log, 0, access.Hash{})
	if err != nil {
		t.Fatal(err)
	}
	later, altered, nameless := first, first, m
	later.N, altered.Body, nameless.Log = 2, []byte("{}"), ""
	nul := eventOf("AR-1", "ann\x00", "crm")
	for name, e := range map[string]made{"a gap": {later, m.About}, "an altered entry": {altered, m.About}, "no log": nameless, "a NUL": nul} {
		if err := b.Update(context.Background(), func(tx store.Tx) error { _, err := e.append(tx); return err }); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	for _, f := range []store.Filter{{App: "crm"}, {Subject: m.Subject, Person: "ann@acme.test"}} {
		if err := b.View(context.Background(), func(tx store.Tx) error { _, err := tx.Entries(f, 0, 1); return err }); err == nil {
			t.Errorf("%+v was taken", f)
		}
	}
}

func logNoHole(t *testing.T, b Backend) {
	appendEvents(t, b, eventOf("AR-1", "ann@acme.test", "crm"))
	stop := errors.New("changed my mind")
	for range 3 {
		err := b.Update(context.Background(), func(tx store.Tx) error {
			if _, err := eventOf("AR-9", "ann@acme.test", "crm").append(tx); err != nil {
				return err
			}
			return stop
		})
		if !errors.Is(err, stop) {
			t.Fatalf("got %v", err)
		}
		appendEvents(t, b, eventOf("AR-2", "ann@acme.test", "crm"))
	}
	if n := len(whole(t, b)); n != 4 {
		t.Fatalf("%d entries, want 4", n)
	}
	same(t, "of the request that never was", numbers(t, b, ofRequest("AR-9"), 0, 9))
}

func logFilters(t *testing.T, b Backend) {
	appendEvents(t, b,
		eventOf("AR-1", "ann@acme.test", "wiki"),
		eventOf("AR-2", "bob@acme.test", "crm"),
		eventOf("AR-1", "ann@acme.test", "crm"),
		eventOf("AR-3", "ann@acme.test", "wiki"),
		eventOf("AR-11", "ann@acme.testing", "wikis"),
		eventOf("", "", ""),
	)
	for _, c := range []struct {
		filter store.Filter
		want   []uint64
	}{
		{store.Filter{}, []uint64{1, 2, 3, 4, 5, 6}},
		{ofRequest("AR-1"), []uint64{1, 3}},
		{ofRequest("AR-4"), nil},
		{store.Filter{Subject: access.GrantSubject("AR-1")}, nil},
		{store.Filter{Subject: access.LogSubject()}, []uint64{6}},
		{store.Filter{Person: "ann@acme.test"}, []uint64{1, 3, 4}},
		{store.Filter{Person: "ann@acme.test", App: "wiki"}, []uint64{1, 4}},
		{store.Filter{Person: "ann@acme.test", App: "mail"}, nil},
	} {
		if diff := cmp.Diff(c.want, numbers(t, b, c.filter, 0, 99)); diff != "" {
			t.Errorf("%+v:\n%s", c.filter, diff)
		}
	}
}

func logPages(t *testing.T, b Backend) {
	for range 3 {
		appendEvents(t, b, eventOf("AR-1", "ann@acme.test", "crm"), eventOf("AR-2", "bob@acme.test", "crm"))
	}
	same(t, "all, first page", numbers(t, b, store.Filter{}, 0, 4), 1, 2, 3, 4)
	same(t, "all, second page", numbers(t, b, store.Filter{}, 4, 4), 5, 6)
	same(t, "all, after the end", numbers(t, b, store.Filter{}, 6, 4))
	same(t, "all, far after the end", numbers(t, b, store.Filter{}, 1<<63, 4))
	same(t, "request, first page", numbers(t, b, ofRequest("AR-1"), 0, 2), 1, 3)
	same(t, "request, second page, by number in the chain", numbers(t, b, ofRequest("AR-1"), 2, 2), 5)
	same(t, "person, from between", numbers(t, b, store.Filter{Person: "bob@acme.test"}, 3, 9), 4, 6)
	same(t, "none wanted", numbers(t, b, store.Filter{}, 0, 0))
}

func logLeaves(t *testing.T, b Backend) {
	for range 5 {
		appendEvents(t, b, eventOf("AR-1", "ann@acme.test", "crm"), eventOf("AR-2", "bob@acme.test", "crm"))
	}
	all := whole(t, b)
	for _, c := range []struct{ after, limit, want int }{{0, 3, 3}, {3, 99, 7}, {9, 1, 1}, {10, 5, 0}, {99, 5, 0}, {2, 0, 0}} {
		got := read(t, b, func(tx store.Tx) ([]access.Hash, error) { return tx.Leaves(uint64(c.after), c.limit) })
		if len(got) != c.want || len(got) > 0 && got[0] != all[c.after].Leaf {
			t.Errorf("%d leaves after %d, want %d", len(got), c.after, c.want)
		}
	}
}

func logOwnWrites(t *testing.T, b Backend) {
	update(t, b, func(tx store.Tx) error {
		first, err := eventOf("AR-1", "ann@acme.test", "crm").append(tx)
		if err != nil {
			return err
		}
		if second, err := eventOf("AR-1", "ann@acme.test", "crm").append(tx); err != nil || second.Prev != first.Leaf || second.N != 2 {
			t.Errorf("the next entry: %+v, %v", second, err)
		}
		if found, err := tx.Entries(ofRequest("AR-1"), 0, 9); err != nil || len(found) != 2 {
			t.Errorf("entries: %+v, %v", found, err)
		}
		return nil
	})
}

// private gives an entry a private part.
func (m made) private(text string) made {
	m.Salt, m.Private = []byte("0123456789abcdef"), []byte(text)
	return m
}

func logErase(t *testing.T, b Backend) {
	ann := eventOf("AR-1", "ann@acme.test", "crm")
	appendEvents(t, b, ann.private("one"), ann, ann.private("three"), eventOf("AR-2", "bob@acme.test", "crm").private("four"))
	before := whole(t, b)
	update(t, b, func(tx store.Tx) error {
		if err := tx.Erase([]uint64{1, 2}); err != nil {
			return err
		}
		now, err := tx.Entries(ofRequest("AR-1"), 0, 1)
		if err == nil && len(now[0].Private) > 0 {
			t.Errorf("the transaction that erased it still reads %q", now[0].Private)
		}
		return err
	})
	want := []access.Entry{before[0].Erase(), before[1], before[2], before[3]}
	if diff := cmp.Diff(want, whole(t, b)); diff != "" {
		t.Errorf("after erasing two:\n%s", diff)
	}
	for _, f := range []store.Filter{ofRequest("AR-1"), {Person: "ann@acme.test"}, {Person: "ann@acme.test", App: "crm"}} {
		if diff := cmp.Diff(want[:3], read(t, b, func(tx store.Tx) ([]access.Entry, error) { return tx.Entries(f, 0, 9) })); diff != "" {
			t.Errorf("%+v:\n%s", f, diff)
		}
	}
	update(t, b, func(tx store.Tx) error { return tx.Erase([]uint64{1, 2}) }) // once more changes nothing
	if diff := cmp.Diff(want, whole(t, b)); diff != "" {
		t.Errorf("erased twice:\n%s", diff)
	}
	appendEvents(t, b, ann.private("five"))
	if all := whole(t, b); all[4].Prev != before[2].Leaf {
		t.Error("the chain does not go on behind what was erased")
	}
}

func logErasedForGood(t *testing.T, b Backend) {
	for n := range 5 {
		appendEvents(t, b, eventOf("AR-1", "ann@acme.test", "crm").private(secretOf(2*n+1)), eventOf("AR-2", "bob@acme.test", "crm").private(secretOf(2*n+2)))
	}
	changed := errors.New("changed my mind")
	for name, err := range map[string]error{
		"a view":               b.View(context.Background(), func(tx store.Tx) error { return tx.Erase([]uint64{1}) }),
		"a place that is none": b.Update(context.Background(), func(tx store.Tx) error { return tx.Erase([]uint64{11}) }),
		"one that fails": b.Update(context.Background(), func(tx store.Tx) error {
			return errors.Join(tx.Erase([]uint64{1}), changed)
		}),
	} {
		if err == nil {
			t.Errorf("%s erases", name)
		}
	}
	if all := whole(t, b); len(all[0].Private) == 0 {
		t.Fatal("it was erased by an update that failed")
	}
	update(t, b, func(tx store.Tx) error { return tx.Erase([]uint64{1, 5, 9}) })
	dropRecordAndTask(t, b)
	shred(t, b)
	erasedAre(t, b, 1, 5, 9)
	filesHold(t, b, 2, 3, 4, 6, 7, 8, 10)
	s := b.Reopen(t)
	erasedAre(t, s, 1, 5, 9)
	update(t, s, func(tx store.Tx) error { return tx.Erase([]uint64{2}) })
	shred(t, s)
	erasedAre(t, s, 1, 2, 5, 9)
	filesHold(t, b, 3, 4, 6, 7, 8, 10)
}

// secretOf is what is private about an event, and stands nowhere else.
func secretOf(place int) string { return fmt.Sprintf("a secret of the event no. %d.", place) }

// dropped is what stood in a record and in a task.
const dropped = "a secret that was dropped"

func dropRecordAndTask(t *testing.T, b Backend) {
	put(t, b, store.Record{Kind: "k", ID: "1", Body: []byte(dropped), Index: []string{dropped}})
	update(t, b, func(tx store.Tx) error {
		_, err := tx.Put(store.Record{Kind: "k", ID: "1", Version: 1, Body: []byte("{}")})
		if err == nil {
			_, err = tx.Enqueue(store.Task{ID: "t", Queue: "q", Kind: "k", Payload: []byte(dropped)})
		}
		return err
	})
	update(t, b, func(tx store.Tx) error { return tx.Done("t", "") })
}

// filesHold fails the test unless the secrets of these events are in the store's files, and no others.
func filesHold(t *testing.T, b Backend, places ...int) {
	t.Helper()
	if b.Holds == nil {
		t.Fatal("what was erased has to be looked for in the store's files: set Backend.Holds")
	}
	var got []int
	for place := 1; place <= 10; place++ {
		if b.Holds(t, secretOf(place)) {
			got = append(got, place)
		}
	}
	same(t, "secrets in the files", got, places...)
	if b.Holds(t, dropped) {
		t.Error("what was dropped is in the files")
	}
}

// shred has the store overwrite what is left of what was erased, if it keeps such.
func shred(t failer, s store.Store) {
	t.Helper()
	if sh, ok := bare(s).(store.Shredder); ok {
		if err := sh.Shred(context.Background()); err != nil {
			t.Fatalf("shred: %v", err)
		}
	}
}

// erasedAre fails the test unless these entries are erased, and no others are.
func erasedAre(t failer, s store.Store, places ...uint64) {
	t.Helper()
	var got []uint64
	for _, e := range whole(t, s) {
		if e.Erased != (access.Hash{}) {
			got = append(got, e.Place)
		}
	}
	same(t, "erased", got, places...)
}
