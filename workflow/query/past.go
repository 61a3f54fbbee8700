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

// Past is something that somebody asked for or had, and that is over.
type Past struct {
	Request access.Request
	Grant   *access.Grant // that ended; nil where the request came to nothing
	At      time.Time     // when it was over
}

// Lately is how far back Past looks.
const Lately = 30 * catalog.Day

// Past is what of somebody's was denied, lapsed or ended lately, the latest first. Each role
// is there once, and not at all where it was asked for again or is there again.
func (s *Service) Past(ctx context.Context, who access.PersonID, from, size int) (out List[Past], err error) {
	now := s.units.Now()
	err = s.units.View(ctx, func(tx store.Tx) error {
		all, err := overSince(tx, who, now.Add(-Lately), now)
		if err != nil {
			return err
		}
		all, err = gone(tx, latest(all))
		out = cut(all, from, size)
		return err
	})
	return out, err
}

// overSince is everything that was over since a moment. What can't be read back hides nothing
// else.
func overSince(tx store.Tx, who access.PersonID, since, now time.Time) (all []Past, err error) {
	since = since.UTC()
	for month := time.Date(since.Year(), since.Month(), 1, 0, 0, 0, 0, time.UTC); !month.After(now); month = month.AddDate(0, 1, 0) {
		for _, find := range []func(store.Tx, access.PersonID, time.Time) ([]Past, error){refusedIn, endedIn} {
			some, err := find(tx, who, month)
			if err != nil {
				return nil, err
			}
			all = append(all, some...)
		}
	}
	return slices.DeleteFunc(all, func(p Past) bool { return p.At.Before(since) }), nil
}

func refusedIn(tx store.Tx, who access.PersonID, month time.Time) (out []Past, err error) {
	found, _, err := store.Sound(store.RequestsOverIn(tx, who, month))
	for _, r := range found {
		out = append(out, Past{Request: r, At: r.Decided})
	}
	return out, err
}

// endedIn leaves out what nobody had asked for: it can't be asked for again.
func endedIn(tx store.Tx, who access.PersonID, month time.Time) (out []Past, err error) {
	found, _, err := store.Sound(store.GrantsOverIn(tx, who, month))
	if err != nil {
		return nil, err
	}
	for _, g := range found {
		r, err := requestOf(tx, g.Request)
		if err != nil {
			return nil, err
		}
		if r.ID != "" {
			out = append(out, Past{Request: r, Grant: &g, At: g.Finished})
		}
	}
	return out, nil
}

// what is asked for: the same, asked for again, makes what came of it before no news.
type what struct {
	who       access.PersonID
	app, role string
	unlisted  string
}

func whatOf(r access.Request) what {
	return what{r.Beneficiary, r.App, r.Role, catalog.Fold(r.Unlisted)}
}

// latest keeps of each thing what was over last, the latest in front.
func latest(all []Past) (out []Past) {
	slices.SortFunc(all, func(a, b Past) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Request.ID, b.Request.ID)) })
	met := map[what]bool{}
	for _, p := range all {
		if w := whatOf(p.Request); !met[w] {
			met[w] = true
			out = append(out, p)
		}
	}
	return out
}

// gone leaves out what is there, or on its way, and what is waited for.
func gone(tx store.Tx, all []Past) ([]Past, error) {
	again, looked := map[what]bool{}, map[access.PersonID]bool{}
	for _, p := range all {
		who := p.Request.Beneficiary
		if looked[who] {
			continue
		}
		looked[who] = true
		grants, _, err := store.Sound(store.OpenGrantsOf(tx, who))
		if err != nil {
			return nil, err
		}
		for _, g := range grants {
			again[what{who: who, app: g.App, role: g.Role}] = true
		}
		open, _, err := store.Sound(store.OpenRequestsOf(tx, who))
		if err != nil {
			return nil, err
		}
		for _, r := range open {
			again[whatOf(r)] = true
		}
	}
	return slices.DeleteFunc(all, func(p Past) bool { return again[whatOf(p.Request)] }), nil
}

// Again is what somebody asks for once more.
type Again struct {
	Request access.Request
	For     access.Person // whom it was for
	Running string        // where it was more time for access that is still there: the request of that
}

// Again is a request as those may ask for it again who made it, or for whom it was.
func (s *Service) Again(ctx context.Context, request string, by access.Actor) (a Again, err error) {
	err = s.units.View(ctx, func(tx store.Tx) (err error) {
		if a.Request, err = store.Request(tx, request); err != nil {
			return NotFound(err, UnknownRequest)
		}
		if err := s.people.May(people.Caller{Actor: by}, people.ActAskAgain, people.Matter{Request: a.Request}); err != nil {
			return err
		}
		if a.For, err = people.In(tx, a.Request.Beneficiary); err != nil {
			return err
		}
		a.Running, err = running(tx, a.Request)
		return err
	})
	if err != nil {
		return Again{}, err
	}
	return a, nil
}

// running is the request of the access that a request asks more time for, as long as that is
// there.
func running(tx store.Tx, r access.Request) (string, error) {
	if r.Extends == "" {
		return "", nil
	}
	g, err := store.Grant(tx, r.Extends)
	if errors.Is(err, store.ErrNotFound) || err == nil && g.State != access.GrantActive {
		return "", nil
	}
	return g.Request, err
}
