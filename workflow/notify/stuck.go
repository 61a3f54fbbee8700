package notify

import (
	"context"
	"fmt"
	"strconv"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

const (
	stuckPage = 200
	listed    = 10 // removals that a message names one by one
)

// tellStuck arranges that IT hears which removals are stuck. Many that ask for it at
// the same moment make one message.
func tellStuck(u *engine.Unit, _ access.Event, _ access.Effect) error {
	_, err := u.Enqueue(store.Task{ID: "notice/stuck-removals", Queue: Queue, Kind: stuckTask, Priority: store.Notices})
	return err
}

// stuckList is what IT hears of removals that are stuck.
type stuckList struct {
	lines   []string // of the first ones
	first   string   // whose access to what the first one is
	total   int
	waiting int // of them, until somebody retries them
}

// announceStuck tells IT which removals are stuck at this moment.
func (s *Service) announceStuck(ctx context.Context, t store.Task) (engine.Outcome, error) {
	var l stuckList
	err := s.units.View(ctx, func(tx store.Tx) (err error) {
		l, err = s.stuckRemovals(tx)
		return err
	})
	if err != nil || l.total == 0 {
		return nil, err
	}
	title := "A removal is stuck: " + l.first
	if l.total > 1 {
		title = strconv.Itoa(l.total) + " removals are stuck"
	}
	if more := l.total - len(l.lines); more > 0 {
		l.lines = append(l.lines, fmt.Sprintf("… and %d more", more))
	}
	l.lines = append(l.lines, "The access may still be there. "+tries(l.total, l.waiting)+" You hear of it until they are done.")
	marker := "stuck-removals/" + strconv.FormatInt(t.Created.UnixMilli(), 36)
	return func(u *engine.Unit) error { return Call(u, marker, title, l.lines...) }, nil
}

// tries says what is done about removals, of which some wait for somebody to retry them.
func tries(total, waiting int) string {
	const retry = "What waits is tried once somebody retries it: in the list of what is stuck, or by latchkey stuck retry."
	switch {
	case waiting == 0:
		return "Each is tried again and again."
	case waiting == total:
		return retry
	}
	return "Each is tried again and again, except " + strconv.Itoa(waiting) + " that are said to wait. " + retry
}

// stuckRemovals counts the removals that are stuck, and describes the first ones.
func (s *Service) stuckRemovals(tx store.Tx) (l stuckList, err error) {
	all, _, err := store.Sound(query.All(func(after string, limit int) ([]access.Grant, error) {
		return store.GrantsIn(tx, access.GrantStuck, after, limit)
	}, query.GrantID))
	if err != nil {
		return l, err
	}
	for _, g := range all {
		if !g.Revoking {
			continue
		}
		tried, err := query.Tried(tx, g)
		if err != nil {
			return l, err
		}
		if !tried {
			l.waiting++
		}
		if l.total++; l.total > listed {
			continue
		}
		what, line, err := s.stuckLine(tx, g)
		if err != nil {
			return l, err
		}
		if l.total == 1 {
			l.first = what
		}
		if !tried {
			line += " It waits for a retry."
		}
		l.lines = append(l.lines, line)
	}
	return l, nil
}

// stuckLine is whose access to what is stuck, and the same with all that there is to tell.
func (s *Service) stuckLine(tx store.Tx, g access.Grant) (what, line string, err error) {
	who, err := people.ContactIn(tx, g.Person)
	if err != nil {
		return "", "", err
	}
	name := g.ID
	if r, err := store.Request(tx, g.Request); err == nil {
		name = r.Label()
	}
	what = who + ", " + g.Label(s.catalog())
	return what, fmt.Sprintf("%s (%s), since %s: %s", what, name, access.FullMoment(g.FollowUp.Since), g.Problem), nil
}
