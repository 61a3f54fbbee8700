package people

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
)

// Deciders are the people who may decide the request's current stage at this
// moment: never the requester or the beneficiary, and only people who may act.
// Where they come from was decided when the request was made; who that is now is
// looked up. Where it is nobody, its back-up approvers are asked, or else those who
// stand in. Where nobody has answered for long, others may decide as well.
func (s *Service) Deciders(ctx context.Context, r access.Request) (Found, error) {
	found, err := question{s, r}.admitted(ctx, s.deciding(r))
	if err != nil {
		return found, err
	}
	also, err := escalation{s, r}.added(ctx, found.Asked())
	found.Standby = slices.DeleteFunc(found.Standby, func(who access.PersonID) bool { return slices.Contains(also, who) })
	found.Who, found.Also = distinct(append(found.Who, also...)), also
	if err != nil {
		return found, err
	}
	return s.withDelegates(ctx, r, found)
}

// Reviewers are the people who may say whether an emergency was one: whoever
// would have been asked for a yes, at any stage.
func (s *Service) Reviewers(ctx context.Context, r access.Request) (Found, error) {
	return question{s, r}.admitted(ctx, s.reviewing(r))
}

// way is where those come from who answer a request at one moment.
type way struct {
	sources, backups []catalog.Approver
	standIns         []standIn // in the place of both, one after the other
}

// deciding is the way to a decision of the current stage.
func (s *Service) deciding(r access.Request) way {
	it := standIn{who: "IT", written: s.admins}
	fallback := standIn{who: "who decides when nobody else can", written: s.fallback}
	switch {
	case r.Unlisted != "":
		return way{standIns: []standIn{{written: slices.Concat(s.admins, s.fallback)}}}
	case r.Stage >= len(r.Stages) || len(r.Stages[r.Stage].Sources) == 0:
		return way{standIns: []standIn{fallback, it}}
	}
	app, _ := s.catalog().App(r.App)
	owners := standIn{who: "the owners of " + app.Name, written: Addresses(app.Owners), owners: true}
	stage := r.Stages[r.Stage]
	return way{stage.Sources, stage.Backups, []standIn{owners, fallback, it}}
}

// reviewing is the way to the review of an emergency.
func (s *Service) reviewing(r access.Request) way {
	return way{sources: r.Skipped, standIns: []standIn{{written: slices.Concat(s.fallback, s.admins)}}}
}

// admitted are those who may answer: whom the sources name, and as back-ups those whom
// the back-ups' do; or else these, or else who stands in.
func (q question) admitted(ctx context.Context, w way) (Found, error) {
	n, err := q.asked(ctx, w.sources, false)
	if err != nil {
		return Found{}, err
	}
	found, err := q.s.admitted(ctx, q.r, n)
	if err != nil {
		return found, err
	}
	if len(found.Who) > 0 {
		return q.backed(ctx, found, w.backups), nil
	}
	others, err := q.inPlace(ctx, w, n)
	if len(w.sources) > 0 && err == nil {
		others.Why = strings.TrimSpace("Nobody whom the route asks can decide: " + strings.Join(n.lacks(q.r, found), "; ") + ". " + others.Why)
	}
	others.Unread, others.doubt = slices.Concat(n.unread, others.Unread), n.doubt
	return others, err
}

// backed adds those who may answer as back-ups. Where it can't be found out who that is,
// the others are asked all the same.
func (q question) backed(ctx context.Context, found Found, backups []catalog.Approver) Found {
	if len(backups) == 0 {
		return found
	}
	more, err := q.backups(ctx, backups)
	if err != nil {
		q.s.log.Warn("the back-up approvers of a stage can't be found out", "request", q.r.ID, "error", err)
		return found
	}
	for _, who := range more.Who {
		if !slices.Contains(found.Who, who) {
			found.Who, found.Standby = append(found.Who, who), append(found.Standby, who)
			found.As[who] = more.As[who]
		}
	}
	return found
}

