package ledger

import (
	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// EraseIssue has written anew, in the order of its story, what the issue of a request
// says: some of it was erased in the log. Nothing where there is no issue.
func EraseIssue(u *engine.Unit, r access.Request) error {
	if r.Issue.ID == "" || r.Issue.Gone {
		return nil
	}
	t := store.Task{ID: "erase/" + r.ID, Queue: Queue, Kind: EraseTask, Subject: access.RequestSubject(r.ID), Priority: store.Notices, Lane: lane(r.ID)}
	added, err := u.Enqueue(t)
	if err != nil || added {
		return err
	}
	return u.Expedite(t.ID)
}
