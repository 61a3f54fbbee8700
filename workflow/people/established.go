package people

import (
	"context"
	"fmt"
	"time"

	"latchkey/access"
)

// checkTimeout bounds how long an answer waits for the directories. Slack wants
// to hear within three seconds.
const checkTimeout = 1500 * time.Millisecond

// Established are those who may answer a request at this moment: decide it, or
// say whether the emergency was one. Only when a directory doesn't answer in time
// do those stand in who were asked; how then says so, for the record. Nobody, for
// a request that takes no answer. Whoever answers is looked up anew, however
// lately they were: a moment ago they may have left.
func (s *Service) Established(ctx context.Context, r access.Request, by access.PersonID) (who []access.PersonID, how string, err error) {
	s.Forget(by)
	short, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	var asked []access.PersonID
	switch {
	case r.State == access.RequestPending:
		who, err = s.Deciders(short, r)
		asked, how = r.Stages[r.Stage].Asked, "as established when the approvers were asked; a directory did not answer at the moment of the decision"
	case r.BreakGlass:
		who, err = s.Reviewers(short, r)
		if how = "as established when they were asked; a directory did not answer at the moment of the answer"; r.UnderReview() {
			asked = r.Review.Asked
		}
	}
	switch {
	case err == nil:
		return who, "", nil
	case len(asked) == 0 || ctx.Err() != nil:
		return nil, "", fmt.Errorf("find out who may answer: %w", err)
	}
	s.log.Warn("a directory does not answer; those who were asked stand in", "request", r.ID, "error", err)
	return asked, how, nil
}
