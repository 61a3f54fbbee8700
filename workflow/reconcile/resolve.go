package reconcile

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
	"latchkey/workflow/provision"
)

// batch is how many findings are resolved in one unit: few enough that nobody's
// click waits behind it.
const batch = 50

// resolve does what the apps' policies say about what was found. What is adopted
// or removed waits for the issue that says why; what leavers hold ends at once.
func (v *survey) resolve(ctx context.Context) error {
	all, leavers := v.findings(), v.leavers()
	for _, f := range all {
		for _, m := range f.mismatches() {
			v.Note(m)
		}
	}
	for _, m := range v.missing {
		if m.Missing {
			v.Note(m)
		}
	}
	if v.First {
		v.did = planned(all, len(leavers))
		return nil
	}
	unrecorded := v.openIssue(ctx, all, leavers)
	if err := v.endLeavers(ctx, leavers); err != nil {
		return err
	}
	if err := v.markMissing(ctx); err != nil {
		return err
	}
	if unrecorded != nil {
		if err := v.unrecorded(ctx, unrecorded); err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(f finding) bool { return f.do != tell })
	}
	return v.resolveAll(ctx, all)
}

// endLeavers ends what people who have left still hold.
func (v *survey) endLeavers(ctx context.Context, leavers []access.PersonID) error {
	for _, who := range leavers {
		switch err := v.Service.leavers.Left(ctx, who); {
		case err == nil:
			v.did.ended++
		case broken(ctx, err):
			return err
		default:
			v.problem("what a leaver holds can't be ended", err, "person", who)
		}
	}
	return nil
}

// broken tells that the run can't go on, whatever it does next.
func broken(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, store.ErrFenced) || errors.Is(err, store.ErrClosed)
}

// markMissing writes down that held groups were changed by somebody else, or
// changed back. Nobody is put into a group again: whoever took them out may have
// had a reason.
func (v *survey) markMissing(ctx context.Context) error {
	for _, m := range v.missing {
		at := v.At
		if dir, ok := v.dirs.Get(m.Group.Directory); ok {
			at = asOf(at, dir)
		}
		err := v.units.Update(ctx, func(u *engine.Unit) error { return mark(u, m, at) })
		switch {
		case err == nil:
		case broken(ctx, err):
			return err
		default:
			v.problem("a missing membership can't be written down", err, "grant", m.Grant)
		}
	}
	return nil
}

func mark(u *engine.Unit, m access.Mismatch, at time.Time) error {
	g, err := u.Grant(m.Grant)
	if err != nil {
		return err
	}
	e := g.Event(access.EventMemberMissing, access.System(), u.At)
	e.Group, e.Note = &m.Group, "The access stays active; it can be given back and asked for again."
	if !m.Missing {
		given, err := givenBesides(u.Tx, g, m.Group, at)
		if err != nil || given && g.Source == access.SourceAdopted {
			return err // what is given now is no sign that what was there before is there again
		}
		if e.Kind, e.Note = access.EventMemberBack, ""; given {
			e.Note = "by another grant of Latchkey"
		}
	}
	_, err = u.MoveGrant(g, e)
	if _, refused := access.AsRefusal(err); refused {
		return nil // it is known, or the grant has moved on
	}
	return err
}

// givenBesides tells whether somebody whom a grant missed in a group is there by another
// grant, also by one that ended since the run began.
func givenBesides(tx store.Tx, g access.Grant, ref catalog.GroupRef, at time.Time) (bool, error) {
	others, _, err := store.Sound(grantsOf(tx, g.Person))
	return access.GivenBesides(g, ref, others, at), err
}

