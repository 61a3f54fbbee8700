package mutants

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"time"

	"latchkey/idp"
	"latchkey/idp/idptest"
)

// listing has the members that Members yields be others.
func listing(other func(m *mutant, all iter.Seq2[idp.Membership, error], yield func(idp.Membership, error) bool)) func(*mutant) bool {
	return always(func(m *mutant) {
		inner := m.members
		m.members = func(ctx context.Context, group string) (idp.Listing, error) {
			l, err := inner(ctx, group)
			if err == nil {
				all := l.All
				l.All = func(yield func(idp.Membership, error) bool) { other(m, all, yield) }
			}
			return l, err
		}
	})
}

func ofListing() []mutation {
	return []mutation{
		{"stops after the first page", casePages, false, listing(func(m *mutant, all iter.Seq2[idp.Membership, error], yield func(idp.Membership, error) bool) {
			n := 0
			for one, err := range all {
				if n++; n > 200 {
					m.strike()
					return
				}
				if !yield(one, err) {
					return
				}
			}
		})},
		{"lists somebody twice", casePages, false, listing(func(m *mutant, all iter.Seq2[idp.Membership, error], yield func(idp.Membership, error) bool) {
			for one, err := range all {
				m.strike()
				if more := yield(one, err); !more || !yield(one, err) {
					return
				}
			}
		})},
		{"takes a list that breaks off for whole", caseTorn, true, listing(func(m *mutant, all iter.Seq2[idp.Membership, error], yield func(idp.Membership, error) bool) {
			for one, err := range all {
				if err != nil {
					m.strike()
					return
				}
				if !yield(one, nil) {
					return
				}
			}
		})},
	}
}

func ofMembers() []mutation {
	return []mutation{
		{"lists no one who has left", caseLeavers, false, listing(func(m *mutant, all iter.Seq2[idp.Membership, error], yield func(idp.Membership, error) bool) {
			for one, err := range all {
				if err == nil && one.Status == idp.Left {
					m.strike()
					continue
				}
				if !yield(one, err) {
					return
				}
			}
		})},
		{"lists ids alone", caseLeavers, false, listing(func(m *mutant, all iter.Seq2[idp.Membership, error], yield func(idp.Membership, error) bool) {
			for one, err := range all {
				m.strike()
				if !yield(idp.Membership{PersonID: one.PersonID, Status: idp.Active}, err) {
					return
				}
			}
		})},
		{"answers from what it saw before", caseReadBack, false, always(remembersMembers)},
		{"has no group be an empty one", caseMissing, false, always(func(m *mutant) { emptyOn(m, func(err error) bool { return errors.Is(err, idp.ErrNotFound) }) })},
		{"has a group be empty while it is down", caseOutage, false, always(func(m *mutant) { emptyOn(m, transient) })},
		{"has a group be empty where it is denied", caseDenial, false, always(func(m *mutant) { emptyOn(m, func(err error) bool { return errors.Is(err, idp.ErrDenied) }) })},
	}
}

func ofSignIns() []mutation {
	silent := people(func(p idp.Person) idp.Person { p.LastLogin = time.Time{}; return p })
	return []mutation{
		{"takes the day an account was made for its last sign-in", caseSignIns, false, people(func(p idp.Person) idp.Person { p.LastLogin = p.Created; return p })},
		{"keeps last sign-ins to itself", caseSignIns, false, func(m *mutant) bool { return m.world.SignedIn != nil && silent(m) }},
		{"lists members as if they had signed in just now", caseSignIns, false, listing(func(m *mutant, all iter.Seq2[idp.Membership, error], yield func(idp.Membership, error) bool) {
			for one, err := range all {
				m.strike()
				one.LastLogin = time.Now()
				if !yield(one, err) {
					return
				}
			}
		})},
	}
}

// emptyOn lists nobody instead of failing.
func emptyOn(m *mutant, failed func(error) bool) {
	inner := m.members
	m.members = func(ctx context.Context, group string) (idp.Listing, error) {
		l, err := inner(ctx, group)
		if failed(err) {
			m.strike()
			return idptest.Listing(nil), nil
		}
		return l, err
	}
}

func remembersMembers(m *mutant) {
	inner, seen := m.members, memory[[]idp.Membership]{}
	m.members = func(ctx context.Context, group string) (idp.Listing, error) {
		if all := seen.get(group); all != nil {
			m.strike()
			return idptest.Listing(all), nil
		}
		all, err := idp.Everybody(inner(ctx, group))
		if err != nil {
			return idp.Listing{}, err
		}
		seen.set(group, append([]idp.Membership{}, all...))
		return idptest.Listing(all), nil
	}
}

// checking has the answers of IsMember be others.
func checking(other func(is bool, err error) (bool, error)) func(*mutant) bool {
	return func(m *mutant) bool {
		inner := m.isMember
		m.isMember = func(ctx context.Context, group, person string) (bool, error) {
			is, err := inner(ctx, group, person)
			now, nerr := other(is, err)
			if now != is || !same(err, nerr) {
				m.strike()
			}
			return now, nerr
		}
		return inner != nil
	}
}

