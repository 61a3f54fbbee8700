package storetest

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/store"
)

func recordChecks() []check {
	return []check{
		{"a record comes back as it was put", recordRoundTrip},
		{"a version that moved on is refused", recordVersions},
		{"index keys follow the record", recordIndex},
		{"keys and kinds that begin alike are told apart", recordPrefixes},
		{"lists are ordered by id and come in pages", recordPages},
		{"deleting leaves nothing behind", recordDelete},
		{"a review is found by its issue, as long as that is its issue", reviewOfIssue},
		{"a transaction sees its own writes", recordOwnWrites},
		{"any text and any body is kept", recordTexts},
		{"a NUL or a missing name is refused", recordRefusals},
	}
}

func get(t failer, s store.Store, kind, id string) store.Record {
	t.Helper()
	return read(t, s, func(tx store.Tx) (store.Record, error) { return tx.Get(kind, id) })
}

func find(t failer, s store.Store, kind, key, after string, limit int) []string {
	t.Helper()
	ids := recordIDs(read(t, s, func(tx store.Tx) ([]store.Record, error) {
		return tx.Find(kind, key, after, limit)
	}))
	same(t, "the ids alone", read(t, s, func(tx store.Tx) ([]string, error) { return tx.IDs(kind, key, after, limit) }), ids...)
	return ids
}

// absent fails the test unless the record is not there.
func absent(t failer, s store.Store, kind, id string) {
	t.Helper()
	err := s.View(context.Background(), func(tx store.Tx) error {
		_, err := tx.Get(kind, id)
		return err
	})
	if !errors.Is(err, store.ErrNotFound) {
		t.Fatalf("%s %s: got %v, want ErrNotFound", kind, id, err)
	}
}

func recordRoundTrip(t *testing.T, b Backend) {
	put(t, b, store.Record{Kind: "grant", ID: "G-1", Schema: 3, Body: []byte("body"), Index: []string{"y", "x"}, Due: in(60)})
	r := get(t, b, "grant", "G-1")
	slices.Sort(r.Index)
	same(t, "index", r.Index, "x", "y")
	if r.Kind != "grant" || r.ID != "G-1" || r.Version != 1 || r.Schema != 3 || string(r.Body) != "body" || !r.Due.Equal(in(60)) {
		t.Fatalf("got %+v", r)
	}
	copy(r.Body, "XXXX")
	if again := get(t, b, "grant", "G-1"); string(again.Body) != "body" {
		t.Fatalf("the body handed out is the store's own: it reads %q now", again.Body)
	}
	absent(t, b, "grant", "G-2")
	absent(t, b, "request", "G-1")
}

func recordVersions(t *testing.T, b Backend) {
	put(t, b, store.Record{Kind: "a", ID: "1", Body: []byte("first")})
	for _, c := range []struct {
		id      string
		version uint64
		want    error
		next    uint64
	}{
		{"1", 0, store.ErrConflict, 0},
		{"1", 2, store.ErrConflict, 0},
		{"1", 1, nil, 2},
		{"1", 1, store.ErrConflict, 0},
		{"1", 2, nil, 3},
		{"2", 1, store.ErrConflict, 0},
		{"2", 0, nil, 1},
	} {
		var got uint64
		err := b.Update(context.Background(), func(tx store.Tx) (err error) {
			got, err = tx.Put(store.Record{Kind: "a", ID: c.id, Version: c.version, Body: []byte("next")})
			return err
		})
		if !errors.Is(err, c.want) || err == nil && got != c.next {
			t.Fatalf("put %s at version %d: got %d, %v; want %d, %v", c.id, c.version, got, err, c.next, c.want)
		}
	}
	if r := get(t, b, "a", "1"); r.Version != 3 {
		t.Fatalf("stored version is %d, want 3", r.Version)
	}
}

func recordIndex(t *testing.T, b Backend) {
	put(t, b, store.Record{Kind: "a", ID: "1", Index: []string{"red", "old", "red"}})
	same(t, "by a key given twice", find(t, b, "a", "red", "", 9), "1")
	put(t, b, store.Record{Kind: "a", ID: "1", Version: 1, Index: []string{"red", "new"}})
	same(t, "by the key it lost", find(t, b, "a", "old", "", 9))
	same(t, "by the key it kept", find(t, b, "a", "red", "", 9), "1")
	same(t, "by the key it won", find(t, b, "a", "new", "", 9), "1")
	put(t, b, store.Record{Kind: "a", ID: "1", Version: 2})
	same(t, "by a key after losing all", find(t, b, "a", "red", "", 9))
	same(t, "in the whole kind", find(t, b, "a", "", "", 9), "1")
}

func recordPrefixes(t *testing.T, b Backend) {
	put(t, b,
		store.Record{Kind: "a", ID: "1", Index: []string{"k"}},
		store.Record{Kind: "a", ID: "2", Index: []string{"kk"}},
		store.Record{Kind: "aa", ID: "3", Index: []string{"k"}},
	)
	same(t, "kind a, key k", find(t, b, "a", "k", "", 9), "1")
	same(t, "kind a, key kk", find(t, b, "a", "kk", "", 9), "2")
	same(t, "kind a", find(t, b, "a", "", "", 9), "1", "2")
	same(t, "kind aa", find(t, b, "aa", "", "", 9), "3")
	same(t, "no such kind", find(t, b, "b", "", "", 9))
}

