package ledger

import (
	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Comment is a comment that belongs to no event, and where it goes.
type Comment struct {
	Marker  string         // stable key: the same again is not written twice
	Subject access.Subject // of the issue, where it has one
	Issue   access.Issue
	Body    access.IssueComment
}

// commentPayload is a comment and where it goes.
type commentPayload struct {
	Issue access.Issue
	Body  access.IssueComment
}

// AddComment has a comment written on an issue.
func AddComment(u *engine.Unit, c Comment) error {
	body, err := engine.Payload(commentPayload{c.Issue, c.Body})
	if err != nil {
		return err
	}
	in := lane(c.Issue.ID)
	if id := c.Subject.Request(); id != "" {
		in = lane(id)
	}
	_, err = u.Enqueue(store.Task{
		ID: "comment/" + c.Marker, Queue: Queue, Kind: CommentTask, Subject: c.Subject,
		Priority: store.Writings, Lane: in, Payload: body,
	})
	return err
}
