package issue

import (
	"cmp"
	"context"

	"latchkey/access"
	"latchkey/jira/stamp"
	"latchkey/jira/wording"
)

// Comment writes a comment that belongs to no event of a request: an answer to
// somebody who asked in the portal, or a message from Slack. again says
// that an earlier attempt may have got through: look before writing.
func (w *Writer) Comment(ctx context.Context, issue access.Issue, m access.IssueComment, again bool) error {
	id := cmp.Or(issue.ID, issue.Key)
	if again {
		seen, err := w.comments.written(ctx, id, stamp.Stamp{ID: m.ID}, m.At)
		if err != nil || len(seen) > 0 {
			return err
		}
	}
	to := stamp.Agents
	if m.Public {
		to = stamp.Customer
	}
	return w.comments.Add(ctx, id, stamp.Comment(stamp.Stamp{ID: m.ID, Audience: to}, wording.Comment(m)))
}

// Late tells the customer what was decided by an event, and that nothing has come of it so
// far. again: an earlier attempt may have got through.
func (w *Writer) Late(ctx context.Context, cs access.Case, e access.Event, again bool) error {
	id := cmp.Or(cs.Request.Issue.ID, cs.Request.Issue.Key)
	if again {
		seen, err := w.comments.written(ctx, id, stamp.For(e, ""), e.At)
		if err != nil || seen[stamp.Customer] {
			return err
		}
	}
	mark := stamp.For(e, stamp.Customer)
	n, err := wording.ForEvent(cs, e)
	if err != nil {
		return err
	}
	mark.MoreForAgents = !n.Internal.Empty()
	w.positions.Drop(id) // a rule of the desk may move the issue after it
	return w.comments.Add(ctx, id, stamp.Comment(mark, wording.Late(cs)))
}
