package commands

import (
	"context"
	"slices"
	"strings"

	"latchkey/catalog"
	"latchkey/workflow/people"
)

// subcommand is something the command can be told to do. What it answers goes into
// the ack; nil answers nothing.
type subcommand struct {
	name, usage, help string
	own               string          // what help tells whoever may do it for themselves only; "": everybody may as they like
	decides           bool            // is of use to those only who are asked to decide
	needs             people.Act      // that somebody has to be allowed to do; "": everybody may
	all               bool            // what it needs, about all apps: not only about one's own
	there             func(help) bool // whether there is such a thing here; nil: there is
	bare              bool            // opens a form where nothing comes after it
	opens             bool            // a form, so nothing is looked up before it is there
	do                func(*Commands, context.Context, invocation) ([]byte, error)
}

// subcommands are all of them, in the order in which help tells them.
func subcommands() []subcommand {
	return []subcommand{
		{name: "request", usage: "request figma", help: "opens the form with Figma chosen already", opens: true, do: (*Commands).request},
		{name: "mine", usage: "mine", help: "shows what you have, and what you asked for", do: (*Commands).mine},
		{name: "extend", usage: "extend figma", help: "keeps access for longer", do: (*Commands).held},
		{name: "return", usage: "return figma", help: "gives access back before its end", do: (*Commands).held},
		{name: "emergency", usage: "emergency", help: "takes a role at once, without an approval; it is reviewed", there: help.emergencies, opens: true, do: (*Commands).breakGlass},
		{name: "why", usage: "why @user figma", help: "tells why somebody has access", own: "tells why you have access", do: (*Commands).why},
		{name: "trace", usage: "trace @user figma", help: "tells everything that happened between a person and an app", own: "tells everything that happened between you and an app", do: (*Commands).trace},
		{name: "accounts", usage: "accounts", help: "shows which accounts are known as yours, and lets you say which isn't", do: (*Commands).accounts},
		{name: "connect", usage: "connect IT-42", help: "gives you a code that makes your account in Jira known as yours, when you write it on that request", do: (*Commands).connect},
		{name: "approvals", usage: "approvals", help: "shows what waits for your decision", decides: true, do: (*Commands).approvals},
		{name: "review", usage: "review", help: "shows access reviews of which rows wait for you; IT begins and starts them there", decides: true, opens: true, do: (*Commands).review},
		{name: "away", usage: "away", help: "has somebody decide for you while you are away; “away 2026-12-24” only says when you are back", decides: true, bare: true, do: (*Commands).away},
		{name: "who", usage: "who figma", help: "shows who has access", needs: people.ActOversee, do: (*Commands).who},
		{name: "revoke", usage: "revoke @user figma", help: "takes access away now", needs: people.ActRevoke, opens: true, do: (*Commands).revoke},
		{name: "reclaim", usage: "reclaim figma", help: "shows seats that nobody uses; “reclaim @user figma” leaves one out", needs: people.ActOversee, do: (*Commands).reclaim},
		{name: "reassign", usage: "reassign IT-42", help: "has somebody else decide that request", needs: people.ActReassign, opens: true, do: (*Commands).reassign},
		{name: "stuck", usage: "stuck", help: "shows what waits for IT", needs: people.ActOversee, all: true, do: (*Commands).stuck},
		{name: "offboard", usage: "offboard @user", help: "ends everything somebody has, now", needs: people.ActOffboard, all: true, opens: true, do: (*Commands).offboard},
		{name: "pause", usage: "pause for 30m incident", help: "stops new access for a while; removals go on", needs: people.ActPause, all: true, do: (*Commands).pause},
		{name: "resume", usage: "resume", help: "ends such a pause", needs: people.ActPause, all: true, do: (*Commands).resume},
		{name: "confirm", usage: "confirm K7M2Q4XA", help: "confirms what somebody else of IT says of a person", needs: people.ActConfirm, all: true, do: (*Commands).confirm},
		{name: "report", usage: "report", help: "sums the last seven days up", needs: people.ActOversee, all: true, do: (*Commands).report},
		{name: "help", usage: "help", help: "shows this", do: (*Commands).help},
	}
}

// aliases maps what people also type, and how they misspell the short ones, to the
// subcommands.
func aliases() map[string]string {
	return map[string]string{
		"ask": "request", "get": "request", "new": "request", "my": "mine", "me": "mine", "list": "mine", "status": "mine", "mien": "mine", "min": "mine",
		"reviews": "review", "campaign": "review", "campaigns": "review", "certify": "review", "recertify": "review", "approve": "approvals", "approval": "approvals", "pending": "approvals", "decide": "approvals", "done": "return", "back": "return", "giveback": "return",
		"break-glass": "emergency", "breakglass": "emergency", "urgent": "emergency",
		"idle": "reclaim", "seats": "reclaim", "licences": "reclaim", "licenses": "reclaim", "unused": "reclaim",
		"longer": "extend", "renew": "extend", "hwo": "who", "whos": "who", "wyh": "why", "remove": "revoke",
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

// Usages are what can be typed after the command, by way of example, and what each does.
func Usages() (all [][2]string) {
	for _, s := range subcommands() {
		if s.name != "request" { // which is what an app's name alone does
			all = append(all, [2]string{s.usage, s.help})
		}
	}
	return all
}
