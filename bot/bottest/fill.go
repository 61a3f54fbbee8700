package bottest

import (
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/people/peopletest"
)

// Fill fills the house with text of others, and with more of everything than any
// surface holds. Omar, who is IT, sees all of it.
func (h *House) Fill(text string) {
	h.Helper()
	h.Offer(ManyApps(110, 20, text))
	h.Put(func(tx store.Tx) error {
		if err := store.PutPerson(tx, &store.Known{Person: access.Person{ID: peopletest.ID("boss"), Email: "boss@acme.example", Name: text}}); err != nil {
			return err
		}
		for i := range 120 {
			if err := h.fillOne(tx, i, text); err != nil {
				return err
			}
		}
		first := h.Catalog().Apps()[0]
		r := access.Request{ID: "AR-GIVEN", Requester: Maya().ID, Beneficiary: Maya().ID, App: first.ID, Role: first.Roles[0].ID, State: access.RequestApproved, Created: Minute(0), Decided: Minute(5)}
		g := access.Grant{ID: r.GrantID(), Request: r.ID, Person: Maya().ID, App: r.App, Role: r.Role, State: access.GrantActive, Created: Minute(5), Started: Minute(60)}
		return errors.Join(store.PutRequest(tx, &r), store.PutGrant(tx, &g))
	})
}

// fillOne is a request of Omar's for somebody else, which waits for him, with what
// he holds, what is stuck and what happened.
func (h *House) fillOne(tx store.Tx, i int, text string) error {
	app := h.Catalog().Apps()[i%110]
	who := peopletest.ID(fmt.Sprint("p", i))
	r := access.Request{
		ID: fmt.Sprintf("AR-%08d", i), Requester: Omar().ID, Beneficiary: who, App: app.ID, Role: app.Roles[i%20].ID, Wanted: time.Hour, Reason: text,
		State: access.RequestPending, Created: Minute(i), Conversation: "https://acme.slack.com/" + text, Issue: access.Issue{ID: fmt.Sprint(i), Key: text, URL: "https://jira.acme.example/browse/IT-1"},
		Stages: []access.Stage{{Asked: []access.PersonID{peopletest.ID("boss"), Omar().ID}}},
	}
	if i%7 == 0 {
		r.Unlisted = text
	}
	held := access.Grant{ID: fmt.Sprint("GF-", i), Request: r.ID, Person: Omar().ID, App: app.ID, Role: r.Role, State: access.GrantActive, Ends: Minute(600 + i), Wanted: time.Hour}
	for j := range 10 {
		held.Entitlements = append(held.Entitlements, access.Entitlement{Group: catalog.GroupRef{Directory: "okta", Group: fmt.Sprint(text, j)}})
	}
	stuck := access.Grant{ID: fmt.Sprint("GS-", i), Request: r.ID, Person: who, App: app.ID, Role: r.Role, State: access.GrantStuck, Revoking: i%2 == 0, Problem: text}
	_, err := store.Append(tx, access.Event{Kind: access.EventStuck, At: Minute(i), Request: r.ID, Person: Omar().ID, App: h.Catalog().Apps()[0].ID, Actor: access.Actor{Person: who}, Note: text, Reason: text, Issue: &r.Issue})
	return errors.Join(err, store.PutRequest(tx, &r), store.PutGrant(tx, &held), store.PutGrant(tx, &stuck))
}
