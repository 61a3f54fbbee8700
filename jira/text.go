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
func person(c access.Case, who access.PersonID) string { return oneLine(c.Person(who).Display()) }

// named is a person's name with the e-mail they had at a moment, for statements
// that must be exact.
func named(c access.Case, who access.PersonID, at time.Time) string {
	p := c.Person(who)
	name, address := oneLine(p.Display()), oneLine(p.ContactAt(at))
	if p.Name == "" || name == address {
		return address
	}
	return name + " (" + address + ")"
}

// mostNamed is how many people a comment names: more would not fit into one. The
// event names them all.
const mostNamed = 100

// allNamed lists people as named does.
func allNamed(c access.Case, who []access.PersonID, at time.Time) string {
	return strings.Join(some(who, func(w access.PersonID) string { return named(c, w, at) }), ", ")
}

// some words the first of many, and how many more there are.
func some(who []access.PersonID, word func(access.PersonID) string) []string {
	all := make([]string, 0, min(len(who), mostNamed+1))
	for i, w := range who {
		if i == mostNamed {
			return append(all, fmt.Sprintf("%d more", len(who)-i))
		}
		all = append(all, word(w))
	}
	return all
}

// subject says whose access an event is about.
func subject(c access.Case, e access.Event) string { return "Person: " + named(c, e.Person, e.At) }

// actor says who did something; Latchkey when nobody did, and the account where
// it isn't known whose it is.
func actor(c access.Case, e access.Event) string {
	switch {
	case e.Actor.Person != "":
		return named(c, e.Actor.Person, e.At)
	case e.Actor.Account != "" && (e.Actor.Via == access.ViaJira || e.Actor.Via == access.ViaSlack):
		return "the account " + oneLine(e.Actor.Account)
	}
	return latchkey
}

// latchkey is whoever does what nobody does.
const latchkey = "Latchkey"

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
func act(c access.Case, verb string, e access.Event) string {
	if e.Actor.Person == "" {
		return verb + " by Latchkey."
	}
	return fmt.Sprintf("%s%s by %s, recorded by Latchkey.", verb, door(e.Actor.Via), actor(c, e))
}

func people(c access.Case, who []access.PersonID, word string) string {
	return list(some(who, func(w access.PersonID) string { return person(c, w) }), word)
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
