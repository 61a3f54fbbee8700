package mutants

import (
	"context"
	"errors"
	"sync/atomic"

	"latchkey/idp"
)

// writes has the outcome of Add and Remove be another.
func writes(other func(err error) error) func(*mutant) bool {
	return always(func(m *mutant) {
		add, remove := m.add, m.remove
		changed := func(err error) error {
			e := other(err)
			if !same(err, e) {
				m.strike()
			}
			return e
		}
		m.add = func(ctx context.Context, g, p string) error { return changed(add(ctx, g, p)) }
		m.remove = func(ctx context.Context, g, p string) error { return changed(remove(ctx, g, p)) }
	})
}

// instead has errors of one kind be another one, or none.
func instead(of, other error) func(error) error {
	return func(err error) error {
		if errors.Is(err, of) {
			return other
		}
		return err
	}
}

func ofGoverning() []mutation {
	return []mutation{
		{"says of every group that it may be changed", caseProtected, false, always(func(m *mutant) {
			inner := m.findGroup
			m.findGroup = func(ctx context.Context, name string) (idp.Group, error) {
				g, err := inner(ctx, name)
				if err == nil && !g.Governable {
					m.strike()
					g.Governable, g.Why = true, ""
				}
				return g, err
			}
		})},
		{"doesn't say why a group is not changed", caseProtected, false, always(func(m *mutant) {
			inner := m.findGroup
			m.findGroup = func(ctx context.Context, name string) (idp.Group, error) {
				g, err := inner(ctx, name)
				if g.Why != "" {
					m.strike()
					g.Why = ""
				}
				return g, err
			}
		})},
		{"says success on a refused write", caseProtected, false, writes(instead(idp.ErrRefused, nil))},
		{"has a refusal be tried again", caseProtected, false, writes(instead(idp.ErrRefused, errPassing))},
	}
}

func ofWriting() []mutation {
	return []mutation{
		{"adds nobody", caseRepeats, false, always(func(m *mutant) {
			m.add = func(context.Context, string, string) error { m.strike(); return nil }
		})},
		{"removes nobody", caseRepeats, false, always(func(m *mutant) {
			m.remove = func(context.Context, string, string) error { m.strike(); return nil }
		})},
		{"fails to add who is there", caseRepeats, false, always(failsTwice)},
		{"fails to remove who is not there", caseRepeats, false, always(func(m *mutant) {
			inner := m.remove
			m.remove = func(ctx context.Context, g, p string) error {
				if m.world.IsMember(g, p) || g == "" {
					return inner(ctx, g, p)
				}
				m.strike()
				return idp.ErrNotFound
			}
		})},
		{"says success where there is no group or nobody", caseMissing, false, writes(instead(idp.ErrNotFound, nil))},
		{"loses writes where there are many", caseMany, false, always(losesWrites)},
		{"goes on when nobody waits any more", caseContext, false, always(func(m *mutant) {
			inner := m.add
			m.add = func(ctx context.Context, g, p string) error {
				if ctx.Err() != nil {
					m.strike()
				}
				return inner(context.WithoutCancel(ctx), g, p)
			}
		})},
	}
}

func failsTwice(m *mutant) {
	inner, before := m.add, memory[bool]{}
	m.add = func(ctx context.Context, g, p string) error {
		if before.get(g + " " + p) {
			m.strike()
			return idp.ErrRefused
		}
		before.set(g+" "+p, true)
		return inner(ctx, g, p)
	}
}

// losesWrites loses more than are undone again in the case.
func losesWrites(m *mutant) {
	inner, n := m.add, atomic.Int64{}
	m.add = func(ctx context.Context, g, p string) error {
		if n.Add(1) > 12 {
			m.strike()
			return nil
		}
		return inner(ctx, g, p)
	}
}

func ofFailing() []mutation {
	down := func(other error) func(error) error {
		return func(err error) error {
			if transient(err) {
				return other
			}
			return err
		}
	}
	return []mutation{
		{"takes an outage for an absence", caseOutage, false, reads(down(idp.ErrNotFound))},
		{"takes an outage for a denial", caseOutage, false, reads(down(idp.ErrDenied))},
		{"says success while it is down", caseOutage, false, writes(down(nil))},
		{"gives up a write while it is down", caseOutage, false, writes(down(idp.ErrRefused))},
		{"doesn't say how long to wait", caseLimit, false, writes(func(err error) error {
			if limited := new(idp.RateLimited); errors.As(err, &limited) {
				return errPassing
			}
			return err
		})},
	}
}

func ofDenying() []mutation {
	return []mutation{
		{"takes a denial for an absence", caseDenial, false, reads(instead(idp.ErrDenied, idp.ErrNotFound))},
		{"takes a denial for an outage", caseDenial, false, reads(instead(idp.ErrDenied, errPassing))},
		{"says success where it is denied", caseDenial, false, writes(instead(idp.ErrDenied, nil))},
	}
}

// reads has the failures of reads be others.
func reads(other func(error) error) func(*mutant) bool {
	return always(func(m *mutant) {
		find, person, members := m.find, m.person, m.members
		changed := func(err error) error {
			e := other(err)
			if !same(err, e) {
				m.strike()
			}
			return e
		}
		m.find = func(ctx context.Context, address string) (idp.Person, error) {
			p, err := find(ctx, address)
			return p, changed(err)
		}
		m.person = func(ctx context.Context, id string) (idp.Person, error) {
			p, err := person(ctx, id)
			return p, changed(err)
		}
		m.members = func(ctx context.Context, group string) (idp.Listing, error) {
			l, err := members(ctx, group)
			return l, changed(err)
		}
	})
}
