package export

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/evidence/pack"
)

// TestWhatTheLastLookShowed is written as it was seen: what never went isn't there "again", and what came back for a reason
// isn't a removal that failed.
func TestWhatTheLastLookShowed(t *testing.T) {
	for name, c := range map[string]struct {
		item   access.ReviewItem
		says   string
		result pack.Result
	}{
		"gone":                 {access.ReviewItem{Outcome: access.OutcomeGone}, "", pack.Gone},
		"came back":            {access.ReviewItem{Outcome: access.OutcomeGone, Back: true}, "there again", pack.Failed},
		"was approved anew":    {access.ReviewItem{Outcome: access.OutcomeGone, Again: "It is there by the request AR-2."}, "there again when it was looked at once more. It is there by the request AR-2.", pack.Gone},
		"nobody removed it":    {access.ReviewItem{Outcome: access.OutcomeManual, Back: true}, "still there", pack.Manual},
		"something else needs": {access.ReviewItem{Outcome: access.OutcomeShared, Again: "It is there by the grant G-2."}, "still there when it was looked at once more. It is there by", pack.Kept},
	} {
		if got := lookedAgain(c.item); !strings.Contains(got, c.says) || (got == "") != (c.says == "") || resultOf(c.item) != c.result {
			t.Errorf("%s: %q, %s", name, got, resultOf(c.item))
		}
	}
}

// TestWhyItWasNotLookedAtAgain says what is known of that, and never "not yet" once a review is closed.
func TestWhyItWasNotLookedAtAgain(t *testing.T) {
	closed, gone := access.Campaign{State: access.CampaignClosed}, access.ReviewItem{Outcome: access.OutcomeGone}
	back := gone
	back.Restored = time.Now()
	for name, c := range map[string]struct {
		campaign access.Campaign
		item     access.ReviewItem
		knows    pack.Knowledge
		why      string
	}{
		"it goes on":  {access.Campaign{State: access.CampaignEnforcing}, gone, pack.None, "not yet"},
		"unreadable":  {closed, gone, pack.Unknown, "couldn't be read"},
		"given back":  {closed, back, pack.NotAsked, "given back"},
		"wasn't done": {closed, access.ReviewItem{Outcome: access.OutcomeVoid}, pack.NotAsked, "wasn't carried out"},
	} {
		if got := unchecked(c.campaign, c.item); got.Knowledge() != c.knows || !strings.Contains(got.Why, c.why) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
