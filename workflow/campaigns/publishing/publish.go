package publishing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
)

// issueWait is how soon it is looked again whether a review has its issue, where Jira can't make it yet.
const issueWait = time.Minute

// publish carries a Task out.
func (s *Service) publish(ctx context.Context, t store.Task) (engine.Outcome, error) {
	a, err := engine.ReadPayload[rows.About](t)
	if err != nil || s.files == nil {
		return nil, err
	}
	var c access.Campaign
	err = s.units.View(ctx, func(tx store.Tx) error {
		c, err = store.Campaign(tx, a.Campaign)
		return err
	})
	switch {
	case err != nil || c.State != access.CampaignClosed:
		return nil, err
	case c.Issue.Key == "":
		return nil, &access.Failure{Class: access.Limited, After: issueWait, Sentence: fmt.Sprintf("The evidence of the review %s waits for its issue", c.ID)}
	case s.seal().Sign == nil:
		return nil, &access.Failure{Class: access.Denied, Sentence: fmt.Sprintf("There is no key to sign the evidence of the review %s with: see latchkey evidence key", c.ID)}
	}
	at, err := s.attached(ctx, c)
	var never *access.Failure
	switch {
	case errors.Is(err, access.ErrNotAttachable) && errors.As(err, &never):
		return func(u *engine.Unit) error { return s.notAttached(u, c.ID, never.Sentence) }, nil
	case err != nil:
		return nil, err
	}
	return func(u *engine.Unit) error { return s.published(u, c.ID, at) }, nil
}

// attached sees to it that the pack of a campaign is attached to its issue, and reads back what is there. One that an
// earlier attempt attached is the one.
func (s *Service) attached(ctx context.Context, c access.Campaign) (at seenPack, err error) {
	name := fileName(c)
	all, err := s.files.Attached(ctx, c.Issue)
	if err != nil {
		return at, err
	}
	for _, f := range all {
		if f.Name == name {
			return s.readBack(ctx, c, f.ID)
		}
	}
	made, err := s.make(ctx, c)
	if err != nil {
		return at, err
	}
	defer made.forget()
	id, err := s.files.Attach(ctx, c.Issue, access.IssueFile{Name: name, Size: made.size, Sum: made.sum}, made.open)
	if err != nil {
		return at, err
	}
	if at, err = s.readBack(ctx, c, id); err == nil && at.sum != made.sum {
		err = notOurs(c, name, "Jira gave other bytes than it was sent")
	}
	return at, err
}

// fileName is what the pack of a campaign is called: the same at each attempt.
func fileName(c access.Campaign) string { return "access-review-" + c.ID + ".zip" }

// notOurs is the failure that an issue has a file of the pack's name that isn't the pack. It isn't replaced: perhaps
// somebody needs it.
func notOurs(c access.Campaign, name, why string) error {
	return &access.Failure{Class: access.Rejected,
		Sentence: fmt.Sprintf("%s has a file %s that isn't the evidence of the review %s as Latchkey signs it (%s): look at it, rename or delete it, then retry", c.Issue.Key, name, c.ID, why)}
}
