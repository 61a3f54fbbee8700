package backstop

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/membership"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// lastEnd is what a grant and its person's others say of a membership.
type lastEnd struct {
	grant  access.Grant
	until  time.Time // when the directory is to end it; zero: never
	needed bool      // by any of them
	told   time.Time // when it does, as far as it was told; zero: it doesn't
}

// readEnd reads when a directory is to end a membership. What can't be read back, and what Jira alone knows of, may need it
// for ever.
func readEnd(tx store.Tx, p membership.Change, at time.Time) (out lastEnd, err error) {
	if out.grant, err = store.Grant(tx, p.Grant); err != nil {
		return out, err
	}
	open, damage, err := store.Sound(store.OpenGrantsOf(tx, out.grant.Person))
	if err != nil {
		return out, err
	}
	ahead, err := query.NeededAhead(tx, out.grant, p.Group, at)
	if err != nil {
		return out, err
	}
	out.until, out.needed = out.grant.Backstop(p.Group, open, at)
	if len(damage) > 0 || ahead != "" {
		out.until = time.Time{}
	}
	ent, _ := out.grant.Entitlement(p.Group)
	out.told = ent.Backstop
	for _, o := range open {
		if theirs, opens := o.Entitlement(p.Group); opens && out.told.IsZero() && (theirs.Account == ent.Account || ent.Account == "") {
			out.told = theirs.Backstop
		}
	}
	return out, nil
}

// do tells a directory when it is to end a membership by itself.
func (s *Service) do(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[membership.Change](t)
	if err != nil {
		return nil, err
	}
	ender, able := s.expirer(p.Group.Directory)
	if !able {
		return nil, nil
	}
	var end lastEnd
	err = s.units.View(ctx, func(tx store.Tx) (err error) {
		end, err = readEnd(tx, p, s.units.Now())
		return err
	})
	switch {
	case err != nil || !end.needed || end.until.IsZero() && end.told.IsZero():
		return nil, err // its end has begun, or there is nothing to say
	case end.until.Equal(end.told) && !struck(end, s.units.Now()):
		return s.ended(t, p, membership.Place{}, end, false, nil) // by what another grant had it told
	}
	ctx = idp.WithPriority(ctx, idp.Addition)
	at, err := s.places.Find(ctx, end.grant, p.Group)
	if err != nil {
		return nil, err
	}
	again, err := s.putBack(ctx, at, end)
	if err != nil {
		return nil, err
	}
	err = ender.Expire(ctx, at.Group.ID, at.Person.ID, end.until)
	return s.ended(t, p, at, end, again, err)
}

// putBack puts somebody into a group again whom the directory took out by itself, as it was told, before it could be told
// that they need it for longer.
func (s *Service) putBack(ctx context.Context, at membership.Place, end lastEnd) (again bool, err error) {
	if !struck(end, s.units.Now()) {
		return false, nil
	}
	if there, err := at.IsMember(ctx); err != nil || there {
		return false, err
	}
	_, err = at.Put(ctx)
	return err == nil, err
}

// struck tells whether the moment has passed at which the directory was to end a membership.
func struck(end lastEnd, now time.Time) bool { return !end.told.IsZero() && !now.Before(end.told) }

// membershipAttempts is how often a membership is looked for that a directory doesn't show: one that is new may be late.
const membershipAttempts = 5

