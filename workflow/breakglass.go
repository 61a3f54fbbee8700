package workflow

import (
	"context"
	"fmt"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

// longestEmergency is how long a role can be taken in an emergency at most,
// whatever else the role allows, unless the configuration says otherwise.
const longestEmergency = 4 * time.Hour

// Incidents ties an issue to the one of an incident. Errors are *access.Failure.
type Incidents interface {
	LinkIncident(ctx context.Context, issue access.Issue, key string) error
}

// Emergency is somebody taking a role without being asked for it.
type Emergency struct {
	Origin   string // stable key of the submission
	By       access.Person
	Account  string // the Slack account, as evidence
	App      string
	Role     string
	Wanted   time.Duration
	Reason   string
	Incident string // key of the incident's issue; may be empty
	Typed    string // the app's name, as the confirmation
}

// EmergencyMost is how long a role can be taken in an emergency.
func (s *Service) EmergencyMost(role catalog.Role) time.Duration {
	most := s.Config.Emergency
	if most <= 0 {
		most = longestEmergency
	}
	if role.Durations.Max > 0 {
		most = min(most, role.Durations.Max)
	}
	return most
}

// TakeNow gives a role at once, without an approval. The change still waits for
// the issue that says why it is made: that rule has no exception, because in an
// emergency nobody would notice if the record never came. Those who were skipped
// are told, and asked afterwards whether it was right.
func (s *Service) TakeNow(ctx context.Context, em Emergency) (access.Request, error) {
	by := access.Actor{Person: em.By.ID, Via: access.ViaSlack, Account: em.Account}
	var made access.Request
	err := s.update(ctx, func(st *step) (err error) {
		made, err = st.takeNow(em, by)
		return err
	})
	return made, s.Turned(ctx, "", by, fmt.Sprintf("take %s/%s in an emergency", em.App, em.Role), err)
}

func (st *step) takeNow(em Emergency, by access.Actor) (access.Request, error) {
	if again, err := store.RequestsFrom(st.tx, em.Origin); err != nil || len(again) > 0 {
		return firstOf(again), err
	}
	has, err := standings(st.tx, em.By.ID)
	if err != nil {
		return access.Request{}, err
	}
	_, role, _ := st.s.Config.Catalog.Role(em.App, em.Role)
	r, e, effs, err := access.TakeNow(st.s.Config.Catalog, access.Ask{
		ID: newRequestID(), Origin: em.Origin, Requester: em.By, Beneficiary: em.By, App: em.App, Role: em.Role,
		Wanted: em.Wanted, Reason: em.Reason, Incident: em.Incident, Via: by.Via,
	}, em.Typed, st.s.EmergencyMost(role), has, st.at)
	if err != nil {
		return r, err
	}
	if err := st.saveRequest(&r, e, effs); err != nil {
		return r, err
	}
	taken := r.Event(access.EventBreakGlass, by, st.at)
	taken.Reason, taken.Wanted, taken.Note = r.Reason, r.Wanted, e.Note
	if r, err = st.request(r, taken); err != nil || r.Incident == "" {
		return r, err
	}
	return r, st.enqueue(linkIncidentTask(taken))
}

func firstOf(list []access.Request) access.Request {
	if len(list) == 0 {
		return access.Request{}
	}
	return list[0]
}

// linkIncident ties the issue to the incident's. A key that leads nowhere is
// noted; the rest of the story goes on.
func (s *Service) linkIncident(ctx context.Context, t store.Task) (outcome, error) {
	c, err := s.Case(ctx, t.Subject)
	if err != nil || s.ports.Incidents == nil {
		return nil, err
	}
	err = s.ports.Incidents.LinkIncident(ctx, c.Request.Issue, strings.ToUpper(c.Request.Incident))
	if f := access.Classify(err); err != nil && f.Class != access.Rejected && f.Class != access.Denied {
		return nil, err
	} else if err == nil {
		return nil, nil
	}
	note := fmt.Sprintf("The incident %s could not be linked: %s.", c.Request.Incident, access.Classify(err).Sentence)
	return func(st *step) error {
		e := c.Request.Event(access.EventNote, access.System(), st.at)
		e.Note = note
		return st.carry(e, []access.Effect{{Kind: access.EffectRecord}})
	}, nil
}

// findReviewers resolves who is asked whether an emergency was one: whoever
// would have been asked for a yes, at any stage.
func (s *Service) findReviewers(ctx context.Context, c access.Case) (outcome, error) {
	who, err := s.reviewers(ctx, c)
	if err != nil {
		return nil, err
	}
	return func(st *step) error {
		r, err := store.Request(st.tx, c.Request.ID)
		if err != nil || r.Review != nil && !r.UnderReview() {
			return err
		}
		e := r.Event(access.EventReviewAsked, access.System(), st.at)
		if e.Approvers = who; len(who) == 0 {
			e.Kind, e.Note = access.EventUnroutable, "Nobody can be found who may say whether this emergency was one. Add an owner in the catalogue, or people.fallback, then retry."
		}
		_, err = st.request(r, e)
		return err
	}, nil
}

func (s *Service) reviewers(ctx context.Context, c access.Case) ([]access.PersonID, error) {
	var found []access.PersonID
	route, _ := s.Config.Catalog.Route(c.Request.Route)
	for _, stage := range route.Stages {
		for _, a := range stage.Approvers {
			some, err := s.approvers(ctx, c, a)
			if err != nil {
				return nil, err
			}
			found = append(found, some...)
		}
	}
	admitted, err := s.admitted(ctx, c.Request, found)
	if err != nil || len(admitted) > 0 {
		return admitted, err
	}
	return s.admitted(ctx, c.Request, append(s.fallback(), s.admins()...))
}

// Judge takes the word of somebody who was skipped on whether an emergency was
// one. If it was not, what is left of the access ends now.
func (s *Service) Judge(ctx context.Context, request string, by access.Actor, justified bool, reason string) error {
	err := s.judge(ctx, request, by, justified, reason)
	return s.Turned(ctx, request, by, "review", err)
}

func (s *Service) judge(ctx context.Context, request string, by access.Actor, justified bool, reason string) error {
	c, err := s.Case(ctx, request)
	if err != nil {
		return err
	}
	short, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	eligible, err := s.reviewers(short, c)
	checked := ""
	if err != nil && c.Request.UnderReview() && ctx.Err() == nil {
		eligible, err, checked = c.Request.Review.Asked, nil, "as established when they were asked; a directory did not answer at the moment of the answer"
	}
	if err != nil {
		return fmt.Errorf("find out who may review: %w", err)
	}
	return s.update(ctx, func(st *step) error {
		r, err := store.Request(st.tx, request)
		if err != nil {
			return err
		}
		kind := access.EventUnjustified
		if justified {
			kind = access.EventJustified
		}
		e := r.Event(kind, by, st.at)
		e.Approvers, e.Checked, e.Reason = eligible, checked, strings.TrimSpace(reason)
		_, err = st.request(r, e)
		return err
	})
}

// endGrant ends what a request gave, on the word of the event's actor.
func (st *step) endGrant(e access.Event) error {
	g, err := st.grantOf(e.Request)
	if err != nil {
		_, refused := access.AsRefusal(err)
		if refused {
			return nil // it was never given
		}
		return err
	}
	_, err = st.grant(g, end(g, access.EndRevoked, e.Actor, e.Reason, st.at))
	if _, refused := access.AsRefusal(err); refused {
		return nil // it has ended already
	}
	return err
}
