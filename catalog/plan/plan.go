// Package plan says what becomes different when one catalogue takes another one's place: who may ask for
// what, who has to agree, for how long, and what lately asked for would have come to. It has no rules of its
// own: what would come of an ask is found out by the code that takes asks, once under either catalogue.
package plan

import (
	"cmp"
	"slices"
	"time"
)

// Section is what a line is about, for those who read many.
type Section string

// The sections, in the order in which they are read.
const (
	Offered  Section = "offered"  // which apps and roles there are, and what they are
	Eligible Section = "eligible" // who may ask
	Asked    Section = "asked"    // how a yes is reached
	Length   Section = "length"   // for how long
	Deciding Section = "deciding" // who may say yes
	Unfound  Section = "unfound"  // managers, groups and addresses that lead to nobody
	Told     Section = "told"     // who hears of it
	Waiting  Section = "waiting"  // requests that wait for an answer now
	Replayed Section = "replayed" // requests that were made lately
	Rules    Section = "rules"    // of the policy
	Reviewed Section = "reviews"  // access reviews
	Else     Section = "else"     // what else the two say differently
)

// Sections are all of them, in their order.
func Sections() []Section {
	return []Section{Offered, Eligible, Asked, Length, Deciding, Unfound, Told, Waiting, Replayed, Rules, Reviewed, Else}
}

// Sign is the kind of a change.
type Sign string

// The signs.
const (
	Gain   Sign = "+"
	Loss   Sign = "-"
	Change Sign = "~"
)

// Line is one change, or one thing that is as it was.
type Line struct {
	Section Section  `json:"section"`
	Sign    Sign     `json:"sign,omitempty"`
	About   string   `json:"about,omitempty"` // a role, as people read it
	Says    string   `json:"says"`
	Count   int      `json:"count,omitempty"` // how many people or requests
	Who     []string `json:"who,omitempty"`   // the first of them, by name; or which kinds of people
}

// Side names one of the two files.
type Side struct {
	File    string `json:"file"`
	Version string `json:"version"` // of its catalogue
}

// Plan is what becomes different.
type Plan struct {
	Old      Side      `json:"old"`
	New      Side      `json:"new"`
	Changed  bool      `json:"changed"`
	Basis    string    `json:"basis"`              // what it was found out by
	People   int       `json:"people,omitempty"`   // who were judged; 0: kinds of people
	Kinds    int       `json:"kinds,omitempty"`    // kinds of people that were judged
	Requests int       `json:"requests,omitempty"` // that were judged again
	Since    time.Time `json:"since,omitzero"`     // made since then
	Changes  []Line    `json:"changes,omitempty"`
	Standing []Line    `json:"standing,omitempty"` // worth knowing, and as it was before
	Restart  []string  `json:"restart,omitempty"`  // what counts only once Latchkey is started again
	Unknown  []string  `json:"unknown,omitempty"`  // what couldn't be found out, so that nothing is said of it
}

// sorted puts lines in the order in which they are read.
func sorted(lines []Line) []Line {
	place := func(l Line) int { return slices.Index(Sections(), l.Section) }
	slices.SortFunc(lines, func(a, b Line) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.About, b.About), cmp.Compare(rank(a.Sign), rank(b.Sign)), cmp.Compare(a.Says, b.Says), slices.Compare(a.Who, b.Who))
	})
	return lines
}

func rank(s Sign) int { return slices.Index([]Sign{Gain, Loss, Change}, s) }

// Title is what stands above the lines of a section.
func (s Section) Title() string {
	switch s {
	case Offered:
		return "What is offered"
	case Eligible:
		return "Who may ask"
	case Asked:
		return "How a yes is reached"
	case Length:
		return "For how long"
	case Deciding:
		return "Who may say yes"
	case Unfound:
		return "Who can't be found"
	case Told:
		return "Who hears of it"
	case Waiting:
		return "Requests that wait now"
	case Replayed:
		return "Requests of the last 30 days"
	case Rules:
		return "Rules of the policy"
	case Reviewed:
		return "Access reviews"
	}
	return "Besides"
}
