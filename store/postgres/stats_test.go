package postgres_test

import (
	"strconv"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/postgres"
	"latchkey/store/postgres/postgrestest"
)

// A replica counts what it did itself, and of two that share a database one seals.
func TestAReplicaCountsWhatItDid(t *testing.T) {
	dsn := postgrestest.Start(t).Database(t)
	first, second := open(t, dsn), open(t, dsn)
	if err := store.BeginLogNamed(t.Context(), first, "acme.atlassian.net/latchkey/7f3k9q2m/1"); err != nil {
		t.Fatal(err)
	}
	news, err := first.Wait(t.Context(), "anything")
	if err != nil {
		t.Fatal(err)
	}
	first.Present("first")
	second.Present("second")
	for among(first) != 2 {
		<-news
	}
	if !first.There("second") || first.There("third") {
		t.Error("who is there isn't known")
	}
	before := second.Stats()
	for i := range 3 {
		record(t, first, i)
	}
	if err := first.Sealed(t.Context()); err != nil {
		t.Fatal(err)
	}
	one, two := first.Stats(), second.Stats()
	if one.Commits.Count < 4 || one.Updates < 4 || one.Commits.Within[10] != one.Commits.Count || one.Commits.Sum <= 0 || two.Commits.Count != before.Commits.Count {
		t.Errorf("commits: %+v and %+v", one, two)
	}
	for one.Sealed+two.Sealed != 3 { // it is counted a moment after others can see it
		one, two = first.Stats(), second.Stats()
	}
	if one.Sealing == two.Sealing || !one.Listening || !two.Listening || one.Lost != 0 {
		t.Errorf("%+v and %+v", one, two)
	}
	if n, _, err := first.Unsealed(t.Context()); n != 0 || err != nil {
		t.Errorf("%d have no place, %v", n, err)
	}
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	for first.Stats().TakenOver != 1 || !first.Stats().Sealing {
		<-news
	}
	if first.There("second") {
		t.Error("who is gone is there")
	}
}

// record writes an event.
func record(t *testing.T, s store.Store, i int) {
	t.Helper()
	err := s.Update(t.Context(), func(tx store.Tx) error {
		_, err := store.Append(tx, access.Event{Kind: access.EventCatalogNew, At: time.Date(2026, 3, 2, 9, 0, i, 0, time.UTC), Subject: access.LogSubject(), Actor: access.System(), Reason: strconv.Itoa(i)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What others were quicker with is counted.
func TestRefusalsAreCounted(t *testing.T) {
	dsn := postgrestest.Start(t).Database(t)
	first, second := open(t, dsn), open(t, dsn)
	again := false
	err := first.Update(t.Context(), func(tx store.Tx) error {
		found, err := tx.Find("note", "", "", 9)
		if err != nil {
			return err
		}
		if !again {
			again = true
			err = second.Update(t.Context(), func(tx store.Tx) error {
				_, err := tx.Find("note", "", "", 9)
				if err == nil {
					_, err = tx.Put(store.Record{Kind: "note", ID: "other"})
				}
				return err
			})
			if err != nil {
				return err
			}
		}
		_, err = tx.Put(store.Record{Kind: "note", ID: strconv.Itoa(len(found))})
		return err
	})
	if one, two := first.Stats(), second.Stats(); err != nil || one.Refused == 0 || two.Refused != 0 {
		t.Errorf("%v: %+v and %+v", err, one, two)
	}
}

// Entries without a place are counted, with the moment of the first; and a session that is lost.
func TestWhatWaitsForItsPlaceIsCounted(t *testing.T) {
	dsn := postgrestest.Start(t).Database(t)
	s := open(t, dsn)
	if err := store.BeginLogNamed(t.Context(), s, "acme.atlassian.net/latchkey/7f3k9q2m/1"); err != nil {
		t.Fatal(err)
	}
	do(t, dsn, `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now'; END $$;
		CREATE TRIGGER refuse BEFORE INSERT ON latchkey_leaf EXECUTE FUNCTION refuse()`)
	record(t, s, 1)
	record(t, s, 2)
	n, since, err := s.Unsealed(t.Context())
	if err != nil || n != 2 || !since.Equal(time.Date(2026, 3, 2, 9, 0, 1, 0, time.UTC)) {
		t.Errorf("%d since %s, %v", n, since, err)
	}
	lost(t, s, dsn)
}

// lost ends the session that listens, and waits until it is there again.
func lost(t *testing.T, s *postgres.Store, dsn string) {
	t.Helper()
	news, err := s.Wait(t.Context(), "anything")
	if err != nil {
		t.Fatal(err)
	}
	do(t, dsn, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'listen %'`)
	<-news // everybody is to look again
	for was := s.Stats(); was.Lost != 1 || !was.Listening; was = s.Stats() {
		<-news
	}
}
