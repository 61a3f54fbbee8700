package campaigns

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strconv"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// campaignPrefix begins the id of a campaign.
const campaignPrefix = "RV-"

func newCampaignID() string { return campaignPrefix + rand.Text()[:8] }

// Begin begins a run of a review: who is in which group is read next. Of a definition only one run goes on at a time. A
// review for an occasion is about one person.
func (s *Service) Begin(ctx context.Context, by access.Actor, review catalog.Review, about access.PersonID, occasion access.Occasion) (access.Campaign, error) {
	if err := s.mayRun(ctx, by); err != nil {
		return access.Campaign{}, s.units.LogRefusal(ctx, "", by, "begin a review", err)
	}
	id := newCampaignID()
	var c access.Campaign
	err := s.units.Update(ctx, func(u *engine.Unit) (err error) {
		c, err = s.begin(u, access.Campaign{ID: id, Review: review, By: by, About: about, Occasion: occasion})
		return err
	})
	return c, err
}

// BeginConfigured begins a run of a review that is configured.
func (s *Service) BeginConfigured(ctx context.Context, by access.Actor, id string) (access.Campaign, error) {
	r, err := s.configured(id)
	if err != nil {
		return access.Campaign{}, err
	}
	if len(r.Occasions) > 0 {
		return access.Campaign{}, access.Refuse(access.Invalid, "", "The review "+id+" is about one person and begins by itself, when something happens to them. It can't be begun for everybody.")
	}
	return s.Begin(ctx, by, r, "", "")
}

// configured is the review of an id.
func (s *Service) configured(id string) (catalog.Review, error) {
	all := s.reviews()
	i := slices.IndexFunc(all, func(r catalog.Review) bool { return r.ID == id })
	if i < 0 {
		return catalog.Review{}, access.Refuse(access.Unknown, "review", fmt.Sprintf("No review is configured as %q.", id))
	}
	return all[i], nil
}

// mayRun refuses whoever isn't IT. Latchkey itself may: the calendar and the occasions are IT's word.
func (s *Service) mayRun(ctx context.Context, by access.Actor) error {
	if by.Person == "" && by.Via == access.ViaSystem {
		return nil
	}
	caller, err := s.authority.CallerNow(ctx, by)
	if err != nil {
		return err
	}
	return s.authority.May(caller, people.ActReview, people.Matter{})
}

// begin stores a campaign with its first event, has its issue opened and its groups read.
func (s *Service) begin(u *engine.Unit, c access.Campaign) (access.Campaign, error) {
	before, err := store.CampaignsOf(u.Tx, c.Review.ID)
	if err != nil {
		return c, err
	}
	for _, o := range before {
		if o.Running() && c.Occasion == "" && !o.Small() {
			if err := s.givesWay(u, o, c.By); err != nil {
				return c, err
			}
		}
		c.Run = max(c.Run, o.Run)
	}
	c.Run++
	if u.Catalog != nil {
		c.Catalog = u.Catalog.Version()
	}
	c, e, err := access.NewCampaign(c, u.At)
	if err != nil {
		return c, err
	}
	if err := engine.Begin(u, rows.Campaigns(), &c, e); err != nil {
		return c, err
	}
	if err := s.report(u, c); err != nil {
		return c, err
	}
	return c, readSoon(u, readTask{Campaign: c.ID, Snapshot: snapshotName(u, c)})
}

// givesWay closes the run before where it is open only for what people remove by hand; one that goes on otherwise is in the way.
func (s *Service) givesWay(u *engine.Unit, before access.Campaign, by access.Actor) error {
	var err error
	refused := before.State != access.CampaignEnforcing
	if !refused {
		_, err = s.Enforcing.CloseHeld(u, before, by)
		_, refused = access.AsRefusal(err)
	}
	if refused {
		return access.Refuse(access.Duplicate, "review", fmt.Sprintf("The review %q is going on already, as %s: close or cancel that one first.", before.Review.ID, before.ID))
	}
	return err
}

// snapshotName names what is read now: each reading of a campaign has a name of its own.
func snapshotName(u *engine.Unit, c access.Campaign) string {
	return c.ID + "." + strconv.FormatInt(u.At.UnixMilli(), 36)
}
