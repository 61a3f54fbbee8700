package engine

import (
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/store"
)

const (
	// leftFor is for how long something is left to other processes before a human hears of it, and for how
	// long a process that is gone may come back: an upgrade starts one after the other anew.
	leftFor = 10 * time.Minute
	// Of what is left to others, a task is looked at again soon, and then more seldom.
	shortestLeft, longestLeft = 2 * time.Second, 30 * time.Second
	// unmet is after how long something that was met is forgotten.
	unmet = 30 * time.Minute
)

// newer sees to what this version doesn't know or can't read. Where other processes share the
// store one of them may be newer: to it such things are left, as they are.
type newer struct {
	store store.Store
	clock Clock
	log   *slog.Logger

	mu    sync.Mutex
	other time.Time          // when another process was there last, or may have been
	met   map[string]meeting // what this version can't read
	said  map[string]bool    // of what the log was told
}

func newNewer(s store.Store, c Clock, log *slog.Logger) *newer {
	return &newer{store: s, clock: c, log: log, met: map[string]meeting{}, said: map[string]bool{}}
}

// meeting is when something was met.
type meeting struct{ first, last time.Time }

// isNewer tells whether something is written in a form that only a newer version knows.
func isNewer(err error) bool {
	return errors.Is(err, store.ErrNewer) || errors.Is(err, access.ErrNewerEvent)
}

// company tells whether another process is there, or was lately. Where it isn't known, one may be.
func (n *newer) company() bool {
	if n.store.Exclusive() {
		return false
	}
	shared, ok := n.store.(store.Attended)
	if !ok {
		return true
	}
	_, among := shared.Attendance()
	return n.lately(among > 1)
}

func (n *newer) lately(another bool) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := n.clock.Now()
	if another || n.other.IsZero() {
		n.other = now
	}
	return now.Sub(n.other) < leftFor
}

// since is for how long this process has come upon something again and again.
func (n *newer) since(id string) time.Duration {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := n.clock.Now()
	m, known := n.met[id]
	if !known {
		n.forget(now)
		m.first = now
	}
	m.last = now
	n.met[id] = m
	return now.Sub(m.first)
}

// forget lets go what was met long ago: somebody has done it.
func (n *newer) forget(now time.Time) {
	for id, m := range n.met {
		if now.Sub(m.last) > unmet {
			delete(n.met, id)
		}
	}
}

// say tells the log once that something is left to others.
func (n *newer) say(what string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.said[what] {
		n.said[what] = true
		n.log.Warn("a newer version of Latchkey wrote something that this one can't read; it is left to the replicas that can", "what", what)
	}
}

// unknown is the failure of a task for what this version doesn't know.
func (n *newer) unknown(t store.Task, what, name string) error {
	return n.leave(t, fmt.Sprintf("This version of Latchkey doesn't know %s %q: update it, then try again", what, name), nil)
}

// leave is the failure of a task that this version can't do. While others are there it waits, and says nothing
// for some time; then it is told about and goes on waiting. One who is alone parks it.
func (n *newer) leave(t store.Task, sentence string, err error) error {
	f := &access.Failure{Class: access.Rejected, Sentence: sentence, Err: err}
	if !n.company() {
		return f
	}
	n.say("tasks of the kind " + t.Kind)
	if past := n.since("task/" + strconv.FormatUint(t.Seq, 10)); past < leftFor {
		f.Class, f.After = access.Limited, min(max(past/4, shortestLeft), longestLeft)
	} else {
		f.Class = access.Transient
	}
	return f
}
