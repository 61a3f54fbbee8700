package postgres

import (
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"latchkey/store"
	"latchkey/store/moment"
	"latchkey/store/postgres/pipeline"
)

// Claim implements store.Queue.
func (q taskQueue) Claim(c store.Claim) ([]store.Task, error) {
	if err := q.mayWrite(); err != nil {
		return nil, err
	}
	if err := c.Check(); err != nil {
		return nil, err
	}
	if err := q.expire(c.At); err != nil {
		return nil, err
	}
	steps, err := q.steps(c.Queue)
	if err != nil {
		return nil, err
	}
	var best []store.Task
	locks := map[string]bool{}
	for _, s := range steps {
		if s.at.After(c.At) || c.Below > 0 && s.priority >= c.Below {
			continue
		}
		some, err := q.claimable(c, s.priority, c.Limit-len(best), locks)
		if err != nil {
			return nil, err
		}
		best = append(best, some...)
	}
	return best, q.claim(best, c)
}

// expire makes the claims that ran out ready again, whatever their queue.
func (q taskQueue) expire(at time.Time) error {
	return q.put(pipeline.Statement{Table: tasks, SQL: `UPDATE latchkey_task SET state = 0, owner = '', until = $2 WHERE state = 1 AND until <= $1`}, "",
		moment.Append(nil, at), noTime())
}

// step is the first of the ready tasks of one priority.
type step struct {
	priority store.Priority
	at       time.Time
}

func scanStep(rows pgx.Rows) (s step, err error) {
	err = rows.Scan(&s.priority, (*when)(&s.at))
	return s, err
}

// steps are those of a queue, the most urgent priority first. Between two the index is
// jumped over, however many tasks there are.
func (q taskQueue) steps(queue string) ([]step, error) {
	return all(q.handle, of(tasks), scanStep, `
		WITH RECURSIVE step(priority, at) AS (
			(SELECT priority, not_before FROM latchkey_task
			 WHERE state = 0 AND head AND queue = $1 ORDER BY priority, not_before LIMIT 1)
			UNION ALL
			SELECT next.* FROM step, LATERAL (
				SELECT priority, not_before FROM latchkey_task
				WHERE state = 0 AND head AND queue = $1 AND priority > step.priority ORDER BY priority, not_before LIMIT 1) next
		)
		SELECT priority, at FROM step ORDER BY priority`, raw(queue))
}

// claimable are up to most tasks of one priority that c would take, best first. No
// other replica takes them meanwhile, nor waits for this one. Of each lock there is
// one; locks are those that are taken already.
func (q taskQueue) claimable(c store.Claim, p store.Priority, most int, locks map[string]bool) (best []store.Task, err error) {
	after := step{at: time.Time{}}
	for seq := uint64(0); len(best) < most; {
		page := most - len(best)
		some, err := all(q.handle, of(tasks), scanTask, `
			SELECT `+taskColumns+` FROM latchkey_task t
			WHERE state = 0 AND head AND queue = $1 AND priority = $2 AND not_before <= $3 AND (not_before, seq) > ($4, $5)
			AND (lock = '' OR NOT EXISTS (SELECT 1 FROM latchkey_task held WHERE held.lock = t.lock AND held.lock <> '' AND held.state = 1))
			ORDER BY not_before, seq LIMIT $6 FOR UPDATE SKIP LOCKED`,
			raw(c.Queue), int16(p), moment.Append(nil, c.At), moment.Append(nil, after.at), int64(seq), int64(page))
		if err != nil {
			return nil, err
		}
		for _, k := range some {
			after.at, seq = k.NotBefore, k.Seq
			if k.State == store.Stuck { // it can't be read back
				if err := q.setAside(k.ID); err != nil {
					return nil, err
				}
				continue
			}
			if k.Lock == "" || !locks[k.Lock] {
				locks[k.Lock] = true
				best = append(best, k)
			}
		}
		if len(some) < page {
			return best, nil
		}
	}
	return best, nil
}

// setAside parks a task that can't be read back. What was stored of it stays.
func (q taskQueue) setAside(id string) error {
	return q.put(pipeline.Statement{Table: tasks, SQL: `UPDATE latchkey_task SET state = 2 WHERE id = $1`}, id, raw(id))
}

// claim marks the tasks. The caller is told whether they were begun before; what is
// stored says that they are begun now.
func (q taskQueue) claim(best []store.Task, c store.Claim) error {
	if len(best) == 0 {
		return nil
	}
	seqs := make([]int64, len(best))
	for i := range best {
		seqs[i] = int64(best[i].Seq)
		best[i].State, best[i].Owner, best[i].Until = store.Claimed, c.Owner, c.Until.UTC()
	}
	slices.Sort(seqs)
	return q.put(pipeline.Statement{Table: tasks, SQL: `UPDATE latchkey_task SET state = 1, owner = $2, until = $3, begun = true WHERE seq = ANY ($1)`}, "",
		seqs, raw(c.Owner), moment.Append(nil, c.Until))
}

// Release implements store.Queue.
func (q taskQueue) Release(queue, owner string) (int, error) {
	if err := q.mayWrite(); err != nil {
		return 0, err
	}
	n, err := q.change(`UPDATE latchkey_task SET state = 0, owner = '', until = $3 WHERE state = 1 AND queue = $1 AND owner <> $2`,
		raw(queue), raw(owner), noTime())
	return int(n), err
}

// NextTask implements store.Queue. A claim that runs out makes its task ready, so its
// end counts too.
func (q taskQueue) NextTask(queue string) (at time.Time, ok bool, err error) {
	if err := q.mayRead(); err != nil {
		return at, false, err
	}
	steps, err := q.steps(queue)
	if err != nil {
		return at, false, err
	}
	for _, s := range steps {
		if !ok || s.at.Before(at) {
			at, ok = s.at, true
		}
	}
	until, held, err := q.first(of(tasks), `SELECT until FROM latchkey_task WHERE state = 1 AND queue = $1 ORDER BY until LIMIT 1`, raw(queue))
	if held && (!ok || until.Before(at)) {
		at, ok = until, true
	}
	return at, ok, err
}
