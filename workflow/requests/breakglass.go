package requests

import (
	"context"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/query"
)

// BreakGlass is somebody taking a role in an emergency, without an approval.
type BreakGlass struct {
	Origin   string // stable key of the submission
	By       access.Person
	Account  string // the Slack account, as evidence
	App      string
	Role     string
	Wanted   time.Duration
	Reason   string
	Incident string // key of the incident's issue; may be empty
	Typed    string // the app's name, as the confirmation
	SignIn   string // the sign-in for it (store.SignIn), for roles that need one
}

// BreakGlassMost is how long a role can be taken in an emergency.
func (s *Service) BreakGlassMost(role catalog.Role) time.Duration {
	return atMost(s.breakGlass, role)
}

func atMost(long time.Duration, role catalog.Role) time.Duration {
	if role.Durations.Max > 0 {
		return min(long, role.Durations.Max)
	}
	return long
}

// SubmitBreakGlass gives a role at once, without an approval. The change still waits for
// the issue that says why it is made: that rule has no exception, because in an
// emergency nobody would notice if the record never came. Those who were skipped
// are told, and asked afterwards whether it was right.
func (s *Service) SubmitBreakGlass(ctx context.Context, b BreakGlass) (access.Request, error) {
	ctx = s.units.Holding(ctx)
	by := access.Actor{Person: b.By.ID, Via: access.ViaSlack, Account: b.Account}
	var made access.Request
	var around access.Circumstances
	now, err := s.stages.anew(ctx, b.By)
	if err == nil {
		err = s.authority.Verified(ctx, b.By.ID, now, catalog.RoleRef{App: b.App, Role: b.Role})
	}
	if err == nil {
		b.By = now
		around = s.around(ctx, now, now, catalog.RoleRef{App: b.App, Role: b.Role})
		err = s.units.Update(ctx, func(u *engine.Unit) (err error) {
			made, err = submitBreakGlass(u, b, by, around, s.breakGlass)
			return err
		})
	}
	return made, s.units.LogRefusal(ctx, "", by, fmt.Sprintf("take %s/%s in an emergency", b.App, b.Role), err)
}

func submitBreakGlass(u *engine.Unit, b BreakGlass, by access.Actor, around access.Circumstances, longest time.Duration) (access.Request, error) {
	again, err := store.RequestsFrom(u.Tx, b.Origin)
	if err != nil {
		return access.Request{}, err
	}
	if made := firstOf(again); made != nil {
		return *made, nil
	}
	has, err := standingsIn(u, b.By.ID)
	if err != nil {
		return access.Request{}, err
	}
	_, role, _ := u.Catalog.Role(b.App, b.Role)
	left, err := emergencyLeft(u, b, atMost(longest, role))
	if err != nil {
		return access.Request{}, err
	}
	r, e, effs, err := access.SubmitBreakGlass(u.Catalog, access.Ask{
		ID: newRequestID(), Origin: b.Origin, Requester: b.By, Beneficiary: b.By, App: b.App, Role: b.Role,
		Wanted: b.Wanted, Reason: b.Reason, Incident: b.Incident, Via: by.Via, Around: around,
	}, b.Typed, left, has, u.At)
	if err != nil {
		return r, err
	}
	if err := engine.Begin(u, engine.Requests(), &r, e, effs...); err != nil {
		return r, err
	}
	taken := r.Event(access.EventBreakGlass, by, u.At)
	taken.Reason, taken.Wanted, taken.Note = r.Reason, r.Wanted, e.Note
	if taken.SignedIn, err = spend(u, b.SignIn, by, purpose{app: b.App, role: b.Role, wanted: b.Wanted}); err != nil {
		return r, err
	}
	if err := access.SignInMissing(role, taken); err != nil {
		return r, err
	}
	next, effs, err := r.Apply(taken, u.At)
	if err != nil {
		return r, err
	}
	if next.Incident != "" {
		effs = append(effs, access.Effect{Kind: effectLinkIncident})
	}
	return next, engine.Begin(u, engine.Requests(), &next, taken, effs...)
}

// emergencyLeft is how long somebody can still take a role: as long as nobody has
// said that an emergency was one, its time counts against the next.
func emergencyLeft(u *engine.Unit, b BreakGlass, longest time.Duration) (time.Duration, error) {
	left := longest
	for after := ""; ; {
		page, damage, err := store.Sound(store.RequestsOf(u.Tx, b.By.ID, after, leavePage))
		if err != nil {
			return 0, err
		}
		for _, r := range page {
			same := r.BreakGlass && r.State == access.RequestApproved && r.App == b.App && r.Role == b.Role
			if !same || r.Review != nil && !r.UnderReview() {
				continue
			}
			g, err := u.Grant(r.GrantID())
			if err != nil {
				return 0, err
			}
			left -= g.Span(u.At)
		}
		if after = query.Last(page, damage, query.RequestID); len(page)+len(damage) < leavePage {
			break
		}
	}
	if left < time.Minute {
		return 0, access.Refuse(access.NotAllowed, "role", fmt.Sprintf("You have taken this role in an emergency for %s already, and nobody has said yet whether that was right. Ask those who were told to answer, or ask for the role.", catalog.FormatDuration((longest-left).Round(time.Minute))))
	}
	return left, nil
}