// ended says what follows of an end that a directory was told.
func (s *Service) ended(t store.Task, p membership.Change, at membership.Place, end lastEnd, again bool, err error) (engine.Outcome, error) {
	name := membership.Title(p.Group.Directory)
	switch {
	case err == nil && end.until.IsZero():
		return s.noted(p, end, time.Time{}, again, name+" doesn't end this by itself any more, because it is needed without an end that is known."), nil
	case err == nil:
		return s.noted(p, end, end.until, again, fmt.Sprintf("Should Latchkey not do it, %s ends this by itself on %s.", name, moment(end.until))), nil
	case errors.Is(err, idp.ErrUnable) && (end.told.IsZero() || struck(end, s.units.Now())):
		return s.noted(p, end, time.Time{}, again, fmt.Sprintf("%s doesn't end this by itself, so Latchkey alone does (%v).", name, err)), nil
	case errors.Is(err, idp.ErrUnable):
		return nil, people.Rejected("%s ends the access to %s by itself on %s, and doesn't let that be moved (%v): give that back to Latchkey, or have somebody take the end from the membership", name, p.Group, moment(end.told), err)
	case errors.Is(err, idp.ErrNoMember) && t.Attempts+1 >= membershipAttempts:
		return nil, nil // somebody else took them out, which is for the reconciliation to say
	case errors.Is(err, idp.ErrNoMember):
		return nil, &access.Failure{Class: access.Transient, Sentence: fmt.Sprintf("%s doesn't show the membership of %s yet whose end it is to be told", name, p.Group), Err: err}
	}
	return nil, people.DirectoryFailure(at.Dir, fmt.Sprintf("Tell %s when to end the access to %s by itself", p.Group.Directory, p.Group), err)
}

// slack is by how much two looks at the same end may differ: of access that is about to be given, it runs from now.
const slack = access.BackstopAfter / 3

// noted is that a directory has said when it ends a membership, if that is still when it should.
func (s *Service) noted(p membership.Change, end lastEnd, until time.Time, again bool, note string) engine.Outcome {
	return func(u *engine.Unit) error {
		now, err := readEnd(u.Tx, p, u.At)
		if err != nil {
			return err
		}
		if now.needed && (now.until.IsZero() != end.until.IsZero() || now.until.Sub(end.until).Abs() > slack) {
			return &access.Failure{Class: access.Limited, Sentence: fmt.Sprintf("The end of the access to %s has moved meanwhile; %s is told once more", p.Group, p.Group.Directory)}
		}
		if again {
			if note, err = wasPutBack(u, now.grant, p.Group, note); err != nil {
				return err
			}
		}
		open, _, err := store.Sound(store.OpenGrantsOf(u.Tx, now.grant.Person))
		if err != nil {
			return err
		}
		for _, o := range now.grant.Backstopped(p.Group, open, until) {
			if err := engine.Save(u, engine.Grants(), &o); err != nil {
				return err
			}
		}
		return tellBackstop(u, now.grant, p.Group, until, note)
	}
}

// wasPutBack notes that somebody is in a group again whom the directory had taken out by itself.
func wasPutBack(u *engine.Unit, g access.Grant, ref catalog.GroupRef, note string) (string, error) {
	why := membership.Title(ref.Directory) + " had ended it by itself before it could be told of the later end; that was put right."
	if ent, _ := g.Entitlement(ref); ent.Missing {
		if err := membership.Observe(u, g, access.EventMemberBack, ref, "put back by Latchkey: "+why); err != nil {
			return "", err
		}
	}
	return why + " " + note, nil
}

// tellBackstop writes down what a directory has said, unless that is what it said last.
func tellBackstop(u *engine.Unit, g access.Grant, ref catalog.GroupRef, until time.Time, note string) error {
	e := g.Event(access.EventBackstop, access.System(), u.At)
	story, err := u.Story(e.About())
	if err != nil {
		return err
	}
	for i := len(story) - 1; i >= 0; i-- {
		if o := story[i]; o.Kind == e.Kind && o.Grant == g.ID && o.Group != nil && *o.Group == ref {
			if o.Until.Equal(until) && o.Note == note {
				return nil
			}
			break
		}
	}
	e.Group, e.Until, e.Note = &ref, until, note
	_, err = u.Append(e, access.Effect{Kind: access.EffectRecord})
	return err
}

// moment is a time as notes write it.
func moment(at time.Time) string { return at.UTC().Format("2 January 2006 at 15:04 MST") }
