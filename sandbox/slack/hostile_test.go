package slack_test

import (
	"net/url"
	"testing"

	"latchkey/sandbox/slack"
)

// Pages may be short, and those after the first be lost, until the fault is disarmed.
func TestPagesThatAreShortOrLost(t *testing.T) {
	d := newDesk(t, slack.Config{})
	ask := func(cursor string) (listed int, next string, code any) {
		body := d.call("users.list", d.Config().BotToken, url.Values{"cursor": {cursor}})
		members, _ := body["members"].([]any)
		meta, _ := body["response_metadata"].(map[string]any)
		next, _ = meta["next_cursor"].(string)
		return len(members), next, body["error"]
	}
	all, _, _ := ask("")
	short := d.AddFault(slack.Fault{Method: "users.list", Short: 1})
	n, more, _ := ask("")
	if n != 1 || more == "" {
		t.Errorf("the first page has %d of %d members and goes on at %q", n, all, more)
	}
	short()
	lost := d.AddFault(slack.Fault{Method: "users.list", Later: true, Error: "fatal_error"})
	if _, _, code := ask(more); code != "fatal_error" {
		t.Errorf("a later page is answered with %v", code)
	}
	if n, _, code := ask(""); n != all || code != nil {
		t.Errorf("the first page has %d members: %v", n, code)
	}
	lost()
	if n, _, code := ask(more); n != all-1 || code != nil {
		t.Errorf("it is over, and a later page has %d members: %v", n, code)
	}
}

// Whoever is taken for themselves again is taken for nobody else.
func TestNobodyIsMisledAnyMore(t *testing.T) {
	d := newDesk(t, slack.Config{})
	shown := func() string {
		u, err := d.api.GetUserInfo(d.maya.ID)
		must(t, err)
		return u.ID
	}
	d.Mislead(d.maya.ID, d.noor.ID)
	if shown() != d.noor.ID {
		t.Error("nobody is misled")
	}
	d.Mislead(d.maya.ID, d.maya.ID)
	if shown() != d.maya.ID {
		t.Error("it goes on")
	}
}
