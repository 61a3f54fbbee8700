package modals

import (
	"strconv"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"

	"latchkey/workflow/campaigns/draft"
	"latchkey/workflow/campaigns/rows"
)

// draftListed is how many of one kind a draft names; how many more there are is said.
const draftListed = 12

// campaignView is one campaign as IT sees it: how it stands, and before it starts, who would be asked, what speaks
// against it, and what it can't see.
func campaignView(d draft.Draft, removed []rows.Row, said string) slack.ModalViewRequest {
	c := d.Campaign
	list := []slack.Block{blocks.Section(campaignLine(c))}
	if said != "" {
		list = append(list, blocks.Section(blocks.Escape(said, blocks.MaxSection)))
	}
	for _, part := range []string{campaignCounts(c), campaignProgress(c), listing("Not proven to be everybody", d.Unproven, len(d.Unproven)), draftAlone(d), draftReviewers(d), listing("Conflicts of interest", d.Conflicts, len(d.Conflicts)), draftExcluded(d), listing("What this review can't see", d.NotCovered, len(d.NotCovered)), acceptedBy(c)} {
		if part != "" {
			list = append(list, blocks.Section(part))
		}
	}
	for _, r := range removed {
		list = append(list, removedLine(c.ID, r))
	}
	if buttons := campaignButtons(c); len(buttons) > 0 {
		list = append(list, slack.NewActionBlock("campaign", blocks.Spoken(c.Review.Name, buttons...)...))
	}
	v := blocks.Modal(campaignsTitle, "", "Close", list...)
	v.CallbackID = callbackCampaign
	return v
}

// removedLine is a row that was taken away, with what gives it back.
func removedLine(campaign string, r rows.Row) *slack.SectionBlock {
	b := blocks.Spoken(reviewRowName(r), blocks.Button(actionRestore, campaign+"/"+strconv.Itoa(r.Number), "Give back…", ""))[0]
	text := "Taken away: *" + blocks.Escape(reviewWho(r), blocks.MaxName) + "*, " + blocks.Escape(reviewWhat(r), 2*blocks.MaxName)
	line := slack.NewSectionBlock(blocks.Markup(text), nil, slack.NewAccessory(b))
	line.BlockID = "removed-" + strconv.Itoa(r.Number)
	return line
}

func campaignCounts(c access.Campaign) string {
	n := c.Counts
	if c.Snapshot == "" {
		return ""
	}
	text := "Read " + blocks.When(c.Read) + ": " + blocks.Count(n.Rows, "row") + ", " + blocks.Count(n.People, "person", "people") + ", " + blocks.Count(n.Groups, "group") + ", " + blocks.Count(n.Reviewers, "reviewer") + "."
	if n.Privileged > 0 {
		text += " " + blocks.Count(n.Privileged, "row") + " " + blocks.Agree(n.Privileged, "is", "are") + " privileged."
	}
	if n.Left > 0 {
		text += " " + blocks.Count(n.Left, "row") + " " + blocks.Agree(n.Left, "belongs", "belong") + " to people who have left."
	}
	return text
}

// campaignProgress counts as of the last step of the campaign.
func campaignProgress(c access.Campaign) string {
	if c.Started.IsZero() {
		return ""
	}
	p := c.Progress
	parts := []string{}
	for _, one := range []struct {
		n    int
		what string
	}{{p.Kept, "kept"}, {p.Revoked, "revoked"}, {p.Gone, "seen to be gone"}, {p.Ended, "gone before that"}, {p.Open, "being removed"}, {p.Manual, "to be removed by hand"}, {p.Failed, "not removed"}, {p.Shared, "kept by another grant"}, {p.Restored, "given back"}} {
		if one.n > 0 {
			parts = append(parts, strconv.Itoa(one.n)+" "+one.what)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "So far: " + blocks.List(parts, len(parts)) + "."
}

func draftReviewers(d draft.Draft) string {
	var lines []string
	for _, r := range d.Reviewers {
		line := r.Name + ": " + blocks.Count(r.Rows, "row")
		if r.How != "" {
			line += " (" + r.How + ")"
		}
		lines = append(lines, line)
	}
	return listing("Who is asked", lines, len(lines))
}

func draftAlone(d draft.Draft) string {
	var lines []string
	for _, r := range d.Alone {
		lines = append(lines, reviewRowName(r))
	}
	return listing("Nobody could be found who may answer", lines, d.Campaign.Counts.Alone)
}

func draftExcluded(d draft.Draft) string {
	var lines []string
	for _, x := range d.Excluded {
		lines = append(lines, x.What+": "+x.Why+" (approved by "+x.By+", "+blocks.Count(x.Rows, "row")+")")
	}
	return listing("Left out", lines, len(lines))
}

func acceptedBy(c access.Campaign) string {
	if c.Accepted == nil {
		return ""
	}
	return "Taken as it is " + blocks.When(c.Accepted.At) + ": " + blocks.Quote(c.Accepted.Why, 500)
}

// listing names the first of some things under a heading; in all there are total. "" if there is none.
func listing(head string, lines []string, total int) string {
	if total == 0 {
		return ""
	}
	text := "*" + head + "* (" + strconv.Itoa(total) + ")"
	shown := 0
	for _, l := range lines[:min(len(lines), draftListed)] {
		line := "\n• " + blocks.Escape(l, 200)
		if blocks.Units(text)+blocks.Units(line) > blocks.MaxSection-60 {
			break
		}
		text += line
		shown++
	}
	if more := total - shown; more > 0 {
		text += "\n… and " + blocks.Count(more, "more", "more")
	}
	return text
}

// campaignButtons are what can be done about a campaign as it stands.
func campaignButtons(c access.Campaign) (out []slack.BlockElement) {
	start := blocks.Confirmed(blocks.Button(actionCampaignStart, c.ID, "Start", slack.StylePrimary), "Start the review?", "Everybody who is asked is told.", "Start")
	again := blocks.Button(actionCampaignRead, c.ID, "Read again", "")
	accept := blocks.Button(actionCampaignAccept, c.ID, "Accept as it is…", "")
	cancel := blocks.Button(actionCampaignCancel, c.ID, "Cancel it…", "")
	over := blocks.Confirmed(blocks.Button(actionCampaignClose, c.ID, "End it now", ""), "End the review now?", "Nobody answers any more. Rows without an answer are treated as the review says.", "End it")
	switch c.State {
	case access.CampaignDraft:
		return []slack.BlockElement{start, again, cancel}
	case access.CampaignUnproven:
		return []slack.BlockElement{again, accept, cancel}
	case access.CampaignReading:
		return []slack.BlockElement{cancel}
	case access.CampaignOpen:
		return []slack.BlockElement{blocks.Button(actionHandOn, c.ID, "Hand on…", ""), over, cancel}
	case access.CampaignEnforcing:
		if !c.OnlyHands().IsZero() {
			return []slack.BlockElement{blocks.Confirmed(blocks.Button(actionCampaignClose, c.ID, "Close it now", ""), "Close the review now?", "What isn't removed by hand yet stands in its evidence as it is.", "Close it")}
		}
	}
	return nil
}
