package query

import (
	"context"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/people"
)

// Background is what helps somebody to decide: what is usual, and what was
// before. Nothing in it is needed; it stays out where it can't be found quickly.
type Background struct {
	Team     []access.Person                   // colleagues with the same manager or department who hold the role
	TeamMore int                               // how many more there are
	TeamPart bool                              // of some who hold it, or of all, it isn't known whether they are of the team
	TeamAt   time.Time                         // when the role's groups were looked at last; zero: only who was given it by Latchkey is known
	Earlier  []access.Request                  // the latest decisions on the role, newest first
	History  []access.Request                  // the person's earlier requests for the app, newest first
	People   map[access.PersonID]access.Person // whom the decisions name, as far as they are known

	Conflicts []Against // what can't go with it and isn't known to the request
}

const (
	backgroundMonths  = 3
	backgroundScan    = 500 // grants of an app looked at for those of the team; there may be fifty thousand
	backgroundEarlier = 3
	backgroundTeam    = 5
)

// Background gathers it for those who are asked about a request, while they are.
func (s *Service) Background(ctx context.Context, c access.Case) (b Background, err error) {
	if c.Request.State != access.RequestPending || c.Request.Unlisted != "" {
		return b, nil
	}
	err = s.units.View(ctx, func(tx store.Tx) error {
		b = Background{People: map[access.PersonID]access.Person{}}
		for _, part := range []func(store.Tx, access.Case, *Background) error{team, earlier, history, named, s.conflicts} {
			if err := part(tx, c, &b); err != nil {
				return err
			}
		}
		return nil
	})
	return b, err
}

func earlier(tx store.Tx, c access.Case, b *Background) error {
	month := c.Request.Created
	for range backgroundMonths {
		some, err := store.DecidedIn(tx, c.Request.App, c.Request.Role, month)
		if err != nil {
			return err
		}
		for _, r := range some {
			if _, answered := r.Decider(); answered && r.Beneficiary != c.Request.Beneficiary && r.Decided.Before(c.Request.Created) {
				b.Earlier = append(b.Earlier, r)
			}
		}
		month = time.Date(month.Year(), month.Month(), 0, 0, 0, 0, 0, time.UTC)
	}
	b.Earlier = newest(b.Earlier)
	return nil
}

func history(tx store.Tx, c access.Case, b *Background) error {
	all, err := All(func(after string, limit int) ([]access.Request, error) {
		return store.RequestsOf(tx, c.Request.Beneficiary, after, limit)
	}, RequestID)
	if err != nil {
		return err
	}
	for _, r := range all {
		mine := r.App == c.Request.App && r.Beneficiary == c.Request.Beneficiary
		if mine && r.ID != c.Request.ID && r.State != access.RequestPending && r.Created.Before(c.Request.Created) {
			b.History = append(b.History, r)
		}
	}
	b.History = newest(b.History)
	return nil
}

// named adds the people whom the decisions name.
func named(tx store.Tx, _ access.Case, b *Background) error {
	for _, r := range slices.Concat(b.Earlier, b.History) {
		a, _ := r.Decider()
		for _, who := range []access.PersonID{r.Beneficiary, a.By.Person} {
			if who == "" {
				continue
			}
			p, err := people.In(tx, who)
			if err != nil {
				return err
			}
			b.People[who] = p
		}
	}
	return nil
}

func newest(list []access.Request) []access.Request {
	slices.SortFunc(list, func(a, b access.Request) int { return b.Decided.Compare(a.Decided) })
	return list[:min(len(list), backgroundEarlier)]
}
