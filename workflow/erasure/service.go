package erasure

import (
	"context"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// People knows who may erase, and what is remembered of people.
type People interface {
	Caller(ctx context.Context, by access.Actor) (people.Caller, error)
	May(by people.Caller, act people.Act, about people.Matter) error
	// Forget drops what is cached of somebody.
	Forget(who access.PersonID)
}

// Config is what the room is made of.
type Config struct {
	Units  *engine.Units
	People People
}

// Service erases. It is safe for concurrent use.
type Service struct {
	units  *engine.Units
	people People
}

// New makes the room.
func New(c Config) *Service { return &Service{units: c.Units, people: c.People} }

// Plan is what there is to erase of somebody, and what was erased.
type Plan struct {
	Person access.PersonID   `json:"person"`
	Also   []access.PersonID `json:"also,omitempty"` // under which ids they were known too, before it was found that they are one human
	Who    string            `json:"who"`            // under which address people know them
	Before time.Time         `json:"before"`

	Events   int      `json:"events"`             // whose names and words go
	Requests []string `json:"requests"`           // that these events, or records, belong to
	Kept     int      `json:"kept,omitempty"`     // events that stay for now: they are of stories of others that are still open
	Unread   int      `json:"unread,omitempty"`   // events that can't be read, so nobody knows whom they name
	Waiting  int      `json:"waiting,omitempty"`  // tasks that wait or are stuck and quote the person
	Reviews  int      `json:"reviews,omitempty"`  // access reviews whose lists name them
	Accounts []string `json:"accounts,omitempty"` // the systems whose account ids stay
	Left     bool     `json:"left"`               // their addresses and names go altogether; otherwise the former ones do

	Outstanding string `json:"outstanding,omitempty"` // what of it is still in the store's files, and why; it is tried again
}

// Plan finds what there is to erase of somebody that was written before a moment. It
// is refused while they hold access or anything is open of what they asked for.
func (s *Service) Plan(ctx context.Context, who access.PersonID, before time.Time, by access.Actor) (Plan, error) {
	f, err := s.find(ctx, who, before, by)
	return f.Plan, err
}

func (s *Service) find(ctx context.Context, who access.PersonID, before time.Time, by access.Actor) (finding, error) {
	if err := s.allow(ctx, by); err != nil {
		return finding{}, s.units.LogRefusal(ctx, "", by, "erase what names somebody", err)
	}
	f := newFinding(who, before)
	err := f.look(ctx, s.units)
	if err == nil {
		err = f.refuse()
	}
	return f, err
}

func (s *Service) allow(ctx context.Context, by access.Actor) error {
	caller, err := s.people.Caller(ctx, by)
	if err != nil {
		return err
	}
	return s.people.May(caller, people.ActErase, people.Matter{})
}

// atOnce is how much is erased in one unit: little enough that nobody's click waits
// behind it.
const atOnce = 50

// Erase erases what Plan finds. When it returns nil, nothing of it is in the store's
// files but what Outstanding says, and what is left to do, there and in Jira, is durable
// work. Broken off, it is begun anew.
func (s *Service) Erase(ctx context.Context, who access.PersonID, before time.Time, by access.Actor) (Plan, error) {
	f, err := s.find(ctx, who, before, by)
	if err != nil {
		return f.Plan, err
	}
	if err := s.units.Update(ctx, func(u *engine.Unit) error { return f.begin(u, by) }); err != nil {
		return f.Plan, err
	}
	s.forget(f.ids())
	for _, erase := range f.batches() {
		if err := s.units.Update(ctx, erase); err != nil {
			return f.Plan, err
		}
	}
	s.forget(f.ids())
	f.Outstanding, err = s.shredded(ctx)
	return f.Plan, err
}

func (s *Service) forget(all []access.PersonID) {
	for _, who := range all {
		s.people.Forget(who)
	}
}

// begin writes down that it is done, under each id of theirs, and takes the names out of
// what is known of the person: from then on nobody writes them anew.
func (f *finding) begin(u *engine.Unit, by access.Actor) error {
	for _, who := range slices.Backward(f.ids()) { // who they are now comes last
		e := access.Event{Kind: access.EventErased, At: u.At, Person: who, Actor: by, Subject: access.LogSubject(), Note: f.note(who)}
		if _, err := u.Append(e); err != nil {
			return err
		}
		k, err := store.Person(u.Tx, who)
		if err != nil {
			return err
		}
		k.Person = k.Person.Erase(f.Before, f.Left)
		if err := store.PutPerson(u.Tx, &k); err != nil {
			return err
		}
		if err := dropSignIns(u, who); err != nil {
			return err
		}
	}
	return nil
}

// dropSignIns lets go of what somebody is just being asked to sign in for: it may quote them.
func dropSignIns(u *engine.Unit, who access.PersonID) error {
	open, err := store.SignInsOf(u.Tx, who)
	if err != nil {
		return err
	}
	for _, in := range open {
		if err := store.DropSignIn(u.Tx, in.ID); err != nil {
			return err
		}
	}
	return nil
}
