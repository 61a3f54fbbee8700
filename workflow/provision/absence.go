package provision

import (
	"context"
	"fmt"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/membership"
)

// nothingThere says what follows for a removal from something that isn't found.
// Only what is asked for by its id, and again once the directory must have caught
// up with itself, is gone; a name or an address may belong to somebody else by now.
func (s *Service) nothingThere(ctx context.Context, p membership.Change, m *membership.Missing) (engine.Outcome, error) {
	if wait := s.unfound.wait(p, m, s.units.Now()); wait > 0 {
		return nil, &access.Failure{Class: access.Limited, After: wait, Err: m,
			Sentence: fmt.Sprintf("The %s of a removal from %s isn't found; it is looked for once more before anything follows from that", m.What, p.Group)}
	}
	note := fmt.Sprintf("There was nothing to remove: the %s is gone. Nothing in %s has its id %s any more; it was looked for twice.", m.What, p.Group.Directory, m.ID)
	if m.ID == "" {
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
func (s *Service) emptied(ctx context.Context, p membership.Change, m *membership.Missing) (string, error) {
	if m.What == "account" && m.In.Group.ID != "" {
		members, err := m.In.Members(ctx)
		if err != nil {
			return "", err
		}
		if len(members) == 0 {
			return "There was nothing to remove: nobody is in the group any more.", nil
		}
	}
	remedy := "give the group its name back, or take them out by hand"
	if m.What == "account" {
		remedy = "give the account the address it had, or take it out of the group by hand"
	}
	return "", &access.Failure{Class: access.Rejected, Err: m,
		Sentence: fmt.Sprintf("The %s of a removal from %s can't be found, and it is not known by its id, so the access may still be there: %s", m.What, p.Group, remedy)}
}

// unfound remembers since when something is not found.
type unfound struct {
	mu    sync.Mutex
	since map[membership.Change]seenMissing
}

type seenMissing struct {
	what, id string
	at       time.Time
}

// wait is how long it is until what is missing counts as missing.
func (f *unfound) wait(p membership.Change, m *membership.Missing, now time.Time) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	first, known := f.since[p]
	if !known || first.what != m.What || first.id != m.ID {
		first = seenMissing{m.What, m.ID, now}
		f.since[p] = first
	}
	return membership.ReadLag(m.In.Dir) - now.Sub(first.at)
}

func (f *unfound) forget(p membership.Change) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.since, p)
}
