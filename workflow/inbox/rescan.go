package inbox

import (
	"context"
	"errors"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/query"
)

// page is how many requests are looked at together.
const page = 100

// rescanIfDue goes on with the look at all open issues, or begins one when it is time to.
func (s *Service) rescanIfDue(ctx context.Context, until time.Time) error {
	from, due, err := s.goesOnFrom(ctx)
	if err != nil || !due {
		return err
	}
	return s.rescan(ctx, from, until)
}

// goesOnFrom is where the look at all open issues goes on, or begins.
func (s *Service) goesOnFrom(ctx context.Context) (from store.Mark, due bool, err error) {
	now := s.units.Now()
	err = s.units.View(ctx, func(tx store.Tx) (err error) {
		if from, err = store.LoadMark(tx, position); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if due = from.After != ""; due {
			return nil
		}
		last, err := lastTurn(tx, rescanned, now)
		from.At, due = now, last.Equal(now) || now.Sub(last) >= rescanEvery*s.poll
		return err
	})
	return from, due, err
}

// rescan looks at the issues of everything that is not over, a page at a time,
// because a deleted issue, comment or property is no change that Jira lists. What would take
// beyond until is left to the next turn, but a page is looked at in each. One issue that
// can't be dealt with holds up no other, and one page of which nothing is shown no other page;
// at the second it's Jira that doesn't answer.
func (s *Service) rescan(ctx context.Context, from store.Mark, until time.Time) (failed error) {
	for dark := 0; ; {
		begun := s.units.Now()
		open, last, err := s.openIssues(ctx, from.After)
		if err != nil {
			return errors.Join(failed, err, s.leaveAt(ctx, from))
		}
		if last == "" {
			return errors.Join(failed, s.lookedThrough(ctx, from.At))
		}
		shown, err := s.lookAt(ctx, open)
		if failed = errors.Join(failed, err); err != nil {
			from.At = time.Time{}
		}
		if !shown {
			dark++
		}
		if dark < 2 {
			from.After = last
		}
		if now := s.units.Now(); dark > 1 || now.Add(now.Sub(begun)).After(until) {
			return errors.Join(failed, s.leaveAt(ctx, from))
		}
	}
}

// lookAt looks at issues, and tells whether anything was shown of them.
func (s *Service) lookAt(ctx context.Context, open []access.Issue) (shown bool, err error) {
	if len(open) == 0 {
		return true, nil
	}
	seen, err := s.source.Look(ctx, open)
	return err == nil || len(seen) > 0, errors.Join(err, s.takeAll(ctx, seen))
}

// leaveAt keeps where the next turn goes on.
func (s *Service) leaveAt(ctx context.Context, at store.Mark) error {
	return s.units.Update(ctx, func(u *engine.Unit) error { return putPosition(u.Tx, at) })
}

func putPosition(tx store.Tx, at store.Mark) error {
	m, err := store.LoadMark(tx, position)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	m.ID, m.At, m.After = position, at.At, at.After
	return store.PutMark(tx, &m)
}

// lookedThrough ends a look. One of which something failed counts for nothing, and the next turn begins anew.
func (s *Service) lookedThrough(ctx context.Context, begun time.Time) error {
	return s.units.Update(ctx, func(u *engine.Unit) error {
		if err := putPosition(u.Tx, store.Mark{}); err != nil || begun.IsZero() {
			return err
		}
		return putMark(u.Tx, rescanned, begun)
	})
}

// openIssues are the issues among the next requests that are not over, and the
// last request looked at; "" at the end. What can't be read back is left out, and the
// log says so: it hides no other.
func (s *Service) openIssues(ctx context.Context, after string) (issues []access.Issue, last string, err error) {
	var damage store.Damage
	err = s.units.View(ctx, func(tx store.Tx) (err error) {
		issues, last = nil, ""
		var all []access.Request
		if all, damage, err = store.Sound(store.AllRequests(tx, after, page)); err != nil {
			return err
		}
		last = query.Last(all, damage, query.RequestID)
		for _, r := range all {
			open, err := isOpen(tx, r)
			var hurt *store.Damaged
			switch {
			case errors.As(err, &hurt):
				damage = append(damage, hurt)
			case err != nil:
				return err
			case open && r.Issue.ID != "":
				issues = append(issues, r.Issue)
			}
		}
		return nil
	})
	if len(damage) > 0 {
		s.log.Error("whether these requests' issues are still there isn't looked at: restore their records from a backup", "error", damage)
	}
	return issues, last, err
}

func isOpen(tx store.Tx, r access.Request) (bool, error) {
	if r.State == access.RequestPending {
		return true, nil
	}
	g, err := store.Grant(tx, r.GrantID())
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && g.State != access.GrantEnded, err
}
