package campaigns

import (
	"context"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// The kinds of task that go through many rows or reviewers, a few in each unit of work.
const (
	StageTask = "review.stage" // does what follows when the time to answer is over
	TellTask  = "review.tell"  // tells those who have rows left
	LateTask  = "review.late"  // asks others where reviewers are late
)

// Asks says who else can be asked.
type Asks interface {
	// Manager is the manager of somebody; "" where nobody is known to be.
	Manager(ctx context.Context, who access.PersonID) (access.PersonID, error)
	// AdminsIn are IT, as far as the store knows them.
	AdminsIn(tx store.Tx) ([]access.PersonID, error)
}

// Stages begin and end the times in which people answer, and remind those who are late. It is safe for concurrent use.
type Stages struct {
	units     *engine.Units
	rows      *Opener
	authority Asks
}

// NewStages makes the room.
func NewStages(units *engine.Units, rows *Opener, authority Asks) *Stages {
	return &Stages{units, rows, authority}
}

// Handlers are the room's lines in the table of handlers.
func (s *Stages) Handlers() map[string]engine.Handler {
	return map[string]engine.Handler{StageTask: long(s.stageOver), TellTask: long(s.tell), LateTask: long(s.lateReviewers)}
}

// StagesPurposes say what the room's tasks are for.
func StagesPurposes() map[string]string {
	return map[string]string{
		StageTask: "end a stage of an access review", TellTask: "tell reviewers what waits for them", LateTask: "ask others where reviewers are late",
	}
}