// resolveAll resolves findings, several in a unit. Those that can't be are each
// tried alone and set aside: they don't keep the others from it.
func (v *survey) resolveAll(ctx context.Context, all []finding) error {
	for some := range slices.Chunk(all, batch) {
		err := v.resolveSome(ctx, some)
		if err == nil {
			continue
		}
		if broken(ctx, err) {
			return err
		}
		for i := range some {
			switch err := v.resolveSome(ctx, some[i:i+1]); {
			case err == nil:
			case broken(ctx, err):
				return err
			default:
				v.problem("memberships can't be resolved", err, "person", some[i].who)
			}
		}
	}
	return nil
}

// resolveSome resolves findings in one unit, in which it is looked once more
// whether they still hold, and writes into the issue what was done.
func (v *survey) resolveSome(ctx context.Context, some []finding) error {
	var did counts
	err := v.units.Update(ctx, func(u *engine.Unit) error {
		did = counts{}
		var done []change
		for _, f := range some {
			c, err := v.resolveOne(u, f)
			if err != nil {
				return fmt.Errorf("memberships of %s: %w", f.name, err)
			}
			did.add(f.do, len(c.found.Groups))
			if c.grant.ID != "" {
				done = append(done, c)
			}
		}
		return v.comment(u, done)
	})
	if err == nil {
		v.did.adopted, v.did.removed, v.did.told = v.did.adopted+did.adopted, v.did.removed+did.removed, v.did.told+did.told
	}
	return err
}

// stillOdd keeps the groups that still nothing accounts for.
func stillOdd(tx store.Tx, f finding) (finding, error) {
	var still []catalog.GroupRef
	for _, s := range f.seen {
		if !slices.Contains(f.found.Groups, s.Group) {
			continue
		}
		explained, err := accounted(tx, f.who, s.Group, s.at)
		if err != nil {
			return f, err
		}
		if !explained {
			still = append(still, s.Group)
		}
	}
	f.found.Groups = still
	return f, nil
}

// resolveOne resolves what is left of a finding, and returns it with the grant that
// explains it from now on, if there is one.
func (v *survey) resolveOne(u *engine.Unit, f finding) (change, error) {
	still, err := stillOdd(u.Tx, f)
	switch {
	case err != nil || len(still.found.Groups) == 0:
		return change{finding: still}, err
	case f.do == tell:
		return change{finding: still}, v.alert(u, still)
	}
	g, err := v.explain(u, still)
	return change{still, g}, err
}

// explain explains memberships by a grant, which ends at once where they are to be
// removed: so they are removed, read back and, if need be, stuck like any other.
func (v *survey) explain(u *engine.Unit, f finding) (access.Grant, error) {
	a := access.Adoption{Person: f.who, Found: f.found, For: f.keptFor(), By: access.System()}
	a.Why = fmt.Sprintf("Found by reconciliation: nobody had asked for it. Recorded in %s.", v.issue.Key)
	if f.do == remove {
		a.For = catalog.Forever
	}
	g, err := provision.Adopt(u, a, v.issue, f.memberships()...)
	if err == nil && f.do != remove {
		err = v.occurs(u, f.who, access.OnAdopted)
	}
	if err != nil || f.do != remove {
		return g, err
	}
	e := g.Event(access.EventEnding, access.System(), u.At)
	if e.End = access.EndUnexplained; f.left {
		e.End = access.EndLeft
	}
	return u.MoveGrant(g, e)
}

// memberships are what was seen of a person, as an adoption pins it.
func (f finding) memberships() []provision.Seen {
	out := make([]provision.Seen, len(f.seen))
	for i, s := range f.seen {
		out[i] = s.Seen
	}
	return out
}

// alert writes down memberships that were not known before.
func (v *survey) alert(u *engine.Unit, f finding) error {
	for _, m := range f.mismatches() {
		if v.known(m) {
			continue
		}
		e := access.Event{Kind: access.EventNote, At: u.At, Person: m.Person, App: m.App, Role: m.Role, Group: &m.Group, Actor: access.System()}
		e.Note = fmt.Sprintf("%s is in the group %s, and there is no request for it.", f.name, m.Group)
		if _, err := u.Append(e); err != nil {
			return err
		}
	}
	return nil
}
