package postgres

import (
	"errors"
	"strconv"

	"github.com/jackc/pgx/v5"

	"latchkey/store"
	"latchkey/store/moment"
	"latchkey/store/postgres/pipeline"
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

// Of the rows of one statement none sees another, so it is told which is the first of its lane.
const (
	addTasks = `
		WITH new AS (
			SELECT *, row_number() OVER (PARTITION BY lane ORDER BY nth) = 1 AS first
			FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::bytea[], $5::smallint[], $6::bytea[], $7::bytea[], $8::integer[], $9::bytea[], $10::bytea[], $11::bytea[], $12::bytea[])
			WITH ORDINALITY new(id, queue, kind, subject, priority, lane, lock, schema, payload, not_before, created, until, nth)
		), put AS (
			INSERT INTO latchkey_task (id, queue, kind, subject, priority, lane, lock, schema, payload, state, head, not_before, created, attempts, begun, owner, until, problem)
			SELECT id, queue, kind, subject, priority, lane, lock, schema, payload, 0,
				CASE WHEN lane = '' THEN true WHEN NOT first THEN false
				ELSE (SELECT 1 FROM latchkey_task t WHERE t.lane = new.lane AND t.lane <> '' LIMIT 1) IS NULL END,
				not_before, created, 0, false, '', until, ''
			FROM new ORDER BY nth
			ON CONFLICT (id) DO NOTHING RETURNING 1
		)
		SELECT `
	allAdded    = `1 / (count(*) = cardinality($1))::int FROM put`
	howMany     = `count(*) FROM put`
	removeTasks = `
		WITH gone AS (
			DELETE FROM latchkey_task WHERE id = ANY ($1::bytea[]) RETURNING lane, seq, head, state = 1 AND owner <> ($2::bytea[])[1] AS held
		), next AS (
			UPDATE latchkey_task SET head = true WHERE seq = ANY (ARRAY(
				SELECT (
					SELECT t.seq FROM latchkey_task t
					WHERE t.lane = gone.lane AND t.lane <> '' AND t.seq > gone.seq AND t.id <> ALL ($1::bytea[]) ORDER BY t.seq LIMIT 1)
				FROM gone WHERE gone.head AND gone.lane <> ''))
		)
		SELECT 1 / (count(*) FILTER (WHERE held) = 0)::int FROM gone`
	updateTask = `
		UPDATE latchkey_task SET state = $2, not_before = $3, attempts = $4, begun = $5, problem = $6, owner = '', until = $7 WHERE id = $1`
)

// Enqueue implements store.Queue. That the task is new is taken for granted, but of kinds that
// are often enqueued again, and where nothing is.
func (q taskQueue) Enqueue(k store.Task) (added bool, err error) {
	if err := q.mayWrite(); err != nil {
		return false, err
	}
	if err := k.Check(); err != nil {
		return false, err
	}
	k = k.Fresh()
	if q.living[k.ID] {
		return false, nil
	}
	added = true
	if q.wary || q.repeats.likely(k.Kind) {
		added, err = q.tryAdd(k)
	} else {
		err = q.put(pipeline.Statement{Table: tasks, SQL: addTasks + allAdded, Many: true}, k.ID, newTask(k)...)
	}
	if err != nil {
		return false, err
	}
	q.living[k.ID] = true
	return added, nil
}

// tryAdd adds a task at once, if none with its id is there.
func (q taskQueue) tryAdd(k store.Task) (added bool, err error) {
	args := newTask(k)
	for i, value := range args {
		args[i] = []any{value}
	}
	q.writes++
	var n int
	if err := q.one(of(tasks), addTasks+howMany, args, &n); err != nil {
		return false, err
	}
	q.repeats.saw(k.Kind, n == 0)
	if n == 1 {
		return true, nil
	}
	return false, q.seen(of(tasks, k.ID), `SELECT 1 FROM latchkey_task WHERE id = $1`, raw(k.ID))
}

// newTask are the values of addTasks.
func newTask(k store.Task) []any {
	return []any{raw(k.ID), raw(k.Queue), raw(k.Kind), raw(k.Subject.String()), int16(k.Priority), raw(k.Lane), raw(k.Lock), k.Schema, solid(k.Payload),
		moment.Append(nil, k.NotBefore), moment.Append(nil, k.Created), noTime()}
}

// repeats are the kinds of tasks of which some were enqueued again while they lived. A writer's
// own.
type repeats map[string]int

// newInARow is after how many new tasks of a kind in a row the next is taken for new.
const newInARow = 256

// likely tells whether a task may well be there already.
func (r repeats) likely(kind string) bool { return r[kind] > 0 }

// saw takes note of whether a task was there already.
func (r repeats) saw(kind string, again bool) {
	switch {
	case again:
		r[kind] = newInARow
	case r[kind] > 1:
		r[kind]--
	default:
		delete(r, kind)
	}
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
	return q.put(pipeline.Statement{Table: tasks, SQL: updateTask}, next.ID,
		raw(next.ID), stateNumber(next.State), moment.Append(nil, next.NotBefore), next.Attempts, next.Begun, raw(next.Problem), noTime())
}

// Done implements store.Queue. The next of the lane is its head then. That nobody else has claimed
// the task is taken for granted, if there is an owner who ends it.
func (q taskQueue) Done(id, owner string) error {
	if err := q.mayWrite(); err != nil {
		return err
	}
	if q.wary || owner == "" {
		k, err := q.task(id)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return nil
		case err != nil:
			return err
		case k.State == store.Claimed && k.Owner != owner:
			return store.ErrConflict
		}
	}
	delete(q.living, id)
	return q.put(pipeline.Statement{Table: tasks, SQL: removeTasks, Many: true, Of: owner}, id, raw(id), raw(owner))
}

// Task implements store.Queue.
func (q taskQueue) Task(id string) (store.Task, error) {
	if err := q.mayRead(); err != nil {
		return store.Task{}, err
	}
	return q.task(id)
}

func (q taskQueue) task(id string) (store.Task, error) {
	return single(q.handle, of(tasks, id), scanTask, `SELECT `+taskColumns+` FROM latchkey_task WHERE id = $1`, raw(id))
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
		return all(q.handle, of(tasks), scanTask, `SELECT `+taskColumns+` FROM latchkey_task WHERE seq > $1 ORDER BY seq LIMIT $2`, int64(after), most(limit))
	}
	is := strconv.Itoa(int(stateNumber(state))) // no parameter: there are indexes for some states
	return all(q.handle, of(tasks), scanTask, `SELECT `+taskColumns+` FROM latchkey_task WHERE state = `+is+` AND seq > $1 ORDER BY seq LIMIT $2`, int64(after), most(limit))
}
