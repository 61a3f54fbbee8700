package inbox

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/query"
)

// page is how many requests are looked at together.
const page = 100

// rescan looks at the issues of everything that is not over, a page at a time,
// because a deleted issue, comment or property is no change that Jira lists. One that
// can't be dealt with holds up no other; a Jira that shows none of a page does.
func (s *Service) rescan(ctx context.Context) error {
	var failed error
	for after := ""; ; {
		open, last, err := s.openIssues(ctx, after)
		if err != nil || last == "" {
			return errors.Join(failed, err)
		}
		if len(open) > 0 {
			seen, err := s.source.Look(ctx, open)
			failed = errors.Join(failed, err, s.takeAll(ctx, seen))
			if err != nil && len(seen) == 0 {
				return failed
			}
		}
		after = last
	}
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
