package cards

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/catalog"
	"latchkey/workflow/notify"
)

// TestCampaignCards: what those read who look after a review, in each of its states, whatever it is called.
func TestCampaignCards(t *testing.T) {
	due := time.Date(2026, 12, 14, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		state  access.CampaignState
		change func(*notify.CampaignContent)
		want   []string
		not    string
	}{
		"open":      {access.CampaignOpen, nil, []string{"Access review: Quarterly, 12 of 94 memberships decided", "until", "82 answers of 3 reviewers are missing.", "[Review mine]", "2 revoked, 1 seen to be gone"}, "Late"},
		"late":      {access.CampaignOpen, func(c *notify.CampaignContent) { c.Late = true }, []string{"*Late*: the time to answer was up"}, ""},
		"one left":  {access.CampaignOpen, func(c *notify.CampaignContent) { c.Left, c.Waiting = 1, 1 }, []string{"1 answer of 1 reviewer is missing."}, ""},
		"all said":  {access.CampaignOpen, func(c *notify.CampaignContent) { c.Left, c.Waiting = 0, 0 }, []string{"Nothing waits for an answer."}, "Review mine"},
		"enforcing": {access.CampaignEnforcing, nil, []string{"Access review: Quarterly is carried out", "Nobody answers any more."}, "[Review"},
		"closed":    {access.CampaignClosed, nil, []string{"Access review closed: Quarterly", "10 memberships kept", "IT-1"}, "["},
		"cancelled": {access.CampaignCancelled, func(c *notify.CampaignContent) { c.Campaign.Why = "Read again <later>" }, []string{"Access review cancelled: Quarterly", "Read again &lt;later&gt;"}, "["},
	} {
		t.Run(name, func(t *testing.T) {
			content := notify.CampaignContent{
				Campaign: access.Campaign{ID: "RV-1", State: c.state, Review: catalog.Review{Name: "Quarterly"}, Due: due, Counts: access.RowCounts{Rows: 94}, Issue: access.Issue{Key: "IT-1", URL: "https://jira.acme.example/browse/IT-1"}},
				Progress: access.Progress{Answered: 12, Kept: 10, Revoked: 2, Gone: 1}, Left: 82, Waiting: 3,
			}
			if c.change != nil {
				c.change(&content)
			}
			m := mustDraw(t, notify.CardUpdate{Content: content, Audience: notify.ToIT})
			bottest.WantMessageWithinLimits(t, m.Text, m.Blocks)
			text := m.Text + "\n" + bottest.Printed(bottest.Parsed(t, map[string]any{"blocks": m.Blocks}))
			for _, want := range c.want {
				if !strings.Contains(text, strings.Trim(want, "[]")) {
					t.Errorf("%q is missing in\n%s", want, text)
				}
			}
			if c.not != "" && strings.Contains(text, c.not) {
				t.Errorf("%q is in\n%s", c.not, text)
			}
			for _, evil := range bottest.EvilTexts() {
				content.Campaign.Review.Name, content.Campaign.Why = evil, evil
				m := mustDraw(t, notify.CardUpdate{Content: content, Audience: notify.ToIT})
				bottest.WantMessageWithinLimits(t, m.Text, m.Blocks)
			}
		})
	}
}
