package workflow

import (
	"crypto/rand"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

// memberAdded records that the person of a grant is in one of its groups. A
// membership that was there before, and that nothing explains, becomes a grant
// of its own first: the end of this grant then leaves it alone like any other
// that is still needed.
func (st *step) memberAdded(p memberPayload, before bool) error {
	note := ""
	if before {
		var err error
		if note, err = st.explainBefore(p); err != nil {
			return err
		}
	}
	return st.memberChanged(p, access.EventMemberAdded, before, note)
}

// explainBefore sees to it that a membership found at an addition is explained,
// and says by what.
func (st *step) explainBefore(p memberPayload) (string, error) {
	g, err := store.Grant(st.tx, p.Grant)
	if err != nil {
		return "", err
	}
	others, err := store.OpenGrantsOf(st.tx, g.Person)
	if err != nil {
		return "", err
	}
	if !g.Unexplained(p.Group, others) {
		return "already a member, by another grant of Latchkey", nil
	}
	found := access.Found{App: g.App, Role: g.Role, Groups: []catalog.GroupRef{p.Group}}
	ent, _ := g.Entitlement(p.Group)
	adopted, err := st.adopt([]sight{{group: p.Group, account: ent.Account, groupID: ent.GroupID}}, access.Adoption{
		Person: g.Person, Found: found, For: catalog.Forever, By: access.System(),
		Why: fmt.Sprintf("%s was in the group %s before the access of %s was set up, so that membership is kept when it ends.", g.Person, p.Group, g.ID),
	})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("already a member, and not by Latchkey; that is kept as the grant %s (adopted) and outlasts this access", adopted.ID), nil
}

// adopt makes the grant that explains memberships seen in a directory.
func (st *step) adopt(seen []sight, a access.Adoption) (access.Grant, error) {
	a.ID = newGrantID()
	g, e, effs, err := access.Adopt(a, st.at)
	if err != nil {
		return g, err
	}
	for _, s := range seen {
		g = g.Pin(s.group, s.account, s.groupID, false)
	}
	return g, st.saveGrant(&g, e, effs)
}

// passOn tells the grants that still need a group, which g leaves alone, that
// the membership is Latchkey's own work.
func (st *step) passOn(g access.Grant, ref catalog.GroupRef) error {
	others, err := store.OpenGrantsOf(st.tx, g.Person)
	if err != nil {
		return err
	}
	for _, o := range g.PassOn(ref, others) {
		if err := store.PutGrant(st.tx, &o); err != nil {
			return err
		}
	}
	return nil
}

// adoptedPrefix begins the id of a grant that comes of no request and was found.
// It keeps it apart from those that do: their ids repeat the request's, after G-.
const adoptedPrefix = "GF-"

func newGrantID() string { return adoptedPrefix + rand.Text()[:10] }

// tellOfGrant tells people of a grant without a request, which has no cards:
// its holder of an end that is set or begun, IT of what is stuck.
func (st *step) tellOfGrant(e access.Event) error {
	g, err := store.Grant(st.tx, e.Grant)
	if err != nil {
		return err
	}
	what := g.Label(st.s.Config.Catalog)
	n := noticePayload{To: g.Person}
	switch {
	case e.Kind == access.EventStuck:
		n = noticePayload{Title: "Stuck while removing: " + what, Lines: []string{
			fmt.Sprintf("%s was to lose the access %s, found without a request.", g.Person, g.ID), e.Note,
			"The access may still be there. Latchkey goes on trying and finishes by itself once the cause is gone.",
		}}
	case e.Kind == access.EventAdopted && !g.Ends.IsZero():
		n.Title = "Your access to " + what
		n.Lines = []string{"You have this access, but there is no request for it. It is kept until " + g.Ends.UTC().Format("2 Jan 2006 15:04 MST") + ". If you need it for longer, please ask for it."}
	case e.Kind == access.EventEnding && e.End == access.EndUnexplained:
		n.Title, n.Lines = "Your access to "+what+" is being removed", []string{"There is no request for it. If you need it, please ask for it."}
	case e.Kind == access.EventEnding && e.End == access.EndExpired:
		n.Title, n.Lines = "Your access to "+what+" is being removed", []string{"The time it was kept for without a request is up. If you need it, please ask for it."}
	default:
		return nil
	}
	n.Lines = slices.DeleteFunc(n.Lines, func(l string) bool { return l == "" })
	return st.enqueue(noticeTask("grant/"+e.ID(), n))
}
