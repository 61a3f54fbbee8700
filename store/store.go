// Package store is the contract between Latchkey and whatever keeps its state:
// one bbolt file for a single process, PostgreSQL for several.
//
// A store keeps and finds; rules never sink into it. It never reads a clock:
// every time it compares comes in as an argument. State, the events of the log
// and the tasks they cause are written in one transaction or not at all.
//
// The contract is small and knows no nouns. What is special about requests,
// grants and cards (their keys, their indexes, when they fall due) is said
// once, in this package, in the file named after the noun; a back end sees only
// Record, Event, Task and leases. storetest runs the same suite against every
// back end, and no back end leaves a group of it out.
package store

import (
	"context"
	"errors"
	"time"

	"latchkey/access"
)

// Errors a back end reports. Test with errors.Is.
var (
	// ErrNotFound: there is no such record or task.
	ErrNotFound = errors.New("store: not found")
	// ErrConflict: the record was changed since it was read; load it again.
	ErrConflict = errors.New("store: changed meanwhile")
	// ErrFull: the disk or database refuses to take more. Nothing was written;
	// the store goes on working once there is room.
	ErrFull = errors.New("store: no room left")
	// ErrUnwritable: the disk or database fails for another reason. Whether this
	// was written can't be told; the store goes on working once it can be written
	// to again.
	ErrUnwritable = errors.New("store: can't be written to")
	// ErrFenced: the lease that was to guard this write has passed to somebody
	// else meanwhile, or to a later turn.
	ErrFenced = errors.New("store: the lease is somebody else's by now")
	// ErrInUse: another process has the store open, and only one can at a time.
	ErrInUse = errors.New("store: another process has it open")
	// ErrClosed: the store was closed.
	ErrClosed = errors.New("store: closed")
	// ErrReadOnly: a view was asked to write.
	ErrReadOnly = errors.New("store: a view can't write; use Update")
	// ErrOutstanding: something of what was erased could not be overwritten for now, or a part
	// of the log not moved, and the error says what and why. See Shredder and Parted.
	ErrOutstanding = errors.New("store: not done yet")
	// ErrOver: a transaction was used after its function had returned.
	ErrOver = errors.New("store: the transaction has ended; use it inside its function only")
)

// Rests tells whether an error means that nothing at all can be written for now:
// to try single things again one by one is of no use then.
func Rests(err error) bool {
	return errors.Is(err, ErrFull) || errors.Is(err, ErrUnwritable) || errors.Is(err, ErrClosed)
}

// Store is one database. It is safe for concurrent use.
type Store interface {
	// Update runs fn in a read-write transaction. When Update returns nil
	// everything fn wrote is durable; otherwise none of it is. fn may run more
	// than once (a group commit that fails, a serialisation conflict), so it
	// does no I/O and keeps no results from an earlier run. Transactions are
	// serialisable: fn sees the state all others before it left behind. An
	// error from fn is returned as it is.
	Update(ctx context.Context, fn func(Tx) error) error

	// View runs fn in a read-only transaction on one consistent state. Writing
	// verbs fail inside it.
	View(ctx context.Context, fn func(Tx) error) error

	// Wait listens for topics until ctx ends. From the moment it returns, every
	// committed Notify of one of them, in this process or another, makes the
	// channel deliver; notices that come while nobody receives are delivered as
	// one. A notice is a hint to look again and never the news itself: one may
	// come for nothing, and a back end that may have missed some sends one. The
	// channel is closed when ctx ends or the store is closed.
	Wait(ctx context.Context, topics ...string) (<-chan struct{}, error)

	// Exclusive reports whether only one process can have the store open. Then
	// every claim and lease found at start belongs to a process that is gone.
	Exclusive() bool

	// Close waits for running transactions and releases the store. A second
	// Close does nothing.
	Close() error
}

// Shredder is a store that may keep bytes for a while that nothing refers to any more.
type Shredder interface {
	// Shred overwrites what is left of all that was erased and dropped before. When
	// it returns nil, none of it is in the store's files, apart from what a view that
	// has been open all the time still holds on to. Nobody who writes waits for it for long:
	// what would take that, or what somebody stands in the way of, is an
	// ErrOutstanding, and the next Shred does it.
	Shred(ctx context.Context) error
}

// Sealer is a store in which an entry gets its place a moment after it was written:
// see Log.
type Sealer interface {
	// Sealed waits until every entry that is there when it is called has its place.
	Sealed(ctx context.Context) error
}

// Copyable is what the transactions of a store can besides, so that it can be copied
// from and to as it is.
type Copyable interface {
	// Kinds are all kinds of which there are records, in order.
	Kinds() ([]string, error)
	// PutAs stores r at the version it says, whatever is there.
	PutAs(r Record) error
}

