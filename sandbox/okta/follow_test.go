package okta_test

import (
	"testing"

	"latchkey/sandbox/okta"
)

// TestWhatAClientDoesIsFollowed: a follower that waits hears of a membership that
// comes in by HTTP, and finds it in the next snapshot.
func TestWhatAClientDoesIsFollowed(t *testing.T) {
	o := newOrg(t, okta.Config{})
	maya, design := o.AddUser(okta.User{Login: "maya@acme.example"}), o.AddGroup(okta.Group{Name: "design"})
	before := o.Snapshot()
	added := make(chan string)
	go func() {
		defer close(added)
		for c, err := range o.Follow(t.Context(), before.Seq) {
			if err == nil && c.Kind == "member.added" {
				added <- c.Subject
				return
			}
		}
	}()
	if a := o.call("PUT", "/api/v1/groups/"+design.ID+"/users/"+maya.ID); a.StatusCode != 204 {
		t.Fatalf("PUT: %d", a.StatusCode)
	}
	if got, want := <-added, design.ID+"/"+maya.ID; got != want {
		t.Errorf("followed %q, want %q", got, want)
	}
	if members := o.Snapshot().Members[design.ID]; len(members) != 1 || members[0] != maya.ID {
		t.Errorf("the snapshot has %v", members)
	}
}
