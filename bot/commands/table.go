package commands

import (
	"context"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
)

// invocation is one use of the command: who typed it, and what came after the
// subcommand.
type invocation struct {
	person  access.Person
	user    string // Slack id
	trigger string
	rest    string
}

func (s invocation) actor() access.Actor {
	return access.Actor{Person: s.person.ID, Via: access.ViaSlack, Account: s.user}
}

// subcommand is something the command can be told to do. What it answers goes into
// the ack; nil answers nothing.
type subcommand struct {
	name, usage, help string
	oversight         bool // for IT and owners of apps
	opens             bool // a form, so nothing is looked up before it is there
	do                func(*Commands, context.Context, invocation) ([]byte, error)
}

// subcommands are all of them, in the order in which help tells them.
func subcommands() []subcommand {
	return []subcommand{
		{"request", "request figma", "opens the form with Figma chosen already", false, true, (*Commands).request},
		{"mine", "mine", "shows what you have, and what you asked for", false, false, (*Commands).mine},
		{"approvals", "approvals", "shows what waits for your decision", false, false, (*Commands).approvals},
		{"extend", "extend figma", "keeps access for longer", false, false, (*Commands).held},
		{"return", "return figma", "gives access back before its end", false, false, (*Commands).held},
		{"review", "review", "shows the access reviews that wait for you", false, false, (*Commands).review},
		{"why", "why @user figma", "tells why somebody has access", false, false, (*Commands).why},
		{"trace", "trace @user figma", "tells everything that happened between a person and an app", false, false, (*Commands).trace},
		{"who", "who figma", "shows who has access", true, false, (*Commands).who},
		{"revoke", "revoke @user figma", "takes access away now", true, true, (*Commands).revoke},
		{"stuck", "stuck", "shows what waits for IT", true, false, (*Commands).stuck},
		{"offboard", "offboard @user", "ends everything somebody has, now", true, true, (*Commands).offboard},
		{"pause", "pause for 30m incident", "stops new access for a while; removals go on", true, false, (*Commands).pause},
		{"resume", "resume", "ends such a pause", true, false, (*Commands).resume},
		{"confirm", "confirm K7M2Q4XA", "confirms what somebody else of IT says of a person", true, false, (*Commands).confirm},
		{"report", "report", "sums the last seven days up", true, false, (*Commands).report},
		{"away", "away 2026-12-24", "says that you are back from leave on that day; what waits for you goes to others until then", false, false, (*Commands).away},
		{"emergency", "emergency", "takes a role at once, without an approval; it is reviewed", false, true, (*Commands).breakGlass},
		{"connect", "connect IT-42", "gives you a code that makes your account in Jira known as yours, when you write it on that request; with a directory's name, the one there", false, false, (*Commands).connect},
		{"accounts", "accounts", "shows which accounts are known as yours, and lets you say which isn't", false, false, (*Commands).accounts},
		{"help", "help", "shows this", false, false, (*Commands).help},
	}
}

// aliases maps what people also type, and how they misspell the short ones, to the
// subcommands.
func aliases() map[string]string {
	return map[string]string{
		"ask": "request", "get": "request", "new": "request", "my": "mine", "me": "mine", "list": "mine", "status": "mine", "mien": "mine", "min": "mine",
		"approve": "approvals", "approval": "approvals", "pending": "approvals", "decide": "approvals", "done": "return", "back": "return", "giveback": "return",
		"break-glass": "emergency", "breakglass": "emergency", "urgent": "emergency",
		"longer": "extend", "renew": "extend", "reviews": "review", "hwo": "who", "whos": "who", "wyh": "why", "remove": "revoke",
		"history": "trace", "log": "trace", "problems": "stuck", "broken": "stuck", "week": "report", "numbers": "report", "?": "help", "halp": "help", "hlep": "help", "hepl": "help", "-h": "help", "--help": "help",
	}
}

// find finds the subcommand a text begins with, and the rest. A name in the catalogue
// goes before everything that isn't exactly a subcommand.
func find(c *catalog.Catalog, text string) (sub subcommand, rest string, ok bool) {
	first, rest, _ := strings.Cut(text, " ")
	first = strings.ToLower(first)
	named := func(name string) (subcommand, bool) {
		i := slices.IndexFunc(subcommands(), func(s subcommand) bool { return s.name == name })
		if i < 0 {
			return subcommand{}, false
		}
		return subcommands()[i], true
	}
	if sub, ok = named(first); ok {
		return sub, rest, true
	}
	if text == "" || len(c.Search(text, 1))+len(c.SearchBundles(text, 1)) > 0 {
		return subcommand{}, text, false
	}
	if sub, ok = named(aliases()[first]); ok {
		return sub, rest, true
	}
	if sub, ok = named(misspelt(first)); ok {
		return sub, rest, true
	}
	return subcommand{}, text, false
}

// misspelt finds the subcommand that is probably meant. Short ones are too near to
// each other to guess.
func misspelt(first string) string {
	if len(first) < 5 {
		return ""
	}
	var long []string
	for _, s := range subcommands() {
		if len(s.name) > 4 {
			long = append(long, s.name)
		}
	}
	return catalog.Nearest(first, long)
}
