package roster

import (
	"slices"
	"testing"
	"time"

	api "github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/bottest"
	"latchkey/bot/manifest"
	"latchkey/sandbox/slack"
)

// inWorkspace is a roster of a workspace, with the scopes of the manifest.
func inWorkspace(t *testing.T) (*bottest.Workspace, *Roster) {
	w := bottest.NewWorkspace(t, slack.Config{Scopes: manifest.Scopes(), Events: manifest.Events()})
	return w, New(w.API, bottest.Monday)
}

func TestMembersAreTold(t *testing.T) {
	w, r := inWorkspace(t)
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
		p, err := r.Member(w.Ctx, id)
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
	w.Clean()
}

func TestStrangersAreToldByTheirOrganisation(t *testing.T) {
	grid := workspace{team: "T1", enterprise: "E1"}
	for name, c := range map[string]struct {
		user api.User
		at   workspace
		want access.Kind
	}{
		"same workspace":              {api.User{TeamID: "T1"}, workspace{team: "T1"}, access.Employee},
		"other workspace":             {api.User{TeamID: "T2"}, workspace{team: "T1"}, access.External},
		"same organisation":           {api.User{TeamID: "T2", Enterprise: api.EnterpriseUser{EnterpriseID: "E1"}}, grid, access.Employee},
		"other organisation":          {api.User{TeamID: "T2", Enterprise: api.EnterpriseUser{EnterpriseID: "E2"}}, grid, access.External},
		"team is the organisation":    {api.User{TeamID: "E1"}, grid, access.Employee},
		"slackbot":                    {api.User{ID: slackbot, TeamID: "T1"}, workspace{team: "T1"}, access.Bot},
		"user of the app is no robot": {api.User{TeamID: "T1", IsAppUser: true}, workspace{team: "T1"}, access.Employee},
	} {
		if got := kindOf(c.user, c.at); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// Whoever is deactivated in one workspace of an organisation and is in another one can't
// act here, and has not left. What a foreign organisation says is no word about ours.
func TestDeactivatedInOneWorkspaceOnly(t *testing.T) {
	grid := workspace{team: "T1", enterprise: "E1"}
	org := func(enterprise string, teams ...string) api.EnterpriseUser {
		return api.EnterpriseUser{ID: "W1", EnterpriseID: enterprise, Teams: teams}
	}
	for name, c := range map[string]struct {
		user api.User
		at   workspace
		want access.Standing
	}{
		"in another workspace, too":           {api.User{Deleted: true, Enterprise: org("E1", "T1", "T2")}, grid, access.Suspended},
		"in another workspace alone":          {api.User{Deleted: true, Enterprise: org("E1", "T2")}, grid, access.Suspended},
		"in this workspace alone":             {api.User{Deleted: true, Enterprise: org("E1", "T1")}, grid, access.Left},
		"in none any more":                    {api.User{Deleted: true, Enterprise: org("E1")}, grid, access.Left},
		"in one of another organisation":      {api.User{Deleted: true, Enterprise: org("E2", "T2")}, grid, access.Left},
		"the workspace is in no organisation": {api.User{Deleted: true, Enterprise: org("E1", "T2")}, workspace{team: "T1"}, access.Left},
		"is here":                             {api.User{Enterprise: org("E1", "T1", "T2")}, grid, access.Active},
	} {
		if p := personOf(c.user, c.at, access.AssuranceChecked, bottest.Monday()); p.Standing != c.want {
			t.Errorf("%s: %s, want %s", name, p.Standing, c.want)
		}
	}
}

func TestRosterFindsByEmail(t *testing.T) {
	w, r := inWorkspace(t)
	p, err := r.MemberByEmail(w.Ctx, bottest.Maya().Email)
	if err != nil || p.Account("slack") != w.Maya {
		t.Fatal(p, err)
	}
	if _, err := r.MemberByEmail(w.Ctx, "nobody@acme.example"); !isUnknown(err) {
		t.Errorf("nobody: %v", err)
	}
	if _, err := r.Member(w.Ctx, "U404"); !isUnknown(err) {
		t.Errorf("no such id: %v", err)
	}
	w.AddFault(slack.Fault{Method: "users.lookupByEmail", Times: 1, RetryAfter: 3})
	_, err = r.MemberByEmail(w.Ctx, bottest.Noor().Email)
	bottest.WantFailure(t, err, access.Limited)
}

func isUnknown(err error) bool {
	r, ok := access.AsRefusal(err)
	return ok && r.Reason == access.Unknown
}

func TestRosterRemembersForFiveMinutes(t *testing.T) {
	w, _ := inWorkspace(t)
	now := bottest.Monday()
	r := New(w.API, func() time.Time { return now })
	calls := func() int { s := w.Stats(); return s["users.info"] + s["users.lookupByEmail"] }
	ask := func() {
		t.Helper()
		if _, err := r.Member(w.Ctx, w.Maya); err != nil {
			t.Fatal(err)
		}
		if _, err := r.MemberByEmail(w.Ctx, bottest.Maya().Email); err != nil {
			t.Fatal(err)
		}
	}
	for step, want := range []struct {
		move  time.Duration
		calls int
	}{{0, 1}, {believedFor - 1, 1}, {1, 2}} {
		now = now.Add(want.move)
		ask()
		if calls() != want.calls {
			t.Errorf("step %d: %d calls, want %d", step, calls(), want.calls)
		}
	}
	r.ForgetMember(w.Maya)
	ask()
	if calls() != 3 {
		t.Errorf("after a change: %d calls, want 3", calls())
	}
}

func TestRosterDoesNotKeepWhatWasOvertaken(t *testing.T) {
	w, r := inWorkspace(t)
	u, err := w.API.GetUserInfoContext(w.Ctx, w.Maya)
	if err != nil {
		t.Fatal(err)
	}
	q := r.begin()
	r.ForgetMember(w.Maya)
	if _, err := r.remember(w.Ctx, *u, q); err != nil {
		t.Fatal(err)
	}
	if p, known := r.known(w.Maya); known {
		t.Errorf("she changed while Slack was asked about her, and is known as %+v", p)
	}
	if _, err := r.remember(w.Ctx, *u, r.begin()); err != nil {
		t.Fatal(err)
	}
	if _, known := r.known(w.Maya); !known {
		t.Error("asked anew, she isn't kept")
	}
}

// Somebody from another organisation can have the address of a colleague. They
// don't become who the address stands for.
func TestAStrangerDoesNotTakeAnAddressOver(t *testing.T) {
	w, r := inWorkspace(t)
	if _, err := r.MemberByEmail(w.Ctx, bottest.Maya().Email); err != nil {
		t.Fatal(err)
	}
	stranger := w.AddUser(slack.User{Name: "stan", RealName: "Stan", Email: string(bottest.Maya().Email), IsStranger: true}).ID
	if p, err := r.Member(w.Ctx, stranger); err != nil || p.Kind != access.External {
		t.Fatalf("%+v, %v", p, err)
	}
	if p, err := r.MemberByEmail(w.Ctx, bottest.Maya().Email); err != nil || p.Account("slack") != w.Maya {
		t.Errorf("her address stands for %+v, %v", p, err)
	}
}

// What Slack answers is compared with what it was asked.
func TestAnAnswerAboutSomebodyElse(t *testing.T) {
	w, r := inWorkspace(t)
	w.Mislead(w.Maya, w.Noor)
	p, err := r.Member(w.Ctx, w.Maya)
	bottest.WantFailure(t, err, access.Transient)
	if p.Account("slack") != "" {
		t.Errorf("she is %+v", p)
	}
	w.Mislead(string(bottest.Maya().Email), string(bottest.Noor().Email))
	p, err = r.MemberByEmail(w.Ctx, bottest.Maya().Email)
	bottest.WantFailure(t, err, access.Transient)
	if p.Account("slack") != "" {
		t.Errorf("her address finds %+v", p)
	}
	w.ClearFaults()
	if p, err := r.Member(w.Ctx, w.Maya); err != nil || p.Account("slack") != w.Maya {
		t.Errorf("afterwards: %+v, %v", p, err)
	}
}

// What can't be read, and what can't be compared, is no word about who is there.
func TestAnUnreadableAnswerFindsNotNobody(t *testing.T) {
	w, r := inWorkspace(t)
	w.AddFault(slack.Fault{Method: "users.lookupByEmail", Times: 1, Page: "Sign in to the proxy"})
	if _, err := r.MemberByEmail(w.Ctx, bottest.Maya().Email); err == nil || isUnknown(err) {
		t.Errorf("a web page: %v", err)
	}
	blind := bottest.NewWorkspace(t, slack.Config{Scopes: slices.DeleteFunc(manifest.Scopes(), func(s string) bool { return s == "users:read.email" }), Events: manifest.Events()})
	_, err := New(blind.API, bottest.Monday).MemberByEmail(blind.Ctx, bottest.Maya().Email)
	bottest.WantFailure(t, err, access.Denied)
}

// An address is found as it is: the workspace may fold letters that make it
// somebody else's.
func TestAnAddressThatOnlyFoldsAlike(t *testing.T) {
	w, r := inWorkspace(t)
	w.AddUser(slack.User{Name: "kim", RealName: "Kim", Email: "kim@acme.example"})
	for _, odd := range []access.Email{"\u212aim@acme.example", "k\u0130m@acme.example"} {
		if p, err := r.MemberByEmail(w.Ctx, odd); !isUnknown(err) {
			t.Errorf("%q finds %+v, %v", odd, p, err)
		}
	}
}
