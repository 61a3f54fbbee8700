package ledger

import (
	"context"
	"fmt"

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

// comment is the handler of CommentTask.
func (s *Service) comment(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[commentPayload](t)
	if err != nil || s.comments == nil {
		return nil, err
	}
	return nil, s.comments.Comment(ctx, p.Issue, p.Body, t.Begun)
}

// recordFound tells the issue in which it is written that a membership was found, and is
// explained by a grant of its own, that it isn't there any more, or is again. Nothing
// where there is no such issue.
func recordFound(u *engine.Unit, e access.Event) error {
	if g, there, err := grantOfEvent(u, e); err != nil || there && g.Source == access.SourceBirthright {
		if err == nil {
			err = recordBirthright(u, g, e)
		}
		return err
	}
	title, more := "", ""
	switch e.Kind {
	case access.EventMemberMissing:
		title = "is not a member any more, and Latchkey did not remove them"
		more = "It is no reason any more to keep what is given meanwhile. It counts again once they are found there again."
	case access.EventMemberBack:
		title = "is a member again, and not by Latchkey"
		more = "It is kept as before."
	}
	if title == "" || e.Group == nil {
		return nil
	}
	first, err := u.Tx.Entries(store.Filter{Subject: access.GrantSubject(e.Grant)}, 0, 1)
	if err != nil || len(first) == 0 {
		return err
	}
	adopted, err := first[0].Event()
	if unreadable := err != nil; unreadable || adopted.Issue == nil || adopted.Issue.Key == "" {
		return nil // an event that can't be read back names no issue, and keeps nothing from happening
	}
	return AddComment(u, Comment{Marker: "found/" + e.ID, Issue: *adopted.Issue, Body: access.IssueComment{
		ID: "found/" + e.ID, At: u.At, Title: fmt.Sprintf("Whoever the grant %s (adopted) is about %s.", e.Grant, title),
		Lines: []string{"Group: " + e.Group.String(), "Seen on: " + u.At.UTC().Format("2 January 2006, 15:04 MST"), more},
	}})
}
