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

// link is the handler of LinkTask. A key that leads nowhere is noted; the rest of
// the story goes on.
func (s *Service) link(ctx context.Context, t store.Task) (engine.Outcome, error) {
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
