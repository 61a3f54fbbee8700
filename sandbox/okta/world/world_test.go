package world_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"latchkey/sandbox/feed/feedtest"
	"latchkey/sandbox/handclock"
	"latchkey/sandbox/okta/world"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newOrg() *world.World {
	w := world.New(world.Settings{Clock: handclock.New(), OnChange: func() {}})
	w.AddGroup(world.Group{ID: "00gdesign", Name: "design"})
	return w
}

// memberships follows who is in the group design.
func memberships(w *world.World) feedtest.World {
	var n atomic.Int64
	return feedtest.World{
		Make: func(*testing.T) string {
			u := w.AddUser(world.User{Login: fmt.Sprintf("p%d@acme.example", n.Add(1))})
			w.SetMember("design", u.Login, true)
			return u.ID
		},
		Unmake: func(t *testing.T, id string) {
			for _, u := range w.Users() {
				if u.ID == id && !w.SetMember("design", u.Login, false) {
					t.Errorf("%s could not be taken out", u.Login)
				}
			}
		},
		Snapshot: func() (uint64, []string) {
			now := w.Snapshot()
			var ids []string
			for group, members := range now.Members {
				for _, id := range members {
					ids = append(ids, group+"/"+id)
				}
			}
			return now.Seq, ids
		},
		Follow: w.Follow, Made: "member.added", Unmade: "member.removed",
	}
}

func TestNothingIsMissed(t *testing.T) { feedtest.Run(t, memberships(newOrg())) }

func TestASnapshotDoesNotChange(t *testing.T) {
	w := newOrg()
	w.AddUser(world.User{Login: "maya@acme.example", Custom: map[string]any{"badge": "1"}})
	before := w.Snapshot()
	w.SetMember("design", "maya@acme.example", true)
	w.SetStatus("maya@acme.example", world.Deprovisioned)
	if err := w.EditUser("maya@acme.example", func(u *world.User) { u.Custom["badge"] = "2" }); err != nil {
		t.Fatal(err)
	}
	if len(before.Members["00gdesign"]) != 0 || before.Users[0].Status != world.Active || before.Users[0].Custom["badge"] != "1" {
		t.Errorf("the snapshot changed: %+v", before)
	}
	now := w.Snapshot()
	if len(now.Members["00gdesign"]) != 1 || now.Users[0].Status != world.Deprovisioned || now.Users[0].Custom["badge"] != "2" {
		t.Errorf("the org did not change: %+v", now)
	}
	if len(now.Groups) != 2 || len(now.Log) != 5 {
		t.Errorf("groups %v, log %v", now.Groups, now.Log)
	}
}

// TestChangesAreTold says what a follower hears of each thing that is done.
func TestChangesAreTold(t *testing.T) {
	w := newOrg()
	for _, c := range []struct {
		what string
		do   func()
		want string
	}{
		{"hire", func() { w.AddUser(world.User{Login: "maya@acme.example", Department: "Design"}) }, "user.saved member.added log.written"},
		{"join", func() { w.SetMember("design", "maya@acme.example", true) }, "member.added log.written"},
		{"join again", func() { w.SetMember("design", "maya@acme.example", true) }, ""},
		{"leave", func() { w.SetMember("design", "maya@acme.example", false) }, "member.removed log.written"},
		{"rule", func() {
			w.AddRule(world.Rule{Name: "r", Attribute: "department", Value: "Design", Groups: []string{"design"}})
		}, "rule.saved member.added log.written"},
		{"suspend", func() { w.SetStatus("maya@acme.example", world.Suspended) }, "user.saved log.written"},
		{"fire", func() { w.DeleteUser("maya@acme.example") }, "member.removed user.deleted log.written"},
		{"delete", func() { w.DeleteGroup("design") }, "group.deleted log.written"},
	} {
		if got := strings.Join(feedtest.Kinds(t, memberships(w), c.do), " "); got != c.want {
			t.Errorf("%s is told as %q, want %q", c.what, got, c.want)
		}
	}
}

func TestOnChangeIsCalledForChangesOnly(t *testing.T) {
	told := 0
	w := world.New(world.Settings{Clock: handclock.New(), OnChange: func() { told++ }})
	told = 0
	w.AddUser(world.User{Login: "maya@acme.example"})
	w.SetStatus("maya@acme.example", world.Active)
	w.SetStatus("nobody@acme.example", world.Suspended)
	if w.Users(); told != 1 {
		t.Errorf("told %d times, want once", told)
	}
}
