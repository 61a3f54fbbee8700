package postgres

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/jackc/pgx/v5"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/postgres/pipeline"
)

// eventLog implements store.Log. An entry is written without a place; the sealer
// gives it one.
type eventLog struct{ *handle }

// Append implements store.Log.
func (l eventLog) Append(e access.Entry, about store.About) (access.Entry, error) {
	if err := l.mayWrite(); err != nil {
		return access.Entry{}, err
	}
	if err := store.CheckEvent(e, about); err != nil {
		return access.Entry{}, err
	}
	last, err := l.end(e.Subject)
	if err != nil {
		return access.Entry{}, err
	}
	if e, err = store.Chained(e, last.n, last.leaf); err != nil {
		return access.Entry{}, err
	}
	e.Place = 0
	err = l.put(pipeline.Statement{Table: entries, SQL: appendEntries, Many: true}, chainKey(e),
		raw(e.Log), raw(e.ID), raw(e.Subject.String()), int64(e.N), hashed(e.Prev), e.Schema, solid(e.Body), filled(e.Salt), filled(e.Private), filled(hashed(e.Erased)),
		hashed(e.Leaf), raw(string(about.Person)), raw(about.App))
	if err != nil {
		return access.Entry{}, err
	}
	l.appended, l.ends[e.Subject] = true, end{e.N, e.Leaf}
	return e, nil
}

const appendEntries = `
	WITH new AS (
		SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bigint[], $5::bytea[], $6::integer[], $7::bytea[], $8::bytea[], $9::bytea[], $10::bytea[], $11::bytea[], $12::bytea[], $13::bytea[])
		WITH ORDINALITY new(log, id, subject, n, prev, schema, body, salt, private, erased, leaf, person, app, nth)
	), at_the_end AS (
		INSERT INTO latchkey_chain (subject, n, leaf) SELECT DISTINCT ON (subject) subject, n, leaf FROM new ORDER BY subject, n DESC
		ON CONFLICT (subject) DO UPDATE SET n = excluded.n, leaf = excluded.leaf
	)
	INSERT INTO latchkey_unsealed (log, id, subject, n, prev, schema, body, salt, private, erased, leaf, person, app)
	SELECT log, id, subject, n, prev, schema, body, salt, private, erased, leaf, person, app FROM new ORDER BY nth`

// chainKey tells entries apart.
func chainKey(e access.Entry) string {
	return e.Subject.String() + "\x00" + strconv.FormatUint(e.N, 10)
}

// end is the end of a chain: 0 and none where there is none.
type end struct {
	n    uint64
	leaf access.Hash
}

// end is the end of a subject's chain. Once it was read, or written, only this transaction moves it.
func (l eventLog) end(s access.Subject) (e end, err error) {
	e, known := l.ends[s]
	if known {
		return e, nil
	}
	err = l.one(of(chains), `SELECT n, leaf FROM latchkey_chain WHERE subject = $1`, []any{raw(s.String())}, &e.n, (*hash)(&e.leaf))
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return e, err
	}
	l.ends[s] = e
	return e, nil
}

const (
	eventColumns = `e.place, l.name, e.id, e.subject, e.n, e.prev, e.schema, e.body, e.salt, e.private, e.erased, e.leaf`
	fromEvents   = ` FROM latchkey_event e JOIN latchkey_log l ON l.number = e.log `
)

// found is an entry, or why it can't be read back.
type found struct {
	access.Entry
	err error
}

func scanEntry(rows pgx.Rows) (f found, err error) {
	var subject string
	err = rows.Scan(&f.Place, (*text)(&f.Log), (*text)(&f.ID), (*text)(&subject), &f.N, (*hash)(&f.Prev), &f.Schema, (*body)(&f.Body), (*body)(&f.Salt), (*body)(&f.Private),
		(*hash)(&f.Erased), (*hash)(&f.Leaf))
	if err == nil {
		f.Subject, f.err = access.ParseSubject(subject)
	}
	return f, err
}

// Entries implements store.Log.
func (l eventLog) Entries(f store.Filter, after uint64, limit int) ([]access.Entry, error) {
	if err := l.mayRead(); err != nil {
		return nil, err
	}
	if err := f.Check(); err != nil {
		return nil, err
	}
	if after > math.MaxInt64 {
		return nil, nil
	}
	sql, args := statement(f)
	rows, err := all(l.handle, of(entries), scanEntry, sql, append([]any{int64(after), most(limit)}, args...)...)
	if err != nil {
		return nil, err
	}
	return legible(rows, f == store.Filter{})
}

