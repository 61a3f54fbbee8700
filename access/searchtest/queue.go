package searchtest

import (
	"cmp"
	"fmt"
	"slices"
)

// TaskKind says what a task does.
type TaskKind uint8

// The kinds of task that can change what people hold, and Write for what is told to
// an issue.
const (
	Open      TaskKind = iota + 1 // make the issue
	Write                         // tell the issue what happened
	Find                          // find who is asked; part 1: look again
	Establish                     // find out whether a kept answer counts; part: whose
	Add                           // put the person into a group; part: which
	Remove                        // take the person out of a group; part: which
)

// TaskState is where a task stands.
type TaskState uint8

// The states of a task.
const (
	Ready TaskState = iota
	Claimed
	Stuck
)

// Task is one piece of durable work. Kind, Case and Part are its stable key.
type Task struct {
	Kind       TaskKind
	Case, Part uint8
	State      TaskState
	Begun      bool // it was claimed before: the effect may have happened
	Phase      uint8
}

// Lane names the tasks that run strictly in the order they were enqueued; "" for none.
func (t Task) Lane() string {
	if t.Kind == Open || t.Kind == Write {
		return fmt.Sprintf("issue/%d", t.Case)
	}
	return ""
}

// Lock names the tasks of which one runs at a time; "" for none.
func (t Task) Lock() string {
	if t.Kind == Add || t.Kind == Remove {
		return fmt.Sprintf("place/%d", t.Part)
	}
	return ""
}

// ID is the task's stable key, as text.
func (t Task) ID() string { return fmt.Sprintf("%d/%d/%d", t.Kind, t.Case, t.Part) }

func (t Task) key() [3]uint8 { return [3]uint8{uint8(t.Kind), t.Case, t.Part} }

// most is how many tasks live at once in a small world.
const most = 14

// Queue is durable work: the living tasks by age, and nothing behind them.
type Queue [most]Task

// Len is how many tasks live.
func (q *Queue) Len() int {
	n := 0
	for n < most && q[n].Kind != 0 {
		n++
	}
	return n
}

// Find is where a task stands among the living; -1 if it doesn't live.
func (q *Queue) Find(kind TaskKind, of, part uint8) int {
	for i := range q {
		switch {
		case q[i].Kind == 0:
			return -1
		case q[i].Kind == kind && q[i].Case == of && q[i].Part == part:
			return i
		}
	}
	return -1
}

// Enqueue adds a task that is ready, unless it lives.
func (q *Queue) Enqueue(kind TaskKind, of, part uint8) bool {
	if q.Find(kind, of, part) >= 0 {
		return false
	}
	q[q.Len()] = Task{Kind: kind, Case: of, Part: part} // a small world has room for all it can need
	return true
}

// Claimable tells whether a worker may claim the task now: it is ready, the head of
// its lane, and nobody holds its lock.
func (q *Queue) Claimable(i int) bool {
	t := q[i]
	if t.Kind == 0 || t.State != Ready {
		return false
	}
	for j, o := range q {
		if o.Kind == 0 {
			break
		}
		ahead := j < i && (t.Kind == Open || t.Kind == Write) && (o.Kind == Open || o.Kind == Write) && o.Case == t.Case
		locked := o.State == Claimed && (t.Kind == Add || t.Kind == Remove) && (o.Kind == Add || o.Kind == Remove) && o.Part == t.Part
		if ahead || locked {
			return false
		}
	}
	return true
}

// Claim marks a task as under way, and tells whether it was before.
func (q *Queue) Claim(i int) (begun bool) {
	begun = q[i].Begun
	q[i].State, q[i].Begun, q[i].Phase = Claimed, true, 0
	return begun
}

// Done removes a task.
func (q *Queue) Done(i int) {
	copy(q[i:], q[i+1:])
	q[most-1] = Task{}
}

// Requeue ends a claim without a result: the task is ready again, or waits for a
// human. nothing says for certain that nothing was done, now or before.
func (q *Queue) Requeue(i int, to TaskState, nothing bool) {
	q[i].State, q[i].Phase = to, 0
	q[i].Begun = q[i].Begun && !nothing
}

// Drop takes a task back that nobody has under way.
func (q *Queue) Drop(kind TaskKind, of, part uint8) {
	if i := q.Find(kind, of, part); i >= 0 && q[i].State != Claimed {
		q.Done(i)
	}
}

// Expedite makes a task that waits, for its time or for a human, ready now.
func (q *Queue) Expedite(kind TaskKind, of, part uint8) {
	if i := q.Find(kind, of, part); i >= 0 && q[i].State != Claimed {
		q[i].State = Ready
	}
}

// Crash ends the process: whatever was under way is ready again, and remembered to
// have been begun.
func (q *Queue) Crash() {
	for i := range q {
		if q[i].Kind != 0 && q[i].State == Claimed {
			q[i].State, q[i].Phase = Ready, 0
		}
	}
}

// canonical orders the tasks so that it doesn't matter in which order those came that
// don't wait for each other. Of a lane the issue comes first, as it did.
func (q *Queue) canonical() {
	slices.SortFunc(q[:q.Len()], func(a, b Task) int {
		x, y := a.key(), b.key()
		return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1]), cmp.Compare(x[2], y[2]))
	})
}
