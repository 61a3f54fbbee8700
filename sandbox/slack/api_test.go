package slack_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	api "github.com/slack-go/slack"

	"latchkey/sandbox/handclock"
	"latchkey/sandbox/slack"
)

func TestTokens(t *testing.T) {
	d := newDesk(t, slack.Config{})
	bot, app := d.Config().BotToken, d.Config().AppToken
	rows := []struct{ method, token, want string }{
		{"auth.test", "", "not_authed"},
		{"auth.test", "xoxb-wrong", "invalid_auth"},
		{"auth.test", app, "not_allowed_token_type"},
		{"auth.test", bot, ""},
		{"apps.connections.open", bot, "not_allowed_token_type"},
		{"apps.connections.open", app, "invalid_auth"}, // counts in the header only
		{"api.test", "", ""},
	}
	for _, row := range rows {
		got, _ := d.call(row.method, row.token, nil)["error"].(string)
		if got != row.want {
			t.Errorf("%s with %q: error %q, want %q", row.method, row.token, got, row.want)
		}
	}
	res, err := d.http.Client().Post(d.http.URL+"/api/auth.test?token="+bot, "application/x-www-form-urlencoded", nil)
	must(t, err)
	defer res.Body.Close()
	body := new(bytes.Buffer)
	body.ReadFrom(res.Body)
	if !strings.Contains(body.String(), "not_authed") {
		t.Errorf("a token in the query string was taken: %s", body)
	}
}

func TestAuthTest(t *testing.T) {
	d := newDesk(t, slack.Config{})
	me, err := d.api.AuthTest()
	must(t, err)
	if me.UserID != d.Config().BotUserID || me.BotID != d.Config().BotID || me.TeamID != d.Config().TeamID {
		t.Errorf("auth.test = %+v", me)
	}
}

func TestScopes(t *testing.T) {
	d := newDesk(t, slack.Config{Scopes: []string{"chat:write", "users:read"}})
	_, err := d.api.GetUserByEmail("maya@acme.example")
	var refused api.SlackErrorResponse
	if !errors.As(err, &refused) || refused.Needed != "users:read.email" || refused.Provided != "chat:write,users:read" {
		t.Errorf("error %+v, want missing_scope with needed and provided", err)
	}
	u, err := d.api.GetUserInfo(d.maya.ID)
	must(t, err)
	if u.Profile.Email != "" {
		t.Errorf("the address %q came without users:read.email", u.Profile.Email)
	}
	_, _, err = d.api.PostMessage(d.general.ID, api.MsgOptionText("x", false))
	wantError(t, err, "not_in_channel") // no chat:write.public
}

func TestUnmodelled(t *testing.T) {
	d := newDesk(t, slack.Config{})
	if body := d.call("reminders.add", d.Config().BotToken, nil); body["status"] != 501 || body["ok"] != false {
		t.Errorf("reminders.add: %v", body)
	}
	wantViolation(t, d, "reminders.add")
	res, err := d.http.Client().Get(d.http.URL + "/services/T0/B0/x")
	must(t, err)
	res.Body.Close()
	if res.StatusCode != http.StatusNotImplemented {
		t.Errorf("an unknown address answered %d", res.StatusCode)
	}
}

