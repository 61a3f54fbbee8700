package jira_test

import (
	"testing"

	"latchkey/sandbox/jira"
)

// TestWhatAClientDoesIsFollowed: a follower that waits hears of what comes in by HTTP,
// in order, and nothing of what was refused.
func TestWhatAClientDoesIsFollowed(t *testing.T) {
	s := newSite(t, jira.Config{})
	before := s.Snapshot()
	heard := make(chan string)
	go func() {
		defer close(heard)
		for c, err := range s.Follow(t.Context(), before.Seq) {
			if err != nil {
				return
			}
			select {
			case heard <- c.Kind + " " + c.Subject:
			case <-t.Context().Done():
				return
			}
		}
	}()
	key := s.raise("Figma")
	path := "/rest/api/3/issue/" + key
	s.call("PUT", path+"/properties/bot.state", `{"v":1}`).want(201)
	s.call("PUT", path+"/properties/bot.state", `{`).want(400)
	s.call("POST", path+"/comment", `{"body":`+adf("hello")+`}`).want(201)
	s.call("DELETE", path, "").want(204)
	for _, want := range []string{
		"issue.created " + key, "issue.updated " + key, "property.set " + key + "/bot.state",
		"comment.added " + key + "/20101", "issue.updated " + key, "issue.deleted " + key,
	} {
		if got := <-heard; got != want {
			t.Errorf("heard %q, want %q", got, want)
		}
	}
}