// statement finds the entries that match a filter after $1, $2 of them.
func statement(f store.Filter) (sql string, args []any) {
	switch {
	case f.Subject != access.Subject{}:
		return `
			SELECT ` + eventColumns + fromEvents + `WHERE e.subject = $3 AND e.n > $1
			UNION ALL
			SELECT 0, e.log, e.id, e.subject, e.n, e.prev, e.schema, e.body, e.salt, e.private, e.erased, e.leaf FROM latchkey_unsealed e
			WHERE e.subject = $3 AND e.n > $1
			ORDER BY 5 LIMIT $2`, []any{raw(f.Subject.String())}
	case f.App != "":
		return `SELECT ` + eventColumns + fromEvents + `WHERE e.person = $3 AND e.app = $4 AND e.app <> '' AND e.place > $1 ORDER BY e.place LIMIT $2`,
			[]any{raw(string(f.Person)), raw(f.App)}
	case f.Person != "":
		return `SELECT ` + eventColumns + fromEvents + `WHERE e.person = $3 AND e.person <> '' AND e.place > $1 ORDER BY e.place LIMIT $2`,
			[]any{raw(string(f.Person))}
	}
	return `SELECT ` + eventColumns + fromEvents + `WHERE e.place > $1 ORDER BY e.place LIMIT $2`, nil
}

// legible are the entries that can be read back. Where all were asked for, one that
// can't be is an error of its own; otherwise it is named in a Damage beside the others.
func legible(rows []found, whole bool) (entries []access.Entry, err error) {
	var damage store.Damage
	for _, row := range rows {
		if row.err == nil {
			entries = append(entries, row.Entry)
			continue
		}
		err := fmt.Errorf("the event at place %d can't be read back: %w", row.Place, row.err)
		if whole {
			return nil, err
		}
		damage = append(damage, &store.Damaged{Kind: "event", ID: strconv.FormatUint(row.Place, 10), Err: err})
	}
	if len(damage) > 0 {
		return entries, damage
	}
	return entries, nil
}

// Erase implements store.Log.
func (l eventLog) Erase(places []uint64) error {
	if err := l.mayWrite(); err != nil {
		return err
	}
	for _, place := range places {
		if err := l.erase(place); err != nil {
			return fmt.Errorf("erase the private part of the event at place %d: %w", place, err)
		}
	}
	return nil
}

func (l eventLog) erase(place uint64) error {
	e, err := single(l.handle, of(entries), scanEntry, `SELECT `+eventColumns+fromEvents+`WHERE e.place = $1`, int64(place))
	if err = errors.Join(err, e.err); err != nil || len(e.Private) == 0 {
		return err
	}
	_, err = l.change(`UPDATE latchkey_event SET salt = NULL, private = NULL, erased = $2 WHERE place = $1`, int64(place), hashed(e.Erase().Erased))
	return err
}

// Size implements store.Log.
func (l eventLog) Size() (n uint64, err error) {
	if err := l.mayRead(); err != nil {
		return 0, err
	}
	err = l.one(of(entries), `SELECT coalesce(max(place), 0) FROM latchkey_leaf`, nil, &n)
	return n, err
}

func scanHash(rows pgx.Rows) (h access.Hash, err error) {
	err = rows.Scan((*hash)(&h))
	return h, err
}

// Leaves implements store.Log.
func (l eventLog) Leaves(after uint64, limit int) ([]access.Hash, error) {
	if err := l.mayRead(); err != nil || after > math.MaxInt64 {
		return nil, err
	}
	return all(l.handle, of(entries), scanHash, `SELECT leaf FROM latchkey_leaf WHERE place > $1 ORDER BY place LIMIT $2`, int64(after), most(limit))
}

// Subtrees implements store.Log.
func (l eventLog) Subtrees() (leaves uint64, roots []access.Hash, err error) {
	if err := l.mayRead(); err != nil {
		return 0, nil, err
	}
	roots, err = all(l.handle, of(entries), scanHash, `SELECT root FROM latchkey_subtree ORDER BY last`)
	if err != nil || len(roots) == 0 {
		return 0, nil, err
	}
	err = l.one(of(entries), `SELECT min(last) FROM latchkey_subtree`, nil, &leaves)
	return leaves, roots, err
}
