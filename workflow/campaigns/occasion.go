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
