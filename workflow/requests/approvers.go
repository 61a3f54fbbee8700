package requests

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// lookAgain is how soon somebody else is looked for when one of those who were
// found left at the same moment.
const lookAgain = time.Second

// FindApproversTask is the kind of task that finds who is asked.
const FindApproversTask = "approvers.find"

// findApproversTask looks for those who are asked because of an event.
func findApproversTask(e access.Event) store.Task {
	id := fmt.Sprintf("approvers/%s/after-%d", e.Request, e.N)
	if e.Kind == access.EventEscalated {
		id += looksAgain // there may be nobody else
	}
	return store.Task{
		ID: id, Queue: engine.HouseQueue, Kind: FindApproversTask, Subject: e.About(),
		Priority: store.Additions,
	}
}

// looksAgain ends the id of a task that looks whether those who were asked are still
// those who may answer. If they are, nothing is said.
const looksAgain = "/again"

func lookAgainTask(r access.Request) store.Task {
	return store.Task{
		ID: "approvers/" + r.ID + looksAgain, Queue: engine.HouseQueue, Kind: FindApproversTask, Subject: access.RequestSubject(r.ID), Priority: store.Notices,
	}
}

// findApprovers resolves who may decide the current stage, or review an
// emergency, and has them told.
func (s stages) findApprovers(ctx context.Context, t store.Task) (engine.Outcome, error) {
	r, err := requestNow(ctx, s.units, t.Subject.Request())
	switch {
	case err != nil:
		return nil, err
	case r.BreakGlass && r.State == access.RequestApproved:
		found, err := s.approvers.Reviewers(ctx, r)
		if err != nil {
			return nil, err
		}
		return func(u *engine.Unit) error { return askReviewers(u, r.ID, found) }, nil
	case r.State == access.RequestPending:
		earlier, err := s.earlier(ctx, r)
		if err != nil {
			return nil, err
		}
		found, err := s.approvers.Deciders(ctx, r)
		if err != nil {
			return nil, err
		}
		asking := asking{seen: r, found: found, earlier: earlier, lacks: s.lacks(ctx, r), ended: s.endUnfit, again: strings.HasSuffix(t.ID, looksAgain)}
		return asking.do, nil
	}
	return nil, nil
}

// lacks are the directories in which something would have to be set up, and that
// show no account of who gets the access. It is known before anybody decides.
func (s stages) lacks(ctx context.Context, r access.Request) []string {
	app, role, _ := engine.Offered(ctx, s.catalog).Role(r.App, r.Role)
	if app.Provisioning == catalog.Manual {
		return nil
	}
	var directories []string
	for _, g := range role.Groups {
		if !slices.Contains(directories, g.Directory) {
			directories = append(directories, g.Directory)
		}
	}
	return s.people.Lacks(ctx, r.Beneficiary, directories)
}

// earlier is a yes to an earlier stage that counts for the current one, too, and what
// that was judged by.
type earlier struct {
	access.Answer
	found people.Established
}

// earlier are the yes of earlier stages that count for the current one, too. That
// they do is established like that of any answer.
func (s stages) earlier(ctx context.Context, r access.Request) (count []earlier, err error) {
	_, role, _ := engine.Offered(ctx, s.catalog).Role(r.App, r.Role)
	for _, a := range r.Earlier() {
		if r.NeedsStepUp(role) && a.SignedIn == nil {
			continue // it was said when the role asked for no sign-in
		}
		now, err := s.authority.Established(ctx, r, access.Actor{Person: a.By.Person})
		if people.Unread(err) { // whoever can be found is asked meanwhile
			continue
		}
		if _, refused := access.AsRefusal(err); err != nil && !refused {
			return nil, err
		}
		if err == nil && now.Doubt == nil && slices.Contains(now.Who, a.By.Person) {
			count = append(count, earlier{a, now})
		}
	}
	return count, nil
}

// stillHere has others looked for where one of those who were found has left
// since: nobody would notice that they are asked.
func stillHere(u *engine.Unit, found []access.PersonID) error {
	for _, who := range found {
		err := people.StillHere(u, who)
		if _, refused := access.AsRefusal(err); refused {
			name, err := people.ContactIn(u.Tx, who)
			if err != nil {
				return err
			}
			return &access.Failure{Class: access.Limited, After: lookAgain, Sentence: name + " was to be asked and has left meanwhile; somebody else is looked for"}
		}
		if err != nil {
			return err
		}
	}
	return nil
}
