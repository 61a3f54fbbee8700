package jira

import (
	"fmt"
	"strings"
	"time"

	"latchkey/access"
)

// jiraTime is how the platform API writes and reads dates. It is not RFC 3339:
// the offset has no colon.
const jiraTime = "2006-01-02T15:04:05.000-0700"

// shortLimit is the length of a summary or a one-line text field, in characters.
const shortLimit = 255

// summary names the request and ends with its id in brackets, by which the
// issue is found again.
func summary(c access.Case) string {
	return headed(fmt.Sprintf("%s · %s for %s", appName(c), roleName(c), person(c, c.Request.Beneficiary)), c.Request.ID)
}

// headed is a summary with the id in brackets at its end.
func headed(head, id string) string {
	tail := " " + marker(id)
	head = strings.NewReplacer("[", "(", "]", ")").Replace(oneLine(head))
	return clip(head, shortLimit-len([]rune(tail))) + tail
}

// marker is the request's id as it stands in the summary. Names can't contain
// one: their brackets are replaced.
func marker(id string) string { return "[" + id + "]" }

func appName(c access.Case) string { return orElse(c.App.Name, c.Request.App) }

func roleName(c access.Case) string { return orElse(c.Role.Name, c.Request.Role) }

// thing is what the request is about.
func thing(c access.Case) string { return oneLine(appName(c) + " · " + roleName(c)) }

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

// person is the display name of somebody in the case, else the e-mail.
func person(c access.Case, who access.PersonID) string {
	return oneLine(orElse(c.Name(who), string(who)))
}

// named is a person's name with the e-mail, for statements that must be exact.
func named(c access.Case, who access.PersonID) string {
	if name := person(c, who); name != string(who) {
		return name + " (" + string(who) + ")"
	}
	return string(who)
}

// actor says who did something; Latchkey when nobody did.
func actor(c access.Case, a access.Actor) string {
	if a.Person == "" {
		return "Latchkey"
	}
	return named(c, a.Person)
}

// door says where somebody did it, as in "approved in Slack".
func door(v access.Via) string {
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

// act is the honest formula for what a person did elsewhere: "Approved in Slack
// by Noor Haddad (noor@acme.example), recorded by Latchkey."
func act(c access.Case, verb string, a access.Actor) string {
	if a.Person == "" {
		return verb + " by Latchkey."
	}
	return fmt.Sprintf("%s%s by %s, recorded by Latchkey.", verb, door(a.Via), actor(c, a))
}

func people(c access.Case, who []access.PersonID, word string) string {
	all := make([]string, len(who))
	for i, e := range who {
		all[i] = person(c, e)
	}
	return list(all, word)
}

// list joins as people do: "a, b or c".
func list(all []string, word string) string {
	if len(all) < 2 {
		return strings.Join(all, "")
	}
	return strings.Join(all[:len(all)-1], ", ") + " " + word + " " + all[len(all)-1]
}

// moment writes a time so that it means the same to every reader.
func moment(t time.Time) string { return t.UTC().Format("2 Jan 2006 15:04 UTC") }

// exactly writes a time as evidence.
func exactly(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func oneLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// clip shortens a text to so many characters.
func clip(s string, limit int) string {
	r := []rune(s)
	if len(r) <= limit {
		return s
	}
	return strings.TrimSpace(string(r[:limit-1])) + "…"
}