func recordPages(t *testing.T, b Backend) {
	for _, id := range []string{"c", "a", "e", "b", "d", "B"} {
		put(t, b, store.Record{Kind: "k", ID: id, Index: []string{"x"}})
	}
	for _, key := range []string{"", "x"} {
		same(t, "first page", find(t, b, "k", key, "", 2), "B", "a")
		same(t, "next page", find(t, b, "k", key, "a", 2), "b", "c")
		same(t, "last page", find(t, b, "k", key, "c", 9), "d", "e")
		same(t, "after the end", find(t, b, "k", key, "e", 9))
		same(t, "after an id that isn't there", find(t, b, "k", key, "bb", 1), "c")
		same(t, "nothing wanted", find(t, b, "k", key, "", 0))
	}
}

func reviewOfIssue(t *testing.T, b Backend) {
	of := func(issue string) string {
		t.Helper()
		var id string
		err := b.View(context.Background(), func(tx store.Tx) error {
			c, err := store.CampaignOfIssue(tx, issue)
			id = c.ID
			return err
		})
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			t.Fatal(err)
		}
		return id
	}
	first, second := access.Campaign{ID: "RV-1", Issue: access.Issue{ID: "10"}}, access.Campaign{ID: "RV-2", Issue: access.Issue{ID: "101"}}
	keep := func() {
		t.Helper()
		update(t, b, func(tx store.Tx) error {
			one, other := first, second
			if err := store.PutCampaign(tx, &one); err != nil {
				return err
			}
			return store.PutCampaign(tx, &other)
		})
		first.Version, second.Version = first.Version+1, second.Version+1
	}
	keep()
	same(t, "by issues that begin alike", []string{of("10"), of("101"), of("1"), of("")}, "RV-1", "RV-2", "", "")
	first.Issue, second.Issue = access.Issue{ID: "11"}, access.Issue{ID: "10"}
	keep()
	same(t, "when one has another issue, and the other that one's", []string{of("10"), of("11"), of("101")}, "RV-2", "RV-1", "")
}

func recordDelete(t *testing.T, b Backend) {
	put(t, b, store.Record{Kind: "a", ID: "1", Index: []string{"x"}, Due: in(1)}, store.Record{Kind: "a", ID: "2"})
	for range 2 { // the second finds nothing and is content
		update(t, b, func(tx store.Tx) error { return tx.Delete("a", "1") })
	}
	absent(t, b, "a", "1")
	same(t, "by key", find(t, b, "a", "x", "", 9))
	same(t, "in the kind", find(t, b, "a", "", "", 9), "2")
	same(t, "due", dueIDs(t, b, "a", in(9), 9))
	put(t, b, store.Record{Kind: "a", ID: "1"})
}

func recordOwnWrites(t *testing.T, b Backend) {
	update(t, b, func(tx store.Tx) error {
		if _, err := tx.Put(store.Record{Kind: "a", ID: "1", Index: []string{"x"}, Due: in(1)}); err != nil {
			return err
		}
		if r, err := tx.Get("a", "1"); err != nil || r.Version != 1 {
			t.Errorf("get: %+v, %v", r, err)
		}
		if rows, err := tx.Find("a", "x", "", 9); err != nil || len(rows) != 1 {
			t.Errorf("find: %+v, %v", rows, err)
		}
		if rows, err := tx.Due("a", in(1), 9); err != nil || len(rows) != 1 {
			t.Errorf("due: %+v, %v", rows, err)
		}
		_, err := tx.Put(store.Record{Kind: "a", ID: "1", Version: 1})
		return err
	})
	if r := get(t, b, "a", "1"); r.Version != 2 {
		t.Fatalf("version is %d, want 2", r.Version)
	}
}

func recordTexts(t *testing.T, b Backend) {
	odd := []string{"a|b", "100%", `"quoted"`, "zürich 🗝", "two\nlines", `back\slash`, "'; --", " "}
	for i, s := range odd {
		body := bytes.Repeat([]byte{0, 1, 0xff}, i)
		put(t, b, store.Record{Kind: "odd", ID: s, Body: body, Index: []string{"key:" + s}})
		same(t, "by key", find(t, b, "odd", "key:"+s, "", 9), s)
		if r := get(t, b, "odd", s); !bytes.Equal(r.Body, body) {
			t.Fatalf("%q: body came back as %v", s, r.Body)
		}
	}
	slices.Sort(odd)
	same(t, "all", find(t, b, "odd", "", "", 99), odd...)
	large := []byte(strings.Repeat("latchkey ", 100_000))
	put(t, b, store.Record{Kind: "large", ID: "1", Body: large})
	if r := get(t, b, "large", "1"); !bytes.Equal(r.Body, large) {
		t.Fatalf("a body of %d bytes came back with %d", len(large), len(r.Body))
	}
}

func recordRefusals(t *testing.T, b Backend) {
	for _, r := range []store.Record{
		{Kind: "a\x00b", ID: "1"},
		{Kind: "a", ID: "1\x002"},
		{Kind: "a", ID: "1", Index: []string{"x\x00"}},
		{Kind: "", ID: "1"},
		{Kind: "a", ID: ""},
	} {
		err := b.Update(context.Background(), func(tx store.Tx) error {
			_, err := tx.Put(r)
			return err
		})
		if err == nil {
			t.Errorf("%q %q %q was stored", r.Kind, r.ID, r.Index)
		}
	}
}
