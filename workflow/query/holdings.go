package query

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/people"
)

// Holding is one thing a person has, or is about to have or lose.
type Holding struct {
	Grant   access.Grant
	Request access.Request // zero where nobody asked
	App     catalog.App    // zero when it left the catalogue
	Role    catalog.Role
	Seat    access.Reclaim // the latest question whether it is still needed; zero where none was asked
}

// Label is how people refer to it.
func (h Holding) Label(c *catalog.Catalog) string { return h.Grant.Label(c) }

// Held is what a person has, soonest end first, what has no end last.
func (s *Service) Held(ctx context.Context, who access.PersonID, from, size int) (out List[Holding], err error) {
	known := s.catalog()
	err = s.units.View(ctx, func(tx store.Tx) error {
		grants, err := store.OpenGrantsOf(tx, who)
		if err != nil {
			return err
		}
		slices.SortStableFunc(grants, func(a, b access.Grant) int {
			return cmp.Or(endless(a).Compare(endless(b)), cmp.Compare(a.Label(known), b.Label(known)))
		})
		out, err = holdings(tx, known, cut(grants, from, size))
		return err
	})
	return out, err
}

// endless sorts what has no end behind everything else.
func endless(g access.Grant) time.Time {
	if g.Ends.IsZero() {
		return time.Unix(1<<40, 0)
	}
	return g.Ends
}

// holdings adds to a page of grants what they came of.
func holdings(tx store.Tx, known *catalog.Catalog, grants List[access.Grant]) (List[Holding], error) {
	out := List[Holding]{From: grants.From, Total: grants.Total, Items: make([]Holding, 0, len(grants.Items))}
	for _, g := range grants.Items {
		h := Holding{Grant: g}
		h.App, h.Role, _ = known.Role(g.App, g.Role)
		if g.Request != "" {
			r, err := store.Request(tx, g.Request)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return out, err
			}
			h.Request = r
		}
		var err error
		if h.Seat, err = askedLast(tx, g); err != nil {
			return out, err
		}
		out.Items = append(out.Items, h)
	}
	return out, nil
}

// askedLast is the latest question whether what a grant gives is still needed. One that can't be read back hides no access.
func askedLast(tx store.Tx, g access.Grant) (last access.Reclaim, err error) {
	all, _, err := store.Sound(store.ReclaimsOfGrant(tx, g.ID))
	for _, r := range all {
		if r.Created.After(last.Created) {
			last = r
		}
	}
	return last, err
}

// Holders is who has access to an app, by person. IT and the app's owners may see it.
func (s *Service) Holders(ctx context.Context, by access.Actor, app string, from, size int) (out List[Holding], err error) {
	if err := s.people.Allow(ctx, by, people.ActOversee, people.Matter{App: app}); err != nil {
		return out, err
	}
	known := s.catalog()
	err = s.units.View(ctx, func(tx store.Tx) error {
		grants, err := All(func(after string, limit int) ([]access.Grant, error) {
			return store.OpenGrantsOn(tx, app, after, limit)
		}, GrantID)
		if err != nil {
			return err
		}
		if err := byPerson(tx, grants); err != nil {
			return err
		}
		out, err = holdings(tx, known, cut(grants, from, size))
		return err
	})
	return out, err
}

// byPerson sorts grants as people look for them: by address, then by role.
func byPerson(tx store.Tx, grants []access.Grant) error {
	names := map[access.PersonID]string{}
	for _, g := range grants {
		if _, known := names[g.Person]; known {
			continue
		}
		name, err := people.ContactIn(tx, g.Person)
		if err != nil {
			return err
		}
		names[g.Person] = name
	}
	slices.SortFunc(grants, func(a, b access.Grant) int {
		return cmp.Or(cmp.Compare(names[a.Person], names[b.Person]), cmp.Compare(a.Person, b.Person), cmp.Compare(a.Role, b.Role))
	})
	return nil
}

// Why are the grants that explain somebody's access to an app. People may see
// their own; IT, the app's owners and the person's manager may see others'.
func (s *Service) Why(ctx context.Context, by access.Actor, who access.Person, app string) ([]Holding, error) {
	if err := s.people.Allow(ctx, by, people.ActExplain, people.Matter{App: app, Holder: who}); err != nil {
		return nil, err
	}
	var out List[Holding]
	if who.ID == "" {
		return nil, nil // nobody is known by that name
	}
	known := s.catalog()
	err := s.units.View(ctx, func(tx store.Tx) error {
		grants, err := store.OpenGrantsOf(tx, who.ID)
		if err != nil {
			return err
		}
		grants = slices.DeleteFunc(grants, func(g access.Grant) bool { return g.App != app && !opensGroupOf(g, known, app) })
		out, err = holdings(tx, known, cut(grants, 0, 0))
		return err
	})
	return out.Items, err
}

// opensGroupOf tells whether a grant of another app opens a group of this one too.
func opensGroupOf(g access.Grant, known *catalog.Catalog, app string) bool {
	a, _ := known.App(app)
	return slices.ContainsFunc(g.Entitlements, func(e access.Entitlement) bool {
		return slices.ContainsFunc(a.Roles, func(r catalog.Role) bool { return slices.Contains(r.Groups, e.Group) })
	})
}
