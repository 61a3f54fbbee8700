package provision

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// aheadFor is how old a look may be that was begun when somebody was about to say yes, for the
// addition that follows to go by it.
const aheadFor = 5 * time.Second

// lookahead are looks that were begun before an addition was asked for: while it is found out
// whether a yes counts. What they found out is used once.
type lookahead struct {
	now func() time.Time

	mu    sync.Mutex
	begun map[aheadKey]*aheadLook
}

// aheadKey is what is looked at for a request: whether its issue is there, or, with a group,
// whether its person is in that one.
type aheadKey struct {
	request string
	group   catalog.GroupRef
}

// aheadLook is one look.
type aheadLook struct {
	at      time.Time
	account string // in the group's directory
	groupID string
	done    chan struct{}
	yes     bool // once done: it is there, or a member
	err     error
}

// begin notes that a look begins. What nobody has asked for in time is let go.
func (a *lookahead) begin(k aheadKey, l *aheadLook) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.begun == nil {
		a.begun = map[aheadKey]*aheadLook{}
	}
	l.at, l.done = a.now(), make(chan struct{})
	for other, old := range a.begun {
		if l.at.Sub(old.at).Abs() > aheadFor {
			delete(a.begun, other)
		}
	}
	a.begun[k] = l
}

// take waits for a look, if there is one that may be gone by.
func (a *lookahead) take(ctx context.Context, k aheadKey) (*aheadLook, bool) {
	a.mu.Lock()
	l, known := a.begun[k]
	delete(a.begun, k)
	a.mu.Unlock()
	if !known || a.now().Sub(l.at).Abs() > aheadFor {
		return nil, false
	}
	select {
	case <-l.done:
		return l, l.err == nil
	case <-ctx.Done():
		return nil, false
	}
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
	look := func(k aheadKey, l *aheadLook, do func() (bool, error)) {
		s.ahead.begin(k, l)
		all.Go(func() {
			defer close(l.done)
			l.yes, l.err = do()
		})
	}
	if s.records != nil {
		look(aheadKey{request: r.ID}, &aheadLook{}, func() (bool, error) { return s.records.There(ctx, r.Issue) })
	}
	all.Go(func() { _ = s.holder(ctx, r.Beneficiary) }) // whoever judges the yes finds it, or why not
	for _, pin := range pins {
		dir, known := s.dirs.Get(pin.Ref.Directory)
		account := holder.Account(pin.Ref.Directory)
		if !known || account == "" || pin.GroupID == "" {
			continue
		}
		all.Go(func() { _, _ = s.groups.find(ctx, dir, pin.Ref, pin.GroupID) }) // whoever needs it next finds it, or why not
		at := membership{dir: dir, ref: pin.Ref, group: idp.Group{ID: pin.GroupID}, person: idp.Person{ID: account}}
		look(aheadKey{r.ID, pin.Ref}, &aheadLook{account: account, groupID: pin.GroupID}, func() (bool, error) { return at.isMember(ctx) })
	}
	all.Wait()
	return nil
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