func ofChecking() []mutation {
	return []mutation{
		{"folds unknown to no", caseMissing, false, checking(func(is bool, _ error) (bool, error) { return is, nil })},
		{"has nobody's membership be a no", caseMissing, false, checking(func(is bool, err error) (bool, error) { return is, instead(idp.ErrNoAccount, nil)(err) })},
		{"has nobody be just anything that isn't there", caseMissing, false, checking(func(is bool, err error) (bool, error) { return is, instead(idp.ErrNoAccount, idp.ErrNotFound)(err) })},
		{"says yes to every membership", caseReadBack, false, checking(func(_ bool, err error) (bool, error) { return err == nil, err })},
		{"says no to every membership", caseReadBack, false, checking(func(_ bool, err error) (bool, error) { return false, err })},
		{"believes what it removed", "a removal that does not last is seen", false, func(m *mutant) bool {
			inner, remove, gone := m.isMember, m.remove, memory[bool]{}
			m.remove = func(ctx context.Context, g, p string) error {
				gone.set(g+" "+p, true)
				return remove(ctx, g, p)
			}
			m.isMember = func(ctx context.Context, g, p string) (bool, error) {
				if gone.get(g + " " + p) {
					m.strike()
					return false, nil
				}
				return inner(ctx, g, p)
			}
			return inner != nil
		}},
	}
}

func ofReporting() []mutation {
	return []mutation{
		{"lists groups of any name", caseLister, false, grouped(func(m *mutant, ctx context.Context, inner groupLister, _ string) ([]idp.Group, error) {
			return inner(ctx, "")
		})},
		{"ignores the letter case of a beginning", caseLister, false, grouped(func(_ *mutant, ctx context.Context, inner groupLister, prefix string) ([]idp.Group, error) {
			all, err := inner(ctx, "")
			return slices.DeleteFunc(all, func(g idp.Group) bool { return !strings.HasPrefix(strings.ToLower(g.Name), strings.ToLower(prefix)) }), err
		})},
		{"leaves out groups that it doesn't change", caseLister, false, grouped(func(_ *mutant, ctx context.Context, inner groupLister, prefix string) ([]idp.Group, error) {
			all, err := inner(ctx, prefix)
			return slices.DeleteFunc(all, func(g idp.Group) bool { return !g.Governable }), err
		})},
		{"lists groups in no order", caseLister, false, grouped(func(_ *mutant, ctx context.Context, inner groupLister, prefix string) ([]idp.Group, error) {
			all, err := inner(ctx, prefix)
			slices.Reverse(all)
			return all, err
		})},
	}
}

func ofEverybody() []mutation {
	return []mutation{
		{"leaves somebody out", caseEverybody, false, everybody(func(m *mutant, all iter.Seq2[idp.Person, error], yield func(idp.Person, error) bool) {
			first := true
			for p, err := range all {
				if first && err == nil {
					first = false
					m.strike()
					continue
				}
				if !yield(p, err) {
					return
				}
			}
		})},
		{"takes a part for everybody", caseEverybody, false, everybody(func(m *mutant, all iter.Seq2[idp.Person, error], yield func(idp.Person, error) bool) {
			for p, err := range all {
				if err != nil {
					m.strike()
					return
				}
				if !yield(p, nil) {
					return
				}
			}
		})},
		{"lists no managers", caseManagers, false, managed(func(p idp.Person) idp.Person {
			p.ManagerID, p.ManagerKey, p.ManagerEmail = "", "", ""
			return p
		})},
		{"lists everybody as their own manager", caseManagers, false, managed(func(p idp.Person) idp.Person {
			p.ManagerID = p.ID
			return p
		})},
	}
}

// managed has the list that says who the managers are tell otherwise of somebody.
func managed(other func(p idp.Person) idp.Person) func(*mutant) bool {
	return func(m *mutant) bool {
		inner := m.managed
		if inner == nil {
			return false
		}
		m.managed = func(ctx context.Context) iter.Seq2[idp.Person, error] {
			return func(yield func(idp.Person, error) bool) {
				for p, err := range inner(ctx) {
					told := other(p)
					if err == nil && told != p {
						m.strike()
					}
					if !yield(told, err) {
						return
					}
				}
			}
		}
		return true
	}
}

type groupLister = func(context.Context, string) ([]idp.Group, error)

func grouped(other func(m *mutant, ctx context.Context, inner groupLister, prefix string) ([]idp.Group, error)) func(*mutant) bool {
	return func(m *mutant) bool {
		inner := m.groups
		m.groups = func(ctx context.Context, prefix string) ([]idp.Group, error) {
			m.strike()
			return other(m, ctx, inner, prefix)
		}
		return inner != nil
	}
}

func everybody(other func(m *mutant, all iter.Seq2[idp.Person, error], yield func(idp.Person, error) bool)) func(*mutant) bool {
	return func(m *mutant) bool {
		inner := m.people
		m.people = func(ctx context.Context) iter.Seq2[idp.Person, error] {
			return func(yield func(idp.Person, error) bool) { other(m, inner(ctx), yield) }
		}
		return inner != nil
	}
}

