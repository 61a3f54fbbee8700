package issue

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"

	"latchkey/access"
	"latchkey/jira/rest"
	"latchkey/jira/site"
)

// assignment is to whom an issue is assigned from an event on.
type assignment struct {
	key  string          // what it is for; "" for nothing
	who  []access.Person // the first of them whom Jira takes
	anew bool            // whoever it is assigned to by now
}

// assignment is what an event has an issue assigned for.
func (r *recording) assignment() assignment {
	it := addressed(r.s.Assignees[site.Stuck])
	switch manual := r.cs.Grant != nil && r.cs.Grant.Manual; r.e.Kind {
	case access.EventBreakGlass:
		return assignment{key: site.Emergency, who: addressed(r.s.Assignees[site.Emergency])}
	case access.EventStuck:
		return assignment{key: site.Stuck, who: it}
	case access.EventNotFulfilled:
		if r.cs.Phase() == access.PhaseStuck {
			return assignment{key: site.Stuck, who: it, anew: true}
		}
	case access.EventTaken:
		if r.cs.Grant != nil && r.cs.Grant.TakenBy == r.e.Actor.Person { // nobody has taken it over since
			return assignment{key: site.Manual, who: []access.Person{r.cs.Person(r.e.Actor.Person)}, anew: true}
		}
	case access.EventRecorded, access.EventEnding, access.EventRetried:
		again := r.e.Kind == access.EventRetried // IT had it meanwhile
		if who, said := r.s.Assignees[site.Manual]; manual && said {
			return assignment{key: site.Manual, who: addressed(who), anew: again}
		} else if manual {
			return assignment{key: site.Manual, who: append(addressed(r.cs.App.Fulfillers()), it...), anew: again}
		}
	}
	return assignment{}
}

// addressed are people of whom only an address is known.
func addressed(all []string) []access.Person {
	out := make([]access.Person, len(all))
	for i, one := range all {
		out[i].Email = access.NewEmail(one)
	}
	return out
}

// assign assigns an issue that needs somebody, unless it is assigned already: to the first
// whom Jira takes. Who takes a task on becomes the assignee, whoever that was. That nobody
// can be found or is taken keeps nothing else from being done.
func (r *recording) assign(ctx context.Context) error {
	a := r.assignment()
	if len(a.who) == 0 {
		return nil
	}
	if r.issue == cmp.Or(r.cs.Request.Issue.ID, r.cs.Request.Issue.Key) && r.s.Closed(r.cs) {
		return nil // the one about the end is assigned
	}
	if !a.anew {
		if taken, err := r.assigned(ctx); taken || err != nil {
			return err
		}
	}
	for _, p := range a.who {
		taken, err := r.assignTo(ctx, p)
		if taken || err != nil {
			return err
		}
	}
	r.w.api.Log().WarnContext(ctx, "An issue needs somebody, and none of those it is for can be assigned: give one of them an agent's role in the project, and Latchkey the permission to assign issues.",
		"issue", r.cs.Request.Issue.Key, "for", a.key)
	return nil
}

// assigned tells whether the issue is assigned to anybody.
func (r *recording) assigned(ctx context.Context) (bool, error) {
	var now struct {
		Fields struct{ Assignee *rest.User }
	}
	err := r.w.api.Fetch(ctx, rest.GetIssue("see who the issue is assigned to", r.issue, "", url.Values{"fields": {"assignee"}}), &now)
	return now.Fields.Assignee != nil, err
}

// assignTo assigns the issue to somebody; false if Jira knows no account of theirs, or does
// not take it.
func (r *recording) assignTo(ctx context.Context, p access.Person) (bool, error) {
	account, err := r.w.accounts.Account(ctx, p)
	if err != nil || account == "" {
		return false, err
	}
	err = r.w.api.Send(ctx, rest.Call{Method: http.MethodPut, Path: rest.IssuePath(r.issue, "/assignee"), Body: map[string]any{"accountId": account}, What: "assign the issue"})
	if slices.Contains([]int{http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound}, rest.StatusOf(err)) {
		return false, nil // no agent of this project, or Latchkey may not assign issues
	}
	return err == nil, err
}
