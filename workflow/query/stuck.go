package query

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/people"
)

// Stuck is one thing that waits for a human.
type Stuck struct {
	Number   int             `json:"number"` // what people call it by; it stays, whatever comes and goes beside it
	ID       string          `json:"id"`
	Request  string          `json:"request,omitempty"`
	Grant    string          `json:"grant,omitempty"`
	Issue    string          `json:"issue,omitempty"` // the issue's key, once there is one
	Person   access.PersonID `json:"person_id,omitempty"`
	Contact  string          `json:"person,omitempty"` // under which address people know them
	App      string          `json:"app,omitempty"`
	Role     string          `json:"role,omitempty"`
	Service  string          `json:"service,omitempty"` // the service that doesn't work, if that is it
	What     string          `json:"what"`              // what can't be done
	Why      string          `json:"why"`               // cause and remedy
	Since    time.Time       `json:"since"`
	Revoking bool            `json:"revoking,omitempty"` // access that should be gone may still be there
	ByHand   bool            `json:"-"`                  // whoever takes it away can't
	Task     bool            `json:"-"`                  // ID is that of a task
	About    access.Request  `json:"-"`                  // the request it belongs to, as far as there is one
}

// Goes tells whether it goes by a name: its number, its own id, or that of the request, the
// grant or the issue it belongs to.
func (w Stuck) Goes(name string) bool {
	return name != "" && slices.Contains([]string{strconv.Itoa(w.Number), w.ID, w.Request, w.Grant, w.Issue}, name)
}

// Stuck is everything that waits for a human: changes to groups, requests nobody
// may decide, and records, notices and duties that can't be carried out. What
// should be gone comes first, then what waits longest; all of it for size 0. Only
// IT and the command line may see it.
func (s *Service) Stuck(ctx context.Context, by access.Actor, from, size int) (out List[Stuck], err error) {
	if err := s.people.Allow(ctx, by, people.ActOversee, people.Matter{}); err != nil {
		return out, err
	}
	all, err := s.numbered(ctx)
	return cut(all, from, size), err
}

// FindStuck finds what is stuck and goes by a name. Nothing: a refusal.
func (s *Service) FindStuck(ctx context.Context, name string) (found Stuck, err error) {
	all, err := s.numbered(ctx)
	if err != nil {
		return found, err
	}
	i := slices.IndexFunc(all, func(w Stuck) bool { return w.Goes(name) })
	if i < 0 {
		return found, access.Refuse(access.Unknown, "", "Nothing that is stuck goes by the name "+name+".")
	}
	return all[i], nil
}

// Look has a service that doesn't work looked at now.
func (s *Service) Look(service string) { s.outages.Look(service) }

// CountStuck is how many things wait for a human, as Stuck lists them, but for services that don't work.
func CountStuck(tx store.Tx) (int, error) {
	found, err := findStuck(tx)
	return len(found), err
}

func (s *Service) stuck(tx store.Tx) ([]Stuck, error) {
	found, err := findStuck(tx)
	if err != nil {
		return nil, err
	}
	all := make([]Stuck, len(found))
	for i, f := range found {
		if all[i], err = s.tell(tx, f); err != nil {
			return nil, err
		}
		if all[i].Person == "" {
			continue
		}
		if all[i].Contact, err = people.ContactIn(tx, all[i].Person); err != nil {
			return nil, err
		}
	}
	if s.outages != nil {
		all = append(all, s.outages.Outages()...)
	}
	slices.SortStableFunc(all, func(a, b Stuck) int {
		return cmp.Or(last(a.Revoking)-last(b.Revoking), a.Since.Compare(b.Since), strings.Compare(a.ID, b.ID))
	})
	return all, nil
}

func last(first bool) int {
	if first {
		return 0
	}
	return 1
}

// tell says what there is to say about one thing that is stuck.
func (s *Service) tell(tx store.Tx, f stuckThing) (Stuck, error) {
	switch {
	case f.grant != nil:
		return stuckGrant(tx, *f.grant)
	case f.request != nil:
		return stuckRequest(tx, *f.request)
	case f.damaged != nil:
		return damagedRecord(f.damaged), nil
	default:
		return s.stuckTask(tx, *f.task)
	}
}

func stuckGrant(tx store.Tx, g access.Grant) (Stuck, error) {
	w := Stuck{ID: g.ID, Grant: g.ID, Request: g.Request, Person: g.Person, App: g.App, Role: g.Role, Revoking: g.Revoking,
		What: "give the access", Why: g.Problem, Since: g.Created}
	switch {
	case g.Disputed:
		w.What, w.Since = "end the access on time, or let it go on", g.FollowUp.Since
	case g.Revoking:
		w.What = "take the access away"
	}
	if g.Request == "" {
		return w, nil
	}
	r, err := requestOf(tx, g.Request)
	if err != nil {
		return w, err
	}
	w.Issue, w.About = r.Issue.Key, r
	if g.Disputed {
		return w, nil
	}
	if w.ByHand = g.Manual && g.Revoking; w.ByHand {
		return w, w.since(tx, access.EventNotFulfilled)
	}
	return w, w.since(tx, access.EventStuck)
}

func stuckRequest(tx store.Tx, r access.Request) (Stuck, error) {
	w := about(r)
	w.What = "find somebody who may decide"
	return w, w.since(tx, access.EventUnroutable)
}

func about(r access.Request) Stuck {
	return Stuck{ID: r.ID, Request: r.ID, Issue: r.Issue.Key, Person: r.Beneficiary, App: r.App, Role: r.Role, Since: r.Created, About: r}
}

// since finds the moment it got stuck, and the reason where none is known.
func (w *Stuck) since(tx store.Tx, kind access.EventKind) error {
	story, _, err := store.Sound(store.Story(tx, store.Filter{Subject: access.RequestSubject(w.Request)}))
	for _, e := range story {
		if e.Kind == kind && (w.Why == "" || w.Why == e.Note || kind != access.EventTaskBlocked) {
			w.Since, w.Why = e.At, cmp.Or(w.Why, e.Note)
		}
	}
	return err
}
