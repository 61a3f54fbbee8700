package ledger

import (
	"context"
	"fmt"
	"strings"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// LinkIncident has the issue of a request tied to that of the incident it names.
// It waits in the issue's lane until the issue is there.
func LinkIncident(u *engine.Unit, request string) error {
	_, err := u.Enqueue(store.Task{ID: "incident/" + request, Queue: Queue, Kind: LinkTask, Subject: access.RequestSubject(request), Priority: store.Writings, Lane: lane(request)})
	return err
}

// related says which issues are tied together: that of a revocation, and one it belongs to.
type related struct{ From, To access.Issue }

// Relate has the issue of a revocation tied to one it belongs to. The same again is nothing.
func Relate(u *engine.Unit, from, to access.Issue) error {
	body, err := engine.Payload(related{from, to})
	if err != nil || from.Key == "" || to.Key == "" {
		return err
	}
	_, err = u.Enqueue(store.Task{ID: "relate/" + from.Key + "/" + to.Key, Queue: Queue, Kind: LinkTask, Priority: store.Writings, Lane: lane(from.ID), Payload: body})
	return err
}

// relate ties two issues together. Where Jira refuses that, it is said on the first.
func (s *Service) relate(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[related](t)
	if err != nil || s.incidents == nil {
		return nil, err
	}
	err = s.incidents.LinkRevocation(ctx, p.From, p.To.Key)
	f := access.Classify(err)
	if err == nil || f.Class != access.Rejected {
		return nil, err
	}
	return func(u *engine.Unit) error {
		m := access.IssueComment{ID: t.ID, At: u.At, Title: fmt.Sprintf("This belongs to %s, and could not be linked to it: %s.", p.To.Key, f.Sentence)}
		return AddComment(u, Comment{Marker: t.ID, Issue: p.From, Body: m})
	}, nil
}

// link is the handler of LinkTask. A key that leads nowhere is noted; the rest of
// the story goes on.
func (s *Service) link(ctx context.Context, t store.Task) (engine.Outcome, error) {
	if len(t.Payload) > 0 {
		return s.relate(ctx, t)
	}
	c, err := s.query.Case(ctx, t.Subject.Request())
	if err != nil || s.incidents == nil {
		return nil, err
	}
	err = s.incidents.LinkIncident(ctx, c.Request.Issue, strings.ToUpper(c.Request.Incident))
	if err == nil {
		return nil, nil
	}
	f := access.Classify(err)
	if f.Class != access.Rejected && f.Class != access.Denied {
		return nil, err
	}
	return func(u *engine.Unit) error {
		e := c.Request.Event(access.EventNote, access.System(), u.At)
		e.Note = fmt.Sprintf("The incident %s could not be linked: %s.", c.Request.Incident, f.Sentence)
		_, err := u.Append(e, access.Effect{Kind: access.EffectRecord})
		return err
	}, nil
}
