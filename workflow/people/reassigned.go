package people

import (
	"context"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
)

// asked is whom sources stand for, with who is asked in the place of some of them, or of all,
// because IT or an owner of the app said so since.
func (q question) asked(ctx context.Context, sources []catalog.Approver, known bool) (named, error) {
	n, err := q.named(ctx, sources, known)
	if err != nil || q.r.State != access.RequestPending || q.r.Stage >= len(q.r.Stages) || len(q.r.Stages[q.r.Stage].Reassigned) == 0 {
		return n, err
	}
	return q.reassigned(n), nil
}

func (q question) reassigned(n named) named {
	stage := q.r.Stages[q.r.Stage]
	if to, by := stage.Place(""); by != nil { // in the place of all, whoever they are
		n = named{who: []access.PersonID{to}}
	}
	out := n
	out.who, out.as = nil, nil
	for _, who := range n.who {
		now, by := stage.Place(who)
		if !slices.Contains(out.who, now) {
			out.who = append(out.who, now)
		}
		if by != nil {
			out.note(now, access.Basis{Asked: by.By.Person})
		} else if b, known := n.as[who]; known {
			out.note(now, b)
		}
	}
	return out
}

// standingIn is who stands in, with who is asked in the place of one of them.
func (q question) standingIn(n named) named {
	if q.r.State != access.RequestPending || q.r.Stage >= len(q.r.Stages) {
		return n
	}
	stage, out := q.r.Stages[q.r.Stage], n
	out.who = nil
	for _, who := range n.who {
		now, by := stage.Instead(who)
		if !slices.Contains(out.who, now) {
			out.who = append(out.who, now)
		}
		if by != nil {
			out.note(now, access.Basis{Asked: by.By.Person})
		}
	}
	return out
}

// chosen tells whether somebody was asked in another one's place.
func (q question) chosen(who access.PersonID) bool {
	return q.r.Stage < len(q.r.Stages) && slices.ContainsFunc(q.r.Stages[q.r.Stage].Reassigned, func(a access.Reassignment) bool { return a.To == who })
}

// MayStandIn refuses somebody who can't be asked to decide a request in the place of those who
// are: who reports to whom it concerns, or, of what can do harm, whom neither the route names
// nor the app or IT.
func (s *Service) MayStandIn(ctx context.Context, r access.Request, p access.Person) error {
	below, err := escalation{s, r}.below(ctx, p.ID)
	if err != nil {
		return err
	}
	if below {
		return access.Refuse(access.Invalid, "to", p.Display()+" reports to whom this is about, and can't be expected to say no. Please choose somebody else.")
	}
	app, role, _ := engine.Offered(ctx, s.catalog).Role(r.App, r.Role)
	if role.Risk != catalog.High || s.isAdmin(p) || p.MeantByOneOf(app.Owners) {
		return nil
	}
	for _, st := range r.Stages {
		n, err := question{s, r}.named(ctx, slices.Concat(st.Sources, st.Backups), true)
		if err != nil {
			return err
		}
		if slices.Contains(n.who, p.ID) {
			return nil
		}
	}
	return access.Refuse(access.Invalid, "to", "This role can do much harm, so only those whom its route names, the app's owners and IT decide on it. Please choose one of them.")
}
