package postgres_test

import (
	"context"
	"testing"
	"time"

	"latchkey/store"
	"latchkey/store/postgres/postgrestest"
)

// take claims what there is, for a year.
func take(t *testing.T, s store.Store, owner string) (taken []store.Task) {
	t.Helper()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	err := s.Update(context.Background(), func(tx store.Tx) (err error) {
		taken, err = tx.Claim(store.Claim{Queue: "q", Owner: owner, At: now, Until: now.AddDate(1, 0, 0), Limit: 9})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return taken
}

// What a replica had begun goes on in another one soon after it is gone, and not as long
// as it is there.
func TestWhatAReplicaHadBegunGoesOnWithoutIt(t *testing.T) {
	dsn := postgrestest.Start(t).Database(t)
	first, second := open(t, dsn), open(t, dsn)
	first.Present("first")
	second.Present("second")
	err := second.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.Enqueue(store.Task{ID: "1", Queue: "q"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	news, err := second.Wait(t.Context(), "anything")
	if err != nil {
		t.Fatal(err)
	}
	if taken := take(t, first, "first"); len(taken) != 1 || taken[0].Begun {
		t.Fatalf("%+v", taken)
	}
	if taken := take(t, second, "second"); len(taken) != 0 {
		t.Fatalf("taken from one that is there: %+v", taken)
	}
	for among(second) != 2 {
		<-news
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	for taken := take(t, second, "second"); len(taken) == 0; taken = take(t, second, "second") {
		<-news
	}
	if k := take(t, second, "third"); len(k) != 0 {
		t.Errorf("taken from one that is there: %+v", k)
	}
	if n := among(second); n != 1 {
		t.Errorf("%d are there", n)
	}
}

func among(s store.Attended) int {
	_, of := s.Attendance()
	return of
}

// Whoever may claim is missed from the first claim on.
func TestWhoIsPresentIsSeenAtOnce(t *testing.T) {
	dsn := postgrestest.Start(t).Database(t)
	open(t, dsn).Present("first")
	do(t, dsn, `SELECT 1 / count(*) FROM latchkey_owner WHERE owner = 'first'`)
}
