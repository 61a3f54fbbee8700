package workflow

import (
	"cmp"
	"context"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

// everyGrant is more than any app has: a look at all of its grants.
const everyGrant = 100_000

// Holders is who has access to an app, by person. IT and the app's owners may see it.
func (s *Service) Holders(ctx context.Context, by access.PersonID, app string, from, size int) (out List[Holding], err error) {
	if err := s.Oversees(by, app); err != nil {
		return out, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		grants, err := store.OpenGrantsOn(tx, app, "", everyGrant)
		if err != nil {
			return err
		}
		slices.SortFunc(grants, func(a, b access.Grant) int {
			return cmp.Or(cmp.Compare(a.Person, b.Person), cmp.Compare(a.Role, b.Role))
		})
		cut := page(grants, from, size)
		out = List[Holding]{From: cut.From, Total: cut.Total}
		out.Items, err = s.holdings(tx, cut.Items)
		return err
	})
	return out, err
}

// Why are the grants that explain somebody's access to an app. People may see
// their own; IT, the app's owners and the person's manager may see others'.
func (s *Service) Why(ctx context.Context, by access.PersonID, who access.Person, app string) (out []Holding, err error) {
	if by != who.ID && by != who.Manager {
		if err := s.Oversees(by, app); err != nil {
			return nil, err
		}
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		grants, err := store.OpenGrantsOf(tx, who.ID)
		if err != nil {
			return err
		}
		grants = slices.DeleteFunc(grants, func(g access.Grant) bool { return g.App != app && !s.opensGroupOf(g, app) })
		out, err = s.holdings(tx, grants)
		return err
	})
	return out, err
}

// opensGroupOf tells whether a grant of another app opens a group of this one too.
func (s *Service) opensGroupOf(g access.Grant, app string) bool {
	a, _ := s.Config.Catalog.App(app)
	return slices.ContainsFunc(g.Entitlements, func(e access.Entitlement) bool {
		return slices.ContainsFunc(a.Roles, func(r catalog.Role) bool { return slices.Contains(r.Groups, e.Group) })
	})
}

// Trace is everything that happened between a person and an app, oldest first.
// People may see their own; IT and the app's owners may see others'.
func (s *Service) Trace(ctx context.Context, by, who access.PersonID, app string) (out []access.Event, err error) {
	if by != who {
		if err := s.Oversees(by, app); err != nil {
			return nil, err
		}
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		out, err = tx.Events(store.Filter{Person: who, App: app}, 0, 10_000)
		return err
	})
	return out, err
}

// RevokeAll takes grants away before their time, all of them or none. IT and the
// apps' owners can.
func (s *Service) RevokeAll(ctx context.Context, grants []string, reason string, by access.Actor) error {
	return s.update(ctx, func(st *step) error {
		for _, id := range grants {
			g, err := store.Grant(st.tx, id)
			if err != nil {
				return notFound(err, "That access isn't known any more.")
			}
			if s.Oversees(by.Person, g.App) != nil {
				return access.Refuse(access.NotAllowed, "", "Only IT and the app's owners can revoke access.")
			}
			if _, err := st.grant(g, end(g, access.EndRevoked, by, reason, st.at)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Trouble is something that waits for IT.
type Trouble struct {
	Request  access.Request
	Label    string // app and role
	Problem  string // cause and remedy
	Revoking bool   // access that should be gone may still be there
}

// Stuck is what waits for IT, removals first. Only IT may see it.
func (s *Service) Stuck(ctx context.Context, by access.PersonID, from, size int) (out List[Trouble], err error) {
	if err := s.Oversees(by, ""); err != nil {
		return out, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		all, err := s.troubles(tx)
		slices.SortStableFunc(all, func(a, b Trouble) int {
			if a.Revoking != b.Revoking {
				return map[bool]int{true: -1, false: 1}[a.Revoking]
			}
			return a.Request.Created.Compare(b.Request.Created)
		})
		out = page(all, from, size)
		return err
	})
	return out, err
}

// troubles are the grants and then the tasks that are stuck, one line a request.
func (s *Service) troubles(tx store.Tx) ([]Trouble, error) {
	var out []Trouble
	seen := map[string]bool{}
	grants, err := store.GrantsIn(tx, access.GrantStuck, "", everyGrant)
	if err != nil {
		return nil, err
	}
	for _, g := range grants {
		r, err := store.Request(tx, g.Request)
		if err != nil {
			r = access.Request{ID: g.Request, Beneficiary: g.Person, App: g.App, Role: g.Role, Created: g.Created}
		}
		seen[g.Request] = true
		out = append(out, Trouble{r, g.Label(s.Config.Catalog), g.Problem, g.Revoking})
	}
	tasks, err := stuckTasks(tx, "")
	if err != nil {
		return nil, err
	}
	for _, t := range tasks {
		r, err := store.Request(tx, t.Subject)
		if err != nil || seen[t.Subject] {
			continue
		}
		seen[t.Subject] = true
		out = append(out, Trouble{Request: r, Label: access.Grant{App: r.App, Role: r.Role}.Label(s.Config.Catalog), Problem: t.Problem})
	}
	return out, nil
}
