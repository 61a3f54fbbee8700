package workflow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// step is one transaction's worth of change: machines are moved, their events
// appended and their effects turned into tasks, all or nothing.
type step struct {
	s    *Service
	tx   store.Tx
	at   time.Time
	wake map[string]bool // queues that have something new

	saved  map[string]access.Request  // as this step stored them, which spares reading them back
	owners map[string]access.PersonID // request -> who asked
	queued map[shareKey]int           // tasks queued in this step
}

// update runs fn as one step and wakes whoever has work because of it. fn may
// run more than once.
func (s *Service) update(ctx context.Context, fn func(*step) error) error {
	var last *step
	err := s.Store.Update(ctx, func(tx store.Tx) error {
		last = &step{s: s, tx: tx, at: s.Clock.Now().UTC(), wake: map[string]bool{}, saved: map[string]access.Request{}, owners: map[string]access.PersonID{}, queued: map[shareKey]int{}}
		return fn(last)
	})
	if err != nil {
		return err
	}
	s.shares.add(last.queued, last.at)
	for name := range last.wake {
		if q, ok := s.queues[name]; ok {
			q.bell.ring()
		}
	}
	s.timer.ring()
	return nil
}

// request moves a request by an event.
func (st *step) request(r access.Request, e access.Event) (access.Request, error) {
	next, effs, err := r.Apply(e, st.at)
	if err != nil {
		return r, err
	}
	return next, st.saveRequest(&next, e, effs)
}

// saveRequest stores a moved request with its event and effects.
func (st *step) saveRequest(r *access.Request, e access.Event, effs []access.Effect) error {
	if err := store.PutRequest(st.tx, r); err != nil {
		return err
	}
	st.saved[r.ID], st.owners[r.ID] = *r, r.Requester
	return st.carry(e, effs)
}

// load reads a request, unless this step has just stored it.
func (st *step) load(request string) (access.Request, error) {
	if r, ok := st.saved[request]; ok {
		return r, nil
	}
	return store.Request(st.tx, request)
}

// grant moves a grant by an event.
func (st *step) grant(g access.Grant, e access.Event) (access.Grant, error) {
	next, effs, err := g.Apply(e, st.at)
	if err != nil {
		return g, err
	}
	return next, st.saveGrant(&next, e, effs)
}

func (st *step) saveGrant(g *access.Grant, e access.Event, effs []access.Effect) error {
	if err := store.PutGrant(st.tx, g); err != nil {
		return err
	}
	return st.carry(e, effs)
}

// carry appends the event and arranges for its effects. Effects on other
// machines happen in this very transaction; effects on the world become tasks.
func (st *step) carry(e access.Event, effs []access.Effect) error {
	sealed, err := st.tx.Append(e)
	if err != nil {
		return fmt.Errorf("append to the log: %w", err)
	}
	for _, eff := range effs {
		if err := st.effect(sealed, eff); err != nil {
			return err
		}
	}
	return nil
}

func (st *step) effect(e access.Event, eff access.Effect) error {
	switch eff.Kind {
	case access.EffectOpenIssue:
		return st.enqueue(openIssueTask(e))
	case access.EffectRecord:
		return st.record(e)
	case access.EffectFindApprovers:
		return st.enqueue(findApproversTask(e))
	case access.EffectShowCards:
		return st.show(e)
	case access.EffectAddMember:
		return st.enqueue(memberTask(e, *eff.Group, addMember, store.Additions))
	case access.EffectRemoveMember:
		return st.enqueue(memberTask(e, *eff.Group, removeMember, store.Removals))
	case access.EffectDropAdds:
		return st.dropAdditions(e.Grant)
	case access.EffectStartGrant:
		return st.startGrant(e.Request)
	case access.EffectRelease:
		return st.release(e.Request)
	case access.EffectEndGrant:
		return st.endGrant(e)
	case access.EffectTell:
		return st.enqueue(tellTask(e))
	default:
		return fmt.Errorf("workflow: nobody carries out the effect %q", eff.Kind)
	}
}

// record tells the issue. What nobody asked for has none: the log is its record.
func (st *step) record(e access.Event) error {
	if e.Request == "" {
		return nil
	}
	return st.enqueue(recordTask(e))
}

// show brings the cards of a request up to date, and tells of a grant without one.
func (st *step) show(e access.Event) error {
	if e.Request == "" {
		return st.tellOfGrant(e)
	}
	return st.showCards(e.Request)
}

func (st *step) enqueue(t store.Task) error {
	t, err := st.fair(t)
	if err != nil {
		return err
	}
	t.State, t.NotBefore, t.Created = store.Ready, st.at, st.at
	st.wake[t.Queue] = true
	added, err := st.tx.Enqueue(t)
	switch {
	case err != nil:
		return fmt.Errorf("enqueue %s: %w", t.ID, err)
	case added:
		st.counted(t)
		return nil
	case isMemberTask(t):
		return st.hurry(t.ID)
	default:
		return nil
	}
}

// hurry lets a task that waits for its next attempt, or for a human, run now.
func (st *step) hurry(id string) error {
	t, err := st.tx.Task(id)
	if err != nil {
		return err
	}
	if t.State == store.Claimed {
		return nil
	}
	t.State, t.NotBefore, t.Attempts = store.Ready, st.at, 0
	st.wake[t.Queue] = true
	return st.tx.Settle(t)
}

// startGrant makes the grant of a request that was just approved.
func (st *step) startGrant(request string) error {
	r, err := st.load(request)
	if err != nil {
		return err
	}
	if going, err := st.prolong(r); err != nil || going {
		return err
	}
	app, role, ok := st.s.Config.Catalog.Role(r.App, r.Role)
	if !ok {
		return access.Refuse(access.Unknown, "role", "This role was taken out of the catalogue meanwhile, so it can't be granted any more.")
	}
	g, e, effs, err := access.Start(r, app, role, st.at)
	if err != nil {
		return err
	}
	return st.saveGrant(&g, e, effs)
}

// release lets a grant begin, now that the issue that says why exists.
func (st *step) release(request string) error {
	r, err := store.Request(st.tx, request)
	if err != nil {
		return err
	}
	g, err := store.Grant(st.tx, r.GrantID())
	if errors.Is(err, store.ErrNotFound) || err == nil && g.State != access.GrantWaiting {
		return nil
	}
	if err != nil {
		return err
	}
	e := g.Event(access.EventRecorded, access.System(), st.at)
	e.Issue = &r.Issue
	_, err = st.grant(g, e)
	return err
}

// dropAdditions takes back additions that nobody has begun. One that is under
// way finishes; the removal is queued behind it.
func (st *step) dropAdditions(grant string) error {
	g, err := store.Grant(st.tx, grant)
	if err != nil {
		return err
	}
	for _, ent := range g.Entitlements {
		if err := st.tx.Done(memberTaskID(addMember, grant, ent.Group), ""); err != nil && !errors.Is(err, store.ErrConflict) {
			return err
		}
	}
	return nil
}

func payload(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return nil // only plain structs of this package get here
	}
	return b
}
