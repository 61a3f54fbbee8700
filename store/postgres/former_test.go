package postgres_test

import (
	"testing"
	"time"

	"latchkey/config/value"
	"latchkey/store"
	"latchkey/store/postgres"
	"latchkey/store/postgres/postgrestest"
)

// What a replica of the version before writes, which knows the tables as migration 1 left them and has the database open
// beside one of this version. The sentences are its own, with values in place of parameters: they stay as they are until
// the layout gets another number.
const (
	formerWrites = `
		BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE latchkey_gate IN ROW SHARE MODE;
		WITH put AS (
			INSERT INTO latchkey_record (kind, id, version, schema, due, keys, body) VALUES ('k', 'former', 1, 1, NULL, '{a,b}', 'what the former wrote')
			ON CONFLICT DO NOTHING RETURNING 1
		), made AS (
			INSERT INTO latchkey_key (kind, key, id) SELECT 'k', key, 'former' FROM put, unnest('{a,b}'::bytea[]) key
		)
		SELECT count(*) FROM put;
		WITH old AS (
			SELECT keys FROM latchkey_record WHERE kind = 'k' AND id = 'former' AND version = 1
		), put AS (
			UPDATE latchkey_record SET version = 1 + 1, schema = 1, due = NULL, keys = '{b,c}', body = '{}' WHERE kind = 'k' AND id = 'former' AND version = 1 RETURNING 1
		), gone AS (
			DELETE FROM latchkey_key k USING old, unnest(old.keys) o(key) WHERE k.kind = 'k' AND k.key = o.key AND k.id = 'former' AND o.key <> ALL ('{b,c}'::bytea[])
		), made AS (
			INSERT INTO latchkey_key (kind, key, id) SELECT 'k', key, 'former' FROM old, unnest('{b,c}'::bytea[]) key WHERE key <> ALL (old.keys)
		)
		SELECT count(*) FROM put;
		INSERT INTO latchkey_task (id, queue, kind, subject, priority, lane, lock, schema, payload, state, head, not_before, created, attempts, begun, owner, until, problem)
		SELECT 'former', 'q', 'k', 'request:AR-1', 1::smallint, 'l', '', 1, '{}', 0, 'l'::bytea = '' OR NOT EXISTS (SELECT 1 FROM latchkey_task WHERE lane = 'l'::bytea AND lane <> ''),
			'\x800000000000000000000000', '\x800000000000000000000000', 0, false, '', '\x800000000000000000000000', ''
		ON CONFLICT (id) DO NOTHING;
		UPDATE latchkey_task SET state = 1, owner = 'former', until = '\x800000000000000000000000', begun = true WHERE seq = ANY (ARRAY(SELECT seq FROM latchkey_task WHERE id = 'former'));
		UPDATE latchkey_task SET state = 0, not_before = '\x800000000000000000000000', attempts = 1, begun = true, problem = 'p', owner = '', until = '\x800000000000000000000000' WHERE id = 'former';
		INSERT INTO latchkey_lease (name, owner, until, token) VALUES ('former', 'o', '\x800000000000000000000000', 1) ON CONFLICT (name) DO UPDATE SET owner = 'o', until = '\x80', token = 1;
		INSERT INTO latchkey_owner VALUES ('former') ON CONFLICT DO NOTHING;
		WITH at_the_end AS (
			INSERT INTO latchkey_chain (subject, n, leaf) VALUES ('request:AR-former', 1, sha256('leaf')) ON CONFLICT (subject) DO UPDATE SET n = 1, leaf = sha256('leaf')
		)
		INSERT INTO latchkey_unsealed (log, id, subject, n, prev, schema, body, salt, private, erased, leaf, person, app)
		VALUES ('acme.test/latchkey/7f3k9q2m/1', 'former', 'request:AR-former', 1, '', 1, '{}', '0123456789abcdef', 'the former''s secret', NULL, sha256('leaf'), 'P-ANN', 'crm');
		COMMIT`
	formerMakesRoom = `
		BEGIN;
		CREATE TABLE latchkey_event_17 (LIKE latchkey_event INCLUDING ALL);
		ALTER TABLE latchkey_event ATTACH PARTITION latchkey_event_17 FOR VALUES FROM (17) TO (33);
		COMMIT`
	formerSeals = `
		WITH taken AS (
			DELETE FROM latchkey_unsealed WHERE seq IN (SELECT seq FROM latchkey_unsealed ORDER BY seq LIMIT 2000) RETURNING *
		), placed AS (
			SELECT (SELECT coalesce(max(place), 0) FROM latchkey_leaf) + row_number() OVER (ORDER BY seq) AS place, taken.* FROM taken
		), named AS (
			INSERT INTO latchkey_log (name) SELECT DISTINCT log FROM taken WHERE log NOT IN (SELECT name FROM latchkey_log) RETURNING number, name
		), log AS (
			SELECT number, name FROM latchkey_log UNION ALL SELECT number, name FROM named
		), event AS (
			INSERT INTO latchkey_event (place, log, id, subject, n, prev, schema, body, salt, private, erased, leaf, person, app)
			SELECT p.place, l.number, p.id, p.subject, p.n, p.prev, p.schema, p.body, p.salt, p.private, p.erased, p.leaf, p.person, p.app
			FROM placed p LEFT JOIN log l ON l.name = p.log
		)
		INSERT INTO latchkey_leaf (place, leaf) SELECT place, leaf FROM placed`
	formerErases = `UPDATE latchkey_event SET salt = NULL, private = NULL, erased = sha256('private') WHERE subject = 'request:AR-former'`
)

