package ledger

import (
	"errors"
	"fmt"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// recordBirthright tells the issue of what came by a birthright what becomes of it: one comment for each outcome.
func recordBirthright(u *engine.Unit, g access.Grant, e access.Event) error {
	name, err := people.ContactIn(u.Tx, g.Person)
	if err != nil {
		return err
	}
	title, lines := birthrightWords(g, e, g.Label(u.Catalog), name)
	if title == "" || g.Issue.Key == "" {
		return nil
	}
	id := "birthright/" + e.ID
	err = AddComment(u, Comment{Marker: id, Issue: g.Issue, Body: access.IssueComment{
		ID: id, At: u.At, Title: title, Lines: append(lines, "Grant "+g.ID+", on "+e.At.UTC().Format("2 January 2006, 15:04 MST")+"."),
	}})
	if err != nil || g.Source != access.SourceBirthright {
		return err
	}
	return Follow(u, Followed{ID: g.Issue.ID, Issue: g.Issue, People: []access.PersonID{g.Person}, By: g.Issue, Given: true, Closed: true})
}

// birthrightWords are those of a comment; none where there is nothing to write.
func birthrightWords(g access.Grant, e access.Event, what, name string) (title string, lines []string) {
	switch {
	case e.Kind == access.EventMemberAdded && g.State == access.GrantActive:
		title = fmt.Sprintf("%s has %s.", name, what)
	case e.Kind == access.EventEnding:
		title, lines = fmt.Sprintf("%s is to lose %s.", name, what), []string{birthrightEnd(e)}
	case e.Kind == access.EventStuck:
		title, lines = fmt.Sprintf("%s for %s is stuck.", what, name), []string{e.Note}
	case e.Kind == access.EventMemberMissing:
		title, lines = fmt.Sprintf("%s was taken out of a group of %s past Latchkey.", name, what), []string{e.Note}
	case e.Kind == access.EventMemberBack:
		title = fmt.Sprintf("%s is in the groups of %s again.", name, what)
	case g.State == access.GrantEnded:
		title = fmt.Sprintf("%s doesn't have %s by this any more.", name, what)
		if e.Note != "" {
			lines = []string{e.Note}
		}
	}
	if title != "" && e.Group != nil {
		lines = append(lines, "Group: "+e.Group.String())
	}
	return title, lines
}

// birthrightEnd says why it ends.
func birthrightEnd(e access.Event) string {
	why := map[access.End]string{
		access.EndLeft: "They have left.", access.EndOffboarded: "IT ended everything they have.", access.EndReturned: "They gave it back.",
		access.EndRevoked: "It was revoked.", access.EndExpired: "Its time is up.",
	}[e.End]
	if e.Note != "" {
		why = e.Note
	}
	if e.Reason != "" {
		why += " " + e.Reason
	}
	return why
}

// grantOfEvent loads the grant of an event that no request has; false where it can't be found.
func grantOfEvent(u *engine.Unit, e access.Event) (access.Grant, bool, error) {
	if e.Grant == "" {
		return access.Grant{}, false, nil
	}
	g, err := u.Grant(e.Grant)
	if errors.Is(err, store.ErrNotFound) {
		return g, false, nil
	}
	return g, err == nil, err
}
