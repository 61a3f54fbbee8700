package access

import (
	"fmt"
	"hash/fnv"
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
	More     int                // mismatches beyond those in Odd
	Problems []string           // what could not be looked at, and why
	Groups   []catalog.GroupRef // that this look or an earlier one could read; nil: from before that was noted

	MoreMissing int      `json:",omitempty"` // those of More that are missing
	Rest        []uint64 `json:",omitempty"` // fingerprints of what is counted in More, so that it is news only once

	MoreConflicts int       `json:",omitempty"` // those of More that are conflicts
	MoreLost      int       `json:",omitempty"` // those of More where something that is needed isn't held
	ConflictsTold time.Time `json:",omitzero"`  // when IT was told last of conflicts that are there still; zero: there are none
}

// Mismatch is a membership without a grant, or a grant without its membership; or that somebody has together what
// can't go together, by grants or memberships.
type Mismatch struct {
	Person  PersonID
	Group   catalog.GroupRef `json:",omitzero"`
	App     string
	Role    string
	Missing bool   // a grant is active, but the person is not in the group
	Left    bool   // the person has left
	Grant   string `json:",omitempty"` // of a missing membership

	Conflict string `json:",omitempty"` // instead of a membership: which conflict of the policy somebody has
	Both     string `json:",omitempty"` // by having what, in words
	Lost     string `json:",omitempty"` // instead of a membership: what a grant's role needs and its holder doesn't have, in words
}

// maxOdd bounds the mismatches a survey names one by one.
const maxOdd = 2000

// fingerprint tells one mismatch from another.
func (m Mismatch) fingerprint() uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s|%s|%s|%s|%v|%v|%s", m.Person, m.Group, m.App, m.Role, m.Missing, m.Left, m.Grant) // a hash never fails
	if m.Conflict != "" || m.Lost != "" {
		fmt.Fprintf(h, "|%s|%s|%s", m.Conflict, m.Both, m.Lost)
	}
	return h.Sum64()
}

// Note adds a mismatch.
func (s *Survey) Note(m Mismatch) {
	if len(s.Odd) == maxOdd {
		s.More++
		s.Rest = append(s.Rest, m.fingerprint())
		switch {
		case m.Missing:
			s.MoreMissing++
		case m.Conflict != "":
			s.MoreConflicts++
		case m.Lost != "":
			s.MoreLost++
		}
		return
	}
	s.Odd = append(s.Odd, m)
}

// Count tells how many mismatches are memberships without a grant and how many
// are grants without their membership.
func (s Survey) Count() (unexplained, missing int) {
	missing, unexplained = s.MoreMissing, s.More-s.MoreMissing-s.MoreConflicts-s.MoreLost
	for _, m := range s.Odd {
		switch {
		case m.Missing:
			missing++
		case m.Conflict == "" && m.Lost == "":
			unexplained++
		}
	}
	return unexplained, missing
}

// Conflicts tells how many of the mismatches are conflicts.
func (s Survey) Conflicts() int {
	n := s.MoreConflicts
	for _, m := range s.Odd {
		if m.Conflict != "" {
			n++
		}
	}
	return n
}

// Known tells of mismatches whether the survey found the same.
func (s Survey) Known() func(Mismatch) bool {
	all := make(map[uint64]bool, len(s.Odd)+len(s.Rest))
	for _, m := range s.Odd {
		all[m.fingerprint()] = true
	}
	for _, f := range s.Rest {
		all[f] = true
	}
	return func(m Mismatch) bool { return all[m.fingerprint()] }
}

// Same reports whether two surveys found the same mismatches and problems.
func (s Survey) Same(o Survey) bool {
	return s.More == o.More && slices.Equal(s.Odd, o.Odd) && slices.Equal(s.Rest, o.Rest) && slices.Equal(s.Problems, o.Problems)
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
