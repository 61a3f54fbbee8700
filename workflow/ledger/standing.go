package ledger

import (
	"context"
	"fmt"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

const (
	// CloseTask closes the issue of a report whose story is over.
	CloseTask = "issue.close"
	// StandTask brings the issue of a report, whose story goes on, to how it stands.
	StandTask = "issue.stand"
)

// Standings moves issues that belong to no request. Errors are *access.Failure.
type Standings interface {
	// MoveReport brings the issue of a report to where it belongs by how it stands; one that is there is left as it is, and so is
	// one from which there is no way.
	MoveReport(ctx context.Context, issue access.Issue, as access.IssueStanding) error
}

// standing is an issue, and how it stands. It was once the issue alone, of what is over.
type standing struct {
	access.Issue
	As access.IssueStanding `json:",omitempty"`
}

// Close has the issue of a report closed, after all that was to be written on it before. Without an issue there is nothing to do.
func Close(u *engine.Unit, issue access.Issue) error {
	return stand(u, store.Task{ID: "close/" + issue.ID, Kind: CloseTask}, standing{issue, access.IssueOver})
}

// Stand has the issue of a report say by its status how it stands, after all that was to be written on it before.
func Stand(u *engine.Unit, issue access.Issue, as access.IssueStanding) error {
	if as == access.IssueOver {
		return Close(u, issue)
	}
	return stand(u, store.Task{ID: fmt.Sprintf("stand/%s/%s/%d", issue.ID, as, u.At.UnixNano()), Kind: StandTask}, standing{issue, as})
}

func stand(u *engine.Unit, t store.Task, s standing) error {
	if s.ID == "" {
		return nil
	}
	body, err := engine.Payload(s)
	if err != nil {
		return err
	}
	t.Queue, t.Priority, t.Lane, t.Payload = Queue, store.Writings, lane(s.ID), body
	_, err = u.Enqueue(t)
	return err
}

// move is the handler of both kinds.
func (s *Service) move(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[standing](t)
	if err != nil || s.standings == nil {
		return nil, err
	}
	if p.As == "" {
		p.As = access.IssueOver
	}
	return nil, s.standings.MoveReport(ctx, p.Issue, p.As)
}
