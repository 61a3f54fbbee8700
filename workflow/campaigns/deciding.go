package campaigns

import (
	"context"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Decides says who may decide.
type Decides interface {
	CallerNow(ctx context.Context, by access.Actor) (people.Caller, error)
	May(by people.Caller, act people.Act, about people.Matter) error
	// AdminsIn are IT, as far as the store knows them.
	AdminsIn(tx store.Tx) ([]access.PersonID, error)
	// Anew is somebody, looked up at this moment.
	Anew(ctx context.Context, who access.PersonID) (access.Person, error)
}

// Deciding is where reviewers see their rows and answer them. It is safe for concurrent use.
type Deciding struct {
	units     *engine.Units
	rows      *Opener
	authority Decides
}

// NewDeciding makes the room.
func NewDeciding(units *engine.Units, rows *Opener, authority Decides) *Deciding {
	return &Deciding{units, rows, authority}
}

// reviewed is a campaign as those see it who answer.
type reviewed struct{ open }

// campaign is a campaign in a unit of work.
func (s *Deciding) campaign(u *engine.Unit, id string) (reviewed, error) {
	c, err := s.rows.inUnit(u, id)
	return reviewed{c}, err
}

// campaignIn is campaign for those who only read.
func (s *Deciding) campaignIn(tx store.Tx, id string) (reviewed, error) {
	c, err := s.rows.in(tx, id)
	return reviewed{c}, err
}
