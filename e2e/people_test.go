package e2e

import (
	"time"

	"latchkey/access"
	"latchkey/sandbox"
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
