package query

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/people"
)

// WaitsFor says what it is that waits for somebody.
type WaitsFor string

// What can wait for somebody.
const (
	WaitsForDecision WaitsFor = "decision" // of a request
	WaitsForAnswer   WaitsFor = "answer"   // to a question about a request of theirs
	WaitsForReview   WaitsFor = "review"   // whether an emergency was one
	WaitsForTask     WaitsFor = "task"     // a change that is made by hand
	WaitsForRows     WaitsFor = "rows"     // rows of an access review
	WaitsForSeat     WaitsFor = "seat"     // whether a seat of theirs is still needed
)

// Waiting is one thing that waits for somebody.
type Waiting struct {
	For     WaitsFor
	Request access.Request
	Grant   access.Grant // of a task

	Campaign access.Campaign // of rows
	Rows     int             // how many
	Seat     access.Reclaim  // about which they are asked
	Since    time.Time
	Idle     bool // needn't be done just now: an answer is kept, somebody is asked something, others are asked, or somebody else has taken a task on
}

// Waiting is all that waits for somebody, the oldest first.
func (s *Service) Waiting(ctx context.Context, who access.PersonID, from, size int) (out List[Waiting], err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		p, err := people.In(tx, who)
		if err != nil {
			return err
		}
		all, err := WaitingFor(tx, s.catalog(), p, s.units.Now())
		out = cut(all, from, size)
		return err
	})
	return out, err
}

// WaitingFor is Waiting within a transaction. What can't be read back hides nothing else; IT
// has it on the list of what is stuck.
func WaitingFor(tx store.Tx, known *catalog.Catalog, who access.Person, now time.Time) (all []Waiting, err error) {
	for _, find := range []func(store.Tx, access.Person) ([]Waiting, error){decisionsOf, questionsTo, reviewsOf, rowsOf, seatsOf, tasks{known, now}.of} {
		some, err := find(tx, who)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b Waiting) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Request.ID, b.Request.ID), cmp.Compare(a.Campaign.ID, b.Campaign.ID), cmp.Compare(a.Seat.ID, b.Seat.ID))
	})
	return all, nil
}

func decisionsOf(tx store.Tx, who access.Person) (out []Waiting, err error) {
	asked, _, err := store.Sound(All(func(after string, limit int) ([]access.Request, error) {
		return store.RequestsAsking(tx, who.ID, after, limit)
	}, RequestID))
	for _, r := range asked {
		out = append(out, Waiting{For: WaitsForDecision, Request: r, Since: r.Stages[r.Stage].AskedAt, Idle: r.Questioned || r.Answered()})
	}
	if err != nil {
		return nil, err
	}
	backed, _, err := store.Sound(All(func(after string, limit int) ([]access.Request, error) {
		return store.RequestsBackedBy(tx, who.ID, after, limit)
	}, RequestID))
	for _, r := range backed {
		out = append(out, Waiting{For: WaitsForDecision, Request: r, Since: r.Stages[r.Stage].AskedAt, Idle: true}) // others are asked
	}
	return out, err
}

func questionsTo(tx store.Tx, who access.Person) (out []Waiting, err error) {
	for _, find := range []func(store.Tx, access.PersonID) ([]access.Request, error){store.OpenRequestsOf, store.OpenRequestsBy} {
		own, _, err := store.Sound(find(tx, who.ID))
		if err != nil {
			return nil, err
		}
		for _, r := range own {
			if r.Questioned {
				out = append(out, Waiting{For: WaitsForAnswer, Request: r, Since: r.FollowUp.Since})
			}
		}
	}
	return out, nil
}

func reviewsOf(tx store.Tx, who access.Person) (out []Waiting, err error) {
	asked, _, err := store.Sound(All(func(after string, limit int) ([]access.Request, error) {
		return store.RequestsReviewedBy(tx, who.ID, after, limit)
	}, RequestID))
	for _, r := range asked {
		out = append(out, Waiting{For: WaitsForReview, Request: r, Since: r.Decided})
	}
	return out, err
}

