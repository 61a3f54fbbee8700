package workflow

import (
	"context"

	"latchkey/access"
	"latchkey/store"
)

// sayOnIssue writes a comment that belongs to no event.
const sayOnIssue = "issue.say"

// sayPayload is a comment and where it goes.
type sayPayload struct {
	Issue   access.Issue
	Comment access.IssueComment
}

func sayTask(marker, request string, p sayPayload) store.Task {
	lane := issueLane(request)
	if request == "" {
		lane = "issue/" + p.Issue.ID
	}
	return store.Task{
		ID: "say/" + marker, Queue: jiraQueue, Kind: sayOnIssue, Subject: request,
		Priority: store.Writings, Lane: lane, Payload: payload(p),
	}
}

func (s *Service) sayIt(ctx context.Context, t store.Task) (outcome, error) {
	p, err := read[sayPayload](t)
	if err != nil {
		return nil, err
	}
	return nil, s.ports.Inbox.Say(ctx, p.Issue, p.Comment, t.Begun)
}
