package people

import (
	"fmt"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// disown ends in the unit that an account is somebody's, and keeps it from being theirs
// again.
func disown(u *engine.Unit, h notifier, who access.PersonID, system, account string, by access.Actor) error {
	k, err := store.Person(u.Tx, who)
	if err != nil {
		return err
	}
	was, bound := k.Bound(system)
	switch {
	case system == access.SystemSlack:
		return access.Refuse(access.NotAllowed, "account", "The account in Slack is how I know who is talking to me, so it can't be taken away here. Tell IT.")
	case !bound || was.ID != account:
		return access.Refuse(access.TooLate, "account", "This account isn't known as theirs any more, so there is nothing to change.")
	}
	shown := k.Shows(system)
	k.Person = k.Disown(system, u.At)
	if err := store.PutPerson(u.Tx, &k); err != nil {
		return err
	}
	return disowned{k.Person, was, shown, by}.tell(u, h)
}

// disowned is an account that was said not to be somebody's.
type disowned struct {
	who   access.Person
	was   access.Binding
	shown access.Email // the address that it showed
	by    access.Actor
}

// tell keeps it in the log, and alarms IT.
func (d disowned) tell(u *engine.Unit, h notifier) error {
	speaker, err := actorIn(u, d.by)
	if err != nil {
		return err
	}
	what := fmt.Sprintf("the account %s in %s", d.was.ID, called(d.was.System))
	if d.shown != "" {
		what += fmt.Sprintf(" (%s)", d.shown)
	}
	e, err := u.Append(access.Event{Kind: access.EventDisowned, At: u.At, Person: d.who.ID, Actor: d.by, Subject: access.LogSubject(),
		Note: fmt.Sprintf("%s: %s is not that of %s. It was theirs since %s: %s.", speaker, what, d.who.Contact(), d.was.Since.UTC().Format("2 January 2006"), d.was.How)})
	if err != nil {
		return err
	}
	given, err := givenTo(u, d.who.ID, d.was)
	if err != nil {
		return err
	}
	lines := []string{
		fmt.Sprintf("%s says that %s isn't that of %s. It was bound to them since %s: %s.", speaker, what, d.who.Contact(), access.FullMoment(d.was.Since), d.was.How),
		"It is bound to nobody now. Nothing new is given to it in their name, and nothing done by it counts as theirs.",
		given,
		fmt.Sprintf("Find out whose it is. If it is theirs after all, or somebody else's: latchkey people account ADDRESS %s.", written(d.was.System, d.was.ID)),
	}
	if d.by.Person != d.who.ID {
		if err := h.person(u, d.who.ID, "disowned/"+e.ID, "IT has said that an account isn't yours", fmt.Sprintf("%s says that %s isn't yours. Nothing new is given to it in your name. If it is yours after all, tell IT.", speaker, what)); err != nil {
			return err
		}
	}
	return h.it(u, notice{"disowned/" + e.ID, "An account may be in the wrong hands: " + d.who.Contact(), lines})
}

// givenTo says what was given to an account in somebody's name and is still there.
func givenTo(u *engine.Unit, who access.PersonID, account access.Binding) (string, error) {
	grants, _, err := store.Sound(store.OpenGrantsOf(u.Tx, who))
	if err != nil {
		return "", err
	}
	var names []string
	for _, g := range grants {
		in := func(e access.Entitlement) bool {
			return e.Group.Directory == account.System && e.Account == account.ID
		}
		if slices.ContainsFunc(g.Entitlements, in) {
			names = append(names, g.Label(catalogOr(u.Catalog)))
		}
	}
	switch {
	case len(names) == 0:
		return "Nothing was given to it that is still there.", nil
	case len(names) > mostNamed:
		names = append(names[:mostNamed:mostNamed], fmt.Sprintf("%d more", len(names)-mostNamed))
	}
	return "It still has, in their name, until it ends or is revoked: " + strings.Join(names, ", ") + ".", nil
}

// mostNamed is how much a message names one by one.
const mostNamed = 20

// catalogOr is a catalogue to find names in, an empty one if there is none.
func catalogOr(c *catalog.Catalog) *catalog.Catalog {
	if c == nil {
		return catalog.New(nil, nil)
	}
	return c
}
