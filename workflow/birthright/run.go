package birthright

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/query"
)

// RunTask is the kind of task that does what counts.
const RunTask = "birthright.run"

const (
	// mostAtOnce is for how many people a run does something; the others follow a minute later.
	mostAtOnce = 50
	// runEvery is when the next run follows where there is more to do.
	runEvery = time.Minute
	// lately is for how long what was done without asking is counted with what is to be done.
	lately = time.Hour
)

func runTask() store.Task {
	return store.Task{ID: "birthright/run", Queue: engine.HouseQueue, Kind: RunTask, Priority: store.Additions, Lock: "birthright/run"}
}

// gathers is how long a run waits at most, so that what comes at once is judged at once.
const gathers = 15 * time.Second

// runSoon arranges for a run.
func runSoon(u *engine.Unit) error {
	return runBy(u, u.At.Add(min(gathers, u.Catalog.Birthrights().Settle)))
}

// runBy arranges for a run at a moment. One that is under way may have looked already what there is to do, so another one follows it.
func runBy(u *engine.Unit, at time.Time) error {
	t := runTask()
	is, err := u.Tx.Task(t.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err == nil && is.State == store.Claimed {
		t.ID += "/next"
	}
	return u.EnqueueBy(t, at)
}

// planned is what is to be done for one person.
type planned struct {
	who     access.PersonID
	changes []access.BirthrightChange
}

// keyOf names a change of somebody.
func keyOf(who access.PersonID, c access.BirthrightChange) string { return string(who) + " " + c.Key() }

// run does what counts, unless that is so much that IT has to be asked.
func (s *Service) run(ctx context.Context, _ store.Task) (engine.Outcome, error) {
	known := s.catalog()
	all, err := s.ready(ctx)
	if err != nil {
		return nil, err
	}
	if known.Birthrights().DryRun {
		return func(u *engine.Unit) error { return tellDryRun(u, known, all.todo) }, nil
	}
	var todo []planned
	err = s.units.Update(ctx, func(u *engine.Unit) error {
		todo, err = brake(u, known, all)
		return err
	})
	if err != nil {
		return nil, err
	}
	more := len(todo) > mostAtOnce
	if err := s.applyAll(ctx, known, todo[:min(len(todo), mostAtOnce)]); err != nil || !more && !all.held {
		return nil, err
	}
	return func(u *engine.Unit) error { return runBy(u, u.At.Add(runEvery)) }, nil
}

// applyAll does what is to be done for some people. What can't be done for one keeps no other from what is theirs.
func (s *Service) applyAll(ctx context.Context, known *catalog.Catalog, some []planned) error {
	var faults []error
	for _, p := range some {
		err := s.units.Update(ctx, func(u *engine.Unit) error { return s.apply(u, known, p) })
		if err == nil {
			continue
		}
		if ctx.Err() != nil || errors.Is(err, store.ErrFenced) {
			return err
		}
		s.log.Error("somebody's birthrights can't be followed", "person", p.who, "error", err)
		faults = append(faults, fmt.Errorf("birthrights of %s: %w", p.who, err))
	}
	return errors.Join(faults...)
}

// ready is what is to be done now.
type ready struct {
	todo []planned
	keys map[string]bool // of all that is on its way
	held bool            // something would be given, and new access is paused or held back
}

// ready is what is to be done now. While new access is paused or held back nothing is given; what ends ends.
func (s *Service) ready(ctx context.Context) (all ready, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		all = ready{keys: map[string]bool{}}
		_, held, err := store.PausedBy(tx, s.units.Now())
		if err != nil {
			return err
		}
		waiting, _, err := store.Sound(query.All(func(after string, limit int) ([]store.Birthrights, error) {
			return store.BirthrightsReady(tx, after, limit)
		}, func(b store.Birthrights) string { return string(b.Person) }))
		for _, b := range waiting {
			all.add(b, held)
		}
		return err
	})
	return all, err
}

func (r *ready) add(b store.Birthrights, held bool) {
	p := planned{who: b.Person}
	for _, c := range b.Changes {
		r.keys[keyOf(b.Person, c)] = true
		switch {
		case !c.Ready():
		case held && c.Gives:
			r.held = true
		default:
			p.changes = append(p.changes, c)
		}
	}
	if len(p.changes) > 0 {
		r.todo = append(r.todo, p)
	}
}

// fresh is for how long a look counts: what waited longer, for IT's word or the end of a pause, is looked at once more.
const fresh = 10 * time.Minute

// apply does what counts for one person, as far as it is still so.
func (s *Service) apply(u *engine.Unit, known *catalog.Catalog, p planned) error {
	waits, err := store.BirthrightsOf(u.Tx, p.who)
	if err != nil {
		return err
	}
	has, err := grantsOf(u.Tx, p.who)
	if err != nil {
		return err
	}
	var given []access.Grant
	for _, c := range p.changes {
		i := slices.IndexFunc(waits.Changes, func(o access.BirthrightChange) bool { return o.Key() == c.Key() && o.Ready() })
		if i < 0 {
			continue
		}
		if u.At.Sub(waits.Changes[i].Last) > fresh {
			return lookAt(u, account{waits.Directory, waits.Account})
		}
		waits.Changes = slices.Delete(slices.Clone(waits.Changes), i, i+1)
		if !c.Gives {
			if err := end(u, c, has); err != nil {
				return err
			}
			continue
		}
		g, err := give(u, known, p.who, c)
		if err != nil {
			return err
		}
		if g.ID != "" {
			given = append(given, g)
		}
	}
	if err := store.PutBirthrights(u.Tx, &waits); err != nil {
		return err
	}
	return report(u, known, p.who, given)
}

// end ends what somebody had by a rule. What has ended meanwhile has.
func end(u *engine.Unit, c access.BirthrightChange, has []access.Grant) error {
	for _, g := range has {
		if g.Source != access.SourceBirthright || !g.Live() || g.Birthright != c.Rule || g.App != c.App || g.Role != c.Role {
			continue
		}
		g, err := u.Grant(g.ID)
		if err != nil {
			return err
		}
		e := g.Event(access.EventEnding, access.System(), u.At)
		e.End, e.Note = access.EndMoved, "It came by the birthright "+c.Rule+": "+c.Why+"."
		_, err = u.MoveGrant(g, e)
		if _, refused := access.AsRefusal(err); err != nil && !refused {
			return err
		}
	}
	return nil
}

// give makes the grant of what somebody is to have. A role that was taken out of the catalogue meanwhile isn't given.
func give(u *engine.Unit, known *catalog.Catalog, who access.PersonID, c access.BirthrightChange) (access.Grant, error) {
	_, role, there := known.Role(c.App, c.Role)
	if !there {
		return access.Grant{}, nil
	}
	why := "It comes by the birthright " + c.Rule + "."
	if c.Why != "" {
		why += " " + c.Why + "."
	}
	g, e, err := access.Give(access.Gift{ID: newGrantID(), Person: who, Rule: c.Rule, App: c.App, Role: c.Role, Groups: role.Groups, For: c.For, Why: why}, u.At)
	if err != nil {
		return g, err
	}
	return g, engine.Begin(u, engine.Grants(), &g, e)
}