// backups are those who may answer as back-ups.
func (q question) backups(ctx context.Context, sources []catalog.Approver) (Found, error) {
	if len(sources) == 0 {
		return Found{}, nil
	}
	n, err := q.asked(ctx, sources, false)
	if err != nil {
		return Found{}, err
	}
	n.asBackups()
	return q.s.admitted(ctx, q.r, n)
}

// approvers finds the people one source of approvers stands for; of a group only those
// who are known, if nobody is to be met.
func (q question) approvers(ctx context.Context, a catalog.Approver, known bool) (named, error) {
	switch a.Kind {
	case catalog.Manager:
		return q.s.managerOf(ctx, q.r.Beneficiary)
	case catalog.SecondManager:
		return q.secondManager(ctx)
	case catalog.Owner:
		n, err := q.s.byAddresses(ctx, q.writtenOf(a))
		if app, _ := q.s.catalog().App(q.r.App); len(app.Owners) == 0 {
			n.vacant = []string{app.Name + " has no owner"}
		}
		return n, err
	case catalog.RoleApprover:
		return q.ofRole(ctx, known)
	case catalog.Named, catalog.Security:
		return q.s.byAddresses(ctx, q.writtenOf(a))
	case catalog.GroupOf:
		return q.s.groupMembers(ctx, a.Group, known)
	case catalog.SlackUserGroup, catalog.OnCall:
		return lists{q}.outside(ctx, a, known)
	default:
		return named{}, fmt.Errorf("no way to find the approver %q", a)
	}
}

// ofRole are those whom the role itself names.
func (q question) ofRole(ctx context.Context, known bool) (named, error) {
	app, role, _ := q.s.catalog().Role(q.r.App, q.r.Role)
	if len(role.Approvers) == 0 {
		return named{vacant: []string{app.Name + " · " + role.Name + " names no approvers"}}, nil
	}
	n, err := q.named(ctx, role.Approvers, known)
	n.as = nil // they may because the role names them, whichever way
	return n, err
}

// writtenOf are the addresses that are written down for a source of approvers.
func (q question) writtenOf(a catalog.Approver) (all []access.Email) {
	switch a.Kind {
	case catalog.Owner:
		app, _ := q.s.catalog().App(q.r.App)
		return Addresses(app.Owners)
	case catalog.RoleApprover:
		_, role, _ := q.s.catalog().Role(q.r.App, q.r.Role)
		for _, own := range role.Approvers {
			all = append(all, q.writtenOf(own)...)
		}
		return all
	case catalog.Named:
		return Addresses([]string{a.Person})
	case catalog.Security:
		return q.s.admins
	}
	return nil
}

// admitted keeps those who may decide at all. The person whom it is about is left
// out without a word: nobody decides for themselves.
func (s *Service) admitted(ctx context.Context, r access.Request, n named) (Found, error) {
	ctx = idp.WithoutManagers(ctx)
	found := slices.DeleteFunc(distinct(n.who), func(who access.PersonID) bool { return own(r, who) })
	if err := s.gather(ctx, found, nil); err != nil {
		return Found{}, err
	}
	people, errs := make([]access.Person, len(found)), make([]error, len(found))
	sideBySide(len(found), func(i int) { people[i], errs[i] = s.Person(ctx, found[i]) })
	out := Found{Unfound: n.unfound, As: n.as, Unread: n.unread, doubt: n.doubt}
	for i, who := range found {
		switch err := errs[i]; {
		case Softly(err) != nil:
			return Found{}, err
		case err != nil:
			out.Unfound = append(out.Unfound, s.Contact(ctx, who)+" is not known in Slack any more")
		case people[i].MayAct() != nil:
			out.Unfound = append(out.Unfound, people[i].Contact()+" may not act: "+whyNot(people[i]))
		case !r.Distinct || !saidYes(r, who):
			out.Who = append(out.Who, who)
		}
	}
	return out, nil
}
