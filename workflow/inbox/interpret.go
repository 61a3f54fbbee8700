package inbox

import (
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/evidence/note"
	"latchkey/store"
)

// Situation is one issue as it was seen, beside what Latchkey knows about it.
type Situation struct {
	Seen    access.IssueSnapshot
	Cursor  store.IssueCursor // how far the issue was read before
	Case    access.Case       // of the request it belongs to; zero if it belongs to none
	Catalog *catalog.Catalog  // what can be asked for
	Trust   note.Trust        // whose signatures count

	At        time.Time // now
	Since     time.Time // what others did before is nobody's news
	Unwritten bool      // Latchkey is about to write to the issue
	Older     bool      // the store may not know all that happened: it came back from a backup
	Decides   bool      // decisions made in Jira count
	Proved    []uint64  // comments whose code is dealt with
}

// Interpret says what follows from a situation, in the order in which it is to
// be done. It looks nothing up and changes nothing.
func Interpret(s Situation) []Action {
	switch {
	case s.Case.Request.ID != "" && s.Seen.Gone:
		return s.gone()
	case s.Case.Request.ID != "":
		return slices.Concat(s.back(), s.renamed(), s.proofs(), s.votes(), s.changes(), s.lostComments(), s.comments(), s.property())
	case s.concerns():
		return append(s.proofs(), s.portalRequest()...)
	}
	return nil
}

// concerns tells whether there is anything to be read in the issue: it is that of
// a request, and not known to be gone, or a request made in the portal.
func (s Situation) concerns() bool {
	if s.Case.Request.ID != "" {
		return !s.Seen.Gone || !s.Cursor.Gone
	}
	return s.Seen.Portal && !s.Seen.Own && !s.Seen.Gone && !(s.Older && s.recorded())
}

// recorded tells whether the issue carries the record of a request: one that it was
// made into, though the store doesn't know it.
func (s Situation) recorded() bool { return strings.HasPrefix(s.Seen.State, "latchkey/state/") }

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
