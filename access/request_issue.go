package access

import "cmp"

// Issue is the Jira issue that tells a request's story.
type Issue struct {
	ID  string // numeric id: survives a move to another project
	Key string
	URL string // for those who work in Jira
	// Portal is the address for customers, who have no licence to open the other;
	// empty where it isn't known.
	Portal string `json:",omitempty"`
	// Creator is the account that made it, which Jira lets nobody change; empty
	// where it isn't known.
	Creator string `json:",omitempty"`
	// Gone says that it was looked for and not found: deleted, or hidden from
	// Latchkey.
	Gone bool `json:",omitempty"`
	// Instead is the id of the issue that was gone when this one took its place.
	Instead string `json:",omitempty"`
}

// CustomerURL is where somebody without a Jira licence reads the issue.
func (is Issue) CustomerURL() string { return cmp.Or(is.Portal, is.URL) }
