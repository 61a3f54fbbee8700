// Package deciding shows reviewers the rows that wait for them and takes their answers. Who answers in whose place, how far
// everybody is, and that somebody else answers from now on, belongs to it.
package deciding

import (
	"context"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Authority says who may decide.
type Authority interface {
	CallerNow(ctx context.Context, by access.Actor) (people.Caller, error)
	May(by people.Caller, act people.Act, about people.Matter) error
	// AdminsIn are IT, as far as the store knows them.
	AdminsIn(tx store.Tx) ([]access.PersonID, error)
	// Anew is somebody, looked up at this moment.
	Anew(ctx context.Context, who access.PersonID) (access.Person, error)
}

// Service is where reviewers see their rows and answer them. It is safe for concurrent use.
type Service struct {
	units     *engine.Units
	rows      *rows.Opener
	authority Authority
}

// New makes the room.
func New(units *engine.Units, rows *rows.Opener, authority Authority) *Service {
	return &Service{units, rows, authority}
}

// reviewed is a campaign as those see it who answer.
type reviewed struct{ rows.Opened }

// campaign is a campaign in a unit of work.
func (s *Service) campaign(u *engine.Unit, id string) (reviewed, error) {
	c, err := s.rows.InUnit(u, id)
	return reviewed{c}, err
}

// campaignIn is campaign for those who only read.
func (s *Service) campaignIn(tx store.Tx, id string) (reviewed, error) {
	c, err := s.rows.In(tx, id)
	return reviewed{c}, err
}
