package provision

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/workflow/engine"
)

// usualReadLag is for how long what a directory can't find is looked for again,
// where the directory doesn't say how long its answers may trail behind.
const usualReadLag = 5 * time.Second

// missing is the error of a group or an account that a directory can't find.
type missing struct {
	what string     // "group" or "account"
	id   string     // by which it was asked for; empty: by a name or an address, which proves nothing
	in   membership // as far as it is known
	err  error
}

func (m *missing) Error() string { return m.err.Error() }

// Unwrap is what the directory said.
func (m *missing) Unwrap() error { return m.err }

// ifMissing marks the error of a look-up that found nothing.
func ifMissing(err error, what, id string, in membership) error {
	if !errors.Is(err, idp.ErrNotFound) {
		return err
	}
	return &missing{what: what, id: id, in: in, err: err}
}

// nothingThere says what follows for a removal from something that isn't found.
// Only what is asked for by its id, and again once the directory must have caught
// up with itself, is gone; a name or an address may belong to somebody else by now.
func (s *Service) nothingThere(ctx context.Context, p change, m *missing) (engine.Outcome, error) {
	if wait := s.unfound.wait(p, m, s.units.Now()); wait > 0 {
		return nil, &access.Failure{Class: access.Limited, After: wait, Err: m,
			Sentence: fmt.Sprintf("The %s of a removal from %s isn't found; it is looked for once more before anything follows from that", m.what, p.Group)}
	}
	note := fmt.Sprintf("There was nothing to remove: the %s is gone. Nothing in %s has its id %s any more; it was looked for twice.", m.what, p.Group.Directory, m.id)
	if m.id == "" {
		var err error
		if note, err = s.emptied(ctx, p, m); err != nil {
			return nil, err
		}
	}
	s.unfound.forget(p)
	return func(u *engine.Unit) error { return s.record(u, p, access.EventMemberGone, false, note) }, nil
}

// emptied says that nobody is in the group any more, whose account it may have
// been. Otherwise it refuses, for a human to look at.
func (s *Service) emptied(ctx context.Context, p change, m *missing) (string, error) {
	if m.what == "account" && m.in.group.ID != "" {
		members, err := m.in.members(ctx)
		if err != nil {
			return "", err
		}
		if len(members) == 0 {
			return "There was nothing to remove: nobody is in the group any more.", nil
		}
	}
	remedy := "give the group its name back, or take them out by hand"
	if m.what == "account" {
		remedy = "give the account the address it had, or take it out of the group by hand"
	}
	return "", &access.Failure{Class: access.Rejected, Err: m,
		Sentence: fmt.Sprintf("The %s of a removal from %s can't be found, and it is not known by its id, so the access may still be there: %s", m.what, p.Group, remedy)}
}

// unfound remembers since when something is not found.
type unfound struct {
	mu    sync.Mutex
	since map[change]seenMissing
}

type seenMissing struct {
	what, id string
	at       time.Time
}

// wait is how long it is until what is missing counts as missing.
func (f *unfound) wait(p change, m *missing, now time.Time) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	first, known := f.since[p]
	if !known || first.what != m.what || first.id != m.id {
		first = seenMissing{m.what, m.id, now}
		f.since[p] = first
	}
	return ReadLag(m.in.dir) - now.Sub(first.at)
}

func (f *unfound) forget(p change) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.since, p)
}

// ReadLag is how long after a change a directory may still answer as if it had not been made.
func ReadLag(d idp.Directory) time.Duration {
	if s, able := idp.As[idp.Lagging](d); able {
		return s.ReadLag()
	}
	return usualReadLag
}
