package issue

import (
	"cmp"
	"context"
	"fmt"

	"latchkey/access"
	"latchkey/jira/site"
	"latchkey/jira/stamp"
	"latchkey/jira/transition"
	"latchkey/jira/wording"
)

// reopenedSuffix ends the id of the comment for a transition's screen that insists on one.
const reopenedSuffix = "/reopened"

// Reopen brings an issue that is closed back to where access stands that goes on. One that is open is left where it is. why says in
// a sentence that it stays closed, because the workflow has no way back.
func (w *Writer) Reopen(ctx context.Context, issue access.Issue) (why string, err error) {
	s, err := w.sites.Site(ctx)
	if err != nil {
		return "", err
	}
	id := cmp.Or(issue.ID, issue.Key)
	walk := w.moves.Walk(s, id, site.Active, "")
	if err := walk.Refresh(ctx); err != nil || !walk.Ended() {
		return "", err
	}
	w.positions.Drop(id)
	_, err = walk.Run(ctx, transition.Payload{Comment: stamp.Comment(stamp.Stamp{ID: id + reopenedSuffix, Audience: stamp.Agents}, wording.Moved())})
	if err == nil && walk.Left {
		why = fmt.Sprintf("%s is closed, and its workflow has no way back from %s to %s, so this has an issue of its own. Add such a transition, and the next one is written there.", issue.Key, walk.StatusName(walk.At), walk.Target.Name)
	}
	return why, err
}

// Settle brings the issue of a case to where the case has it, wherever it is.
func (w *Writer) Settle(ctx context.Context, cs access.Case) error {
	s, err := w.sites.Site(ctx)
	if err != nil {
		return err
	}
	key, moves := s.KeyFor(cs)
	if !moves {
		return nil
	}
	id := cmp.Or(cs.Request.Issue.ID, cs.Request.Issue.Key)
	walk := w.moves.Walk(s, id, key, "")
	walk.Outcome, walk.Lenient = s.OutcomeFor(cs), true
	if err := walk.Refresh(ctx); err != nil {
		return err
	}
	w.positions.Drop(id)
	_, err = walk.Run(ctx, transition.Payload{Comment: stamp.Comment(stamp.Stamp{ID: id + reopenedSuffix, Audience: stamp.Agents}, wording.Moved())})
	return err
}
