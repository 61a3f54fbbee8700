package bot

import (
	"testing"
	"time"

	api "github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/sandbox/slack"
)

func TestMembersAreTold(t *testing.T) {
	w := newWorld(t, slack.Config{})
	for name, c := range map[string]struct {
		user     slack.User
		kind     access.Kind
		standing access.Standing
	}{
		"colleague":            {slack.User{Email: "A.B@Acme.example"}, access.Employee, access.Active},
		"multi-channel guest":  {slack.User{Email: "g1@x.example", IsRestricted: true}, access.Guest, access.Active},
		"single-channel guest": {slack.User{Email: "g2@x.example", IsUltraRestricted: true}, access.Guest, access.Active},
		"stranger":             {slack.User{Email: "s@x.example", IsStranger: true}, access.External, access.Active},
		"bot":                  {slack.User{IsBot: true}, access.Bot, access.Active},
		"deactivated":          {slack.User{Email: "gone@acme.example", Deleted: true}, access.Employee, access.Left},
	} {
		c.user.Name, c.user.RealName, c.user.Title, c.user.TZ = "x", "X Y", "Chief", "Europe/Berlin"
		id := w.AddUser(c.user).ID
		p, err := w.roster.Member(w.ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		if p.Kind != c.kind || p.Standing != c.standing || p.Name != "X Y" || p.Account("slack") != id {
			t.Errorf("%s is %+v", name, p)
		}
		if name == "colleague" && (p.Email != "a.b@acme.example" || p.TimeZone != "Europe/Berlin" || p.Title != "Chief") {
			t.Errorf("%s is %+v", name, p)
		}
	}
	w.clean()
}

func TestStrangersAreToldByTheirOrganisation(t *testing.T) {
	grid := home{team: "T1", enterprise: "E1"}
	for name, c := range map[string]struct {
		user api.User
		at   home
		want access.Kind
	}{
		"same workspace":              {api.User{TeamID: "T1"}, home{team: "T1"}, access.Employee},
		"other workspace":             {api.User{TeamID: "T2"}, home{team: "T1"}, access.External},
		"same organisation":           {api.User{TeamID: "T2", Enterprise: api.EnterpriseUser{EnterpriseID: "E1"}}, grid, access.Employee},
		"other organisation":          {api.User{TeamID: "T2", Enterprise: api.EnterpriseUser{EnterpriseID: "E2"}}, grid, access.External},
		"team is the organisation":    {api.User{TeamID: "E1"}, grid, access.Employee},
		"slackbot":                    {api.User{ID: slackbot, TeamID: "T1"}, home{team: "T1"}, access.Bot},
		"user of the app is no robot": {api.User{TeamID: "T1", IsAppUser: true}, home{team: "T1"}, access.Employee},
	} {
		if got := kindOf(c.user, c.at); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestRosterFindsByEmail(t *testing.T) {
	w := newWorld(t, slack.Config{})
	p, err := w.roster.MemberByEmail(w.ctx, maya.Email)
	if err != nil || p.Account("slack") != w.maya {
		t.Fatal(p, err)
	}
	if _, err := w.roster.MemberByEmail(w.ctx, "nobody@acme.example"); !isUnknown(err) {
		t.Errorf("nobody: %v", err)
	}
	if _, err := w.roster.Member(w.ctx, "U404"); !isUnknown(err) {
		t.Errorf("no such id: %v", err)
	}
	w.AddFault(slack.Fault{Method: "users.lookupByEmail", Times: 1, RetryAfter: 3})
	_, err = w.roster.MemberByEmail(w.ctx, noor.Email)
	failed(t, err, access.Limited)
}

func isUnknown(err error) bool {
	r, ok := access.AsRefusal(err)
	return ok && r.Reason == access.Unknown
}

func TestRosterRemembersForFiveMinutes(t *testing.T) {
	w := newWorld(t, slack.Config{})
	now := monday
	r := NewRoster(w.api, func() time.Time { return now })
	calls := func() int { s := w.Stats(); return s["users.info"] + s["users.lookupByEmail"] }
	ask := func() {
		t.Helper()
		if _, err := r.Member(w.ctx, w.maya); err != nil {
			t.Fatal(err)
		}
		if _, err := r.MemberByEmail(w.ctx, maya.Email); err != nil {
			t.Fatal(err)
		}
	}
	for step, want := range []struct {
		move  time.Duration
		calls int
	}{{0, 1}, {fresh - 1, 1}, {1, 2}} {
		now = now.Add(want.move)
		ask()
		if calls() != want.calls {
			t.Errorf("step %d: %d calls, want %d", step, calls(), want.calls)
		}
	}
	r.Forget(w.maya)
	ask()
	if calls() != 3 {
		t.Errorf("after a change: %d calls, want 3", calls())
	}
}

func TestRosterDoesNotKeepWhatWasOvertaken(t *testing.T) {
	w := newWorld(t, slack.Config{})
	u, err := w.api.GetUserInfoContext(w.ctx, w.maya)
	if err != nil {
		t.Fatal(err)
	}
	l := w.roster.begin()
	w.roster.Forget(w.maya)
	if _, err := w.roster.take(w.ctx, *u, l); err != nil {
		t.Fatal(err)
	}
	if p, known := w.roster.known(w.maya); known {
		t.Errorf("she changed while Slack was asked about her, and is known as %+v", p)
	}
	if _, err := w.roster.take(w.ctx, *u, w.roster.begin()); err != nil {
		t.Fatal(err)
	}
	if _, known := w.roster.known(w.maya); !known {
		t.Error("asked anew, she isn't kept")
	}
}
