package query

import (
	"cmp"
	"context"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

// Asked are the requests somebody made, or that were made for them, which wait
// for a decision; the oldest first.
func (s *Service) Asked(ctx context.Context, who access.PersonID, from, size int) (out List[access.Request], err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		mine, err := store.OpenRequestsOf(tx, who)
		if err != nil {
			return err
		}
		others, err := store.OpenRequestsBy(tx, who)
		if err != nil {
			return err
		}
		out = cut(oldestFirst(append(mine, others...)), from, size)
		return nil
	})
	return out, err
}

// Awaiting are the requests that wait for somebody's answer, the oldest first, and behind
// them those that others are asked about and somebody may answer as a back-up. One that
// can't be read back hides no other; IT has it on the list of what is stuck.
func (s *Service) Awaiting(ctx context.Context, who access.PersonID, from, size int) (out List[access.Request], err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		all, _, err := store.Sound(All(func(after string, limit int) ([]access.Request, error) {
			return store.RequestsAsking(tx, who, after, limit)
		}, RequestID))
		if err != nil {
			return err
		}
		backed, _, err := store.Sound(All(func(after string, limit int) ([]access.Request, error) {
			return store.RequestsBackedBy(tx, who, after, limit)
		}, RequestID))
		out = cut(append(oldestFirst(all), oldestFirst(backed)...), from, size)
		return err
	})
	return out, err
}

// Decides tells whether somebody is, or may well be, asked to decide on others' requests, as far
// as the store knows: something waits for them, somebody reports to them, or a route, an app or
// the configuration names them. It is good for what is shown, never for what may be done.
func (s *Service) Decides(ctx context.Context, who access.Person) (yes bool, err error) {
	known := s.catalog()
	named := func(a catalog.Approver) bool { return a.Kind == catalog.Named && who.MeantByOneOf([]string{a.Person}) }
	if slices.ContainsFunc(known.Sources(), named) ||
		slices.ContainsFunc(known.Apps(), func(a catalog.App) bool { return who.MeantByOneOf(a.Owners) }) {
		return true, nil
	}
	err = s.units.View(ctx, func(tx store.Tx) error {
		if yes, err = store.HasReports(tx, who.ID); yes || err != nil {
			return err
		}
		some, _, err := store.Sound(store.RequestsAsking(tx, who.ID, "", 1))
		yes = len(some) > 0
		return err
	})
	return yes, err
}

func oldestFirst(in []access.Request) []access.Request {
	slices.SortFunc(in, func(a, b access.Request) int { return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID)) })
	return in
}
