package inbox

import (
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
	Review  string            // the campaign whose issue it is; "" if it is none's
	Catalog *catalog.Catalog  // what can be asked for
	Trust   note.Trust        // whose signatures count

	At        time.Time // now
	Since     time.Time // what others did before is nobody's news
	Unwritten bool      // Latchkey is about to write to the issue
	Older     bool      // the store may not know all that happened: it came back from a backup
	Decides   bool      // decisions made in Jira count
	Proved    []uint64  // comments whose code is dealt with
}

// concerns tells whether there is anything to be read in the issue: it is that of
// a request, and not known to be gone, that of a review, or a request made in the portal.
func (s Situation) concerns() bool {
	if s.Case.Request.ID != "" {
		return !s.Seen.Gone || !s.Cursor.Gone
	}
	if s.Review != "" {
		return !s.Seen.Gone
	}
	return s.Seen.Portal && !s.Seen.Own && !s.Seen.Gone && !(s.Older && s.recorded())
}

// recorded tells whether the issue carries the record of a request: one that it was
// made into, though the store doesn't know it.
func (s Situation) recorded() bool { return strings.HasPrefix(s.Seen.State, "latchkey/state/") }
