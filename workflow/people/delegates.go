package people

import (
	"context"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// withDelegates adds those who decide in the place of those who were found. Whoever may
// decide anyway does so by themselves; whom it is about decides for nobody; and nobody is found in
// the place of somebody who was only found that way.
func (s *Service) withDelegates(ctx context.Context, r access.Request, found Found) (Found, error) {
	at := s.units.Now()
	var all []access.Delegation
	err := s.units.View(ctx, func(tx store.Tx) error {
		all = nil
		for _, who := range found.Who {
			of, _, err := store.Sound(store.DelegationsOf(tx, who))
			if err != nil {
				return err
			}
			all = append(all, of...)
		}
		return nil
	})
	if all = store.Counting(all, at); err != nil || len(all) == 0 {
		return found, err
	}
	found.tellDelegates(all)
	delegates, n := access.Delegated(r, found.Who, all, at), named{}
	found.pairs = delegates
	for _, d := range delegates {
		n.who = append(n.who, d.Who)
	}
	able, err := s.admitted(ctx, r, n)
	if err != nil {
		return found, err
	}
	for _, d := range delegates {
		if slices.Contains(able.Who, d.Who) {
			found.standIn(d)
		}
	}
	found.silence()
	return found, nil
}

// tellDelegates has back-up approvers told who decide for somebody who is.
func (f *Found) tellDelegates(all []access.Delegation) {
	asked := f.Asked()
	f.Standby = slices.DeleteFunc(slices.Clone(f.Standby), func(who access.PersonID) bool {
		return slices.ContainsFunc(all, func(d access.Delegation) bool { return d.Delegate == who && slices.Contains(asked, d.Delegator) })
	})
}

// silence leaves untold who decides only for those who are not told either.
func (f *Found) silence() {
	asked := f.Asked()
	for _, d := range f.Delegates {
		told := func(o access.Delegate) bool { return o.Who == d.Who && slices.Contains(asked, o.For) }
		if !slices.Contains(f.Standby, d.Who) && !slices.ContainsFunc(f.Delegates, told) {
			f.Standby = append(slices.Clip(f.Standby), d.Who)
		}
	}
}

// standIn adds somebody who decides in another one's place, for the reason for which that
// one may.
func (f *Found) standIn(d access.Delegate) {
	if !slices.Contains(f.Who, d.Who) {
		f.Who = append(slices.Clip(f.Who), d.Who)
	}
	f.Delegates = append(f.Delegates, d)
	if b, known := f.As[d.For]; known {
		if _, has := f.As[d.Who]; !has {
			f.As[d.Who] = b
		}
	}
}

// Principals are those who decide by themselves.
func (f Found) Principals() []access.PersonID { return access.Principals(f.Who, f.Delegates) }

// inPlaceOf is what an answer of somebody is judged by who decides for one of those whom
// the sources name, and isn't named themselves.
func (q question) inPlaceOf(ctx context.Context, by access.PersonID, n named) (found Found, stands bool) {
	if q.r.State != access.RequestPending { // whether an emergency was one is judged by those who were skipped
		return found, false
	}
	for _, d := range decidesFor(ctx) {
		if !slices.Contains(n.who, d.Delegator) || own(q.r, d.Delegator) || own(q.r, by) {
			continue
		}
		if !stands {
			found, stands = Found{Named: append(slices.Clip(n.who), by), As: n.as, Unread: n.unread, doubt: n.doubt}, true
		}
		found.Who = append(found.Who, d.Delegator)
		found.standIn(d.Pair())
	}
	return found, stands
}

// standsForOneOf tells whether whoever answers decides for one of some people.
func standsForOneOf(ctx context.Context, who []access.PersonID) bool {
	return slices.ContainsFunc(decidesFor(ctx), func(d access.Delegation) bool { return slices.Contains(who, d.Delegator) })
}

// forThoseHere leaves out in whose place somebody would answer, where these may not answer
// themselves at this moment: then nobody does so for them. While a directory keeps silent about
// one of them that isn't known, which is an error.
func (q question) forThoseHere(ctx context.Context, found Found, by access.PersonID) (Found, error) {
	counts := found
	counts.Delegates = nil
	for _, d := range found.Delegates {
		if d.Who != by {
			counts.Delegates = append(counts.Delegates, d)
			continue
		}
		here, p, refusal, err := q.mayAct(ctx, d.For)
		chosen := here && refusal == nil && err == nil && found.As[d.For].Asked != ""
		var unfit bool
		if chosen {
			unfit, err = refusedBy(q.s.MayStandIn(ctx, q.r, p))
		}
		switch {
		case err != nil:
			return found, err
		case unfit:
		case !here || refusal != nil:
			counts.Who, counts.Named = without(counts.Who, d.For), without(counts.Named, d.For) // so others are looked for
			counts.Unfound = append(slices.Clip(counts.Unfound), q.s.Contact(ctx, d.For)+" may not act")
		case q.r.Distinct && saidYes(q.r, d.For), q.s.yes(ctx, p, access.Actor{Person: d.For, Via: access.ViaSlack}, catalog.RoleRef{App: q.r.App, Role: q.r.Role}) != nil:
		default:
			counts.Delegates = append(counts.Delegates, d)
		}
	}
	stands := func(d access.Delegate) bool { return d.Who == by }
	if slices.ContainsFunc(found.Delegates, stands) && !slices.ContainsFunc(counts.Delegates, stands) {
		counts.Who = without(counts.Who, by)
	}
	return counts, nil
}

// refusedBy tells a refusal, which is an answer, from not having found out.
func refusedBy(err error) (refused bool, failure error) {
	if _, refused = access.AsRefusal(err); refused {
		return true, nil
	}
	return false, err
}

// StillDelegated tells whether those decide for others, in the unit of work in which that would be
// kept, who did when it was found who may answer.
func StillDelegated(u *engine.Unit, r access.Request, found Found) (bool, error) {
	var all []access.Delegation
	principals := found.Principals()
	for _, who := range principals {
		of, _, err := store.Sound(store.DelegationsOf(u.Tx, who))
		if err != nil {
			return false, err
		}
		all = append(all, of...)
	}
	return slices.Equal(access.Delegated(r, principals, all, u.At), found.pairs), nil
}

func without(who []access.PersonID, one access.PersonID) []access.PersonID {
	return slices.DeleteFunc(slices.Clone(who), func(o access.PersonID) bool { return o == one })
}

// Stands tells whether somebody still decides in another one's place, in the unit of work in
// which their answer would count.
func Stands(u *engine.Unit, d access.Delegate) (bool, error) {
	all, _, err := store.Sound(store.DelegationsTo(u.Tx, d.Who))
	return slices.ContainsFunc(all, func(o access.Delegation) bool { return o.Pair() == d && o.Counts(u.At) }), err
}
