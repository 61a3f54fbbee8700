package access

import (
	"time"

	"latchkey/catalog"
)

// Stood is where somebody worked, and for whom, before they were seen to have moved.
type Stood struct {
	Department string   `json:",omitempty"`
	Manager    PersonID `json:",omitempty"`
	Until      time.Time
}

// moving is within which time what is seen bit by bit is one move: the department first, the manager afterwards.
const moving = 24 * time.Hour

// MovedFrom notes where they stood before, if that is somewhere else than now. Whoever looks for those who have moved may come
// after whoever looked them up for another reason.
func (p Person) MovedFrom(was Person, at time.Time) Person {
	elsewhere := was.Department != "" && p.Department != "" && catalog.Fold(was.Department) != catalog.Fold(p.Department)
	if !elsewhere && (was.Manager == "" || p.Manager == "" || was.Manager == p.Manager) {
		return p
	}
	before := was.StoodAt(at.Add(-moving))
	p.Stood = &before
	p.Stood.Until = at.UTC()
	return p
}

// StoodAt is where they stood at a moment, as far as that is known: where they stand, or where they stood until a time after it.
func (p Person) StoodAt(at time.Time) Stood {
	if p.Stood != nil && p.Stood.Until.After(at) {
		return *p.Stood
	}
	return Stood{Department: p.Department, Manager: p.Manager}
}
