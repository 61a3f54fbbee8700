package e2e

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
)

// calls counts the calls each service got, by what was called.
func (c *company) calls() map[string]int {
	out := map[string]int{}
	for method, n := range c.world.Slack.Stats() {
		if !strings.HasPrefix(method, "envelope:") {
			out["slack "+method] = n
		}
	}
	for call, n := range c.world.Jira.Stats() {
		out["jira "+call] = n
	}
	for _, call := range c.world.Okta.Calls() {
		out["okta "+call]++
	}
	return out
}

// TestVendorCallsOfOneRequest plays one request from the form to access that was
// read back, told and recorded, when the people and the group are known from
// others before it, and counts what it costs. The budget below is what honesty
// needs: who decides and whose access it is are looked up at that moment, each
// with their manager, whom Okta names by a login: a moment ago one may have left,
// or the other got another manager; the membership is read before and after it is
// changed; what the customer reads and the evidence that only agents may see are
// comments of their own, because Jira drops what is written in a transition, and
// the first time that a transition is taken what it carried is read back; whether
// the issue is still there is looked at before the group is changed, because
// nothing is given without it, so that a yes and the access are seen apart; and
// the cards of two people are kept up to date.
func TestVendorCallsOfOneRequest(t *testing.T) {
	q := newQuiet(t)
	c := q.c
	do := func(words ...string) {
		t.Helper()
		if _, err := c.tell.Do(context.Background(), words...); err != nil {
			t.Fatal(err)
		}
	}
	play := func(who, approver, issue string, more ...string) {
		do("slack", who, "/access")
		do(append([]string{"slack", who, "submit", "app=figma", "role=editor", "for=6h"}, more...)...)
		do("jira", issue, "waits", "somebody")
		do("dm", approver, issue)
		do("slack", approver, "click", "Approve")
		do("jira", issue, "status", "Granted")
		do("jira", issue, "internal", "Read back: is a member")
		do("dm", who, "in: Figma")
		do("dm", approver, "Approved by you … until")
	}
	play("maya", "noor", "IT-1", "reason=Launch assets")
	do("slack", "sam", "/access")
	do("slack", "sam", "submit", "app=netsuite", "role=viewer", "reason=Quarter-end close")
	do("slack", "lena", "click", "Deny")
	do("slack", "lena", "submit", "reason=Please use the report instead")
	do("jira", "IT-2", "status", "Declined")
	do("jira", "IT-2", "internal", "May decide at that moment")
	do("dm", "sam", "Please use the report instead")
	do("dm", "lena", "Denied by you")

	q.still() // what the first two cost is over
	before := c.calls()
	play("sam", "lena", "IT-3", "reason=Slides for the board")
	spent := map[string]int{}
	for what, n := range c.calls() {
		if n -= before[what]; n > 0 {
			service, _, _ := strings.Cut(what, " ")
			spent[service] += n
			t.Logf("%2d %s", n, what)
		}
	}
	// Cards of two people are edited up to four times each, less where changes come at once.
	// What comes together takes another transition than what comes apart: where it is the first of
	// its sort after all, what it carried is read back, which is three calls.
	// A look-up that was under way when somebody was forgotten is not relied on: then
	// the beneficiary and their manager are looked up once more, which is two calls.
	budget := map[string]int{"slack": 6 + 2*4, "jira": 10 + 3, "okta": 7 + 2}
	for _, service := range slices.Sorted(maps.Keys(budget)) {
		if spent[service] == 0 || spent[service] > budget[service] {
			t.Errorf("%s got %d calls, the budget is %d", service, spent[service], budget[service])
		}
	}
}
