package delegation

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// mostFor is for how many people somebody can decide at a time.
const mostFor = 20

// People knows who people are.
type People interface {
	// Anew is somebody, looked up at this moment.
	Anew(ctx context.Context, who access.PersonID) (access.Person, error)
	// Forget drops what is remembered of somebody, because it changed.
	Forget(who access.PersonID)
}

// Config is what the room is made of.
type Config struct {
	Units  *engine.Units
	People People
	Zone   func(access.Person) *time.Location // in which somebody reads dates
}

// Service keeps who decides for whom. It is safe for concurrent use.
type Service struct {
	units  *engine.Units
	people People
	zone   func(access.Person) *time.Location
}

// New makes the room.
func New(c Config) *Service { return &Service{c.Units, c.People, c.Zone} }

// noun is how a delegation is kept.
func noun() engine.Noun[access.Delegation] {
	return engine.Noun[access.Delegation]{Kind: "delegation", ID: func(d access.Delegation) string { return d.ID }, Load: store.Delegation, Put: store.PutDelegation}
}

// Set has somebody decide in the place of whoever says so, for a while. Both have to be
// people who may act at this moment.
func (s *Service) Set(ctx context.Context, by access.Actor, delegate access.PersonID, from, until time.Time) (d access.Delegation, err error) {
	d, err = s.set(ctx, by, delegate, from, until)
	return d, s.units.LogRefusal(ctx, "", by, "have somebody decide for them", err)
}

func (s *Service) set(ctx context.Context, by access.Actor, delegate access.PersonID, from, until time.Time) (d access.Delegation, err error) {
	for _, who := range []access.PersonID{by.Person, delegate} {
		if who == "" {
			continue // the delegation itself refuses that
		}
		p, err := s.people.Anew(ctx, who)
		if err == nil {
			err = p.MayAct()
		}
		if _, refused := access.AsRefusal(err); refused && who != by.Person {
			err = access.Refuse(access.NotAllowed, "delegate", p.Display()+" can't decide on access: it takes an account of this company that is in use. Please choose somebody else.")
		}
		if err != nil {
			return d, err
		}
	}
	err = s.units.Update(ctx, func(u *engine.Unit) error {
		var e access.Event
		if d, e, err = access.NewDelegation("D-"+rand.Text()[:8], by, delegate, from, until, u.At); err != nil {
			return err
		}
		if err := free(u, d); err != nil {
			return err
		}
		if err := engine.Begin(u, noun(), &d, e); err != nil {
			return err
		}
		return s.happened(u, d, e)
	})
	return d, err
}

// free refuses a delegation beside another one: who decides for somebody is one person at
// a time, so it is plain who that is.
func free(u *engine.Unit, d access.Delegation) error {
	of, err := store.DelegationsOf(u.Tx, d.Delegator)
	if err != nil {
		return err
	}
	if len(of) > 0 {
		return access.Refuse(access.Duplicate, "delegate", "Somebody decides for you already, or is going to. End that first: it is in your Home tab.")
	}
	to, err := store.DelegationsTo(u.Tx, d.Delegate)
	if err == nil && len(to) >= mostFor {
		return access.Refuse(access.NotAllowed, "delegate", "They decide for many people already. Please choose somebody else.")
	}
	return err
}

// End ends a delegation at once, on the word of one of the two.
func (s *Service) End(ctx context.Context, id string, by access.Actor) (d access.Delegation, err error) {
	err = s.units.Update(ctx, func(u *engine.Unit) error {
		d, err = engine.Load(u, noun(), id)
		if errors.Is(err, store.ErrNotFound) {
			return access.Refuse(access.Unknown, "", "That isn't known here any more.")
		}
		if err != nil {
			return err
		}
		d, err = s.move(u, d, d.Event(access.EventDelegationEnded, by, u.At))
		return err
	})
	return d, s.units.LogRefusal(ctx, "", by, "end that somebody decides", err)
}

// Of are the delegations by which somebody decides for others, or others for them, the first
// to begin first.
func (s *Service) Of(ctx context.Context, who access.PersonID) (all []access.Delegation, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		all, _, err = store.Sound(store.DelegationsAbout(tx, who))
		return err
	})
	slices.SortFunc(all, func(a, b access.Delegation) int { return a.From.Compare(b.From) })
	return all, err
}

// move moves a delegation by an event, and has it told.
func (s *Service) move(u *engine.Unit, d access.Delegation, e access.Event) (access.Delegation, error) {
	d, err := engine.Move(u, noun(), d, e)
	if err != nil {
		return d, err
	}
	return d, s.happened(u, d, e)
}

// due begins or ends a delegation whose time has come. Where one of the two may not act any
// more when it begins, it ends instead.
func (s *Service) due(u *engine.Unit, id string) error {
	d, err := engine.Load(u, noun(), id)
	if err != nil {
		return err
	}
	e := d.Event(access.EventDelegationEnded, access.System(), u.At)
	if d.State == access.DelegationPlanned && u.At.Before(d.Until) {
		e.Kind = access.EventDelegationBegun
		if e.Note, err = unfit(u, d); err != nil {
			return err
		}
		if e.Note != "" {
			e.Kind = access.EventDelegationEnded
		}
	}
	_, err = s.move(u, d, e)
	return err
}

// unfit says why a delegation can't go on, because one of the two may not act any more as
// far as is known; "" if it can.
func unfit(u *engine.Unit, d access.Delegation) (string, error) {
	for _, who := range []access.PersonID{d.Delegator, d.Delegate} {
		p, err := people.In(u.Tx, who)
		if err != nil {
			return "", err
		}
		if p.Same != "" || p.MayAct() != nil {
			return "The account of one of the two isn't in use any more, or may not decide.", nil
		}
	}
	return "", nil
}

// EndAllOf ends every delegation of somebody who may not act any more, or was found to be
// somebody else.
func (s *Service) EndAllOf(u *engine.Unit, who access.PersonID) error {
	all, _, err := store.Sound(store.DelegationsAbout(u.Tx, who))
	for _, d := range all {
		if err == nil {
			err = s.endUnfit(u, d)
		}
	}
	return err
}

func (s *Service) endUnfit(u *engine.Unit, d access.Delegation) error {
	d, err := engine.Load(u, noun(), d.ID)
	if err != nil || !d.Open() {
		return err
	}
	e := d.Event(access.EventDelegationEnded, access.System(), u.At)
	if e.Note, err = unfit(u, d); err != nil || e.Note == "" {
		return err
	}
	_, err = s.move(u, d, e)
	return err
}
