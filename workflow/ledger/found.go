package ledger

import (
	"fmt"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/query"
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
	issue, err := writtenIn(u.Tx, e.Grant)
	if err != nil || issue.Key == "" {
		return err
	}
	return AddComment(u, Comment{Marker: "found/" + e.ID, Issue: issue, Body: access.IssueComment{
		ID: "found/" + e.ID, At: u.At, Title: fmt.Sprintf("Whoever the grant %s (adopted) is about %s.", e.Grant, title),
		Lines: []string{"Group: " + e.Group.String(), "Seen on: " + u.At.UTC().Format("2 January 2006, 15:04 MST"), more},
	}})
}

// writtenIn is the issue in which it is written that what a grant explains was found; the zero one where there is none.
func writtenIn(tx store.Tx, grant string) (access.Issue, error) {
	first, err := tx.Entries(store.Filter{Subject: access.GrantSubject(grant)}, 0, 1)
	if err != nil || len(first) == 0 {
		return access.Issue{}, err
	}
	adopted, err := first[0].Event()
	if unreadable := err != nil; unreadable || adopted.Issue == nil {
		return access.Issue{}, nil // an event that can't be read back names no issue, and keeps nothing from happening
	}
	return *adopted.Issue, nil
}

// foundIn are the grants of what an issue says was found and is being removed, as far as they haven't ended.
func foundIn(tx store.Tx, issue access.Issue) (all []access.Grant, err error) {
	for _, state := range []access.GrantState{access.GrantEnding, access.GrantStuck, access.GrantManual} {
		some, _, err := store.Sound(query.All(func(after string, limit int) ([]access.Grant, error) { return store.GrantsIn(tx, state, after, limit) }, query.GrantID))
		if err != nil {
			return nil, err
		}
		for _, g := range some {
			if g.Source != access.SourceAdopted || g.Request != "" {
				continue
			}
			in, err := writtenIn(tx, g.ID)
			if err != nil {
				return nil, err
			}
			if in.ID == issue.ID {
				all = append(all, g)
			}
		}
	}
	return all, nil
}
