package e2e

import (
	"fmt"
	"regexp"
	"time"

	"latchkey/access"
	"latchkey/sandbox"
	"latchkey/sandbox/slack"
	"latchkey/workflow/people/peopletest"
)

// citizen is somebody of the sandbox's company as Latchkey knows them: with an id
// that follows from their handle, and their accounts.
func citizen(w *sandbox.World, handle string, since time.Time) access.Person {
	address := access.NewEmail(sandbox.Email(handle))
	p := access.Person{ID: peopletest.ID(handle), Kind: access.Employee, Standing: access.Active}
	accounts := map[string]string{}
	if u, ok := w.Slack.UserByName(handle); ok {
		accounts[access.SystemSlack] = u.ID
	}
	for _, u := range w.Okta.Users() {
		if access.NewEmail(u.Login) == address {
			accounts["okta"] = u.ID
		}
	}
	for _, system := range []string{access.SystemSlack, "okta"} {
		if accounts[system] == "" {
			continue
		}
		b := access.Binding{System: system, ID: accounts[system], Level: access.AssuranceChecked, How: "a test", Since: since}
		p, _ = p.Bind(b, "") // refused only what nobody has
		p = p.Rename(access.ShownAddress(system, address, access.AssuranceChecked, since))
	}
	return p.Rename(access.ShownName(access.SystemSlack, handle, since))
}

// shownIDs are the places where people read an id of ours, which says nothing to
// anybody.
func shownIDs(w *sandbox.World) (out []string) {
	look := func(where, text string) {
		if id := personID().FindString(text); id != "" {
			out = append(out, fmt.Sprintf("%s shows the id %s:\n%s", where, id, text))
		}
	}
	places := map[string]string{}
	for _, ch := range w.Slack.Channels() {
		places[ch.ID] = ch.Name
	}
	for _, u := range w.Slack.Users() {
		places[w.Slack.DM(u.ID)] = "the direct messages of " + u.Name
		if v, ok := w.Slack.Home(u.ID); ok {
			look("the Home tab of "+u.Name, slack.Render(v))
		}
		for _, v := range w.Slack.Views(u.ID) {
			look("a form of "+u.Name, slack.Render(v))
		}
	}
	for id, name := range places {
		for _, m := range w.Slack.Messages(id) {
			look(name, slack.Render(m))
		}
	}
	for _, is := range w.Jira.Issues() {
		look(is.Key, w.Jira.Render(is))
	}
	return out
}

// personID is how an id of a person looks.
func personID() *regexp.Regexp { return regexp.MustCompile(`\bP-[A-Z0-9]{10}\b`) }
