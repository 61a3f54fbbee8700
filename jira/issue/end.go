package issue

import (
	"context"
	"time"

	"latchkey/access"
	"latchkey/jira/site"
	"latchkey/jira/stamp"
	"latchkey/jira/transition"
	"latchkey/jira/wording"
)

// End has an issue of its own say how the end of a case's access stands by an event, where the
// case's own issue was closed when the access was given: that one is not opened again. It is made
// in Latchkey's own name, so that nobody is mailed about it but those who do what is to be done.
// since is as with Open.
func (w *Writer) End(ctx context.Context, cs access.Case, e access.Event, since time.Time) error {
	s, err := w.sites.Site(ctx)
	if err != nil || !s.Closed(cs) {
		return err
	}
	at, err := w.endIssue(ctx, cs, since)
	if err != nil {
		return err
	}
	if e.Kind == access.EventEnding {
		if err := w.tie(ctx, at, cs.Request.Issue); err != nil {
			return err
		}
	}
	over := cs.Phase() == access.PhaseEnded
	if over {
		if err := w.Comment(ctx, at, wording.EndIsOver(cs, e), true); err != nil {
			return err
		}
	}
	if err := w.moveEnd(ctx, s, cs, at); err != nil || over {
		return err
	}
	r := &recording{w: w, s: s, cs: cs, e: e, issue: at.ID}
	return r.assign(ctx)
}

// tie links the issue about an end to the case's own. It names the other's key all the same, so
// that Jira doesn't let issues be linked keeps nothing from going on.
func (w *Writer) tie(ctx context.Context, at, to access.Issue) error {
	err := w.Link(ctx, at, to)
	if class := access.Classify(err).Class; err != nil && class != access.Denied && class != access.Rejected {
		return err
	}
	if err != nil {
		w.api.Log().WarnContext(ctx, "The issue about an end is there, but isn't linked.", "issue", at.Key, "to", to.Key, "error", err)
	}
	return nil
}

// endIssue is the issue about the end of a case's access, which is made if there is none.
func (w *Writer) endIssue(ctx context.Context, cs access.Case, since time.Time) (access.Issue, error) {
	report := wording.EndReport(cs)
	s, found, err := w.earlier(ctx, report.ID, since)
	if err != nil {
		return access.Issue{}, err
	}
	if found.Key == "" {
		if found, err = w.post(ctx, s, report.ID, endValues(s.Form, cs), ""); err != nil {
			w.distrust(err)
			return access.Issue{}, err
		}
		w.markReport(ctx, report, found)
	}
	w.lost.resolved(report.ID)
	return s.Issue(found.ID, found.Key), nil
}

// endValues fills in the form of the issue about an end.
func endValues(f site.Form, cs access.Case) map[string]any {
	r := wording.EndReport(cs)
	values := map[string]string{site.FieldApp: wording.AppName(cs), site.FieldRole: wording.RoleName(cs), site.FieldDuration: "-", site.FieldReason: r.Title}
	out, _ := f.Fill(stamp.Summary(r.Title, r.ID), wording.Report(r), values)
	f.Choose(out)
	return out
}

// end writes the issue about the end anew, where there is one, as far as it names or quotes people
// in a way that was erased.
func (x erasing) end(ctx context.Context) error {
	end, ok := x.cs.Last(access.EventEnding)
	told, hidden := x.cs.As(end.At)
	if !ok || !x.s.Closed(x.cs) || !hidden && !end.Erased {
		return nil
	}
	found, err := x.w.lost.look(ctx, x.s, wording.EndReport(x.cs).ID, end.At)
	if err != nil || found.Key == "" {
		return err
	}
	of := erasing{w: x.w, s: x.s, cs: x.cs, issue: found.ID}
	if err := of.put(ctx, endValues(x.s.Form, told)); err != nil {
		return err
	}
	return of.comments(ctx)
}

// moveEnd brings the issue about an end to where IT finds it: among what is being changed, is to be
// changed by hand, or needs help, and among what is closed when it is over.
func (w *Writer) moveEnd(ctx context.Context, s *site.Site, cs access.Case, at access.Issue) error {
	key := site.Approved
	switch cs.Phase() {
	case access.PhaseEnded:
		key = site.Ended
	case access.PhaseStuck:
		key = site.Stuck
	case access.PhaseManual:
		key = site.Manual
	default:
		if cs.Grant.Manual {
			key = site.Manual
		}
	}
	walk := w.moves.Walk(s, at.ID, key, "")
	if key == site.Ended {
		walk.Outcome = s.OutcomeFor(cs)
	}
	if err := walk.Refresh(ctx); err != nil {
		return err
	}
	walk.Lenient = true // wherever somebody put it, the end goes on
	_, err := walk.Run(ctx, transition.Payload{Comment: stamp.Comment(stamp.Stamp{ID: wording.EndReport(cs).ID + movedSuffix, Audience: stamp.Agents}, wording.Moved())})
	return err
}
