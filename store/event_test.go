package store_test

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"latchkey/access"
	"latchkey/store"
)

func (d db) begun() db {
	d.Helper()
	if err := store.BeginLog(context.Background(), d, "Acme.Atlassian.net"); err != nil {
		d.Fatal(err)
	}
	return d
}

func TestLogIsNamedOnce(t *testing.T) {
	d := open(t)
	err := d.Update(context.Background(), func(tx store.Tx) error {
		_, err := store.Append(tx, request().Event(access.EventSubmitted, access.System(), monday()))
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "the log has no name yet") {
		t.Errorf("an event in a log without a name: %v", err)
	}
	name := found(d.begun(), store.LogName)
	if !regexp.MustCompile(`^acme\.atlassian\.net/latchkey/[a-z2-7]{8}/1$`).MatchString(name) {
		t.Errorf("the log is named %q", name)
	}
	if again := found(d.begun(), store.LogName); again != name {
		t.Errorf("the name changed from %q to %q", name, again)
	}
	for _, host := range []string{"", "a b", "acme.test/x", "a+b", "a\nb"} {
		if store.BeginLog(context.Background(), d, host) == nil {
			t.Errorf("a log was named after %q", host)
		}
	}
}

func TestAppendedEventsAreFound(t *testing.T) {
	d := open(t).begun()
	var first, second access.Event
	d.update(func(tx store.Tx) (err error) {
		if first, err = store.Append(tx, request().Event(access.EventSubmitted, access.System(), monday())); err != nil {
			return err
		}
		second, err = store.Append(tx, request().Event(access.EventUnroutable, access.System(), monday()))
		return err
	})
	if first.ID == second.ID || second.N != 2 || second.Prev != first.Leaf {
		t.Errorf("appended as %+v and %+v", first, second)
	}
	all := []access.Event{first, second}
	for what, f := range map[string]store.Filter{"all": {}, "of the request": {Subject: access.RequestSubject("AR-1")},
		"of the person": {Person: "bob@acme.test"}, "of person and app": {Person: "bob@acme.test", App: "crm"}} {
		d.equal(what, all, found(d, func(tx store.Tx) ([]access.Event, error) { return store.Events(tx, f, 0, 9) }))
	}
}

// Entries move to another store and stay what they are.
func TestRestoredEventsAreFound(t *testing.T) {
	d, other := open(t).begun(), open(t).begun()
	d.update(func(tx store.Tx) error {
		_, err := store.Append(tx, request().Event(access.EventSubmitted, access.System(), monday()))
		return err
	})
	entries := found(d, func(tx store.Tx) ([]access.Entry, error) { return tx.Entries(store.Filter{}, 0, 9) })
	other.update(func(tx store.Tx) error { return store.Restore(tx, entries[0]) })
	other.equal("restored", entries, found(other, func(tx store.Tx) ([]access.Entry, error) {
		return tx.Entries(store.Filter{Person: "bob@acme.test", App: "crm"}, 0, 9)
	}))
	if err := other.Update(context.Background(), func(tx store.Tx) error { return store.Restore(tx, entries[0]) }); err == nil {
		t.Error("an entry was put back twice")
	}
}

// An event that can't be read back keeps nobody from the rest of its story, however
// long that is.
func TestAStoryWithAnEventThatCantBeRead(t *testing.T) {
	d := open(t).begun()
	about := access.RequestSubject("AR-1")
	d.update(func(tx store.Tx) error {
		for n := range 2500 {
			if n == 3 {
				bad := access.Entry{ID: "bad", Log: "acme.test/latchkey/7f3k9q2m/1", Subject: about, Schema: 1, Body: []byte("{")}
				if _, err := tx.Append(bad, store.About{}); err != nil {
					return err
				}
			}
			if _, err := store.Append(tx, access.Event{Kind: access.EventNote, Request: "AR-1", Note: "x"}); err != nil {
				return err
			}
		}
		return nil
	})
	err := d.View(context.Background(), func(tx store.Tx) error {
		story, damage, err := store.Sound(store.Story(tx, store.Filter{Subject: about}))
		if len(story) != 2500 || len(damage) != 1 || damage[0].ID != "bad" {
			t.Errorf("%d events, damaged are %v", len(story), damage)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
