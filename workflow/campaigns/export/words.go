package export

import (
	"cmp"
	"strings"

	"latchkey/catalog"
)

// wordsOf says to an auditor, who has no configuration before them, what a review does where nobody answers, or is found.
func wordsOf(d catalog.ReviewDefault) string {
	switch d {
	case catalog.KeepAccess:
		return "the access stays"
	case catalog.RevokeAccess:
		return "the access is revoked"
	case catalog.Recommended:
		return "what was recommended is done; where that is unclear, IT decides"
	case catalog.EscalateReview:
		return "IT decides, and the review waits for that"
	}
	return string(d)
}

// countedAs says what answers of several people come to.
func countedAs(s catalog.ReviewStrategy) string {
	switch s {
	case catalog.OneKeepKeeps:
		return "one who keeps it is enough"
	case catalog.AllMustKeep:
		return "all who are asked have to keep it, and one who revokes it is enough"
	case catalog.OneRevokeRevokes:
		return "one who revokes it is enough, and where nobody does, one who keeps it"
	case catalog.KeptUnlessRevoke:
		return "it is kept unless somebody revokes it"
	}
	return string(s)
}

// sourceWords says who a source stands for.
func sourceWords(a catalog.Approver) string {
	switch a.Kind {
	case catalog.Manager:
		return "the person's manager, or the next above who can answer"
	case catalog.SecondManager:
		return "the manager of the person's manager"
	case catalog.Owner:
		return "the app's owners"
	case catalog.RoleApprover:
		return "those whom the role names"
	case catalog.Security:
		return "IT"
	}
	return a.String()
}

// sources are some of them, in their order.
func sources(all []catalog.Approver) string {
	words := make([]string, len(all))
	for i, a := range all {
		words[i] = sourceWords(a)
	}
	return strings.Join(words, "; or else ")
}

// chosenBy says how a stage's reviewers are found.
func chosenBy(s catalog.ReviewStage) string {
	words := cmp.Or(sources(s.Reviewers), "nobody")
	if len(s.Additional) > 0 {
		words += "; and beside them " + strings.ReplaceAll(sources(s.Additional), "; or else ", ", ")
	}
	return words
}
