package postgres_test

import (
	"testing"

	"latchkey/store"
	"latchkey/store/postgres/postgrestest"
)

// TestADatabaseThatWasSetBackIsRecognised before anything is written to it, whether what is gone had its place or not. Sessions
// that end, and nothing else, say nothing.
func TestADatabaseThatWasSetBackIsRecognised(t *testing.T) {
	for name, lose := range map[string]string{
		"the last entry of a story": `WITH lost AS (DELETE FROM latchkey_event WHERE id = 'last' RETURNING place, subject), leaf AS (DELETE FROM latchkey_leaf WHERE place IN (SELECT place FROM lost))
			DELETE FROM latchkey_chain WHERE subject IN (SELECT subject FROM lost)`,
		"another one in its place": `WITH other AS (UPDATE latchkey_event SET leaf = prev WHERE id = 'last' RETURNING place, subject, prev), leaf AS (UPDATE latchkey_leaf l SET leaf = prev FROM other WHERE l.place = other.place)
			UPDATE latchkey_chain c SET leaf = prev FROM other WHERE c.subject = other.subject`,
		"another story goes on": `WITH other AS (UPDATE latchkey_event SET leaf = prev WHERE id = 'last' RETURNING subject, prev)
			UPDATE latchkey_chain c SET leaf = prev, n = n + 1 FROM other WHERE c.subject = other.subject`,
	} {
		t.Run(name, func(t *testing.T) {
			dsn := postgrestest.Start(t).Database(t)
			s := open(t, dsn)
			insist(t, s, "first")
			endSessions(t, dsn)
			insist(t, s, "last")
			if err := s.Sealed(t.Context()); err != nil {
				t.Fatal(err)
			}
			if back := s.SetBack(); back != (store.SetBack{}) {
				t.Fatalf("nothing is gone: %+v", back)
			}
			news, err := s.Wait(t.Context(), "nothing that is ever notified")
			if err != nil {
				t.Fatal(err)
			}
			do(t, dsn, lose)
			endSessions(t, dsn)
			insist(t, s, "after")
			if back := s.SetBack(); back.Times == 0 || !back.Lacks {
				t.Errorf("it goes on as if nothing was gone: %+v", back)
			}
			<-news
			before := s.SetBack().Times
			endSessions(t, dsn)
			if insist(t, s, "later"); s.SetBack().Times != before {
				t.Errorf("it is found again: %+v", s.SetBack())
			}
		})
	}
}
