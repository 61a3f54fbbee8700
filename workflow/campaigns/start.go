package campaigns

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/campaigns/population"
	"latchkey/workflow/campaigns/reading"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
)

// Start opens a campaign: reviewers are asked. What was read more than a day ago is read again first, and it starts once
// that is done; rereads tells that it is so.
func (s *Service) Start(ctx context.Context, by access.Actor, id string) (c access.Campaign, rereads bool, err error) {
	c, err = s.change(ctx, by, id, "start a review", func(u *engine.Unit, c access.Campaign) (access.Campaign, error) {
		if rereads = c.State == access.CampaignDraft && u.At.Sub(c.Read) > reading.StaleAfter; rereads {
			return again(u, c, by, readTask{Start: true, By: by})
		}
		if err := s.stages.Open(u, c, by); err != nil {
			return c, err
		}
		return engine.Load(u, rows.Campaigns(), c.ID)
	})
	return c, rereads, err
}

// ReadAgain has the groups of a campaign read anew, which hasn't started yet.
func (s *Service) ReadAgain(ctx context.Context, by access.Actor, id string) (access.Campaign, error) {
	return s.change(ctx, by, id, "read again for a review", func(u *engine.Unit, c access.Campaign) (access.Campaign, error) {
		return again(u, c, by, readTask{})
	})
}

func again(u *engine.Unit, c access.Campaign, by access.Actor, task readTask) (access.Campaign, error) {
	task.Campaign, task.Snapshot, task.Drop = c.ID, snapshotName(u, c), c.Snapshot
	e := c.Event(access.EventReadAgain, by, u.At)
	e.Review = &access.ReviewDetails{}
	c, err := engine.Move(u, rows.Campaigns(), c, e)
	if err != nil {
		return c, err
	}
	return c, readSoon(u, task)
}

// Accept takes what was read as it is, although it isn't certain that it is everybody. It starts then, where it starts by itself.
func (s *Service) Accept(ctx context.Context, by access.Actor, id, because string) (access.Campaign, error) {
	if err := s.acceptable(ctx, id); err != nil {
		return access.Campaign{}, err
	}
	return s.change(ctx, by, id, "accept what was read for a review", func(u *engine.Unit, c access.Campaign) (access.Campaign, error) {
		e := c.Event(access.EventPopulationAccepted, by, u.At)
		e.Reason, e.Review = because, &access.ReviewDetails{}
		c, err := engine.Move(u, rows.Campaigns(), c, e)
		if err == nil && c.Review.Automatic && against(c) == "" {
			if err = s.stages.Open(u, c, access.System()); err == nil {
				return engine.Load(u, rows.Campaigns(), c.ID)
			}
		}
		return c, err
	})
}

// acceptable refuses what nobody can accept: of what wasn't read to its end, nobody knows who is missing.
func (s *Service) acceptable(ctx context.Context, id string) error {
	c, err := s.Campaign(ctx, id)
	if err != nil || c.Snapshot == "" {
		return err
	}
	return s.units.View(ctx, func(tx store.Tx) error {
		from, err := snapshot.Open(tx, c.Snapshot)
		if err != nil {
			return err
		}
		for g, err := range from.Groups() {
			if err != nil {
				return err
			}
			p, err := population.ProofOf(g)
			if err != nil {
				return err
			}
			if proof := p.Proof(); g.Proof != nil && (proof == access.Unread || proof == access.RowsLost) {
				return access.Refuse(access.Invalid, "", p.Problem()+" That can't be accepted. If the group isn't to be reviewed, leave its roles out, with a reason.")
			}
		}
		return nil
	})
}

// Cancel ends a campaign for good, with a reason. What was revoked by then stays revoked.
func (s *Service) Cancel(ctx context.Context, by access.Actor, id, because string) (access.Campaign, error) {
	return s.change(ctx, by, id, "cancel a review", func(u *engine.Unit, c access.Campaign) (access.Campaign, error) {
		return cancel(u, c, by, because)
	})
}

func cancel(u *engine.Unit, c access.Campaign, by access.Actor, because string) (access.Campaign, error) {
	e := c.Event(access.EventCampaignCancelled, by, u.At)
	e.Reason, e.Review = because, &access.ReviewDetails{}
	c, err := engine.Move(u, rows.Campaigns(), c, e)
	if err != nil {
		return c, err
	}
	if err := ledger.Close(u, c.Issue); err != nil {
		return c, err
	}
	return c, notify.CampaignMoved(u, c)
}

// change has IT do something to a campaign.
func (s *Service) change(ctx context.Context, by access.Actor, id, what string, do func(*engine.Unit, access.Campaign) (access.Campaign, error)) (c access.Campaign, err error) {
	if err := s.mayRun(ctx, by); err != nil {
		return c, s.units.LogRefusal(ctx, "", by, what, err)
	}
	if _, err := s.Campaign(ctx, id); err != nil {
		return c, err
	}
	err = s.units.Update(ctx, func(u *engine.Unit) error {
		if c, err = engine.Load(u, rows.Campaigns(), id); err != nil {
			return err
		}
		c, err = do(u, c)
		return err
	})
	return c, s.units.LogRefusal(ctx, "", by, what, err)
}

// against is what speaks against starting a campaign without a human's look; "" for nothing.
func against(c access.Campaign) string {
	switch {
	case len(c.Unproven) > 0 && c.Accepted == nil:
		return fmt.Sprintf("It isn't certain that everybody was read: %s", strings.Join(atMost(c.Unproven, 3), " "))
	case c.Counts.Rows == 0:
		return "There is nothing to review."
	case c.Counts.Alone > 0 && cmp.Or(c.Review.Unreachable, catalog.EscalateReview) == catalog.EscalateReview:
		return fmt.Sprintf("Nobody could be found who may answer %d of %d rows, and IT would have to decide these.", c.Counts.Alone, c.Counts.Rows)
	}
	return ""
}

func atMost(all []string, n int) []string { return all[:min(n, len(all))] }

// tellDraft tells IT that a campaign was read and waits for them, and why.
func (s *Service) tellDraft(u *engine.Unit, c access.Campaign, speaks string) error {
	if speaks == "" {
		speaks = "Look at it, and start it."
	}
	return notify.Announce(u, "campaign/draft/"+c.Snapshot, "", fmt.Sprintf("The access review “%s” (%s) was read and waits for you", c.Review.Name, c.ID),
		fmt.Sprintf("%s of %s in %s, for %s.", numbered(c.Counts.Rows, "row", "rows"), numbered(c.Counts.People, "person", "people"), numbered(c.Counts.Groups, "group", "groups"), numbered(c.Counts.Reviewers, "reviewer", "reviewers")), speaks)
}

// numbered counts things in words.
func numbered(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// List are all campaigns, the latest first.
func (s *Service) List(ctx context.Context) (all []access.Campaign, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		all, err = rows.AllCampaigns(tx)
		return err
	})
	slices.SortFunc(all, func(a, b access.Campaign) int {
		return cmp.Or(b.Created.Compare(a.Created), strings.Compare(a.ID, b.ID))
	})
	return all, err
}
