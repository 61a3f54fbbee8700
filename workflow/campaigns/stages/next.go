package stages

import (
	"context"
	"errors"
	"slices"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// nextStage counts what everybody has to do in the next stage, and begins it.
func (s *Service) nextStage(ctx context.Context, c access.Campaign) (engine.Outcome, error) {
	if err := s.revokedBySilence(ctx, c); err != nil {
		return nil, err
	}
	counted, err := s.counted(ctx, c, c.Stage+1)
	if err != nil {
		return nil, err
	}
	if err := s.putLists(ctx, counted); err != nil {
		return nil, err
	}
	return func(u *engine.Unit) error {
		c, err := engine.Load(u, rows.Campaigns(), c.ID)
		if err != nil || c.Over.IsZero() || c.State != access.CampaignOpen {
			return err
		}
		e := rows.WithReview(c.Event(access.EventStageBegun, access.System(), u.At))
		e.Review.Due = endOfStage(u.At, c.Review.Stage(c.Stage+1))
		e.Review.Remind = access.NextReviewReminder(u.At, e.Review.Due, u.At)
		if c, err = engine.Move(u, rows.Campaigns(), c, e); err != nil {
			return err
		}
		return errors.Join(s.tellReviewers(u, c), notify.CampaignMoved(u, c))
	}, nil
}

// counted are the worklists of a stage: how many rows each reviewer has whom the snapshot names, without those that were
// revoked before.
func (s *Service) counted(ctx context.Context, c access.Campaign, stage int) (map[access.PersonID]access.Worklist, error) {
	out := map[access.PersonID]access.Worklist{}
	err := s.rows.Pages(ctx, c.ID, func(_ rows.Opened, page []rows.Row) error {
		for _, row := range page {
			if row.Excluded != "" || row.Item.Decision == access.DecisionRevoke {
				continue
			}
			for _, who := range rows.Named(row, stage) {
				w, known := out[who]
				if !known {
					w = access.Worklist{Campaign: c.ID, Stage: stage, Reviewer: who}
				}
				w.Rows++
				out[who] = w
			}
		}
		return nil
	})
	return out, err
}

// putLists stores worklists that nobody has answered from yet, some in each unit of work.
func (s *Service) putLists(ctx context.Context, all map[access.PersonID]access.Worklist) error {
	who := make([]access.PersonID, 0, len(all))
	for one := range all {
		who = append(who, one)
	}
	slices.Sort(who)
	for part := range slices.Chunk(who, rows.AtOnce) {
		err := s.units.Update(ctx, func(u *engine.Unit) error {
			for _, one := range part {
				w := all[one]
				if is, err := store.Worklist(u.Tx, w.Campaign, w.Stage, one); err == nil {
					w.Version = is.Version // it was stored by an attempt that broke off
				}
				if err := engine.Save(u, rows.Worklists(), &w); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// revokedBySilence determines the rows of the stage that its answers revoke now that nobody answers any more: one revoked,
// and who could have kept it with one word said nothing. Those go on to no further stage.
func (s *Service) revokedBySilence(ctx context.Context, c access.Campaign) error {
	for after, more := "", true; more; {
		var revoked []int
		err := s.units.View(ctx, func(tx store.Tx) error {
			page, damage, err := store.Sound(store.ReviewItemsIn(tx, c.ID, access.ItemOpen, after, rows.AtOnce))
			more = len(page) > 0 && len(page)+len(damage) == rows.AtOnce
			for _, i := range page {
				if after = i.ID(); i.Stage == c.Stage && i.Final() == access.DecisionRevoke {
					revoked = append(revoked, i.Row)
				}
			}
			return err
		})
		if err == nil {
			_, err = s.determineSome(ctx, c.ID, revoked)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
