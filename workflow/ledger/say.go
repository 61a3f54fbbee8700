package ledger

import (
	"context"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Remark is a comment that belongs to no event, and where it goes.
type Remark struct {
	Marker  string         // stable key: the same again is not written twice
	Subject access.Subject // of the issue, where it has one
	Issue   access.Issue
	Comment access.IssueComment
}

// sayPayload is a comment and where it goes.
type sayPayload struct {
	Issue   access.Issue
	Comment access.IssueComment
}

// Say has a comment written on an issue.
func Say(u *engine.Unit, r Remark) error {
	body, err := engine.Payload(sayPayload{r.Issue, r.Comment})
	if err != nil {
		return err
	}
	in := lane(r.Issue.ID)
	if id := r.Subject.Request(); id != "" {
		in = lane(id)
	}
	_, err = u.Enqueue(store.Task{
		ID: "say/" + r.Marker, Queue: Queue, Kind: SayTask, Subject: r.Subject,
		Priority: store.Writings, Lane: in, Payload: body,
	})
	return err
}

// say is the handler of SayTask.
func (s *Service) say(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[sayPayload](t)
	if err != nil || s.comments == nil {
		return nil, err
	}
	return nil, s.comments.Comment(ctx, p.Issue, p.Comment, t.Begun)
}
