package ledger

import (
	"context"

	"latchkey/store"
	"latchkey/workflow/engine"
)

// comment is the handler of CommentTask.
func (s *Service) comment(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[commentPayload](t)
	if err != nil || s.comments == nil {
		return nil, err
	}
	return nil, s.comments.Comment(ctx, p.Issue, p.Body, t.Begun)
}