// rowsOf are the rows of access reviews that somebody has to answer, those of each campaign together.
func rowsOf(tx store.Tx, who access.Person) (out []Waiting, err error) {
	lists, _, err := store.Sound(store.WorklistsOf(tx, who.ID))
	for _, l := range lists {
		i := slices.IndexFunc(out, func(w Waiting) bool { return w.Campaign.ID == l.Campaign })
		if i >= 0 {
			out[i].Rows += l.Left()
			continue
		}
		c, err := store.Campaign(tx, l.Campaign)
		if err != nil {
			return nil, err
		}
		if c.Answers() {
			out = append(out, Waiting{For: WaitsForRows, Campaign: c, Rows: l.Left(), Since: c.Started})
		}
	}
	return out, err
}

// seatsOf are the seats about which somebody is asked whether they still need them.
func seatsOf(tx store.Tx, who access.Person) (out []Waiting, err error) {
	all, _, err := store.Sound(All(func(after string, limit int) ([]access.Reclaim, error) {
		return store.ReclaimsAbout(tx, who.ID, after, limit)
	}, func(r access.Reclaim) string { return r.ID }))
	for _, r := range all {
		if r.State == access.ReclaimAsked || r.State == access.ReclaimChecking {
			out = append(out, Waiting{For: WaitsForSeat, Seat: r, Since: r.Asked})
		}
	}
	return out, err
}

// tasks are changes that are made by hand.
type tasks struct {
	known *catalog.Catalog
	now   time.Time
}

// of are those of somebody: what they have taken on, and what they may be asked for. Whoever
// makes no such changes has none looked through: there may be thousands.
func (t tasks) of(tx store.Tx, who access.Person) (out []Waiting, err error) {
	makes := func(a catalog.App) bool { return who.MeantByOneOf(a.Fulfillers()) }
	theirs := append([]access.PersonID{who.ID}, who.United...)
	all, err := takenBy(tx, theirs)
	if err == nil && slices.ContainsFunc(t.known.Apps(), makes) {
		all, _, err = store.Sound(All(func(after string, limit int) ([]access.Grant, error) {
			return store.GrantsIn(tx, access.GrantManual, after, limit)
		}, GrantID))
	}
	for _, g := range all {
		if app, _ := t.known.App(g.App); !makes(app) && !slices.Contains(theirs, g.TakenBy) || who.ID == g.Person {
			continue
		}
		w, err := t.task(tx, g, who)
		if err != nil {
			return nil, err
		}
		if w.Request.ID != "" {
			out = append(out, w)
		}
	}
	return out, err
}

// takenBy is what somebody has taken on, under whatever id of theirs.
func takenBy(tx store.Tx, ids []access.PersonID) (all []access.Grant, err error) {
	for _, id := range ids {
		some, _, err := store.Sound(store.GrantsTakenBy(tx, id))
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

func (t tasks) task(tx store.Tx, g access.Grant, who access.Person) (Waiting, error) {
	r, err := requestOf(tx, g.Request)
	if err != nil {
		return Waiting{}, err
	}
	taken, err := people.TakenBy(tx, g, t.now)
	return Waiting{For: WaitsForTask, Request: r, Grant: g, Since: g.FollowUp.Since, Idle: taken != "" && taken != who.ID}, err
}

// WaitingAs is the id of the request that waits and is called so: by the key of its issue, or by
// its own id. A refusal if none is.
func (s *Service) WaitingAs(ctx context.Context, label string) (request string, err error) {
	label = strings.ToUpper(strings.TrimSpace(label))
	err = s.units.View(ctx, func(tx store.Tx) error {
		request = ""
		_, _, err := store.Sound([]access.Request(nil), Each(func(after string, limit int) ([]access.Request, error) {
			return store.RequestsIn(tx, access.RequestPending, after, limit)
		}, RequestID, func(r access.Request) {
			if r.Issue.Key == label || r.ID == label {
				request = r.ID
			}
		}))
		return err
	})
	if err == nil && request == "" {
		err = access.Refuse(access.Unknown, "", "No request waits for a decision by that name. Its ticket's key stands on its cards.")
	}
	return request, err
}