// A replica of the version before goes on beside one of this version: what it writes is read, what it seals and erases is
// known, and what it erased goes out of the files, also where this version has divided a partition meanwhile.
func TestTheVersionBeforeGoesOnBeside(t *testing.T) {
	server := postgrestest.Start(t)
	dsn := server.Database(t)
	s := open(t, dsn)
	for range 16 {
		if err := write(s, time.Now().String()); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Sealed(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil { // so that the former one seals
		t.Fatal(err)
	}
	for _, sql := range []string{formerWrites, formerMakesRoom, formerSeals, formerErases} {
		do(t, dsn, sql)
	}
	s = open(t, dsn)
	err := s.View(t.Context(), func(tx store.Tx) error {
		if r, err := tx.Get("k", "former"); err != nil || r.Version != 2 {
			t.Errorf("the record: %+v, %v", r, err)
		}
		if k, err := tx.Task("former"); err != nil || k.Attempts != 1 {
			t.Errorf("the task: %+v, %v", k, err)
		}
		if ids, err := tx.IDs("k", "c", "", 9); err != nil || len(ids) != 1 {
			t.Errorf("found by a key: %v, %v", ids, err)
		}
		all, err := tx.Entries(store.Filter{}, 16, 9)
		if err != nil || len(all) != 1 || all[0].ID != "former" || len(all[0].Private) > 0 {
			t.Errorf("the event: %+v, %v", all, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"the former's secret", "what the former wrote"} {
		if !server.Holds(t, secret) {
			t.Fatalf("nothing is left of %q, and it was not shredded yet", secret)
		}
	}
	if err := s.Shred(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"the former's secret", "what the former wrote"} {
		if server.Holds(t, secret) {
			t.Errorf("%q, which the version before erased, is in the files", secret)
		}
	}
	if err := write(s, "after"); err != nil {
		t.Error(err)
	}
}

// A database of the version before, with all that it holds, is brought up to this one, while a replica of the former has it
// open: what was erased before goes out of the files, too.
func TestErasedBeforeTheLayoutKnew(t *testing.T) {
	server := postgrestest.Start(t)
	dsn := server.Database(t)
	s := open(t, dsn)
	if err := write(s, "first"); err != nil {
		t.Fatal(err)
	}
	do(t, dsn, formerWrites)
	if err := s.Sealed(t.Context()); err != nil {
		t.Fatal(err)
	}
	do(t, dsn, `
		DROP TRIGGER latchkey_erased ON latchkey_event; DROP FUNCTION latchkey_note_erased; DROP TABLE latchkey_erased; DELETE FROM latchkey_migration WHERE version_id = 2;
		ALTER TABLE latchkey_event ALTER COLUMN private SET STATISTICS 100; ANALYZE`)
	do(t, dsn, formerErases)
	beside, err := postgres.Open(t.Context(), postgres.Settings{DSN: value.NewSecret(dsn)}, postgres.Options{Partition: 16})
	if err != nil {
		t.Fatal(err)
	}
	if err := beside.Shred(t.Context()); err != nil {
		t.Error(err)
	}
	if server.Holds(t, "the former's secret") {
		t.Error("what was erased before is in the files")
	}
	if err := write(s, "the older one goes on"); err != nil {
		t.Error(err)
	}
	if err := beside.Close(); err != nil {
		t.Error(err)
	}
}
