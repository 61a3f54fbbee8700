package e2e

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/sandbox/jira"
	"latchkey/sandbox/okta"
	"latchkey/sandbox/slack"
)

// duties is what IT reads when something is not done because a service doesn't let
// Latchkey do it.
const duties = "Latchkey can't do one of its regular duties"

// itChannel is the channel in which IT is told; toldDirectly is what the admins read while
// that can't be written to.
const (
	itChannel    = "C0ITACCESS"
	toldDirectly = "IT can't be told in its channel"
)

// unanchored is what IT reads where a search for what is anchored finds nothing.
const unanchored = "What is anchored of Latchkey's log can't be found"

// hostileActs are all of them.
func hostileActs() []hostileAct {
	var (
		jiraSays  = []string{"Jira doesn't work for Latchkey", "Jira works again", unanchored, duties}
		slackSays = []string{"Slack doesn't work for Latchkey", "Slack works again", duties}
		oktaSays  = []string{"The directory okta doesn't work for Latchkey", "The directory okta works again", "Memberships compared with requests", "Accounts that have changed can't be read", "The log of okta can't be read", duties}
	)
	everybody := slices.Concat(jiraSays[:3], oktaSays[:5], slackSays)
	return []hostileAct{
		{"Slack's tokens are dead", endSlackTokens, slackSays},
		{"Jira's token is dead", endJiraToken, jiraSays},
		{"Okta's token is dead", endOktaToken, oktaSays},
		{"a person has another address", renamePerson, nil},
		{"a group has another name", renameGroup, []string{"A group has another name now"}},
		{"a status has another name", renameStatus, []string{"Something has another name in Jira"}},
		{"Okta's searches find nothing", emptyOkta, nil},
		{"Okta's searches find everything", floodOkta, nil},
		{"Okta answers with somebody else", misleadOkta, nil},
		{"another org answers for Okta", becomeAnother, slices.Concat(oktaSays, []string{"Another organisation stands behind a name"})},
		{"Okta's index trails", staleOkta, nil},
		{"Jira's searches find nothing", emptyJira, []string{unanchored}},
		{"Jira's index trails", staleJira, []string{unanchored}},
		{"Slack answers with somebody else", misleadSlack, nil},
		{"people hide their addresses in Jira", hideAddresses, nil},
		{"Jira doesn't show the project", hideProject, jiraSays},
		{"a sync puts back whom Latchkey takes out", putBack, nil},
		{"a list never ends", endless, everybody},
		{"a page of a list is lost", lostPage, everybody},
		{"a web page answers for Slack", slackPage, slackSays},
		{"a web page answers for Jira", jiraPage, jiraSays},
		{"a web page answers for Okta", oktaPage, oktaSays},
		{"the IT channel is archived", archive, []string{toldDirectly}},
		{"a rule of the desk moves issues back", automate, []string{"Changed by hand in Jira"}},
		{"a call is answered with 401", refusing(http.StatusUnauthorized), everybody},
		{"a call is answered with 403", refusing(http.StatusForbidden), everybody},
		{"a call is answered with 503", refusing(http.StatusServiceUnavailable), everybody},
	}
}

// The tokens: the service ends one, and the next is put in its place after a while.

func endSlackTokens(w *torture, _ *rand.Rand) func() {
	app, bot := w.nextToken("xapp-1-A0LATCHKEY"), w.nextToken("xoxb")
	w.world.Slack.RotateTokens(bot, app)
	w.world.Slack.DropSockets()
	return func() { w.handed(map[string]string{"SLACK_APP_TOKEN": app, "SLACK_BOT_TOKEN": bot}) }
}

func endJiraToken(w *torture, _ *rand.Rand) func() {
	next := w.nextToken("jira")
	w.world.Jira.RotateToken(next)
	return func() { w.handed(map[string]string{"JIRA_TOKEN": next}) }
}

