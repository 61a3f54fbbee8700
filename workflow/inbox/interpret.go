package inbox

import (
	"slices"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// Interpret says what follows from a situation, in the order in which it is to
// be done. It looks nothing up and changes nothing.
func Interpret(s Situation) []Action {
	switch {
	case s.Case.Request.ID != "" && s.Seen.Gone:
		return s.gone()
	case s.Case.Request.ID != "":
		return slices.Concat(s.back(), s.renamed(), s.proofs(), s.votes(), s.changes(), s.lostComments(), s.comments(), s.property())
	case s.Review != "" && !s.Seen.Gone:
		return append(s.proofs(), s.answers()...)
	case s.concerns():
		return append(s.proofs(), s.portalRequest()...)
	}
	return nil
}

// settled is how long before it is read an issue has to have changed last for that change to
// be the last one with this time. Jira's clock and ours may differ by some of it.
const settled = 10 * time.Second

// past is the cursor once everything seen is dealt with.
func past(c store.IssueCursor, seen access.IssueSnapshot) store.IssueCursor {
	c.Updated, c.Gone = seen.Updated, seen.Gone
	c.Fresh = seen.Updated.After(seen.Read.Add(-settled))
	for _, ch := range seen.Changes {
		c.Change = max(c.Change, ch.ID)
	}
	for _, m := range seen.Comments {
		c.Comment = max(c.Comment, m.ID)
	}
	for _, v := range seen.Votes {
		if !slices.Contains(c.Votes, v.ID) {
			c.Votes = append(c.Votes[:len(c.Votes):len(c.Votes)], v.ID)
		}
	}
	if !seen.Gone {
		c.OwnComments = seen.OwnComments
	}
	return c
}
