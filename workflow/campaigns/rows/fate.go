package rows

import (
	"latchkey/access"
	"latchkey/catalog"
)

// Fate is what becomes of a row once nobody answers any more.
type Fate struct {
	Decision access.ReviewDecision
	Grounds  access.Grounds
	Escalate bool // IT answers it
	Todo     bool // something has to be written
	Waits    bool // it is left to IT already
}

// Fate is what becomes of a row once nobody answers any more.
func (c Opened) Fate(row Row) Fate {
	i := c.AsItStands(row)
	switch {
	case row.Excluded != "", i.State == access.ItemRevoking, i.State == access.ItemSettled, i.State == access.ItemDecided:
		return Fate{}
	case c.ToIT > 0 && i.LeftToIT == "":
		return Fate{}
	case c.ToIT == 0 && i.LeftToIT != "":
		return Fate{Waits: true}
	}
	if v := i.Final(); v != access.DecisionNone && len(i.Reviewers) > 0 {
		return Fate{Decision: v, Grounds: access.ByAnswers, Todo: row.Item.Version > 0 || v == access.DecisionRevoke}
	}
	if c.ToIT > 0 { // the review was ended before IT answered: it stays, and the pack says that nobody said so
		return Fate{Decision: access.DecisionKeep, Grounds: access.BySilence, Todo: true}
	}
	return fallen(c.Review, row, i)
}

// fallen is what becomes of a row that nobody's answers determine, by what the review says of those.
func fallen(r catalog.Review, row Row, i access.ReviewItem) Fate {
	says, f := r.Unanswered, Fate{Grounds: access.BySilence}
	if len(i.Reviewers) == 0 {
		says, f.Grounds = r.Unreachable, access.ByNobody
	}
	f.Decision, f.Escalate = access.Fallen(says, row.Recommended)
	if says == catalog.Recommended && !f.Escalate {
		f.Grounds = access.ByRecommendation
	}
	f.Todo = f.Escalate || f.Decision == access.DecisionRevoke || row.Item.Version > 0
	return f
}

// Became is what was determined of a row of a campaign in which nobody answers any more, and by what. A row without a
// record stays: nobody said anything of it, and the review says that it stays then.
func (row Row) Became(c access.Campaign) (access.ReviewDecision, access.Grounds) {
	over := c.State == access.CampaignEnforcing || c.State == access.CampaignClosed
	switch {
	case row.Excluded != "":
		return access.DecisionNone, ""
	case row.Item.Version > 0 && row.Item.Decision != access.DecisionNone:
		return row.Item.Decision, row.Item.Grounds
	case !over:
		return access.DecisionNone, ""
	}
	i := row.Item
	if i.Version == 0 {
		i = Opened{Campaign: c}.fresh(row)
	}
	if v := i.Final(); v != access.DecisionNone && len(i.Reviewers) > 0 {
		return v, access.ByAnswers
	}
	f := fallen(c.Review, row, i)
	return access.DecisionKeep, f.Grounds
}
