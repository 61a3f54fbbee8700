package recovery

import (
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
)

// Conflict is something that a human has to look at after a recovery.
type Conflict struct {
	About  string   // what it is about: a request's label, an issue, a group, an account, or the log
	Text   string   // cause and what can be done
	Do     string   `json:",omitempty"` // the command that does it
	People []string `json:",omitempty"` // under which address people know those who are concerned, where it is about a group
	Urgent bool     `json:",omitempty"` // somebody may be deceiving: it comes first
}

// Recovery is what a rebuilt store holds.
type Recovery struct {
	Requests    int
	Waiting     int // of them, still to be decided
	Grants      int
	Live        int // of them, still a reason for access
	Overdue     int // of them, with an end that has passed: they end at the next run
	Disputed    int // of them, kept until a human has looked
	Unconfirmed int // of them, on their way and waiting for a human's word
	Unproven    int // requests that no anchor confirms to be the newest
	Events      int
	Missing     int          // events of the old log that the record does not hold
	Log         string       // name of the log that begins
	Head        access.Entry // the last of the old log's events that the record holds
	Conflicts   []Conflict

	instance uint64     // the newest Latchkey that wrote
	anchor   string     // the newest checkpoint of the old log, as it is
	left     []leftover // memberships that should be gone
	pins     map[catalog.GroupRef]string
}

// leftover is a membership whose access has ended, and that was seen to be gone.
type leftover struct {
	grant access.Grant
	was   access.Entitlement
	label string
}

// sort brings what is urgent to the top.
func (out *Recovery) sort() {
	slices.SortStableFunc(out.Conflicts, func(a, b Conflict) int {
		if a.Urgent != b.Urgent {
			if a.Urgent {
				return -1
			}
			return 1
		}
		return strings.Compare(a.About, b.About)
	})
}
