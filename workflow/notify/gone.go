package notify

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// maxToldOfGone is how many of those who were asked hear in a message of their own
// that an issue is gone. All of them read it on their card.
const maxToldOfGone = 10

// Of so many issues in such a time IT is told of each.
const (
	manyGone   = 5
	manyGoneIn = time.Hour
)

// IssueGone tells that the issue of a request isn't there any more: IT, who asked,
// and those who decide or decided. What follows depends on how far it had come.
func IssueGone(u *engine.Unit, r access.Request) error {
	g, err := u.Grant(r.GrantID())
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	gone := goneIssue{u: u, r: r, what: WhatOf(u, r)}
	switch {
	case r.State == access.RequestPending:
		return gone.waiting()
	case err == nil && g.Started.IsZero() && (g.Live() || g.End == access.EndUnrecorded):
		return gone.notGiven()
	}
	return gone.given(err == nil && g.State == access.GrantActive)
}

// WhatOf is what a request asks for, as people call it.
func WhatOf(u *engine.Unit, r access.Request) string {
	if r.Unlisted != "" {
		return r.Unlisted
	}
	app, role, ok := u.Catalog.Role(r.App, r.Role)
	if !ok {
		return r.App + " · " + r.Role
	}
	return app.Name + " · " + role.Name
}

// IssueBack tells the same people that the issue is there again.
func IssueBack(u *engine.Unit, r access.Request) error {
	i := goneIssue{u: u, r: r, what: WhatOf(u, r)}
	line := fmt.Sprintf("The ticket %s for %s is there again, and the request goes on.", r.Issue.Key, i.what)
	if err := Announce(u, "back/"+r.ID, "", "There again: "+r.Issue.Key, "The issue "+r.Issue.Key+" can be seen again. What happened meanwhile is in its record.", r.Issue.URL); err != nil || r.State != access.RequestPending {
		return err
	}
	if err := i.tell("back", i.asking(), "Your ticket is there again", line); err != nil {
		return err
	}
	return i.tell("back", i.asked(), "The ticket is there again", line)
}

// IssueAgain tells IT that another issue tells the story of a request from now on.
func IssueAgain(u *engine.Unit, r access.Request, was access.Issue) error {
	i := goneIssue{u: u, r: r, what: WhatOf(u, r)}
	n, _, err := u.Counts("issues again", manyGoneIn)
	if err != nil || n > manyGone {
		return err
	}
	follows := ""
	if n == manyGone {
		follows = "You are not told of more of them within the hour."
	}
	return Announce(u, "again/"+r.Issue.ID, "", "In the place of "+was.Key+": "+r.Issue.Key,
		fmt.Sprintf("The issue %s is gone, and access that it was for has changed. That is written into %s, which goes on with its story.", was.Key, r.Issue.Key), i.what, follows, r.Issue.URL)
}

// goneIssue is one issue that is gone, on its way to those who have to know.
type goneIssue struct {
	u    *engine.Unit
	r    access.Request
	what string
}

func (i goneIssue) waiting() error {
	key := i.r.Issue.Key
	lost := fmt.Sprintf("The ticket %s for %s was deleted in Jira, or is hidden. ", key, i.what)
	if err := i.it("waiting", "No issue: "+key, "Nothing is given without it. Should it come back, the request goes on; otherwise the person has to ask again."); err != nil {
		return err
	}
	if err := i.tell("waiting", i.asking(), "Your ticket is gone", lost+"Nothing is given without it. IT has been told. You can cancel the request and ask again."); err != nil {
		return err
	}
	return i.tell("waiting", i.asked(), "The ticket is gone", lost+"A yes gives nothing unless it comes back.")
}

func (i goneIssue) notGiven() error {
	key := i.r.Issue.Key
	if err := i.it("not-given", "Nothing was given: "+key, "Access had been approved, but nothing is given without an issue. The person has to ask again."); err != nil {
		return err
	}
	why := fmt.Sprintf("Nothing was given, because the ticket %s for %s was deleted in Jira, or is hidden.", key, i.what)
	return i.tell("not-given", i.deciders(), "Not given: "+i.what, why)
}

// given is for access that was there when the issue went: what was decided holds.
func (i goneIssue) given(active bool) error {
	follows := "What is due goes on without it; the log keeps the story."
	if active {
		follows = "The access that it was for goes on and ends as approved; the log keeps the story, and what changes the access is written into a new issue. Until then it could not be rebuilt if the store were lost too: revoke the access if that won't do."
	}
	return i.it("given", "No issue: "+i.r.Issue.Key, follows)
}

// it tells IT of each issue, unless many go at once: that is one matter.
func (i goneIssue) it(stage, title, follows string) error {
	n, _, err := i.u.Counts("issues gone", manyGoneIn)
	switch {
	case err != nil || n > manyGone+1:
		return err
	case n == manyGone+1:
		return Announce(i.u, "gone/many", "", "Many issues are gone",
			fmt.Sprintf("More than %d issues of requests were deleted, or hidden from Latchkey, within an hour. Those concerned are told of each; you are not told of more of them now. Was the project's permission scheme, or an issue security scheme, changed?", manyGone))
	}
	return Announce(i.u, "gone/"+i.r.ID+"/"+stage, "", title, fmt.Sprintf("The issue %s was deleted, or hidden from Latchkey. %s", i.r.Issue.Key, follows), i.what, i.r.Issue.URL)
}

func (i goneIssue) tell(stage string, who []access.PersonID, title string, lines ...string) error {
	for _, one := range who {
		if err := Announce(i.u, "gone/"+i.r.ID+"/"+stage+"/"+string(one), one, title, lines...); err != nil {
			return err
		}
	}
	return nil
}

// asking are those whose request it is.
func (i goneIssue) asking() []access.PersonID {
	return slices.Compact([]access.PersonID{i.r.Requester, i.r.Beneficiary})
}

// asked are those whose answer it waits for.
func (i goneIssue) asked() []access.PersonID {
	waiting := i.r.Awaited()
	return waiting[:min(len(waiting), maxToldOfGone)]
}

// deciders are those who said yes.
func (i goneIssue) deciders() []access.PersonID {
	var out []access.PersonID
	for _, st := range i.r.Stages {
		for _, a := range st.Answers {
			if a.By.Person != "" && !slices.Contains(out, a.By.Person) {
				out = append(out, a.By.Person)
			}
		}
	}
	return out
}
