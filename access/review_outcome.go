package access

import (
	"slices"

	"latchkey/catalog"
)

// Determined is what the answers of a stage come to by its strategy; DecisionNone where they don't determine anything
// (yet). final says that no more answers come: only then does the silence of reviewers count. Who answered "not mine"
// counts as silent. A revocation outranks what else was said, except where one keep is enough.
func Determined(s catalog.ReviewStrategy, reviewers []PersonID, answers []ReviewAnswer, final bool) ReviewDecision {
	keep, revoke := hasSaid(answers, DecisionKeep), hasSaid(answers, DecisionRevoke)
	all := everybodyAnswered(reviewers, answers)
	switch s {
	case catalog.OneKeepKeeps:
		switch {
		case keep:
			return DecisionKeep
		case revoke && (all || final):
			return DecisionRevoke
		}
	case catalog.AllMustKeep:
		switch {
		case revoke:
			return DecisionRevoke
		case keep && all:
			return DecisionKeep
		}
	case catalog.OneRevokeRevokes:
		switch {
		case revoke:
			return DecisionRevoke
		case keep && (all || final):
			return DecisionKeep
		}
	case catalog.KeptUnlessRevoke:
		switch {
		case revoke:
			return DecisionRevoke
		case all || final:
			return DecisionKeep
		}
	}
	return DecisionNone
}

func hasSaid(answers []ReviewAnswer, v ReviewDecision) bool {
	return slices.ContainsFunc(answers, func(a ReviewAnswer) bool { return a.Decision == v })
}

// everybodyAnswered reports whether each reviewer has said keep or revoke.
func everybodyAnswered(reviewers []PersonID, answers []ReviewAnswer) bool {
	return len(reviewers) > 0 && !slices.ContainsFunc(reviewers, func(who PersonID) bool {
		return !slices.ContainsFunc(answers, func(a ReviewAnswer) bool {
			return a.Answerer() == who && (a.Decision == DecisionKeep || a.Decision == DecisionRevoke)
		})
	})
}

// Answerer is as whose an answer counts.
func (a ReviewAnswer) Answerer() PersonID {
	if a.For != "" {
		return a.For
	}
	return a.By.Person
}

// Fallen is what becomes of a row that its answers don't determine, by what is configured for that. escalate says that
// IT has to answer it: where that is configured, and where a row recommends nothing clear.
func Fallen(d catalog.ReviewDefault, recommended Recommendation) (v ReviewDecision, escalate bool) {
	switch d {
	case catalog.KeepAccess:
		return DecisionKeep, false
	case catalog.RevokeAccess:
		return DecisionRevoke, false
	case catalog.Recommended:
		switch recommended {
		case RecommendKeep:
			return DecisionKeep, false
		case RecommendRevoke:
			return DecisionRevoke, false
		}
	}
	return DecisionNone, true
}