func endOktaToken(w *torture, _ *rand.Rand) func() {
	next := w.nextToken("okta")
	w.world.Okta.RotateToken(next)
	return func() { w.handed(map[string]string{"OKTA_TOKEN": next}) }
}

// The names: an address, a group and a status are called otherwise, their ids stay.

// renamePerson gives somebody another address in the directory; in half of the cases
// Slack follows.
func renamePerson(w *torture, r *rand.Rand) func() {
	who, ok := w.known(r)
	if !ok {
		return nil
	}
	before, follows := who.Email, r.IntN(2) == 0
	call := func(from, to string) {
		if err := w.world.Okta.EditUser(from, func(u *okta.User) { u.Login, u.Email = to, to }); err != nil {
			fmt.Fprintf(w.log, "---- %s can't be renamed: %v\n", from, err)
		}
		if now, ok := w.world.Slack.UserByName(who.Name); ok && follows {
			now.Email = to
			w.world.Slack.AddUser(now)
		}
	}
	after := strings.Replace(before, "@", ".married@", 1)
	call(before, after)
	return func() { call(after, before) }
}

func renameGroup(w *torture, r *rand.Rand) func() {
	name := []string{"figma-editors", "miro-members"}[r.IntN(2)]
	call := func(as string) {
		if err := w.world.Okta.EditGroup(w.groups[name], func(g *okta.Group) { g.Name = as }); err != nil {
			fmt.Fprintf(w.log, "---- %s can't be renamed: %v\n", name, err)
		}
	}
	call("app-" + name)
	return func() { call(name) }
}

func renameStatus(w *torture, r *rand.Rand) func() {
	all := w.world.Jira.Workflow().Statuses
	one := all[r.IntN(len(all))]
	call := func(as string) {
		if err := w.world.Jira.EditStatus(one.ID, func(s *jira.Status) { s.Name = as }); err != nil {
			fmt.Fprintf(w.log, "---- %s can't be renamed: %v\n", one.Name, err)
		}
	}
	call(one.Name + " (2027)")
	return func() { call(one.Name) }
}

// The searches and reads.

func emptyOkta(w *torture, _ *rand.Rand) func() {
	w.world.Okta.Blank(1 << 30)
	return func() { w.world.Okta.Blank(0) }
}

func floodOkta(w *torture, _ *rand.Rand) func() {
	w.world.Okta.Stray(1 << 30)
	return func() { w.world.Okta.Stray(0) }
}

// misleadOkta has the org answer with another account than was asked for, or with
// another group.
func misleadOkta(w *torture, r *rand.Rand) func() {
	asked := map[string]string{w.groups["figma-editors"]: w.groups["miro-members"], "figma-editors": "miro-members"}
	if who, ok := w.known(r); ok && r.IntN(3) > 0 {
		other, _ := w.world.Slack.UserByName("tom")
		asked = map[string]string{w.accounts[who.ID]: w.accounts[other.ID], who.Email: other.Email}
	}
	for from, to := range asked {
		w.world.Okta.Mislead(from, to)
	}
	return func() {
		for from := range asked {
			w.world.Okta.Mislead(from, from)
		}
	}
}

func staleOkta(w *torture, _ *rand.Rand) func() {
	w.world.Okta.SetSearchLag(30 * time.Minute)
	return func() { w.world.Okta.SetSearchLag(0) }
}

// becomeAnother has another org stand behind the same address, as after a mistake in
// DNS. Its ids mean somebody else, or nobody.
func becomeAnother(w *torture, _ *rand.Rand) func() {
	w.world.Okta.Become("00oother")
	return func() { w.world.Okta.Become("") }
}

// putBack has a sync take back into the groups whoever is taken out.
func putBack(w *torture, _ *rand.Rand) func() {
	set := func(sticky bool) {
		for _, group := range []string{"figma-editors", "miro-members"} {
			w.world.Okta.SetSticky(w.groups[group], sticky)
		}
	}
	set(true)
	return func() { set(false) }
}

