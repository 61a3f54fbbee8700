package e2e

import (
	"fmt"
	"testing"
	"time"

	"latchkey/sandbox/okta"
	"latchkey/sandbox/slack"
)

// TestTwoHundredApproversAreAskedAtOnce: a group of two hundred decides. All of them read it within what Slack lets an app
// post, and waits for nothing of what Slack allows only fifty times a minute; the issue says for whom it waits in words
// that fit; and any of them can answer.
func TestTwoHundredApproversAreAskedAtOnce(t *testing.T) {
	c := newCompany(t)
	do := playOn(t, c)
	if err := c.stop(); err != nil {
		t.Fatal(err)
	}
	const many = 200
	for i := range many {
		handle := fmt.Sprintf("officer%03d", i)
		c.world.Slack.AddUser(slack.User{Name: handle, RealName: fmt.Sprintf("Officer %03d", i), Email: handle + "@acme.example"})
		c.world.Okta.AddUser(okta.User{Login: handle + "@acme.example", First: "Officer", Last: fmt.Sprintf("%03d", i), LastLogin: c.world.Clock.Now()})
		c.world.Okta.SetMember("security", handle+"@acme.example", true)
	}
	if err := c.edit([]string{`manager: [manager] => manager: ["group:okta:security"]`}); err != nil {
		t.Fatal(err)
	}
	before := c.calls()
	c.boot()
	began := c.world.Clock.Now()
	do("slack maya /access", "slack maya submit app=figma role=editor for=6h reason='Launch assets'")
	for i := range many {
		do(fmt.Sprintf("dm officer%03d 'Launch assets'", i))
	}
	took := c.world.Clock.Now().Sub(began)
	if took > 165*time.Second { // fifty a minute, of which fifty at once, would take three minutes
		t.Errorf("it took %s until all had been asked", took)
	}
	minutes := 1 + int(took/time.Minute) // the slow calls go on beside, as many a minute as Slack allows
	for call, most := range map[string]int{"slack conversations.open": 60 * minutes, "slack users.lookupByEmail": 5, "slack users.info": 10, "slack users.list": 3} {
		if n := c.calls()[call] - before[call]; n > most {
			t.Errorf("%s was called %d times", call, n)
		}
	}
	do("jira IT-1 waits somebody", "slack officer123 click Approve", "okta has figma-editors maya", "jira IT-1 status Granted")
}
