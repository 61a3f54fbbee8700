package notify

import (
	"math"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// CampaignContent is what the card of an access review shows to those who look after it: how far it is.
type CampaignContent struct {
	Campaign access.Campaign
	Progress access.Progress // as it is counted now
	Left     int             // rows that wait for an answer
	Waiting  int             // reviewers who have rows left
	Late     bool            // its due time is over
}

// Upto implements Content. Whatever happens to a review has its card shown anew.
func (c CampaignContent) Upto() uint64 { return math.MaxInt64 }

// Pin implements Pinning: it stands where everybody sees it until it is over.
func (c CampaignContent) Pin() bool { return c.Campaign.Running() }

// campaignTogether is for how long answers to a review are one edit of its card.
const campaignTogether = time.Minute

// CampaignSoon has the card of a review show its answers, many with one edit.
func CampaignSoon(u *engine.Unit, c access.Campaign) error {
	return showCampaign(u, c, u.At.Add(campaignTogether))
}

// CampaignMoved has the card of a review show that it has moved on.
func CampaignMoved(u *engine.Unit, c access.Campaign) error { return showCampaign(u, c, u.At) }

// showCampaign shows the card, also in the channel that the review names. Small reviews have none, nor have those that never began: nobody watches how far they are.
func showCampaign(u *engine.Unit, c access.Campaign, at time.Time) error {
	if c.Small() || c.Started.IsZero() {
		return nil
	}
	cards := []Card{{Audience: ToIT}}
	if c.Review.Channel != "" {
		cards = append(cards, Card{Audience: ToChannel, Channel: c.Review.Channel})
	}
	about := access.CampaignSubject(c.ID)
	for _, card := range cards {
		body, err := engine.Payload(card)
		if err == nil {
			err = u.EnqueueBy(store.Task{ID: cardTaskID(about, card), Queue: Queue, Kind: cardTask, Subject: about, Priority: store.Notices, Payload: body}, at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