func ofSeeing() []mutation {
	return []mutation{
		{"finds nothing wrong", caseProbe, false, func(m *mutant) bool {
			inner := m.probe
			m.probe = func(ctx context.Context) ([]idp.Finding, error) {
				all, err := inner(ctx)
				for i := range all {
					if !all[i].OK {
						m.strike()
					}
					all[i].OK = true
				}
				return all, err
			}
			return inner != nil
		}},
		{"reports the first use for the last", caseUse, false, used(func(_ *idp.Usage, u idp.Use) (idp.Use, bool) { u.Last = u.Last.Add(-time.Hour); return u, true })},
		{"reports no use", caseUse, false, used(func(_ *idp.Usage, u idp.Use) (idp.Use, bool) { return u, false })},
		{"doesn't say how far a report reaches", caseUse, false, used(func(all *idp.Usage, u idp.Use) (idp.Use, bool) { all.Since = time.Time{}; return u, true })},
		{"is complete until later than now", caseUse, false, used(func(all *idp.Usage, u idp.Use) (idp.Use, bool) {
			all.Complete = all.Complete.Add(72 * time.Hour)
			return u, true
		})},
	}
}

func ofLogs() []mutation {
	return []mutation{
		{"ends no sessions", caseSessions, false, func(m *mutant) bool {
			able := m.end != nil
			m.end = func(context.Context, string) error { m.strike(); return nil }
			return able
		}},
		{"says everything of the log again", caseLog, false, func(m *mutant) bool {
			inner, first := m.log, true
			m.log = func(ctx context.Context, from idp.LogPosition) (idp.LogPage, error) {
				if !first && from.After != "" {
					m.strike()
				}
				first = false
				page, err := inner(ctx, idp.LogPosition{Since: from.Since})
				page.More = false
				return page, err
			}
			return inner != nil
		}},
		{"leaves an entry of the log out", caseLog, false, func(m *mutant) bool {
			inner := m.log
			m.log = func(ctx context.Context, from idp.LogPosition) (idp.LogPage, error) {
				page, err := inner(ctx, from)
				if len(page.Changes) > 0 {
					m.strike()
					page.Changes = page.Changes[1:]
				}
				return page, err
			}
			return inner != nil
		}},
	}
}

// used has a report be another.
func used(other func(all *idp.Usage, u idp.Use) (idp.Use, bool)) func(*mutant) bool {
	return func(m *mutant) bool {
		inner := m.usage
		m.usage = func(ctx context.Context, app string) (idp.Usage, error) {
			report, err := inner(ctx, app)
			if err != nil {
				return report, err
			}
			m.strike()
			all := report.All
			other(&report, idp.Use{})
			report.All = func(yield func(idp.Use, error) bool) {
				for u, err := range all {
					if now, kept := other(&idp.Usage{}, u); (kept || err != nil) && !yield(now, err) {
						return
					}
				}
			}
			return report, nil
		}
		return inner != nil
	}
}

func ofAdmins() []mutation {
	roles := func(other func([]string, error) ([]string, error)) func(*mutant) bool {
		return func(m *mutant) bool {
			inner := m.roles
			m.roles = func(ctx context.Context, group string) ([]string, error) {
				m.strike()
				return other(inner(ctx, group))
			}
			return inner != nil
		}
	}
	return []mutation{
		{"sees no administrators", caseAdmins, false, roles(func(_ []string, err error) ([]string, error) { return nil, err })},
		{"has what it may not see be no administrators", caseAdmins, false, roles(func(all []string, err error) ([]string, error) { return all, instead(idp.ErrDenied, nil)(err) })},
	}
}

func ofApps() []mutation {
	return []mutation{
		{"leaves applications of later pages out", caseApps, false, func(m *mutant) bool {
			inner := m.apps
			m.apps = func(ctx context.Context) ([]idp.App, error) {
				all, err := inner(ctx)
				m.strike()
				return all[:min(len(all), 200)], err
			}
			return inner != nil
		}},
		{"leaves a group of an application out", caseApps, false, func(m *mutant) bool {
			inner := m.assigned
			m.assigned = func(ctx context.Context, app string) (idp.Assignments, error) {
				all, err := inner(ctx, app)
				if len(all.Groups) > 1 {
					m.strike()
					all.Groups = all.Groups[1:]
				}
				return all, err
			}
			return inner != nil
		}},
		{"has whoever asks own every application", caseApps, false, func(m *mutant) bool {
			inner := m.assigned
			m.assigned = func(ctx context.Context, app string) (idp.Assignments, error) {
				all, err := inner(ctx, app)
				if err == nil {
					m.strike()
					all.Owners = []string{"latchkey@x.com"}
				}
				return all, err
			}
			return inner != nil
		}},
		{"has a group that isn't there be empty", caseSizes, false, func(m *mutant) bool {
			inner := m.sizes
			m.sizes = func(ctx context.Context, groups []string) (map[string]int, error) {
				all, err := inner(ctx, groups)
				for _, g := range groups {
					if _, known := all[g]; !known && all != nil {
						m.strike()
						all[g] = 0
					}
				}
				return all, err
			}
			return inner != nil
		}},
	}
}