// Attended is a store that finds out when one of the processes that share it is gone.
type Attended interface {
	// Present says that owner, who claims tasks, is there for as long as the store is
	// open. Once it isn't, their claims are ready for others, before they run out.
	Present(owner string)
	// Attendance is how many are there, at least one, and which of them this process is,
	// from 0 on: all who see the same ones count them in the same order. It may be some
	// seconds old.
	Attendance() (place, of int)
}

// Tx is one transaction. It is not safe for concurrent use and dies with the
// function it was handed to.
type Tx interface {
	Records
	Log
	Queue
	Leases

	// Notify wakes whoever waits for one of the topics, once the transaction is
	// committed; if it is not, nobody is woken. See Store.Wait.
	Notify(topics ...string) error
}

// Record is one stored thing, whatever its noun.
type Record struct {
	Kind    string // "request", "grant", …
	ID      string // unique within the kind; any text without NUL
	Version uint64 // 0 for a record not yet stored
	Schema  int    // of the body: see Schema
	Body    []byte
	Index   []string  // keys it can be found by; any text without NUL
	Due     time.Time // when a timer has to look at it; zero for never
}

// Records keeps records and finds them by id, by index key and by due time.
type Records interface {
	// Get finds a record. Absent: ErrNotFound. The body is the caller's to keep.
	Get(kind, id string) (Record, error)

	// Put stores r and replaces its index keys and due time. r.Version must be
	// the version last read, 0 for a new record; otherwise ErrConflict. It
	// returns the new version, one higher.
	Put(r Record) (uint64, error)

	// Delete removes a record and its keys. Deleting an absent one is nothing.
	Delete(kind, id string) error

	// Find lists up to limit records of the kind that carry an index key equal
	// to key, ordered by id, beginning after the id in after ("" from the start).
	// An empty key lists every record of the kind.
	Find(kind, key, after string, limit int) ([]Record, error)
	// IDs lists the ids of what Find lists, without reading it.
	IDs(kind, key, after string, limit int) ([]string, error)

	// Due lists up to limit records of the kind whose due time is not after at,
	// earliest first.
	Due(kind string, at time.Time, limit int) ([]Record, error)

	// NextDue is the earliest due time of the kind; ok is false if there is none.
	NextDue(kind string) (at time.Time, ok bool, err error)
}

// Log is the record of everything that happened. It only grows; nothing is ever taken
// from it but the private parts of entries, by Erase. Events are
// written and read by Append, Events and what else event.go has; a back end keeps
// entries, whose bytes mean nothing to it.
//
// An entry is in the chain of its subject as soon as the transaction is durable.
// Its place in the tree of all entries may come later: a back end for one process
// gives it at once, one for several leaves it to whichever of them seals. Until
// then the place is 0.
type Log interface {
	// Append chains an entry behind the last one of its subject (Entry.Chain, in
	// the log that e.Log names) and returns it as it is kept. An entry that has a
	// number already comes from a log that is gone: it is verified, has to follow
	// the subject's last one, and keeps everything but its place. about is what it
	// is found by, besides its subject.
	Append(e access.Entry, about About) (access.Entry, error)

	// Entries lists up to limit entries that match the filter, in order, after a
	// number. By subject, that number is the one in its chain, and entries without
	// a place are among them. Otherwise it is the place, and an entry is found
	// once it has one. Of those that match a filter, ones that can't be read back
	// are left out and named in a Damage beside the others.
	Entries(f Filter, after uint64, limit int) ([]access.Entry, error)

	// Erase takes the private parts of the entries at these places away for good
	// (access.Entry.Erase). What else they say stays, and so do their leaves. One that
	// has no private part stays as it is; a place that nothing has is an error. See
	// Shredder.
	Erase(places []uint64) error

	// Size is how many entries have a place. Places are consecutive from 1.
	Size() (uint64, error)

	// Leaves lists up to limit leaves in the order of their places, after one.
	Leaves(after uint64, limit int) ([]access.Hash, error)

	// Subtrees are the roots that the store keeps ready of the tree's first
	// perfect subtrees, each of the same number of leaves, a power of two. What is
	// not in them follows from Leaves.
	Subtrees() (leaves uint64, roots []access.Hash, err error)
}

// About is what an event can be found by. Either may be empty.
type About struct {
	Person access.PersonID
	App    string
}

// Filter narrows a look into the log. At most one of the following is given:
// Subject, or Person with or without App. None: everything.
type Filter struct {
	Subject access.Subject
	Person  access.PersonID
	App     string
}

// TaskState is where a task stands. A task that is done is gone.
type TaskState string