func TestBadJSON(t *testing.T) {
	d := newDesk(t, slack.Config{})
	for body, want := range map[string]string{"{": "invalid_json", "[]": "json_not_object"} {
		req, err := http.NewRequest("POST", d.http.URL+"/api/chat.postMessage", strings.NewReader(body))
		must(t, err)
		req.Header.Set("Authorization", "Bearer "+d.Config().BotToken)
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
		res, err := d.http.Client().Do(req)
		must(t, err)
		got := new(bytes.Buffer)
		got.ReadFrom(res.Body)
		res.Body.Close()
		if !strings.Contains(got.String(), want) {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
}

func TestUsers(t *testing.T) {
	d := newDesk(t, slack.Config{})
	guest := d.AddUser(slack.User{Name: "gus", IsUltraRestricted: true})
	u, err := d.api.GetUserByEmail("MAYA@acme.example")
	must(t, err)
	if u.ID != d.maya.ID || u.Profile.Email != "maya@acme.example" || u.RealName != "Maya Lind" {
		t.Errorf("lookup = %+v", u)
	}
	g, err := d.api.GetUserInfo(guest.ID)
	must(t, err)
	if !g.IsRestricted || !g.IsUltraRestricted {
		t.Errorf("guest flags lost: %+v", g)
	}
	all, err := d.api.GetUsers(api.GetUsersOptionLimit(2)) // the client pages through
	must(t, err)
	if len(all) != 4 {
		t.Errorf("%d people, want 3 and the bot", len(all))
	}
	_, err = d.api.GetUserInfo("U0NOBODY")
	wantError(t, err, "user_not_found")
	must(t, d.SetDeleted(d.maya.ID, true))
	_, err = d.api.GetUserByEmail("maya@acme.example")
	wantError(t, err, "users_not_found")
	gone, err := d.api.GetUserInfo(d.maya.ID)
	must(t, err)
	if !gone.Deleted {
		t.Error("users.info does not say that Maya is deactivated")
	}
	if _, err := d.Slash(d.ctx(), d.maya.ID, d.general.ID, ""); err == nil {
		t.Error("a deactivated person acted")
	}
}

func TestUserChangeReachesTheApp(t *testing.T) {
	d := newDesk(t, slack.Config{EmptyFieldsAsList: true})
	l := d.dial()
	must(t, d.SetDeleted(d.maya.ID, true))
	f := l.read()
	var p struct {
		Event struct {
			Type string `json:"type"`
			User struct {
				ID      string `json:"id"`
				Deleted bool   `json:"deleted"`
				Profile struct {
					Fields []any `json:"fields"`
				} `json:"profile"`
			} `json:"user"`
		} `json:"event"`
	}
	f.decode(t, &p)
	l.ack(f.EnvelopeID, nil)
	if p.Event.Type != "user_change" || p.Event.User.ID != d.maya.ID || !p.Event.User.Deleted || p.Event.User.Profile.Fields == nil {
		t.Errorf("event %+v", p.Event)
	}
}

func TestUserGroups(t *testing.T) {
	d := newDesk(t, slack.Config{})
	g := d.AddUserGroup(slack.UserGroup{Handle: "it", Name: "IT", Users: []string{d.maya.ID, d.noor.ID}})
	must(t, d.SetDeleted(d.noor.ID, true))
	members, err := d.api.GetUserGroupMembers(g.ID)
	must(t, err)
	if !equal(members, []string{d.maya.ID}) {
		t.Errorf("members %q, want only Maya", members)
	}
	groups, err := d.api.GetUserGroups(api.GetUserGroupsOptionIncludeUsers(true))
	must(t, err)
	if len(groups) != 1 || groups[0].Handle != "it" || len(groups[0].Users) != 2 {
		t.Errorf("groups %+v", groups)
	}
	_, err = d.api.GetUserGroupMembers("S0NONE")
	wantError(t, err, "no_such_subteam")
	g.Disabled = true
	d.AddUserGroup(g)
	_, err = d.api.GetUserGroupMembers(g.ID)
	wantError(t, err, "no_such_subteam")
	free := newDesk(t, slack.Config{NoUserGroups: true})
	_, err = free.api.GetUserGroupMembers(free.AddUserGroup(g).ID)
	wantError(t, err, "plan_upgrade_required")
	_, err = free.api.GetUserGroups()
	wantError(t, err, "plan_upgrade_required")
}

func TestConversations(t *testing.T) {
	d := newDesk(t, slack.Config{Scopes: []string{"im:write", "channels:read", "groups:read", "im:read", "channels:join"}})
	dm, _, already, err := d.api.OpenConversation(&api.OpenConversationParameters{Users: []string{d.maya.ID}, ReturnIM: true})
	must(t, err)
	if dm.ID != d.DM(d.maya.ID) || already {
		t.Errorf("direct message %s, already open %v", dm.ID, already)
	}
	must(t, d.SetDeleted(d.noor.ID, true))
	for user, want := range map[string]string{d.noor.ID: "user_disabled", "U0NOBODY": "user_not_found", d.Config().BotUserID: "cannot_dm_bot"} {
		_, _, _, err = d.api.OpenConversation(&api.OpenConversationParameters{Users: []string{user}})
		wantError(t, err, want)
	}
	_, err = d.api.GetConversationInfo(&api.GetConversationInfoInput{ChannelID: d.closed.ID})
	wantError(t, err, "channel_not_found")
	list, _, err := d.api.GetConversations(&api.GetConversationsParameters{Types: []string{"public_channel", "private_channel"}})
	must(t, err)
	if len(list) != 2 {
		t.Errorf("%d channels visible, want general and ops", len(list))
	}
	ch, _, _, err := d.api.JoinConversation(d.general.ID)
	must(t, err)
	if !ch.IsMember {
		t.Error("not a member after joining")
	}
	_, _, _, err = d.api.JoinConversation(d.ops.ID)
	wantError(t, err, "method_not_supported_for_channel_type")
	members, _, err := d.api.GetUsersInConversation(&api.GetUsersInConversationParameters{ChannelID: d.general.ID})
	must(t, err)
	if len(members) != 3 {
		t.Errorf("members %q", members)
	}
}

func TestFiles(t *testing.T) {
	clock := handclock.New()
	d := newDesk(t, slack.Config{Clock: clock, LateShares: time.Minute, Scopes: []string{"files:write", "files:read"}})
	up, err := d.api.UploadFile(api.UploadFileParameters{Filename: "trace.csv", FileSize: 3, Reader: strings.NewReader("a,b"),
		Title: "Trace", Channel: d.ops.ID, InitialComment: "Evidence"})
	must(t, err)
	if _, data, ok := d.File(up.ID); !ok || string(data) != "a,b" {
		t.Errorf("bytes %q arrived", data)
	}
	if len(d.Messages(d.ops.ID)) != 0 {
		t.Error("the file is there at once, though shares are late")
	}
	clock.Advance(time.Minute)
	d.wait("the share", func() bool { return len(d.Messages(d.ops.ID)) == 1 })
	info, _, _, err := d.api.GetFileInfo(up.ID, 0, 0)
	must(t, err)
	if !equal(info.Groups, []string{d.ops.ID}) || info.Title != "Trace" {
		t.Errorf("files.info %+v", info)
	}
	again := d.call("files.completeUploadExternal", d.Config().BotToken, url.Values{"files": {`[{"id":"` + up.ID + `"}]`}})
	if again["error"] != "file_not_found" {
		t.Errorf("completing twice: %v", again)
	}
	_, err = d.api.UploadFile(api.UploadFileParameters{Filename: "x", FileSize: 9, Reader: strings.NewReader("short"), Title: "x"})
	if err == nil {
		t.Error("a length that differs from the announced one was taken")
	}
}

func TestTierLimits(t *testing.T) {
	clock := handclock.New()
	d := newDesk(t, slack.Config{Clock: clock, LimitTiers: true, LimitPosts: true})
	limited := 0
	for range 60 {
		var wait *api.RateLimitedError
		if _, err := d.api.GetUserByEmail("maya@acme.example"); errors.As(err, &wait) {
			if limited++; wait.RetryAfter != 2*time.Second {
				t.Errorf("Retry-After %v, want 2 s at 50 a minute", wait.RetryAfter)
			}
		}
	}
	if limited != 10 {
		t.Errorf("%d of 60 calls limited, want 10", limited)
	}
	clock.Advance(time.Second)
	_, err := d.api.GetUserByEmail("maya@acme.example")
	wantError(t, err, "rate limit")
	wantViolation(t, d, "before Retry-After")
	clock.Advance(time.Second)
	_, err = d.api.GetUserByEmail("maya@acme.example")
	must(t, err)

	post := func(channel string) error {
		_, _, err := d.api.PostMessage(channel, api.MsgOptionText("x", false))
		return err
	}
	must(t, post(d.general.ID))
	wantError(t, post(d.general.ID), "rate limit")
	must(t, post(d.ops.ID))
	clock.Advance(time.Second)
	must(t, post(d.general.ID))
}

func TestFaults(t *testing.T) {
	d := newDesk(t, slack.Config{})
	post := func() error {
		_, _, err := d.api.PostMessage(d.general.ID, api.MsgOptionText("x", false))
		return err
	}
	d.AddFault(slack.Fault{Method: "chat.postMessage", Times: 1, RetryAfter: 7})
	var wait *api.RateLimitedError
	if err := post(); !errors.As(err, &wait) || wait.RetryAfter != 7*time.Second {
		t.Errorf("429: %v", err)
	}
	d.AddFault(slack.Fault{Method: "*", Times: 1, Status: 429})
	var status api.StatusCodeError
	if err := post(); !errors.As(err, &status) || status.Code != 429 {
		t.Errorf("429 without Retry-After: %v", err)
	}
	d.AddFault(slack.Fault{Method: "chat.postMessage", Times: 1, Error: "fatal_error"})
	wantError(t, post(), "fatal_error")
	if n := len(d.Messages(d.general.ID)); n != 0 {
		t.Fatalf("%d messages, want none", n)
	}
	d.AddFault(slack.Fault{Method: "chat.postMessage", Times: 1, Drop: true, After: true, Delay: time.Millisecond})
	if post() == nil {
		t.Error("the connection was not cut")
	}
	if n := len(d.Messages(d.general.ID)); n != 1 {
		t.Errorf("%d messages after a cut that comes after the work, want 1", n)
	}
	d.AddFault(slack.Fault{Method: "chat.postMessage"})
	d.ClearFaults()
	must(t, post())
	log := d.Calls()
	if last := log[len(log)-1]; last.Method != "chat.postMessage" || last.Status != 200 || last.Channel != d.general.ID {
		t.Errorf("last call %+v", last)
	}
	if n := d.Stats()["chat.postMessage"]; n != 5 {
		t.Errorf("%d calls counted, want 5", n)
	}
}

func TestNoTokensInTheLog(t *testing.T) {
	d := newDesk(t, slack.Config{})
	d.call("auth.test", d.Config().BotToken, url.Values{"text": {"x"}})
	for _, c := range d.Calls() {
		if strings.Contains(c.Method+c.Channel+c.Error, "xoxb") {
			t.Errorf("token in %+v", c)
		}
	}
	if len(d.Calls()) != 1 {
		t.Errorf("%d calls logged, want 1", len(d.Calls()))
	}
}
