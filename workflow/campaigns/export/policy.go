package export

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/evidence/pack"
)

// plain tells what the campaign says of itself.
func (t *telling) plain() {
	c := t.Campaign
	t.to.ID, t.to.Name, t.to.Run, t.to.Status = c.ID, c.Review.Name, c.Run, pack.Open
	switch c.State {
	case access.CampaignClosed:
		t.to.Status = pack.Closed
	case access.CampaignCancelled:
		t.to.Status = pack.Cancelled
	}
	t.to.Issue, t.to.Asked = linkOf(c.Issue), "by hand"
	if c.By.Person == "" {
		t.to.Asked = cmp.Or(c.Review.Line, string(c.Occasion), "by Latchkey")
	}
	t.to.Times = pack.Times{Drafted: c.Created, Snapshot: c.Read, Started: c.Started, Due: c.Due, Closed: c.Closed, Made: t.service.units.Now()}
	t.to.Period = quarter(cmpTime(c.Started, c.Created))
	hash := t.From.Header().Hash
	t.to.Snapshot = hex.EncodeToString(hash[:])
	t.to.Policy = policyOf(c.Review)
}

// quarter is the calendar quarter of a moment: what a review is taken to be about where nobody said it.
func quarter(at time.Time) pack.Period {
	at = at.UTC()
	from := time.Date(at.Year(), at.Month()-(at.Month()-1)%3, 1, 0, 0, 0, 0, time.UTC)
	return pack.Period{From: from, To: from.AddDate(0, 3, 0).Add(-time.Second), Why: "the calendar quarter in which the review began"}
}

// policyOf is a review's rules in words.
func policyOf(r catalog.Review) pack.Policy {
	p := pack.Policy{
		NoReviewer: wordsOf(r.Unreachable), NoAnswer: wordsOf(r.Unanswered), Cadence: cmp.Or(r.Line, "as it is begun by hand"), Usage: "sign-ins and use, as far as the directories report them",
		Restore: "for " + catalog.FormatDuration(r.Restore) + ", by the approval that it had", Privileged: pack.Privileged{Cadence: cmp.Or(r.Line, "as it is begun by hand"), Reason: true, Meaning: "groups that the configuration lists as privileged, and groups that were seen to make administrators"},
	}
	if len(r.NoUsage) > 0 {
		p.Usage += "; not of " + strings.Join(r.NoUsage, ", ")
	}
	for i, s := range r.Stages {
		words := chosenBy(s)
		if i > 0 {
			p.Reviewers += "; then "
		}
		p.Reviewers += words
		p.Stages = append(p.Stages, pack.Stage{Name: fmt.Sprintf("Stage %d", i+1), Strategy: string(s.Strategy), Words: words + ": " + countedAs(s.Strategy)})
	}
	p.Fallback = cmp.Or(sources(r.Stage(0).Fallback), "nobody")
	return p
}
