package postgres

import (
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"latchkey/store"
	"latchkey/store/moment"
)

// taskQueue implements store.Queue.
type taskQueue struct{ *handle }

// The states of a task, as they are kept.
const (
	ready   = 0
	claimed = 1
	stuck   = 2
)

func stateNumber(s store.TaskState) int16 {
	switch s {
	case store.Claimed:
		return claimed
	case store.Stuck:
		return stuck
	}
	return ready
}

func stateOf(n int16) store.TaskState {
	switch n {
	case claimed:
		return store.Claimed
	case stuck:
		return store.Stuck
	}
	return store.Ready
}

const taskColumns = `id, seq, queue, kind, subject, priority, lane, lock, schema, payload, state, not_before, created, attempts, begun, owner, until, problem`

// scanTask reads a task. One whose subject can't be read shows as stuck.
func scanTask(rows pgx.Rows) (store.Task, error) {
	var k store.Task
	var subject string
	var state int16
	err := rows.Scan((*text)(&k.ID), &k.Seq, (*text)(&k.Queue), (*text)(&k.Kind), (*text)(&subject), &k.Priority, (*text)(&k.Lane), (*text)(&k.Lock),
		&k.Schema, (*body)(&k.Payload), &state, (*when)(&k.NotBefore), (*when)(&k.Created), &k.Attempts, &k.Begun, (*text)(&k.Owner), (*when)(&k.Until), (*text)(&k.Problem))
	if err != nil {
		return k, err
	}
	k.State = stateOf(state)
	if err := k.Subject.UnmarshalText([]byte(subject)); err != nil {
		return store.StandIn(k.ID, k.Seq, err), nil
	}
	return k, nil
}

// Enqueue implements store.Queue.
func (q taskQueue) Enqueue(k store.Task) (bool, error) {
	if err := q.mayWrite(); err != nil {
		return false, err
	}
	if err := k.Check(); err != nil {
		return false, err
	}
	k = k.Fresh()
	n, err := q.change(`
		INSERT INTO latchkey_task (id, queue, kind, subject, priority, lane, lock, schema, payload, state, head, not_before, created, attempts, begun, owner, until, problem)
		SELECT $1::bytea, $2::bytea, $3::bytea, $4::bytea, $5::smallint, $6::bytea, $7::bytea, $8::integer, $9::bytea, 0, $6::bytea = '' OR NOT EXISTS (SELECT 1 FROM latchkey_task WHERE lane = $6::bytea AND lane <> ''), $10::bytea, $11::bytea, 0, false, '', $12::bytea, ''
		ON CONFLICT (id) DO NOTHING`,
		raw(k.ID), raw(k.Queue), raw(k.Kind), raw(k.Subject.String()), int16(k.Priority), raw(k.Lane), raw(k.Lock), k.Schema, solid(k.Payload),
		moment.Append(nil, k.NotBefore), moment.Append(nil, k.Created), moment.Append(nil, time.Time{}))
	if err != nil || n == 1 {
		return n == 1, err
	}
	return false, q.seen(`SELECT 1 FROM latchkey_task WHERE id = $1`, raw(k.ID))
}

// Requeue implements store.Queue.
func (q taskQueue) Requeue(k store.Task) error {
	if err := q.mayWrite(); err != nil {
		return err
	}
	old, err := q.task(k.ID)
	if err != nil {
		return err
	}
	next, err := old.Requeued(k)
	if err != nil {
		return err
	}
	_, err = q.change(`
		UPDATE latchkey_task SET state = $2, not_before = $3, attempts = $4, begun = $5, problem = $6, owner = '', until = $7 WHERE id = $1`,
		raw(next.ID), stateNumber(next.State), moment.Append(nil, next.NotBefore), next.Attempts, next.Begun, raw(next.Problem), moment.Append(nil, time.Time{}))
	return err
}

// Done implements store.Queue. The next of the lane is its head then.
func (q taskQueue) Done(id, owner string) error {
	if err := q.mayWrite(); err != nil {
		return err
	}
	n, err := q.count(`
		WITH gone AS (
			DELETE FROM latchkey_task WHERE id = $1 AND (state <> 1 OR owner = $2) RETURNING lane, seq, head
		), next AS (
			UPDATE latchkey_task SET head = true WHERE seq = (
				SELECT t.seq FROM gone, latchkey_task t
				WHERE gone.head AND gone.lane <> '' AND t.lane = gone.lane AND t.lane <> '' AND t.seq > gone.seq ORDER BY t.seq LIMIT 1)
		)
		SELECT count(*) FROM gone`, raw(id), raw(owner))
	if err != nil || n > 0 {
		return err
	}
	switch _, err := q.task(id); {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	return store.ErrConflict
}

// Task implements store.Queue.
func (q taskQueue) Task(id string) (store.Task, error) {
	if err := q.mayRead(); err != nil {
		return store.Task{}, err
	}
	return q.task(id)
}

func (q taskQueue) task(id string) (store.Task, error) {
	return single(q.handle, scanTask, `SELECT `+taskColumns+` FROM latchkey_task WHERE id = $1`, raw(id))
}

// Tasks implements store.Queue.
func (q taskQueue) Tasks(state store.TaskState, after uint64, limit int) ([]store.Task, error) {
	if err := q.mayRead(); err != nil {
		return nil, err
	}
	if after > 1<<62 {
		return nil, nil
	}
	if state == "" {
		return all(q.handle, scanTask, `SELECT `+taskColumns+` FROM latchkey_task WHERE seq > $1 ORDER BY seq LIMIT $2`, int64(after), most(limit))
	}
	return all(q.handle, scanTask, `SELECT `+taskColumns+` FROM latchkey_task WHERE state = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
		stateNumber(state), int64(after), most(limit))
}
