package cards

import (
	"strconv"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/workflow/notify"
)

// drawCampaign draws how far an access review is, for those who look after it.
func drawCampaign(c notify.CampaignContent) blocks.Message {
	var m blocks.MessageBuilder
	k := c.Campaign
	name, ticket := blocks.Clip(k.Review.Name, briefApp+briefRole), blocks.Link(k.Issue.URL, k.Issue.Key)
	total := blocks.Count(k.Counts.Rows, "membership")
	switch k.State {
	case access.CampaignClosed:
		m.Outcome(blocks.News("Access review closed: %s", name), blocks.Count(c.Progress.Kept, "membership")+" kept", campaignRemoved(c.Progress), ticket)
		return m.Message()
	case access.CampaignCancelled:
		m.Outcome(blocks.News("Access review cancelled: %s", name), blocks.Escape(k.Why, 200), ticket)
		return m.Message()
	case access.CampaignOpen:
		m.Title(blocks.News("Access review: %s, %s of %s decided", name, strconv.Itoa(c.Progress.Answered), total))
		m.Say(blocks.Lines(campaignUntil(c), campaignLeft(c)))
		if c.Left > 0 {
			m.Buttons(blocks.Button(ActionReview, k.ID, "Review mine", slack.StylePrimary))
		}
	default:
		m.Title(blocks.News("Access review: %s is carried out", name))
		m.Say("Nobody answers any more. What was revoked is removed, and looked at once more.")
	}
	m.Note(campaignRemoved(c.Progress), ticket)
	return m.Message()
}

// campaignUntil says until when reviewers answer.
func campaignUntil(c notify.CampaignContent) string {
	if c.Late {
		return "*Late*: the time to answer was up " + blocks.When(c.Campaign.Due) + "."
	}
	if c.Campaign.Due.IsZero() {
		return "There is no due time."
	}
	return "Reviewers answer until " + blocks.When(c.Campaign.Due) + "."
}

// campaignLeft says what waits, and for how many. Who that is stands where IT looks after it, and not in a channel.
func campaignLeft(c notify.CampaignContent) string {
	if c.Left == 0 {
		return "Nothing waits for an answer."
	}
	return blocks.Capital(blocks.Count(c.Left, "answer")) + " of " + blocks.Count(c.Waiting, "reviewer") + " " + blocks.Agree(c.Left, "is", "are") + " missing."
}

// campaignRemoved says what was revoked, and how much of it is gone.
func campaignRemoved(p access.Progress) string {
	if p.Revoked == 0 {
		return "Nothing is revoked"
	}
	return strconv.Itoa(p.Revoked) + " revoked, " + strconv.Itoa(p.Gone) + " seen to be gone"
}
