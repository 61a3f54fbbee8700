package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

func logChecks() []check {
	return []check{
		{"events are numbered and chained", logChain},
		{"an event comes back as it was sealed", logRoundTrip},
		{"a failed update leaves no hole", logNoHole},
		{"a filter finds its events, in order", logFilters},
		{"events come in pages", logPages},
		{"a transaction sees its own events", logOwnWrites},
	}
}

func appendEvents(t failer, s store.Store, all ...access.Event) {
	t.Helper()
	update(t, s, func(tx store.Tx) error {
		for _, e := range all {
			if _, err := tx.Append(e); err != nil {
				return err
			}
		}
		return nil
	})
}

func eventOf(request, person, app string) access.Event {
	return access.Event{Kind: access.EventSubmitted, At: monday(), Request: request, Person: access.PersonID(person), App: app, Actor: access.System()}
}

func numbers(t failer, s store.Store, f store.Filter, after uint64, limit int) []uint64 {
	t.Helper()
	found := read(t, s, func(tx store.Tx) ([]access.Event, error) { return tx.Events(f, after, limit) })
	var seqs []uint64
	for _, e := range found {
		seqs = append(seqs, e.Seq)
	}
	return seqs
}

func logChain(t *testing.T, b Backend) {
	view(t, b, func(tx store.Tx) error {
		if e, ok, err := tx.Head(); ok || err != nil {
			t.Errorf("the head of an empty log is %+v, %v, %v", e, ok, err)
		}
		return nil
	})
	appendEvents(t, b, eventOf("AR-1", "ann@acme.test", "crm"))
	appendEvents(t, b, eventOf("AR-1", "ann@acme.test", "crm"), eventOf("AR-2", "bob@acme.test", "crm"))
	all := whole(t, b)
	if len(all) != 3 {
		t.Fatalf("%d events, want 3", len(all))
	}
	view(t, b, func(tx store.Tx) error {
		head, ok, err := tx.Head()
		if !ok || head.Seq != 3 || head.Hash != all[2].Hash {
			t.Errorf("the head is %+v, %v", head, ok)
		}
		return err
	})
}

func logRoundTrip(t *testing.T, b Backend) {
	e := eventOf("AR-1", "ann@acme.test", "crm")
	e.At = time.Date(2026, 3, 2, 9, 0, 0, 123456789, time.FixedZone("", 3600))
	e.Kind, e.Grant, e.Role, e.Stage = access.EventMemberAdded, "G-1", "admin", 2
	e.Actor = access.Actor{Person: "bob@acme.test", Via: access.ViaSlack, Account: "U1"}
	e.Approvers, e.Checked = []access.PersonID{"bob@acme.test"}, "from memory"
	e.Reason, e.Note = "<on-call> & “curious” 🗝", "a\x01b"
	e.Wanted, e.Until, e.End, e.Before = time.Hour, in(3600), access.EndExpired, true
	e.Group = &catalog.GroupRef{Directory: "okta", Group: "crm-admins"}
	e.Issue = &access.Issue{ID: "10001", Key: "IT-1", URL: "https://acme.atlassian.net/browse/IT-1"}
	sealed := write(t, b, func(tx store.Tx) (access.Event, error) { return tx.Append(e) })
	found := read(t, b, func(tx store.Tx) ([]access.Event, error) { return tx.Events(store.Filter{Seq: 1}, 0, 9) })
	if len(found) != 1 {
		t.Fatalf("%d events, want 1", len(found))
	}
	if diff := cmp.Diff(sealed, found[0]); diff != "" {
		t.Fatalf("sealed and read differ:\n%s", diff)
	}
	whole(t, b)
}

func logNoHole(t *testing.T, b Backend) {
	appendEvents(t, b, eventOf("AR-1", "ann@acme.test", "crm"))
	stop := errors.New("changed my mind")
	for range 3 {
		err := b.Update(context.Background(), func(tx store.Tx) error {
			if _, err := tx.Append(eventOf("AR-9", "ann@acme.test", "crm")); err != nil {
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
		t.Fatalf("%d events, want 4", n)
	}
	same(t, "of the request that never was", numbers(t, b, store.Filter{Request: "AR-9"}, 0, 9))
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
		{store.Filter{Request: "AR-1"}, []uint64{1, 3}},
		{store.Filter{Request: "AR-4"}, nil},
		{store.Filter{Person: "ann@acme.test"}, []uint64{1, 3, 4}},
		{store.Filter{Person: "ann@acme.test", App: "wiki"}, []uint64{1, 4}},
		{store.Filter{Person: "ann@acme.test", App: "mail"}, nil},
		{store.Filter{Seq: 5}, []uint64{5}},
		{store.Filter{Seq: 7}, nil},
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
	same(t, "request, first page", numbers(t, b, store.Filter{Request: "AR-1"}, 0, 2), 1, 3)
	same(t, "request, second page", numbers(t, b, store.Filter{Request: "AR-1"}, 3, 2), 5)
	same(t, "person, from between", numbers(t, b, store.Filter{Person: "bob@acme.test"}, 3, 9), 4, 6)
	same(t, "none wanted", numbers(t, b, store.Filter{}, 0, 0))
	same(t, "one by number, after is ignored", numbers(t, b, store.Filter{Seq: 2}, 5, 1), 2)
}

func logOwnWrites(t *testing.T, b Backend) {
	update(t, b, func(tx store.Tx) error {
		first, err := tx.Append(eventOf("AR-1", "ann@acme.test", "crm"))
		if err != nil {
			return err
		}
		if head, ok, err := tx.Head(); err != nil || !ok || head.Hash != first.Hash {
			t.Errorf("head: %+v, %v, %v", head, ok, err)
		}
		if found, err := tx.Events(store.Filter{Request: "AR-1"}, 0, 9); err != nil || len(found) != 1 {
			t.Errorf("events: %+v, %v", found, err)
		}
		return nil
	})
}
