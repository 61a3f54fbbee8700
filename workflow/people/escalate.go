package people

import (
	"context"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
)

// escalation finds who is asked as well when nobody answers.
type escalation struct {
	s *Service
	r access.Request
}

// added are those who may decide the current stage because nobody has answered: one
// rung more for each time that was said, leaving out those that add nobody. They are
// found anew like everybody else who may decide, and never are the requester, who gets
// the access, or somebody below either of them.
func (e escalation) added(ctx context.Context, asked []access.PersonID) (out []access.PersonID, err error) {
	r := e.r
	if r.State != access.RequestPending || r.Stage >= len(r.Stages) {
		return nil, nil
	}
	times := r.Stages[r.Stage].Escalated
	for _, rung := range e.rungs(ctx) {
		if times == 0 {
			break
		}
		n, err := e.on(ctx, rung, asked)
		if err != nil {
			return nil, fmt.Errorf("find who is asked as well: %w", err)
		}
		found, err := e.s.admitted(ctx, r, n)
		if err != nil {
			return nil, err
		}
		fresh := slices.DeleteFunc(found.Who, func(who access.PersonID) bool { return slices.Contains(asked, who) || slices.Contains(out, who) })
		if fresh, err = e.notBelow(ctx, fresh); err != nil {
			return nil, err
		}
		if len(fresh) > 0 {
			out, times = append(out, fresh...), times-1
		}
	}
	return out, nil
}

// rungs are those of the policy. What can do harm is decided by those whom the route
// names, or by IT, and by nobody else.
func (e escalation) rungs(ctx context.Context) []Rung {
	_, role, _ := engine.Offered(ctx, e.s.catalog).Role(e.r.App, e.r.Role)
	if role.Risk != catalog.High {
		return e.s.escalate
	}
	return slices.DeleteFunc(slices.Clone(e.s.escalate), func(r Rung) bool { return r == RungManager || r == RungFallback })
}

// on are those of one rung.
func (e escalation) on(ctx context.Context, rung Rung, asked []access.PersonID) (named, error) {
	switch rung {
	case RungNext:
		if next := e.r.Stage + 1; next < len(e.r.Stages) {
			return question(e).named(ctx, e.r.Stages[next].Sources, false)
		}
	case RungManager:
		return e.managers(ctx, asked)
	case RungFallback:
		return e.s.byAddresses(ctx, e.s.fallback)
	case RungIT:
		return e.s.byAddresses(ctx, e.s.admins)
	}
	return named{}, nil
}

func (e escalation) managers(ctx context.Context, of []access.PersonID) (n named, err error) {
	for _, who := range of {
		m, err := e.s.managerOf(ctx, who)
		if err != nil {
			return named{}, err
		}
		n.who = append(n.who, m.who...)
	}
	return n, nil
}

// notBelow leaves out those who report to the requester or to who gets the access, be it
// through others: nobody can be expected to say no to whom they report to. While a
// directory keeps silent about one of them it isn't known, which is an error.
func (e escalation) notBelow(ctx context.Context, who []access.PersonID) (out []access.PersonID, err error) {
	for _, one := range who {
		below, err := e.below(ctx, one)
		if err != nil {
			return nil, err
		}
		if !below {
			out = append(out, one)
		}
	}
	return out, nil
}

func (e escalation) below(ctx context.Context, who access.PersonID) (bool, error) {
	seen := map[access.PersonID]bool{} // a directory may go round in circles
	for !seen[who] {
		seen[who] = true
		above, err := e.s.managerOf(ctx, who)
		switch {
		case err != nil:
			return false, fmt.Errorf("find whether they report to whoever asks: %w", err)
		case len(above.who) == 0:
			return false, nil
		}
		if who = above.who[0]; own(e.r, who) {
			return true, nil
		}
	}
	return false, nil
}
