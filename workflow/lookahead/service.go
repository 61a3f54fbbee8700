package lookahead

import (
	"context"
	"errors"
	"slices"
	"sync"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/membership"
	"latchkey/workflow/people"
)

// Record is where the reasons of changes are kept. Errors are *access.Failure.
type Record interface {
	// There tells whether an issue is there at this moment; it never answers from
	// memory.
	There(ctx context.Context, issue access.Issue) (bool, error)
}

// Config is what the room is made of.
type Config struct {
	Units       *engine.Units
	Catalog     func() *catalog.Catalog
	Directories people.Directories
	Places      *membership.Finder
	Record      Record // nil: nobody looks whether issues are there
	// Holder looks up who is about to get access; nil: nobody does.
	Holder func(ctx context.Context, who access.PersonID) error
}

// Service looks ahead. It is safe for concurrent use.
type Service struct {
	units   *engine.Units
	catalog func() *catalog.Catalog
	dirs    people.Directories
	places  *membership.Finder
	records Record
	holder  func(ctx context.Context, who access.PersonID) error
	looks   looks
}

// New makes the room.
func New(c Config) *Service {
	if c.Holder == nil {
		c.Holder = func(context.Context, access.PersonID) error { return nil }
	}
	return &Service{units: c.Units, catalog: c.Catalog, dirs: c.Directories, places: c.Places, records: c.Record, holder: c.Holder, looks: looks{now: c.Units.Now, begun: map[key]*look{}}}
}

// Prepare looks at what has to be known before access is given, while it is found out whether
// the yes of somebody counts who was asked for it: their account in Slack has just said it.
// Nothing follows from that; the addition goes by these looks if it comes at once, and makes
// its own otherwise.
func (s *Service) Prepare(ctx context.Context, request, slackAccount string) error {
	r, holder, pins, err := s.nearlyGiven(ctx, request, slackAccount)
	if err != nil || r.ID == "" {
		return err
	}
	ctx = idp.WithPriority(ctx, idp.Addition)
	var all sync.WaitGroup
	begin := func(k key, l *look, do func() (bool, error)) {
		s.looks.begin(k, l)
		all.Go(func() {
			defer close(l.done)
			l.yes, l.err = do()
		})
	}
	if s.records != nil {
		begin(key{request: r.ID}, &look{}, func() (bool, error) { return s.records.There(ctx, r.Issue) })
	}
	all.Go(func() { _ = s.holder(ctx, r.Beneficiary) }) // whoever judges the yes finds it, or why not
	for _, pin := range pins {
		dir, known := s.dirs.Get(pin.Ref.Directory)
		account := holder.Account(pin.Ref.Directory)
		if !known || account == "" || pin.GroupID == "" {
			continue
		}
		all.Go(func() { _, _ = s.places.Group(ctx, dir, pin.Ref, pin.GroupID) }) // whoever needs it next finds it, or why not
		at := membership.Place{Dir: dir, Ref: pin.Ref, Group: idp.Group{ID: pin.GroupID}, Person: idp.Person{ID: account}}
		begin(key{r.ID, pin.Ref}, &look{account: account, groupID: pin.GroupID}, func() (bool, error) { return at.IsMember(ctx) })
	}
	all.Wait()
	return nil
}

// Member tells whether somebody is in a group, as it was seen when the yes was said that this
// follows from. known is false where nobody looked, not at this account and group, or too long ago.
func (s *Service) Member(ctx context.Context, request string, at membership.Place) (yes, known bool) {
	l, known := s.looks.take(ctx, key{request, at.Ref})
	if !known || l.account != at.Person.ID || l.groupID != at.Group.ID {
		return false, false
	}
	return l.yes, true
}

// Recorded tells that the issue of a request was seen to be there when that yes was said. false
// proves nothing.
func (s *Service) Recorded(ctx context.Context, request string) bool {
	l, known := s.looks.take(ctx, key{request: request})
	return known && l.yes
}

// nearlyGiven is a request to whose access only one yes is missing that somebody may give as far
// as is known; none, if it is no such request. pins are its groups.
func (s *Service) nearlyGiven(ctx context.Context, request, slackAccount string) (r access.Request, holder access.Person, pins []store.GroupPin, err error) {
	var none access.Request
	err = s.units.View(ctx, func(tx store.Tx) error {
		by, err := store.PersonByAccount(tx, access.SystemSlack, slackAccount)
		if err == nil {
			r, err = store.Request(tx, request)
		}
		if err != nil || !awaits(r, by.ID) {
			r = none
			return unlessMissing(err)
		}
		app, role, known := engine.Offered(ctx, s.catalog).Role(r.App, r.Role)
		if !known || app.Provisioning == catalog.Manual {
			r = none
			return nil
		}
		if holder, err = people.In(tx, r.Beneficiary); err != nil {
			return err
		}
		for _, ref := range role.Groups {
			pin, err := store.LoadGroupPin(tx, ref)
			if ref.ByID {
				pin, err = store.GroupPin{Ref: ref, GroupID: ref.Group}, nil
			}
			if err == nil {
				pins = append(pins, pin)
			}
		}
		return nil
	})
	return r, holder, pins, err
}

// unlessMissing lets go of the error of a record that isn't there.
func unlessMissing(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// awaits tells whether a request with an issue waits for nothing but the yes of one of several
// people, of whom somebody is one.
func awaits(r access.Request, who access.PersonID) bool {
	if r.State != access.RequestPending || r.Stage != len(r.Stages)-1 || r.Issue.Key == "" || r.Issue.Gone || r.Extends != "" || r.Unlisted != "" {
		return false
	}
	stage := r.Stages[r.Stage]
	return !stage.Need.All && stage.Need.Count() == 1 && slices.Contains(stage.Asked, who)
}
