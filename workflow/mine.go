package workflow

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

// Holding is one thing a person has, or is about to have or lose.
type Holding struct {
	Grant   access.Grant
	Request access.Request // zero where nobody asked
	App     catalog.App    // zero when it left the catalogue
	Role    catalog.Role
}

// Label is how people refer to it.
func (h Holding) Label(c *catalog.Catalog) string { return h.Grant.Label(c) }

// List is one page of a longer list.
type List[T any] struct {
	Items []T
	From  int // of the first item, from 0
	Total int
}

// page cuts a page out of a whole list. A page that isn't there any more gives
// the last one that is.
func page[T any](all []T, from, size int) List[T] {
	if from >= len(all) && size > 0 {
		from = max(0, (len(all)-1)/size*size)
	}
	from = max(0, from)
	return List[T]{Items: all[from:min(len(all), from+size)], From: from, Total: len(all)}
}

// Held is what a person has, soonest end first, what has no end last.
func (s *Service) Held(ctx context.Context, who access.PersonID, from, size int) (out List[Holding], err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		grants, err := store.OpenGrantsOf(tx, who)
		if err != nil {
			return err
		}
		slices.SortStableFunc(grants, func(a, b access.Grant) int {
			return cmp.Or(endless(a).Compare(endless(b)), cmp.Compare(a.Label(s.Config.Catalog), b.Label(s.Config.Catalog)))
		})
		cut := page(grants, from, size)
		out = List[Holding]{From: cut.From, Total: cut.Total}
		out.Items, err = s.holdings(tx, cut.Items)
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

func (s *Service) holdings(tx store.Tx, grants []access.Grant) ([]Holding, error) {
	out := make([]Holding, 0, len(grants))
	for _, g := range grants {
		h := Holding{Grant: g}
		h.App, h.Role, _ = s.Config.Catalog.Role(g.App, g.Role)
		if g.Request != "" {
			r, err := store.Request(tx, g.Request)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return nil, err
			}
			h.Request = r
		}
		out = append(out, h)
	}
	return out, nil
}

// Asked are the requests somebody made, or that were made for them, which wait
// for a decision; the oldest first.
func (s *Service) Asked(ctx context.Context, who access.PersonID, from, size int) (out List[access.Request], err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		mine, err := store.OpenRequestsOf(tx, who)
		if err != nil {
			return err
		}
		others, err := store.OpenRequestsBy(tx, who)
		if err != nil {
			return err
		}
		out = page(oldestFirst(append(mine, others...)), from, size)
		return nil
	})
	return out, err
}

// mostDecisions is how many waiting decisions of one person are looked at.
const mostDecisions = 1000

// Awaiting are the requests that wait for somebody's answer, the oldest first.
func (s *Service) Awaiting(ctx context.Context, who access.PersonID, from, size int) (out List[access.Request], err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		all, err := store.RequestsAsking(tx, who, "", mostDecisions)
		out = page(oldestFirst(all), from, size)
		return err
	})
	return out, err
}

func oldestFirst(in []access.Request) []access.Request {
	slices.SortFunc(in, func(a, b access.Request) int { return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID)) })
	return in
}
