package ledger

import (
	"context"
	"fmt"
	"strings"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// state is the handler of StateTask. What is told of further events carries the state
// along.
func (s *Service) state(ctx context.Context, t store.Task) (engine.Outcome, error) {
	id := t.Subject.Request()
	if err := mayBeOlder(ctx, s.units, id); err != nil {
		return nil, err
	}
	c, err := s.query.Case(ctx, id)
	if err != nil || c.Request.Issue.Gone {
		return nil, err
	}
	if len(c.Lost) > 0 {
		return nil, people.Rejected("Not all of the story of %s can be read back (%s). Its issue says so, and doesn't carry the signed state from there on: restore the log from a backup, then try again", c.Request.Label(), lostOf(c))
	}
	if waits, err := s.waits(ctx, c); err != nil || waits || len(c.Story) == 0 {
		return nil, err
	}
	_, err = s.writers[access.SubjectRequest].Record(ctx, id, c.Story[len(c.Story)-1].ID, true)
	return nil, err
}

// waits tells whether something of a story is about to be told to its issue.
func (s *Service) waits(ctx context.Context, c access.Case) (bool, error) {
	return moreToTell(ctx, s.units, c, access.Event{})
}

// lostOf says which events of a story are lost.
func lostOf(c access.Case) string {
	const most = 10
	named := c.Lost[:min(len(c.Lost), most)]
	text := "event " + strings.Join(named, ", event ")
	if more := len(c.Lost) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
