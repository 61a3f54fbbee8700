// Package stages begins and ends the times in which people answer a review: it hands out the worklists of a stage, reminds,
// asks others where reviewers are late, and determines the rows that nobody answered.
package stages

import (
	"context"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/campaigns/deciding"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
)

// The kinds of task that go through many rows or reviewers, a few in each unit of work.
const (
	StageTask = "review.stage" // does what follows when the time to answer is over
	TellTask  = "review.tell"  // tells those who have rows left
	LateTask  = "review.late"  // asks others where reviewers are late
)

// Authority says who else can be asked.
type Authority interface {
	// Manager is the manager of somebody; "" where nobody is known to be.
	Manager(ctx context.Context, who access.PersonID) (access.PersonID, error)
	// AdminsIn are IT, as far as the store knows them.
	AdminsIn(tx store.Tx) ([]access.PersonID, error)
}

// Reviewers has others answer in the place of those who were asked.
type Reviewers interface {
	// Move has somebody else answer a worklist.
	Move(u *engine.Unit, c access.Campaign, w access.Worklist, m deciding.Moving) error
	// ReviewerLeft has somebody else answer what waits for a reviewer, where that one may not act any more.
	ReviewerLeft(u *engine.Unit, who access.PersonID) error
}

// Service begin and end the times in which people answer, and remind those who are late. It is safe for concurrent use.
type Service struct {
	units     *engine.Units
	rows      *rows.Opener
	authority Authority
	reviewers Reviewers
}

// New makes the room.
func New(units *engine.Units, rows *rows.Opener, authority Authority, reviewers Reviewers) *Service {
	return &Service{units, rows, authority, reviewers}
}

// Handlers are the room's lines in the table of handlers.
func (s *Service) Handlers() map[string]engine.Handler {
	return map[string]engine.Handler{StageTask: rows.Long(s.stageOver), TellTask: rows.Long(s.tell), LateTask: rows.Long(s.lateReviewers)}
}

// Purposes say what the room's tasks are for.
func Purposes() map[string]string {
	return map[string]string{
		StageTask: "end a stage of an access review", TellTask: "tell reviewers what waits for them", LateTask: "ask others where reviewers are late",
	}
}
