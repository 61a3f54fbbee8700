package reclaim

import (
	"context"
	"crypto/rand"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/query"
)

// Duty is the name of the room's duty in the calendar.
const Duty = "reclaim"

// prefix begins the id of a question about an idle seat.
const prefix = "RC-"

// turn is one turn of the duty: it reads every app whose seats come back, ends what is used again, and asks the holders of idle
// seats, as many as are allowed at once.
func (s *Service) turn(ctx context.Context, _ store.Task) (engine.Outcome, error) {
	r := round{Service: s, left: catalog.ReclaimingIn(s.catalog()).AtMost}
	for _, app := range reclaimed(s.catalog()) {
		if err := r.app(ctx, app); err != nil {
			return nil, err
		}
	}
	return nil, s.dropped(ctx)
}

// round is one turn on its way.
type round struct {
	*Service
	left int // how many more people may be asked
}

func (r *round) app(ctx context.Context, app catalog.App) error {
	seen, err := r.seats.look(ctx, app)
	if err != nil {
		return err
	}
	now, err := r.seats.judge(ctx, seen)
	if err != nil || now.Unread != "" {
		return err
	}
	if err := r.used(ctx, now); err != nil {
		return err
	}
	for _, seat := range longestIdleFirst(now.Seats) {
		if r.left == 0 {
			break
		}
		if err := r.ask(ctx, app, seat); err != nil {
			return err
		}
	}
	return nil
}

// longestIdleFirst are the idle seats, the longest idle first.
func longestIdleFirst(all []Seat) []Seat {
	idle := slices.DeleteFunc(slices.Clone(all), func(s Seat) bool { return s.Standing != access.SeatIdle })
	slices.SortStableFunc(idle, func(a, b Seat) int { return a.Seen.Unused().Compare(b.Seen.Unused()) })
	return idle
}

// used ends the questions about seats that are used again.
func (r *round) used(ctx context.Context, now App) error {
	for _, seat := range now.Seats {
		if seat.Standing != access.SeatAsked {
			continue
		}
		if err := r.units.Update(ctx, func(u *engine.Unit) error { return usedAgain(u, seat) }); err != nil {
			return err
		}
	}
	return nil
}

// usedAgain ends an open question about a seat, if it was used since.
func usedAgain(u *engine.Unit, seat Seat) error {
	c, err := engine.Load(u, reclaims(), seat.Case)
	if err != nil || !c.Answers() || !c.UsedAgain(seat.Seen, u.At) {
		return err
	}
	return used(u, c, seat.Seen)
}

// ask asks the holder of an idle seat, unless as much as is allowed is open with them already.
func (r *round) ask(ctx context.Context, app catalog.App, seat Seat) error {
	id := prefix + rand.Text()[:10]
	asked := false
	err := r.units.Update(ctx, func(u *engine.Unit) error {
		asked = false
		open, err := openWith(u.Tx, seat.Person)
		if err != nil || open >= catalog.ReclaimingIn(u.Catalog).PerPerson {
			return err
		}
		c, e, effs, err := access.AskAbout(questionAbout(id, app, seat), u.At)
		if _, refused := access.AsRefusal(err); refused {
			return nil // by now it isn't known any more that nobody uses it
		}
		if err == nil {
			err = same(u, seat)
		}
		if err == nil {
			err = engine.Begin(u, reclaims(), &c, e, effs...)
		}
		if err == nil {
			err = record(u, app, c)
		}
		asked = err == nil
		return err
	})
	if _, refused := access.AsRefusal(err); refused {
		return nil
	}
	if asked {
		r.left--
	}
	return err
}

// questionAbout is what somebody is asked about their seat.
func questionAbout(id string, app catalog.App, seat Seat) access.Reclaim {
	first, place := seat.Grants[0], seat.Places[0]
	c := access.Reclaim{
		ID: id, Person: seat.Person, App: app.ID, Role: first.Role, Grant: first.ID, Directory: place.Directory, Account: place.Account, Request: first.Request,
		Rule: access.ReclaimRuleOf(seat.Rule), Seat: app.Seat, Seen: seat.Seen,
	}
	for _, g := range seat.Grants {
		c.Grants = append(c.Grants, g.ID)
	}
	for _, e := range first.Entitlements {
		if e.Group.Directory == place.Directory {
			c.Group = e.Group
		}
	}
	return c
}

// same refuses to ask about a seat that is held by other grants than was read, or asked about already.
func same(u *engine.Unit, seat Seat) error {
	for _, g := range seat.Grants {
		now, err := u.Grant(g.ID)
		if err != nil {
			return err
		}
		if now.State != access.GrantActive || now.Disputed {
			return access.Refuse(access.TooLate, "", "This access isn't as it was read any more.")
		}
	}
	all, err := store.ReclaimsOfSeat(u.Tx, seat.Person, seat.Grants[0].App)
	if err == nil && slices.ContainsFunc(all, access.Reclaim.Open) {
		err = access.Refuse(access.Duplicate, "", "It is asked already.")
	}
	return err
}

// openWith is how many questions are open with somebody.
func openWith(tx store.Tx, who access.PersonID) (n int, err error) {
	all, _, err := store.Sound(query.All(func(after string, limit int) ([]access.Reclaim, error) {
		return store.ReclaimsAbout(tx, who, after, limit)
	}, func(c access.Reclaim) string { return c.ID }))
	for _, c := range all {
		if c.Answers() {
			n++
		}
	}
	return n, err
}

// dropped ends the questions about apps whose seats don't come back any more.
func (s *Service) dropped(ctx context.Context) error {
	var open []access.Reclaim
	err := s.units.View(ctx, func(tx store.Tx) (err error) {
		open, _, err = store.Sound(query.All(func(after string, limit int) ([]access.Reclaim, error) {
			return store.ReclaimsOpen(tx, after, limit)
		}, func(c access.Reclaim) string { return c.ID }))
		return err
	})
	for _, c := range open {
		if err != nil {
			return err
		}
		if c.Answers() && s.goesOn(c) == "" {
			continue
		}
		err = s.units.Update(ctx, func(u *engine.Unit) error { return s.dropIn(u, c.ID) })
	}
	return err
}

// goesOn says why a question isn't asked any more by the configuration; "" if it is.
func (s *Service) goesOn(c access.Reclaim) string {
	app, there := s.catalog().App(c.App)
	switch {
	case !there:
		return "The app isn't in the catalogue any more."
	case !slices.ContainsFunc(app.Roles, func(r catalog.Role) bool { return r.ID == c.Role && r.Reclaim.On() }):
		return "Seats of it don't come back any more, by the configuration."
	}
	return ""
}

func (s *Service) dropIn(u *engine.Unit, id string) error {
	c, err := engine.Load(u, reclaims(), id)
	if err != nil || !c.Answers() {
		return err
	}
	e := c.Event(access.EventReclaimCancelled, access.System(), u.At)
	if e.Note = s.goesOn(c); e.Note == "" {
		return nil
	}
	_, err = move(u, c, e)
	return err
}
