package provision

import (
	"crypto/rand"
	"fmt"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/membership"
	"latchkey/workflow/people"
)

// explainBefore sees to it that a membership found at an addition is explained,
// and says by what.
func explainBefore(u *engine.Unit, g access.Grant, ref catalog.GroupRef) (string, error) {
	others, err := store.OpenGrantsOf(u.Tx, g.Person)
	if err != nil {
		return "", err
	}
	found, ok := access.FoundBefore(g, ref, others)
	switch ent, _ := found.Entitlement(ref); {
	case ok && ent.Missing && !access.GivenBesides(found, ref, others, u.At):
		if err := membership.Observe(u, found, access.EventMemberBack, ref, ""); err != nil {
			return "", err
		}
		return fmt.Sprintf("a member again, and not by Latchkey; that is kept as the grant %s (adopted) and outlasts this access", found.ID), nil
	case !g.Unexplained(ref, others):
		return "already a member, by another grant of Latchkey", nil
	}
	return adoptBefore(u, g, ref)
}

// adoptBefore makes the grant that explains a membership found at an addition.
func adoptBefore(u *engine.Unit, g access.Grant, ref catalog.GroupRef) (string, error) {
	found := access.Found{App: g.App, Role: g.Role, Groups: []catalog.GroupRef{ref}}
	issue, err := issueOf(u, g)
	if err != nil {
		return "", err
	}
	name, err := people.ContactIn(u.Tx, g.Person)
	if err != nil {
		return "", err
	}
	ent, _ := g.Entitlement(ref)
	adopted, err := Adopt(u, access.Adoption{
		Person: g.Person, Found: found, For: catalog.Forever, By: access.System(),
		Why: fmt.Sprintf("%s was in the group %s before the access of %s was set up, so that membership is kept when it ends.", name, ref, g.ID),
	}, issue, Seen{Group: ref, Account: ent.Account, GroupID: ent.GroupID})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("already a member, and not by Latchkey; that is kept as the grant %s (adopted) and outlasts this access", adopted.ID), nil
}

// issueOf is the issue that says why a grant is given.
func issueOf(u *engine.Unit, g access.Grant) (access.Issue, error) {
	if g.Request == "" {
		return g.Issue, nil
	}
	r, err := u.Request(g.Request)
	return r.Issue, err
}

// Seen is a membership as it was seen, by the directory's own ids.
type Seen struct {
	Group            catalog.GroupRef
	Account, GroupID string
}

// Adopt makes the grant that explains memberships seen in a directory. It names
// the issue in which that is written down, as far as there is one.
func Adopt(u *engine.Unit, a access.Adoption, recorded access.Issue, seen ...Seen) (access.Grant, error) {
	a.ID = newGrantID()
	g, e, effs, err := access.Adopt(a, u.At)
	if err != nil {
		return g, err
	}
	for _, s := range seen {
		g = g.Pin(s.Group, s.Account, s.GroupID, false)
	}
	if recorded != (access.Issue{}) {
		e.Issue = &recorded
	}
	return g, engine.Begin(u, engine.Grants(), &g, e, effs...)
}

// adoptedPrefix begins the id of a grant that comes of no request and was found.
// It keeps it apart from those that do: their ids repeat the request's, after G-.
const adoptedPrefix = "GF-"

func newGrantID() string { return adoptedPrefix + rand.Text()[:10] }
