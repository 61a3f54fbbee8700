package mutants

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/idp"
)

// ofExpiry are the promises about ends of memberships.
func ofExpiry() []mutation {
	with := func(other func(m *mutant, group, person string, at time.Time) (string, string, time.Time, bool)) func(*mutant) bool {
		return func(m *mutant) bool {
			inner := m.expire
			m.expire = func(ctx context.Context, group, person string, at time.Time) error {
				g, p, t, goes := other(m, group, person, at)
				if !goes || g != group || p != person || !t.Equal(at) {
					m.strike()
				}
				if !goes {
					return nil
				}
				return inner(ctx, g, p, t)
			}
			return inner != nil
		}
	}
	said := &memory[bool]{}
	return []mutation{
		{"sets no end and says it does", caseExpiry, false, with(func(_ *mutant, g, p string, at time.Time) (string, string, time.Time, bool) { return g, p, at, false })},
		{"ends memberships too early", caseExpiry, false, with(func(_ *mutant, g, p string, at time.Time) (string, string, time.Time, bool) {
			if !at.IsZero() {
				at = at.Add(-time.Minute)
			}
			return g, p, at, true
		})},
		{"takes no end back", caseExpiry, false, with(func(_ *mutant, g, p string, at time.Time) (string, string, time.Time, bool) {
			return g, p, at, !at.IsZero()
		})},
		{"doesn't move an end that is set", caseExpiry, false, with(func(m *mutant, g, p string, at time.Time) (string, string, time.Time, bool) {
			key := fmt.Sprintf("%p/%s/%s", m, g, p)
			again := said.get(key)
			said.set(key, true)
			return g, p, at, !again
		})},
		{"hides that somebody is no member", caseExpiry, false, quietly(idp.ErrNoMember)},
		{"hides that a group isn't to be changed", caseExpiry, false, quietly(idp.ErrRefused)},
	}
}

// quietly has an end of a membership succeed that fails for one reason.
func quietly(reason error) func(*mutant) bool {
	return func(m *mutant) bool {
		inner := m.expire
		m.expire = func(ctx context.Context, group, person string, at time.Time) error {
			err := inner(ctx, group, person, at)
			if errors.Is(err, reason) {
				m.strike()
				return nil
			}
			return err
		}
		return inner != nil
	}
}
