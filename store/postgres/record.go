package postgres

import (
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"latchkey/store"
	"latchkey/store/moment"
	"latchkey/store/postgres/pipeline"
)

// recordTable implements store.Records.
type recordTable struct{ *handle }

const recordColumns = `kind, id, version, schema, due, keys, body`

func scanRecord(rows pgx.Rows) (store.Record, error) {
	var r store.Record
	var keys [][]byte
	err := rows.Scan((*text)(&r.Kind), (*text)(&r.ID), &r.Version, &r.Schema, (*when)(&r.Due), &keys, (*body)(&r.Body))
	for _, key := range keys {
		r.Index = append(r.Index, string(key))
	}
	return r, err
}

// Get implements store.Records.
func (t recordTable) Get(kind, id string) (store.Record, error) {
	if err := t.mayRead(); err != nil {
		return store.Record{}, err
	}
	return single(t.handle, of(records, kind, id), scanRecord, `SELECT `+recordColumns+` FROM latchkey_record WHERE kind = $1 AND id = $2`, raw(kind), raw(id))
}

const (
	insertRecords = `
		WITH put AS (
			INSERT INTO latchkey_record (` + recordColumns + `)
			SELECT kind, id, 1, schema, due, keys::bytea[], body
			FROM unnest($1::bytea[], $2::bytea[], $3::integer[], $4::bytea[], $5::text[], $6::bytea[]) new(kind, id, schema, due, keys, body)
			ON CONFLICT DO NOTHING RETURNING kind, id, keys
		), made AS (
			INSERT INTO latchkey_key (kind, key, id) SELECT put.kind, key, put.id FROM put, unnest(put.keys) key
		)
		SELECT 1 / (count(*) = cardinality($1))::int FROM put`
	updateRecord = `
		WITH old AS (
			SELECT keys FROM latchkey_record WHERE kind = $1 AND id = $2 AND version = $7
		), put AS (
			UPDATE latchkey_record SET version = $7 + 1, schema = $3, due = $4, keys = $5::text::bytea[], body = $6
			WHERE kind = $1 AND id = $2 AND version = $7 RETURNING 1
		), gone AS (
			DELETE FROM latchkey_key k USING old, unnest(old.keys) o(key)
			WHERE k.kind = $1 AND k.key = o.key AND k.id = $2 AND o.key <> ALL ($5::text::bytea[])
		), made AS (
			INSERT INTO latchkey_key (kind, key, id)
			SELECT $1, key, $2 FROM old, unnest($5::text::bytea[]) key WHERE key <> ALL (old.keys)
		)
		SELECT 1 / count(*) FROM put`
	deleteRecord = `
		WITH old AS (DELETE FROM latchkey_record WHERE kind = $1 AND id = $2 RETURNING keys)
		DELETE FROM latchkey_key k USING old, unnest(old.keys) o(key)
		WHERE k.kind = $1 AND k.key = o.key AND k.id = $2`
	versionOf = `UPDATE latchkey_record SET version = $3 WHERE kind = $1 AND id = $2`
)

// Put implements store.Records. That the version is the one last read is taken for granted; the
// statement divides by zero if it isn't.
func (t recordTable) Put(r store.Record) (uint64, error) {
	if err := t.mayWrite(); err != nil {
		return 0, err
	}
	if err := r.Check(); err != nil {
		return 0, err
	}
	if t.wary {
		if err := t.stillAt(r); err != nil {
			return 0, err
		}
	}
	var due []byte
	if !r.Due.IsZero() {
		due = moment.Append(nil, r.Due)
	}
	s := pipeline.Statement{Table: records, SQL: insertRecords, Many: true}
	values := []any{raw(r.Kind), raw(r.ID), r.Schema, due, array(r.Keys()), solid(r.Body)}
	if r.Version > 0 {
		s, values = pipeline.Statement{Table: records, SQL: updateRecord}, append(values, int64(r.Version))
	}
	return r.Version + 1, t.put(s, row(r.Kind, r.ID), values...)
}

