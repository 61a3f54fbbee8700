package world_test

import (
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"latchkey/sandbox/feed/feedtest"
	"latchkey/sandbox/handclock"
	"latchkey/sandbox/jira/world"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// site is a world with one agent in it.
type site struct {
	*world.World
	noor string
}

func newSite() site {
	w := world.New(world.Settings{
		ProjectKey: "IT", ProjectName: "IT Help", Bot: world.Account{Email: "bot@acme.example", DisplayName: "Bot"},
		Clock: handclock.New(), OnChange: func() {}, Workflow: world.DefaultWorkflow(), Resolutions: []string{"Done", "Declined"},
	})
	return site{w, w.AddAccount(world.Account{Email: "noor@acme.example", Active: true, Agent: true, Customer: true}).AccountID}
}

func (s site) raise(t *testing.T) string {
	t.Helper()
	key, err := s.RaiseRequest(s.noor, map[string]any{"summary": "Figma for Maya"})
	if err != nil {
		t.Error(err)
	}
	return key
}

func (s site) followed() feedtest.World {
	return feedtest.World{
		Make: s.raise,
		Unmake: func(t *testing.T, key string) {
			if err := s.DeleteIssue(s.noor, key); err != nil {
				t.Error(err)
			}
		},
		Snapshot: func() (uint64, []string) {
			now := s.Snapshot()
			var keys []string
			for _, is := range now.Issues {
				keys = append(keys, is.Key)
			}
			return now.Seq, keys
		},
		Follow: s.Follow, Made: "issue.created", Unmade: "issue.deleted",
	}
}

func TestNothingIsMissed(t *testing.T) { feedtest.Run(t, newSite().followed()) }

func TestASnapshotDoesNotChange(t *testing.T) {
	s := newSite()
	key := s.raise(t)
	before := s.Snapshot()
	if err := s.Comment(s.noor, key, "Which team?", true); err != nil {
		t.Fatal(err)
	}
	if err := s.Transition(s.noor, key, "Approve request"); err != nil {
		t.Fatal(err)
	}
	old, now := before.Issues[0], s.Snapshot().Issues[0]
	if len(old.Comments) != 0 || old.Status != "Waiting for approval" {
		t.Errorf("the snapshot changed: %+v", old)
	}
	if len(now.Comments) != 1 || now.Status != "In progress" {
		t.Errorf("the site did not change: %+v", now)
	}
}

// TestChangesAreTold says what a follower hears of each thing that people do.
func TestChangesAreTold(t *testing.T) {
	s := newSite()
	var key string
	for _, c := range []struct {
		what string
		do   func() error
		want string
	}{
		{"raise", func() error { key = s.raise(t); return nil }, "issue.created issue.updated"},
		{"comment", func() error { return s.Comment(s.noor, key, "Which team?", false) }, "comment.added issue.updated"},
		{"transition", func() error { return s.Transition(s.noor, key, "Approve request") }, "issue.transitioned issue.updated"},
		{"edit", func() error { return s.EditField(s.noor, key, "summary", "Miro for Maya") }, "issue.updated"},
		{"status", func() error { return s.EditStatus("Granted", func(st *world.Status) { st.Name = "Given" }) }, "workflow.changed"},
		{"deactivate", func() error { s.AddAccount(world.Account{AccountID: "gone"}); return nil }, "account.saved"},
		{"refused", func() error { _ = s.Transition(s.noor, key, "Approve request"); return nil }, ""},
		{"delete", func() error { return s.DeleteIssue(s.noor, key) }, "issue.deleted"},
	} {
		kinds := feedtest.Kinds(t, s.followed(), func() {
			if err := c.do(); err != nil {
				t.Errorf("%s: %v", c.what, err)
			}
		})
		if got := strings.Join(kinds, " "); got != c.want {
			t.Errorf("%s is told as %q, want %q", c.what, got, c.want)
		}
	}
}

func TestOnChangeIsCalledForChangesOnly(t *testing.T) {
	told := 0
	w := world.New(world.Settings{Clock: handclock.New(), OnChange: func() { told++ }, Workflow: world.DefaultWorkflow(), ProjectKey: "IT"})
	w.AddAccount(world.Account{Email: "a@acme.example"})
	if told != 1 {
		t.Errorf("told %d times of one account", told)
	}
	if err := w.DeleteIssue("nobody", "IT-1"); err == nil || told != 1 {
		t.Errorf("told %d times after a refusal (%v)", told, err)
	}
	if i := slices.IndexFunc(w.Accounts(), func(a world.Account) bool { return a.Email == "a@acme.example" }); i != 1 {
		t.Errorf("the account is at %d, want after the bot's", i)
	}
}
