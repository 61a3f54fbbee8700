package wording

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/jira/adf"
	"latchkey/jira/stamp"
)

// Summary names the request and ends with its id in brackets, by which the
// issue is found again.
func Summary(c access.Case) string {
	return stamp.Summary(fmt.Sprintf("%s · %s for %s", AppName(c), RoleName(c), PersonName(c, c.Request.Beneficiary)), c.Request.ID)
}

// AppName is the name of the app a case is about, else its id.
func AppName(c access.Case) string { return cmp.Or(c.App.Name, c.Request.App) }

// RoleName is the name of the role a case is about, else its id.
func RoleName(c access.Case) string { return cmp.Or(c.Role.Name, c.Request.Role) }

// accessName is what the request is about.
func accessName(c access.Case) string {
	return catalog.Isolated(adf.OneLine(AppName(c))) + " · " + catalog.Isolated(adf.OneLine(RoleName(c)))
}

// PersonName is the display name of somebody in the case, else the e-mail.
func PersonName(c access.Case, who access.PersonID) string {
	return catalog.Isolated(adf.OneLine(c.Person(who).Display()))
}

// exactName is a person's name with the e-mail they had at a moment, for
// statements that must be exact.
func exactName(c access.Case, who access.PersonID, at time.Time) string {
	p := c.Person(who)
	name, address := adf.OneLine(p.Display()), adf.OneLine(p.ContactAt(at))
	if p.Name == "" || name == address {
		return address
	}
	return name + " (" + address + ")"
}

// How many people a comment names, and how many characters that takes: more would
// not fit into one. The event names them all.
const (
	maxNames     = 100
	maxNamesText = 8_000
	maxNameText  = 200
)

// exactNames lists people as exactName does.
func exactNames(c access.Case, who []access.PersonID, at time.Time) string {
	return strings.Join(firstNames(who, func(w access.PersonID) string { return exactName(c, w, at) }), ", ")
}

// firstNames are the names of the first of many, and how many more there are.
func firstNames(who []access.PersonID, name func(access.PersonID) string) []string {
	all, length := make([]string, 0, min(len(who), maxNames+1)), 0
	for i, w := range who {
		one := adf.Clip(name(w), maxNameText)
		if length += len([]rune(one)); i == maxNames || length > maxNamesText {
			return append(all, fmt.Sprintf("%d more", len(who)-i))
		}
		all = append(all, one)
	}
	return all
}

// subject says whose access an event is about.
func subject(c access.Case, e access.Event) string {
	return "Person: " + exactName(c, e.Person, e.At)
}

// latchkey is the actor of what nobody did.
const latchkey = "Latchkey"

// actor says who did something; Latchkey when nobody did, and the account where
// it isn't known whose it is.
func actor(c access.Case, e access.Event) string {
	switch {
	case e.Actor.Person != "":
		return exactName(c, e.Actor.Person, e.At) + inPlaceOf(c, e)
	case e.Actor.Account != "" && (e.Actor.Via == access.ViaJira || e.Actor.Via == access.ViaSlack):
		return "the account " + adf.OneLine(e.Actor.Account)
	case e.Actor.Account != "" && e.Actor.Via == access.ViaCLI:
		return adf.OneLine(e.Actor.Account)
	}
	return latchkey
}

// via says where somebody did it, as in "approved in Slack".
func via(v access.Via) string {
	switch v {
	case access.ViaSlack:
		return " in Slack"
	case access.ViaJira:
		return " in Jira"
	case access.ViaCLI:
		return " on the command line"
	default:
		return ""
	}
}

// doneBy says who did something, as everybody may read it: "Approved in Slack by Noor
// Haddad".
func doneBy(c access.Case, verb string, e access.Event) string {
	return verb + via(e.Actor.Via) + " by " + actorName(c, e)
}

// actorName is the name of who did something.
func actorName(c access.Case, e access.Event) string {
	if e.Actor.Person != "" {
		return PersonName(c, e.Actor.Person) + inPlaceOf(c, e)
	}
	return actor(c, e)
}

// inPlaceOf says in whose place somebody did something: ", for Noor Haddad"; "" where in
// nobody's.
func inPlaceOf(c access.Case, e access.Event) string {
	if e.For == "" {
		return ""
	}
	return ", for " + PersonName(c, e.For)
}

// recordedBy says that a person did something elsewhere and that it is Latchkey
// who writes it down: "Approved in Slack
// by Noor Haddad (noor@acme.example), recorded by Latchkey."
func recordedBy(c access.Case, verb string, e access.Event) string {
	if actor(c, e) == latchkey {
		return verb + " by Latchkey."
	}
	return fmt.Sprintf("%s%s by %s, recorded by Latchkey.", verb, via(e.Actor.Via), actor(c, e))
}

func people(c access.Case, who []access.PersonID, word string) string {
	return adf.List(firstNames(who, func(w access.PersonID) string { return PersonName(c, w) }), word)
}

// Moment writes a time so that it means the same to every reader.
func Moment(t time.Time) string { return t.UTC().Format("2 Jan 2006 15:04 UTC") }

// exactly writes a time as evidence.
func exactly(t time.Time) string { return t.UTC().Format(time.RFC3339) }
