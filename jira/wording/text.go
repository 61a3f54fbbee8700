package wording

import (
	"cmp"
	"fmt"
	"time"

	"latchkey/access"
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
func accessName(c access.Case) string { return adf.OneLine(AppName(c) + " · " + RoleName(c)) }

// PersonName is the display name of somebody in the case, else the e-mail.
func PersonName(c access.Case, who access.PersonID) string {
	return adf.OneLine(cmp.Or(c.Name(who), string(who)))
}

// exactName is a person's name with the e-mail, for statements that must be exact.
func exactName(c access.Case, who access.PersonID) string {
	if name := PersonName(c, who); name != string(who) {
		return name + " (" + string(who) + ")"
	}
	return string(who)
}

// actor says who did something; Latchkey when nobody did.
func actor(c access.Case, a access.Actor) string {
	if a.Person == "" {
		return "Latchkey"
	}
	return exactName(c, a.Person)
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

// recordedBy says that a person did something elsewhere and that it is Latchkey
// who writes it down: "Approved in Slack
// by Noor Haddad (noor@acme.example), recorded by Latchkey."
func recordedBy(c access.Case, verb string, a access.Actor) string {
	if a.Person == "" {
		return verb + " by Latchkey."
	}
	return fmt.Sprintf("%s%s by %s, recorded by Latchkey.", verb, via(a.Via), actor(c, a))
}

func people(c access.Case, who []access.PersonID, word string) string {
	all := make([]string, len(who))
	for i, e := range who {
		all[i] = PersonName(c, e)
	}
	return adf.List(all, word)
}

// Moment writes a time so that it means the same to every reader.
func Moment(t time.Time) string { return t.UTC().Format("2 Jan 2006 15:04 UTC") }

// exactly writes a time as evidence.
func exactly(t time.Time) string { return t.UTC().Format(time.RFC3339) }