// hideAddresses has everybody hide their e-mail address in Jira, as most people do.
func hideAddresses(w *torture, _ *rand.Rand) func() {
	set := func(hide bool) {
		for _, a := range w.world.Jira.Accounts() {
			if a.Token == "" && a.AccountID != w.robot {
				a.HideEmail = hide
				w.world.Jira.AddAccount(a)
			}
		}
	}
	set(true)
	return func() { set(false) }
}

// hideProject takes the right to see the project: Jira says of everything in it that it
// isn't there.
func hideProject(w *torture, _ *rand.Rand) func() {
	w.world.Jira.Permit("BROWSE_PROJECTS", false)
	return func() { w.world.Jira.Permit("BROWSE_PROJECTS", true) }
}

func emptyJira(w *torture, _ *rand.Rand) func() {
	return w.faulty(jira.Fault{Path: "/rest/api/3/search/jql", Empty: true}, jira.Fault{Path: "/rest/api/3/user/search", Empty: true})
}

// staleJira has the index trail, and forget the newest hit of every other search.
func staleJira(w *torture, _ *rand.Rand) func() {
	w.world.Jira.SetSearchLag(30 * time.Minute)
	w.world.Jira.SetSearchFlap(2)
	return func() { w.world.Jira.SetSearchLag(0); w.world.Jira.SetSearchFlap(0) }
}

func misleadSlack(w *torture, r *rand.Rand) func() {
	who, ok := w.known(r)
	other, _ := w.world.Slack.UserByName("tom")
	if !ok {
		return nil
	}
	w.world.Slack.Mislead(who.ID, other.ID)
	w.world.Slack.Mislead(who.Email, other.Email)
	return func() {
		w.world.Slack.Mislead(who.ID, who.ID)
		w.world.Slack.Mislead(who.Email, who.Email)
	}
}

// faulty has faults hit every call they match until it is over.
func (w *torture) faulty(faults ...any) func() {
	var disarm []func()
	for _, one := range faults {
		switch f := one.(type) {
		case jira.Fault:
			f.Times = -1
			disarm = append(disarm, w.world.Jira.AddFault(f))
		case okta.Fault:
			disarm = append(disarm, w.world.Okta.AddFault(f))
		case slack.Fault:
			disarm = append(disarm, w.world.Slack.AddFault(f))
		}
	}
	return func() {
		for _, end := range disarm {
			end()
		}
	}
}

// endless has every list of one service begin again with each page.
func endless(w *torture, r *rand.Rand) func() {
	switch r.IntN(3) {
	case 0:
		return w.faulty(jira.Fault{Path: "/rest/api/3/search/jql", Short: 1, Frozen: true})
	case 1:
		return w.faulty(okta.Fault{Method: http.MethodGet, Short: 1, Frozen: true})
	}
	return w.faulty(slack.Fault{Method: "conversations.list", Short: 1, Frozen: true}, slack.Fault{Method: "users.list", Short: 1, Frozen: true})
}

// lostPage has no page of one service's lists but the first arrive.
func lostPage(w *torture, r *rand.Rand) func() {
	switch r.IntN(3) {
	case 0:
		return w.faulty(jira.Fault{Later: true, Drop: true}, jira.Fault{Path: "/rest/api/3/search/jql", Short: 1})
	case 1:
		return w.faulty(okta.Fault{Later: true, Drop: true}, okta.Fault{Method: http.MethodGet, Short: 1})
	}
	return w.faulty(slack.Fault{Method: "conversations.list", Later: true, Drop: true}, slack.Fault{Method: "conversations.list", Short: 1},
		slack.Fault{Method: "users.list", Later: true, Drop: true}, slack.Fault{Method: "users.list", Short: 5})
}

// A proxy that wants a sign-in, or a page about maintenance.

