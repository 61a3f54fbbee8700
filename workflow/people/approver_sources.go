package people

import (
	"errors"
	"sync"
	"time"

	"latchkey/catalog"
)

// outside are sources of approvers that neither a directory nor the configuration is. One
// that can't be read is unknown: others stand in for it, but not for the sake of a moment.
type outside struct {
	groups UserGroups
	calls  OnCalls
	now    func() time.Time
	shared *shared[[]string]

	mu     sync.Mutex
	silent map[catalog.Approver]silence
}

// silence is since when, and until when, a source could not be read.
type silence struct{ since, last time.Time }

const (
	// patience is how long a source has to be unreadable until others are asked in its place:
	// a pause that Slack asks for is shorter.
	patience = 2 * time.Minute
	// forgotten is after how long what couldn't be read before says nothing about now.
	forgotten = 2 * time.Hour
)

func newOutside(groups UserGroups, calls OnCalls, now func() time.Time) *outside {
	return &outside{groups: groups, calls: calls, now: now, shared: newShared[[]string](), silent: map[catalog.Approver]silence{}}
}

// errSourceUnread says that a source of approvers can't be read now.
var errSourceUnread = errors.New("a source of approvers can't be read now")

// Unread tells of an error that a source of approvers can't be read now, so that it is not
// known whether somebody is among those whom it names.
func Unread(err error) bool { return errors.Is(err, errSourceUnread) }

// unreadable says to everybody that a source can't be read.
func unreadable(a catalog.Approver) string {
	if a.Kind == catalog.OnCall {
		return "who is on call by the schedule " + a.Name + " can't be read at the moment"
	}
	return "who is in the user group in Slack that is asked can't be read at the moment"
}

// heard notes whether a source could be read, and since when it can't.
func (o *outside) heard(a catalog.Approver, err error) (since time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err == nil {
		delete(o.silent, a)
		return time.Time{}
	}
	s, now := o.silent[a], o.now()
	if s.since.IsZero() || now.Sub(s.last) > forgotten || now.Before(s.since) {
		s.since = now
	}
	s.last = now
	o.silent[a] = s
	return s.since
}
