package requests

import (
	"context"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// stages have those found and told who are to answer, and take their answers.
type stages struct {
	units     *engine.Units
	catalog   func() *catalog.Catalog
	people    People
	authority Authority
	approvers Approvers

	delegations  Delegations
	reviewerLeft func(*engine.Unit, access.PersonID) error // nil: there are no reviews
}

// anew is somebody as they are at this moment, for what nobody else decides: a
// moment ago they may have been suspended. Where that can't be found out in time,
// they are as they were seen last.
func (s stages) anew(ctx context.Context, who access.Person) (access.Person, error) {
	short, cancel := inBudget(ctx)
	defer cancel()
	now, err := s.people.Anew(short, who.ID)
	if _, refused := access.AsRefusal(err); err != nil && !refused && ctx.Err() == nil {
		return who, nil
	}
	return now, err
}

// answerBudget bounds how long an answer waits for the directories where nothing else
// does, as in Jira, where nobody waits for an acknowledgement: what was read after it waits,
// too. Slack bounds its own, since it wants to hear within three seconds.
const answerBudget = 5 * time.Second

// inBudget bounds a look-up by a part of the time that there is: what follows from it is
// still to be committed.
func inBudget(ctx context.Context) (context.Context, context.CancelFunc) {
	return people.Briefly(ctx, answerBudget)
}
