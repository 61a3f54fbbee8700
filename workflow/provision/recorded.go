package provision

import (
	"context"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// lookAgain is how soon Jira is asked again whether an issue is there.
const lookAgain = 10 * time.Second

// recorded tells whether the issue that says why is there, at this moment: nobody is
// put into a group because it was there once. A look counts that was begun when somebody said
// the yes that this follows from. While Jira can't be asked the change
// waits, and goes on by itself; that Jira can't be asked is told by what waits to be
// written into the issue.
func (s *Service) recorded(ctx context.Context, g access.Grant) (bool, error) {
	if s.records == nil || g.Request == "" && !g.Recorded() {
		return true, nil
	}
	issue := g.Issue
	err := s.units.View(ctx, func(tx store.Tx) error {
		if g.Request == "" {
			return nil
		}
		r, err := store.Request(tx, g.Request)
		issue = r.Issue
		return err
	})
	if err != nil {
		return false, err
	}
	if issue.Key == "" && g.Request == "" {
		return false, nil
	}
	if g.Request != "" && s.ahead.Recorded(ctx, g.Request) {
		return true, nil
	}
	there, err := s.records.There(ctx, issue)
	if err != nil {
		f := access.Classify(err)
		return false, &access.Failure{Class: access.Limited, After: max(lookAgain, f.After), Err: err,
			Sentence: "It can't be seen whether the issue " + issue.Key + " is still there, and nobody is put into a group without it (" + f.Sentence + ")"}
	}
	return there, nil
}

// unrecorded ends a grant that was about to be given, because its issue is gone.
// What of it was given already is taken back.
func (s *Service) unrecorded(u *engine.Unit, grant string) error {
	g, err := u.Grant(grant)
	if err != nil || !g.Live() || g.State == access.GrantActive {
		return err
	}
	issue, err := issueOf(u, g)
	if err != nil {
		return err
	}
	e := g.Event(access.EventEnding, access.System(), u.At)
	e.End, e.Note = access.EndUnrecorded, "The issue "+issue.Key+" was deleted, or hidden from Latchkey, before access was given."
	if _, err := u.MoveGrant(g, e); err != nil || s.gone == nil || g.Request == "" {
		return err
	}
	return s.gone(u, g.Request)
}