// stillAt is a store.ErrConflict if the record isn't at its version.
func (t recordTable) stillAt(r store.Record) error {
	var version uint64
	err := t.one(of(records, r.Kind, r.ID), `SELECT version FROM latchkey_record WHERE kind = $1 AND id = $2`, []any{raw(r.Kind), raw(r.ID)}, &version)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if version != r.Version {
		return store.ErrConflict
	}
	return nil
}

// Kinds implements store.Copyable.
func (t recordTable) Kinds() ([]string, error) {
	if err := t.mayRead(); err != nil {
		return nil, err
	}
	return all(t.handle, of(records), scanText, `
		WITH RECURSIVE next(kind) AS (
			(SELECT kind FROM latchkey_record ORDER BY kind LIMIT 1)
			UNION ALL
			SELECT later.kind FROM next, LATERAL (SELECT kind FROM latchkey_record WHERE kind > next.kind ORDER BY kind LIMIT 1) later
		)
		SELECT kind FROM next ORDER BY kind`)
}

// PutAs implements store.Copyable.
func (t recordTable) PutAs(r store.Record) error {
	if err := t.Delete(r.Kind, r.ID); err != nil {
		return err
	}
	version := r.Version
	r.Version = 0
	if _, err := t.Put(r); err != nil {
		return err
	}
	return t.put(pipeline.Statement{Table: records, SQL: versionOf}, row(r.Kind, r.ID), raw(r.Kind), raw(r.ID), int64(version))
}

// Delete implements store.Records.
func (t recordTable) Delete(kind, id string) error {
	if err := t.mayWrite(); err != nil {
		return err
	}
	return t.put(pipeline.Statement{Table: records, SQL: deleteRecord}, row(kind, id), raw(kind), raw(id))
}

// Find implements store.Records.
func (t recordTable) Find(kind, by, after string, limit int) ([]store.Record, error) {
	if err := t.mayRead(); err != nil {
		return nil, err
	}
	if by == "" {
		return all(t.handle, of(records), scanRecord, `
			SELECT `+recordColumns+` FROM latchkey_record WHERE kind = $1 AND id > $2 ORDER BY id LIMIT $3`,
			raw(kind), raw(after), most(limit))
	}
	return all(t.handle, of(records), scanRecord, `
		SELECT r.kind, r.id, r.version, r.schema, r.due, r.keys, r.body
		FROM latchkey_key k JOIN latchkey_record r ON r.kind = k.kind AND r.id = k.id
		WHERE k.kind = $1 AND k.key = $2 AND k.id > $3 ORDER BY k.id LIMIT $4`,
		raw(kind), raw(by), raw(after), most(limit))
}

// IDs implements store.Records.
func (t recordTable) IDs(kind, by, after string, limit int) ([]string, error) {
	if err := t.mayRead(); err != nil {
		return nil, err
	}
	if by == "" {
		return all(t.handle, of(records), scanText, `
			SELECT id FROM latchkey_record WHERE kind = $1 AND id > $2 ORDER BY id LIMIT $3`, raw(kind), raw(after), most(limit))
	}
	return all(t.handle, of(records), scanText, `
		SELECT id FROM latchkey_key WHERE kind = $1 AND key = $2 AND id > $3 ORDER BY id LIMIT $4`,
		raw(kind), raw(by), raw(after), most(limit))
}

// Due implements store.Records.
func (t recordTable) Due(kind string, at time.Time, limit int) ([]store.Record, error) {
	if err := t.mayRead(); err != nil {
		return nil, err
	}
	return all(t.handle, of(records), scanRecord, `
		SELECT `+recordColumns+` FROM latchkey_record WHERE kind = $1 AND due <= $2 ORDER BY due, id LIMIT $3`,
		raw(kind), moment.Append(nil, at), most(limit))
}

// NextDue implements store.Records.
func (t recordTable) NextDue(kind string) (time.Time, bool, error) {
	if err := t.mayRead(); err != nil {
		return time.Time{}, false, err
	}
	return t.first(of(records), `SELECT due FROM latchkey_record WHERE kind = $1 AND due IS NOT NULL ORDER BY due LIMIT 1`, raw(kind))
}
