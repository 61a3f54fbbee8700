package people

import (
	"context"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
)

// Established is what an answer to a request is judged by, all of it found out at
// one moment.
type Established struct {
	Found
	Holder access.Person        // the beneficiary
	Around access.Circumstances // what else the policy asks
	Doubt  error                // why a yes can't count, whoever may say it: who says it, or who gets the access, isn't known surely enough
	Remedy string               // what who gets the access has to do about that; "" where it is no doubt about them
}

// Established finds out who may answer a request at this moment: decide it, or say
// whether the emergency was one. Nobody, for a request that takes no answer. Nothing
// that was known before stands in: a directory that keeps silent is an error. Who
// answers and whose access it is are looked up anew, however lately they were: a
// moment ago one may have left, or the other got another manager. Whoever clicks in
// Slack has an account there; of others Slack is asked, too.
func (s *Service) Established(ctx context.Context, r access.Request, by access.Actor) (Established, error) {
	ctx = idp.WithPriority(idp.Together(ctx), idp.Addition) // before whatever only looks around: somebody waits for it
	q := question{s, r}
	ctx, err := s.living(ctx, []access.PersonID{by.Person, r.Beneficiary}, q.written(ctx))
	defer dropOutlived(ctx, s.identities, by.Person, r.Beneficiary)
	if err != nil {
		return Established{}, fmt.Errorf("find out who may answer: %w", err)
	}
	if by.Via != access.ViaSlack {
		s.forgetMember(ctx, by.Person)
	}
	out, giver, may, err := q.lookedUp(ctx, by.Person)
	if err != nil {
		return Established{}, err
	}
	role := catalog.RoleRef{App: r.App, Role: r.Role}
	out.Around = AttributesOf(s).Around(ctx, askerOf(ctx, s.identities, r, out.Holder), out.Holder, role)
	if out.Doubt = s.yes(ctx, giver, by, role); out.Doubt == nil {
		out.Remedy, out.Doubt = s.holder(ctx, out.Holder, role)
	}
	return out, may
}

// lookedUp finds out, side by side, how whoever answers stands, how who gets the access does, and
// who may answer; may refuses whoever answers by how they stand.
func (q question) lookedUp(ctx context.Context, by access.PersonID) (out Established, giver access.Person, may, err error) {
	here, errs := false, [3]error{}
	sideBySide(len(errs), func(i int) {
		switch i {
		case 0:
			here, giver, may, errs[i] = q.mayAct(ctx, by)
		case 1:
			out.Holder, errs[i] = q.holder(ctx)
		case 2:
			out.Found, errs[i] = q.answering(ctx, by)
		}
	})
	for _, err := range errs {
		if err != nil {
			return out, giver, may, fmt.Errorf("find out who may answer: %w", err)
		}
	}
	if here && out.As[by].Asked != "" { // chosen by somebody: who may be chosen may have changed since
		unfit, err := refusedBy(q.s.MayStandIn(ctx, q.r, giver))
		if err != nil {
			return out, giver, may, err
		}
		here = !unfit
	}
	if !here {
		out.Who = without(out.Who, by)
	}
	return out, giver, may, nil
}

// way is where those come from who answer the request.
func (q question) way(ctx context.Context) way {
	if q.r.State == access.RequestPending {
		return q.s.deciding(ctx, q.r)
	}
	return q.s.reviewing(q.r)
}

// written are the addresses by which the sources name people.
func (q question) written(ctx context.Context) (all []access.Email) {
	w := q.way(ctx)
	for _, a := range slices.Concat(w.sources, w.backups) {
		all = append(all, q.writtenOf(ctx, a)...)
	}
	return all
}

// answering are those who decide the request, or review the emergency. Where all have
// to agree, each of them is looked at. Otherwise it has to be known of one person only
// whether they are named, however many others are. Where whoever answers isn't, and a source
// can't be read that may name them, it isn't known whether they may.
func (q question) answering(ctx context.Context, by access.PersonID) (Found, error) {
	found, err := q.oneOf(ctx, by)
	if err == nil {
		found, err = q.forThoseHere(ctx, found, by)
	}
	if err == nil && found.doubt != nil && !slices.Contains(found.Who, by) {
		return Found{}, found.doubt
	}
	return found, err
}

