package campaigns

import (
	"latchkey/access"
	"latchkey/catalog"
)

// fate is what becomes of a row once nobody answers any more.
type fate struct {
	decision access.ReviewDecision
	grounds  access.Grounds
	escalate bool // IT answers it
	todo     bool // something has to be written
	waits    bool // it is left to IT already
}

// fate is what becomes of a row once nobody answers any more.
func (c open) fate(row Row) fate {
	i := c.asItStands(row)
	switch {
	case row.Excluded != "", i.State == access.ItemRevoking, i.State == access.ItemSettled, i.State == access.ItemDecided:
		return fate{}
	case c.ToIT > 0 && i.LeftToIT == "":
		return fate{}
	case c.ToIT == 0 && i.LeftToIT != "":
		return fate{waits: true}
	}
	if v := i.Final(); v != access.DecisionNone && len(i.Reviewers) > 0 {
		return fate{decision: v, grounds: access.ByAnswers, todo: row.Item.Version > 0 || v == access.DecisionRevoke}
	}
	if c.ToIT > 0 { // the review was ended before IT answered: it stays, and the pack says that nobody said so
		return fate{decision: access.DecisionKeep, grounds: access.BySilence, todo: true}
	}
	return fallen(c.Review, row, i)
}

// fallen is what becomes of a row that nobody's answers determine, by what the review says of those.
func fallen(r catalog.Review, row Row, i access.ReviewItem) fate {
	says, f := r.Unanswered, fate{grounds: access.BySilence}
	if len(i.Reviewers) == 0 {
		says, f.grounds = r.Unreachable, access.ByNobody
	}
	f.decision, f.escalate = access.Fallen(says, row.Recommended)
	if says == catalog.Recommended && !f.escalate {
		f.grounds = access.ByRecommendation
	}
	f.todo = f.escalate || f.decision == access.DecisionRevoke || row.Item.Version > 0
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
		i = open{Campaign: c}.fresh(row)
	}
	if v := i.Final(); v != access.DecisionNone && len(i.Reviewers) > 0 {
		return v, access.ByAnswers
	}
	f := fallen(c.Review, row, i)
	return access.DecisionKeep, f.grounds
}