// The states of a task.
const (
	Ready   TaskState = "ready" // waits for NotBefore, its lane and a worker
	Claimed TaskState = "claimed"
	Stuck   TaskState = "stuck" // waits for a human
)

// Priority orders the tasks of a queue; lower goes first.
type Priority uint8

// What goes before what. The steps between two of them are for whoever enqueues
// to order tasks of one class.
const (
	Removals  Priority = 0
	Additions Priority = 16
	Writings  Priority = 32 // into the record
	Prompts   Priority = 48 // messages that somebody has to see before anything goes on
	Notices   Priority = 64
)

// Task is one piece of durable work.
type Task struct {
	ID       string // stable key: a second Enqueue of the same id is nothing while the first lives
	Queue    string // the vendor it talks to: "jira", "slack", a directory's id, or "house"
	Kind     string // which handler
	Subject  access.Subject
	Priority Priority
	Lane     string // tasks of one lane run strictly in the order they were enqueued; "" for none
	Lock     string // of tasks with the same lock only one is claimed at a time; "" for none
	Schema   int    // of the payload: see Schema
	Payload  []byte

	State     TaskState
	NotBefore time.Time // of a stuck one: from when on it is tried again by itself; zero for never
	Created   time.Time
	Attempts  int    // claims that ended neither in success nor in a snooze
	Begun     bool   // a claim has started before this one: the effect may have happened; set by Claim
	Owner     string // who holds the claim
	Until     time.Time
	Problem   string // the last failure, for people
	Seq       uint64 // order of enqueueing, set by the store
}

// Claim says which tasks a worker would take.
type Claim struct {
	Queue string
	Owner string
	At    time.Time
	Until time.Time // how long the claim holds
	Limit int
	Below Priority // only tasks that go before this priority; zero: all
}

// Queue is durable work. The head of a lane is its oldest living task; only the
// head can be claimed, and while it is stuck or sleeping the lane waits. A task
// that can't be read back fails nothing but what asks for it alone: whoever comes
// upon it sets it aside as Stuck, with a Problem that says so, and it can be
// removed.
type Queue interface {
	// Enqueue stores a new task as Ready. If a task with that id lives, nothing
	// changes and added is false.
	Enqueue(t Task) (added bool, err error)

	// Claim takes up to Limit tasks of the queue that are ready (NotBefore not
	// after At, head of their lane, lock free), in order of priority, then
	// NotBefore, then age, and marks them Claimed by Owner until Until. The tasks
	// come back as stored, except that Begun still tells whether an EARLIER claim
	// existed. Claims whose Until is not after At count as ready again: their
	// owner died.
	Claim(c Claim) ([]Task, error)

	// Release makes all claims of the queue that are not held by owner ready
	// again, at once, and reports how many. For stores that are Exclusive.
	Release(queue, owner string) (int, error)

	// Requeue ends a claim or changes a waiting task: t.State Ready puts it back
	// with t.NotBefore, t.Attempts, t.Begun and t.Problem, Stuck parks it. Nothing else of
	// the task changes; its lock is freed. Absent: ErrNotFound. Requeueing a task that another owner has claimed
	// meanwhile: ErrConflict.
	Requeue(t Task) error

	// Done removes a task; its lane moves on, its lock is freed. Removing an
	// absent one is nothing. A task that another owner has claimed: ErrConflict;
	// an empty owner removes whatever is not claimed at the moment and reports
	// ErrConflict for what is.
	Done(id, owner string) error

	// Task finds one task.
	Task(id string) (Task, error)

	// Tasks lists up to limit tasks in a state ("" for all), by age, after the
	// given Seq.
	Tasks(state TaskState, after uint64, limit int) ([]Task, error)

	// NextTask is the earliest moment at which Claim could give something from
	// the queue, as far as times decide it; ok is false if nothing waits.
	NextTask(queue string) (at time.Time, ok bool, err error)
}

// Leases let one of several processes do a duty, and keep one that lost its
// lease without noticing (it slept, its network hung) from doing harm.
type Leases interface {
	// Lease takes or renews the named lease for owner until the given time.
	// granted is false while somebody else holds it beyond at. The token tells
	// the holders of one lease apart: it stays while a holder renews in time, and
	// is greater than any before whenever the lease is taken anew, by whomever.
	Lease(name, owner string, at, until time.Time) (token uint64, granted bool, err error)

	// Guard fails with ErrFenced unless the token is the newest of the lease, and
	// keeps it the newest until the transaction ends: what is written beside a
	// Guard is written by the holder or not at all. It asks for no time: a lease
	// that ran out and that nobody took still guards.
	Guard(name string, token uint64) error
}