func pageStatus(r *rand.Rand) int {
	return []int{http.StatusOK, http.StatusServiceUnavailable, http.StatusForbidden}[r.IntN(3)]
}

func slackPage(w *torture, r *rand.Rand) func() {
	return w.faulty(slack.Fault{Method: "*", Page: "Sign in", Status: pageStatus(r)})
}

func jiraPage(w *torture, r *rand.Rand) func() {
	return w.faulty(jira.Fault{Page: "Sign in", Status: pageStatus(r)})
}

func oktaPage(w *torture, r *rand.Rand) func() {
	return w.faulty(okta.Fault{Page: "Sign in", Status: pageStatus(r)})
}

// refusing has one call of a service refused.
func refusing(status int) func(*torture, *rand.Rand) func() {
	codes := map[int]string{http.StatusUnauthorized: "invalid_auth", http.StatusForbidden: "missing_scope", http.StatusServiceUnavailable: "service_unavailable"}
	faults := []any{
		jira.Fault{Method: http.MethodPost, Path: "/rest/servicedeskapi/request", Status: status},
		jira.Fault{Method: http.MethodPost, Path: "/rest/api/3/issue/{issueIdOrKey}/comment", Status: status},
		jira.Fault{Method: http.MethodPost, Path: "/rest/api/3/issue/{issueIdOrKey}/transitions", Status: status},
		jira.Fault{Method: http.MethodPut, Path: "/rest/api/3/issue/*/properties/*", Status: status},
		jira.Fault{Method: http.MethodGet, Path: "/rest/api/3/issue/*", Status: status},
		jira.Fault{Path: "/rest/api/3/search/jql", Status: status},
		okta.Fault{Method: http.MethodPut, Path: "/api/v1/groups/*/users/*", Status: status},
		okta.Fault{Method: http.MethodDelete, Path: "/api/v1/groups/*/users/*", Status: status},
		okta.Fault{Method: http.MethodGet, Path: "/api/v1/users/*/groups", Status: status},
		okta.Fault{Method: http.MethodGet, Path: "/api/v1/users/*", Status: status},
		okta.Fault{Method: http.MethodGet, Path: "/api/v1/users", Status: status},
		okta.Fault{Method: http.MethodGet, Path: "/api/v1/groups/*", Status: status},
		slack.Fault{Method: "chat.postMessage", Error: codes[status]},
		slack.Fault{Method: "chat.update", Error: codes[status]},
		slack.Fault{Method: "conversations.open", Error: codes[status]},
		slack.Fault{Method: "users.info", Error: codes[status]},
		slack.Fault{Method: "apps.connections.open", Error: codes[status]},
	}
	return func(w *torture, r *rand.Rand) func() { return w.faulty(faults[r.IntN(len(faults))]) }
}

func archive(w *torture, _ *rand.Rand) func() {
	put := func(away bool) {
		if err := w.world.Slack.Archive(itChannel, away); err != nil {
			fmt.Fprintf(w.log, "---- the IT channel can't be archived: %v\n", err)
		}
	}
	put(true)
	return func() { put(false) }
}

// automate has the desk's automation move issues: after every comment that customers
// can read, or those that are done with.
func automate(w *torture, r *rand.Rand) func() {
	if r.IntN(3) == 0 {
		for _, is := range w.world.Jira.Issues() {
			if w.statuses[is.StatusID] == "Granted" && r.IntN(2) == 0 {
				_ = w.world.Jira.Transition(w.robot, is.Key, "Escalate to a human") // it may just have been moved
			}
		}
		return func() {}
	}
	rule := jira.Rule{Transition: []string{"Put back", "Escalate to a human"}[r.IntN(2)], Account: w.robot}
	if err := w.world.Jira.AddRule(rule); err != nil {
		return nil
	}
	return func() { _ = w.world.Jira.RemoveRule(rule) } // it can't fail
}

// devNull is a log that nobody reads.
func devNull(t *testing.T) *os.File {
	t.Helper()
	f, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}
