package wording

import (
	"unicode"
	"unicode/utf8"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/jira/adf"
)

// because says why whoever answered may: "Noor Haddad is Maya Lind's manager in Okta"; ""
// where that is not known.
func because(c access.Case, e access.Event) string {
	if e.Basis == nil || e.Actor.Person == "" {
		return ""
	}
	if e.Basis.Backup {
		return source(c, e) + ", and a back-up approver"
	}
	return source(c, e)
}

// source says by which source of approvers whoever answered may.
func source(c access.Case, e access.Event) string {
	who, whose := PersonName(c, e.Actor.Person), PersonName(c, c.Request.Beneficiary)
	switch e.Basis.Source {
	case catalog.Manager:
		return who + " is " + whose + "'s manager" + inDirectory(e.Basis.Directory)
	case catalog.SecondManager:
		return who + " manages the manager of " + whose
	case catalog.RoleApprover:
		return who + " is named to approve this role"
	case catalog.SlackUserGroup:
		return who + " is in a user group in Slack that is asked"
	case catalog.OnCall:
		return who + " is on call by the schedule " + adf.OneLine(e.Basis.Name)
	case catalog.Owner:
		return who + " is an owner of " + AppName(c)
	case catalog.Named:
		return who + " is named for this role"
	case catalog.GroupOf:
		if g := e.Basis.Group; g != nil && !g.ByID { // an id says nothing to anybody
			return who + " is in the group " + adf.OneLine(g.Group) + inDirectory(g.Directory)
		}
		return who + " is in a group that is asked"
	case catalog.Security:
		return who + " is one of IT's admins"
	}
	return who + " stands in, as nobody who is asked can decide"
}

// inDirectory says in which directory, as a name is written.
func inDirectory(id string) string {
	if id == "" {
		return ""
	}
	first, n := utf8.DecodeRuneInString(id)
	return " in " + string(unicode.ToUpper(first)) + adf.OneLine(id[n:])
}

// answered says that somebody answered, with why they may: "Approved in Slack by Noor
// Haddad, because Noor Haddad is Maya Lind's manager in Okta."
func answered(c access.Case, verb string, e access.Event) string {
	text := doneBy(c, verb, e)
	if why := because(c, e); why != "" {
		text += ", because " + why
	}
	return text + "."
}

// mayDecide is why somebody may answer, as evidence.
func mayDecide(c access.Case, e access.Event) string {
	why := because(c, e)
	if why == "" {
		return ""
	}
	return " It is theirs to decide, because " + why + "."
}
