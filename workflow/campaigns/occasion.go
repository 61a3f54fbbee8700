package campaigns

import (
	"context"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Occasion begins a small review of what somebody has, where a review is configured for that occasion and none of them is
// under way: what happens to somebody at the same time is looked at once.
func (s *Service) Occasion(ctx context.Context, who access.PersonID, o access.Occasion) error {
	return s.units.Update(ctx, func(u *engine.Unit) error { return s.OccasionIn(u, who, o) })
}

// OccasionIn is Occasion within a unit of work.
func (s *Service) OccasionIn(u *engine.Unit, who access.PersonID, o access.Occasion) error {
	review, on := s.onOccasion(o)
	if !on || who == "" {
		return nil
	}
	running, err := store.CampaignsAbout(u.Tx, who)
	if err != nil || len(running) > 0 {
		return err
	}
	if people.StillHere(u, who) != nil {
		return nil // what they have ends anyway
	}
	_, err = s.begin(u, access.Campaign{ID: newCampaignID(), Review: review, By: access.System(), About: who, Occasion: o})
	return err
}

// onOccasion is the review that an occasion begins.
func (s *Service) onOccasion(o access.Occasion) (catalog.Review, bool) {
	all := s.reviews()
	i := slices.IndexFunc(all, func(r catalog.Review) bool { return slices.Contains(r.Occasions, string(o)) })
	if i < 0 {
		return catalog.Review{}, false
	}
	return all[i], true
}

// newManager says why a small review is begun anew.
const newManager = "Somebody else manages them by now, so it begins anew and asks that one."

// askAnew begins a small review of somebody anew who has got another manager, where managers are asked and nobody has answered
// yet: directories often tell of a move first, and of the new manager some minutes later.
func (s *Service) askAnew(u *engine.Unit, who access.PersonID) error {
	running, err := store.CampaignsAbout(u.Tx, who)
	for _, c := range running {
		waits := false
		if err == nil {
			waits, err = waitsForManagers(u, c)
		}
		if err != nil || !waits {
			continue
		}
		if _, err = cancel(u, c, access.System(), newManager); err == nil {
			_, err = s.begin(u, access.Campaign{ID: newCampaignID(), Review: c.Review, By: access.System(), About: who, Occasion: c.Occasion})
		}
	}
	return err
}

// waitsForManagers tells whether a small review asks managers, and nothing was answered or done about any of its rows.
func waitsForManagers(u *engine.Unit, c access.Campaign) (bool, error) {
	asks := func(a catalog.Approver) bool { return a.Kind == catalog.Manager || a.Kind == catalog.SecondManager }
	if !c.Small() || !slices.ContainsFunc(c.Review.Stages, func(s catalog.ReviewStage) bool {
		return slices.ContainsFunc(slices.Concat(s.Reviewers, s.Additional), asks)
	}) {
		return false, nil
	}
	said, err := store.ReviewItems(u.Tx, c.ID, "", 1)
	return len(said) == 0, err
}
