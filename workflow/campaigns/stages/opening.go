package stages

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// Open has the reviewers of a campaign asked.
func (s *Service) Open(u *engine.Unit, c access.Campaign, by access.Actor) error {
	e := c.Event(access.EventCampaignStarted, by, u.At)
	due := endOfStage(u.At, c.Review.Stage(0))
	e.Review = &access.ReviewDetails{Due: due, Remind: access.NextReviewReminder(u.At, due, u.At)}
	c, err := engine.Move(u, rows.Campaigns(), c, e)
	if err != nil {
		return err
	}
	if err := errors.Join(handOut(u, c, 0), notify.CampaignMoved(u, c)); err != nil {
		return err
	}
	if c.Counts.Reviewers == 0 { // nobody is asked, so nobody is waited for
		c.AllSaid = u.At
		return engine.Save(u, rows.Campaigns(), &c)
	}
	return s.tellReviewers(u, c)
}

// defaultLasts is how long a stage lasts that doesn't say it.
const defaultLasts = 2 * catalog.Week

// endOfStage is when a stage ends that begins at a moment.
func endOfStage(at time.Time, stage catalog.ReviewStage) time.Time {
	return at.Add(cmp.Or(stage.Lasts, defaultLasts))
}

// handOut gives each reviewer of a stage their worklist, as the snapshot has it.
func handOut(u *engine.Unit, c access.Campaign, stage int) error {
	from, err := snapshot.Open(u.Tx, c.Snapshot)
	if err != nil {
		return err
	}
	for one, err := range rows.InStage(from, stage).Reviewers() {
		if err != nil {
			return err
		}
		if one.ID == "" {
			continue
		}
		w := access.Worklist{Campaign: c.ID, Stage: stage, Reviewer: one.ID, Rows: one.Rows}
		if err := store.PutWorklist(u.Tx, &w); err != nil {
			return fmt.Errorf("the worklist of %s: %w", one.ID, err)
		}
	}
	return nil
}