func (q question) oneOf(ctx context.Context, by access.PersonID) (Found, error) {
	full := q.s.Reviewers
	switch {
	case q.r.State == access.RequestPending:
		full = q.s.Deciders
		if q.r.Stage < len(q.r.Stages) && (q.r.Stages[q.r.Stage].Need.All || q.r.Stages[q.r.Stage].Escalated > 0) {
			return full(ctx, q.r)
		}
	case !q.r.BreakGlass:
		return Found{}, nil
	}
	w := q.way(ctx)
	n, err := q.whom(ctx, w, by)
	if err != nil {
		return Found{}, err
	}
	if slices.Contains(n.who, by) {
		return Found{Who: []access.PersonID{by}, Named: n.who, As: n.as, Unread: n.unread}, nil
	}
	if found, stands := q.inPlaceOf(ctx, by, n); stands {
		return found, nil
	}
	stands, err := q.s.byAddresses(ctx, w.written())
	if err != nil || slices.Contains(stands.who, by) || q.chosen(by) || q.wasAsked(by) || standsForOneOf(ctx, stands.who) {
		return full(ctx, q.r) // they only decide where nobody else can
	}
	return Found{Named: n.who, doubt: n.doubt}, err
}

// whom are those whom the sources name, and where somebody isn't one of them, the back-ups.
func (q question) whom(ctx context.Context, w way, by access.PersonID) (named, error) {
	n, err := q.asked(ctx, w.sources, true)
	if err != nil || slices.Contains(n.who, by) || len(w.backups) == 0 {
		return n, err
	}
	more, err := q.asked(ctx, w.backups, true)
	more.asBackups()
	return n.and(more), err
}

// named is whom sources stand for.
func (q question) named(ctx context.Context, sources []catalog.Approver, known bool) (n named, err error) {
	all, errs := make([]named, len(sources)), make([]error, len(sources))
	sideBySide(len(sources), func(i int) { all[i], errs[i] = q.source(ctx, sources[i], known) })
	for i := range all {
		if errs[i] != nil {
			return named{}, errs[i]
		}
		n = n.and(all[i])
	}
	return n, nil
}

// source is whom one source stands for, and why it does.
func (q question) source(ctx context.Context, a catalog.Approver, known bool) (named, error) {
	n, err := q.approvers(ctx, a, known)
	b := access.BasisOf(a)
	if a.Kind == catalog.Manager {
		if f, seen := q.s.cache.person(q.r.Beneficiary, asOf(ctx, q.r.Beneficiary)); seen && !f.managerEntry.known {
			b.Directory = f.managerEntry.directory
		}
	}
	n.because(b)
	return n, err
}

// mayAct refuses somebody who may not act at this moment. Whoever is not here at all is
// none of those who may answer: the request's own rule refuses them.
func (q question) mayAct(ctx context.Context, who access.PersonID) (here bool, p access.Person, refusal, err error) {
	p, err = q.s.sure(idp.WithoutManagers(ctx), who)
	if err != nil {
		return false, p, nil, Softly(err)
	}
	return true, p, p.MayAct(), nil
}

// holder is who gets the access; as remembered, if Slack doesn't know them.
func (q question) holder(ctx context.Context) (access.Person, error) {
	p, err := q.s.sure(ctx, q.r.Beneficiary)
	if err != nil && Softly(err) == nil {
		return q.s.Known(ctx, q.r.Beneficiary), nil
	}
	return p, err
}

// dropOutlived drops what was found out before about people of whom nothing that could stand
// instead of it was found out since: they may be gone, or a directory keeps silent.
func dropOutlived(ctx context.Context, s *identities, who ...access.PersonID) {
	for _, id := range who {
		if _, found := s.cache.standing(id, asOf(ctx, id)); !found {
			s.Forget(id)
		}
	}
}

// forgetMember lets go of what Slack said of somebody.
func (s *identities) forgetMember(ctx context.Context, who access.PersonID) {
	if k, err := s.remembered(ctx, who); err == nil && k.Account(access.SystemSlack) != "" {
		s.roster.ForgetMember(k.Account(access.SystemSlack))
	}
}

// Ahead looks somebody up whom an answer is about that is just given: whoever judges it finds out
// no more of them.
func Ahead(ctx context.Context, s *Service, who access.PersonID) error {
	ctx, err := s.living(idp.WithPriority(ctx, idp.Addition), []access.PersonID{who}, nil)
	if err == nil {
		_, err = s.person(ctx, who)
	}
	return Softly(err)
}
