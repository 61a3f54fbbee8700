package ledger

import (
	"fmt"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// recordFound tells the issue in which it is written that a membership was found, and is
// explained by a grant of its own, that it isn't there any more, or is again. Nothing
// where there is no such issue.
func recordFound(u *engine.Unit, e access.Event) error {
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
