package access

import (
	"slices"
	"time"

	"latchkey/catalog"
)

// Survey is what a comparison of memberships with grants found.
type Survey struct {
	At       time.Time
	First    bool // the first ever: it only looked
	Looked   int  // memberships that were looked at
	Leavers  int  // memberships of people who have left, explained or not
	Idle     int  // memberships of people who have not signed in for long, explained or not
	Odd      []Mismatch
	More     int      // mismatches beyond those in Odd
	Problems []string // what could not be looked at, and why
}

// Mismatch is a membership without a grant, or a grant without its membership.
type Mismatch struct {
	Person  PersonID
	Group   catalog.GroupRef
	App     string
	Role    string
	Missing bool   // a grant is active, but the person is not in the group
	Left    bool   // the person has left
	Grant   string `json:",omitempty"` // of a missing membership
}

// maxOdd bounds the mismatches a survey names one by one.
const maxOdd = 2000

// Note adds a mismatch.
func (s *Survey) Note(m Mismatch) {
	if len(s.Odd) == maxOdd {
		s.More++
		return
	}
	s.Odd = append(s.Odd, m)
}

// Count tells how many mismatches are memberships without a grant and how many
// are grants without their membership.
func (s Survey) Count() (unexplained, missing int) {
	for _, m := range s.Odd {
		if m.Missing {
			missing++
		}
	}
	return len(s.Odd) + s.More - missing, missing
}

// Knows reports whether the survey found the same mismatch.
func (s Survey) Knows(m Mismatch) bool { return slices.Contains(s.Odd, m) }

// Same reports whether two surveys found the same mismatches and problems.
func (s Survey) Same(o Survey) bool {
	return s.More == o.More && slices.Equal(s.Odd, o.Odd) && slices.Equal(s.Problems, o.Problems)
}

// Accounts reports whether the grant accounts for a membership that was seen at
// a moment: it explains it, is about to bring it about, or was letting go of it
// just then.
func (g Grant) Accounts(ref catalog.GroupRef, seen time.Time) bool {
	if _, ok := g.Entitlement(ref); !ok {
		return false
	}
	return g.State != GrantEnded || !g.Finished.Before(seen)
}

// Missed reports whether the grant says that the person has been in the group
// since before a moment, at which they were not seen there.
func (g Grant) Missed(ref catalog.GroupRef, seen time.Time) bool {
	e, ok := g.Entitlement(ref)
	return ok && g.State == GrantActive && e.State == EntitlementHeld && g.Started.Before(seen)
}
