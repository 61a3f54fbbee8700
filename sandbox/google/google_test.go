package google_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"latchkey/sandbox/google"
	"latchkey/sandbox/google/spectest"
	"latchkey/sandbox/handclock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var described = sync.OnceValues(spectest.Read)

// checking checks all that is said against Google's descriptions, where they are.
func checking(t *testing.T, next http.RoundTripper) http.RoundTripper {
	t.Helper()
	d, err := described()
	if err != nil {
		t.Fatal(err)
	}
	return d.Checking(t, next)
}

var theKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// customer is an emulated customer with somebody who calls it.
type customer struct {
	*google.Server
	t       *testing.T
	url     string
	clock   *handclock.Still
	http    *http.Client
	account google.ServiceAccount
	token   string
}

func newCustomer(t *testing.T, cfg google.Config) *customer {
	t.Helper()
	c := handclock.NewStill()
	account := google.ServiceAccount{Email: "bot@p.iam.gserviceaccount.com", ClientID: "1", KeyID: "k", Key: theKey(), Scopes: google.LatchkeyScopes()}
	cfg.Clock, cfg.Accounts, cfg.Platform = c, []google.ServiceAccount{account}, "platform"
	s := google.New(cfg)
	web := httptest.NewServer(s.Handler())
	next := &http.Transport{}
	t.Cleanup(func() {
		next.CloseIdleConnections()
		s.Close()
		web.Close()
	})
	out := &customer{s, t, web.URL, c, &http.Client{Transport: checking(t, next)}, account, ""}
	out.token = out.signIn(google.LatchkeyScopes()...)
	return out
}

type answer struct {
	*http.Response
	body []byte
}

// at is what stands in an answer under some names.
func (a answer) at(path ...any) any {
	var v any
	if json.Unmarshal(a.body, &v) != nil {
		return nil
	}
	for _, p := range path {
		switch p := p.(type) {
		case string:
			fields, _ := v.(map[string]any)
			v = fields[p]
		case int:
			list, _ := v.([]any)
			if p >= len(list) {
				return nil
			}
			v = list[p]
		}
	}
	return v
}

func (a answer) reason() string { return fmt.Sprint(a.at("error", "errors", 0, "reason")) }

func (c *customer) do(method, path, body string, header ...string) answer {
	c.t.Helper()
	req, err := http.NewRequest(method, c.url+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return answer{Response: &http.Response{}}
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer{resp, bytes.TrimSpace(raw)}
}

func (c *customer) get(path string) answer { c.t.Helper(); return c.do("GET", path, "") }

const directory = "/admin/directory/v1"

// assertion has the platform sign one.
func (c *customer) assertion(change string, value any, scopes ...string) string {
	c.t.Helper()
	claims := map[string]any{"iss": c.account.Email, "sub": google.DemoAdmin, "aud": c.url + "/token", "scope": strings.Join(scopes, " "), "iat": c.clock.Now().Unix(), "exp": c.clock.Now().Add(time.Minute).Unix()}
	if change != "" {
		claims[change] = value
	}
	raw, err := json.Marshal(claims)
	if err != nil {
		c.t.Fatal(err)
	}
	payload, err := json.Marshal(map[string]string{"payload": string(raw)})
	if err != nil {
		c.t.Fatal(err)
	}
	a := c.do("POST", "/v1/projects/-/serviceAccounts/"+c.account.Email+":signJwt", string(payload), "Authorization", "Bearer platform")
	signed, _ := a.at("signedJwt").(string)
	return signed
}

func (c *customer) exchange(assertion string) answer {
	form := url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "assertion": {assertion}}
	return c.do("POST", "/token", form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

func (c *customer) signIn(scopes ...string) string {
	c.t.Helper()
	a := c.exchange(c.assertion("", nil, scopes...))
	token, _ := a.at("access_token").(string)
	if token == "" {
		c.t.Fatalf("no token: %d %s", a.StatusCode, a.body)
	}
	return token
}

func TestAssertionsAreChecked(t *testing.T) {
	c := newCustomer(t, google.Config{})
	c.AddUser(google.User{Email: "gone@x.com", Suspended: true})
	scope := google.LatchkeyScopes()[0]
	for name, a := range map[string]struct {
		assertion string
		status    int
		code      string
	}{
		"good":              {c.assertion("", nil, scope), 200, "<nil>"},
		"Google's audience": {c.assertion("aud", "https://oauth2.googleapis.com/token", scope), 200, "<nil>"},
		"no scope":          {c.assertion("", nil), 400, "invalid_scope"},
		"no such scope":     {c.assertion("", nil, scope, "https://www.googleapis.com/auth/all"), 400, "invalid_scope"},
		"one not granted":   {c.assertion("", nil, scope, "https://www.googleapis.com/auth/admin.directory.user"), 401, "unauthorized_client"},
		"another account":   {c.assertion("iss", "x@p.iam.gserviceaccount.com", scope), 400, "invalid_grant"},
		"another audience":  {c.assertion("aud", "https://elsewhere/token", scope), 400, "invalid_grant"},
		"acting for nobody": {c.assertion("sub", "nobody@x.com", scope), 400, "invalid_grant"},
		"for one on hold":   {c.assertion("sub", "gone@x.com", scope), 400, "invalid_grant"},
		"over":              {c.assertion("exp", c.clock.Now().Add(-time.Hour).Unix(), scope), 400, "invalid_grant"},
		"too long":          {c.assertion("exp", c.clock.Now().Add(2*time.Hour).Unix(), scope), 400, "invalid_grant"},
		"from the future":   {c.assertion("iat", c.clock.Now().Add(time.Hour).Unix(), scope), 400, "invalid_grant"},
		"not signed":        {"x.y.z", 400, "invalid_grant"},
		"no assertion":      {"", 400, "invalid_grant"},
	} {
		if got := c.exchange(a.assertion); got.StatusCode != a.status || fmt.Sprint(got.at("error")) != a.code {
			t.Errorf("%s: %d %s", name, got.StatusCode, got.body)
		}
	}
	if a := c.do("POST", "/token", "grant_type=password", "Content-Type", "application/x-www-form-urlencoded"); a.at("error") != "unsupported_grant_type" {
		t.Errorf("another grant: %s", a.body)
	}
	c.token = "other"
	if a := c.do("POST", "/v1/projects/-/serviceAccounts/x:signJwt", "{}"); a.StatusCode != 403 {
		t.Errorf("signed for anybody: %d", a.StatusCode)
	}
}

func TestTokensEndAndHoldOneScope(t *testing.T) {
	c := newCustomer(t, google.Config{})
	for name, spoil := range map[string]func(){
		"revoked": c.RevokeTokens, "over": func() { c.clock.Advance(time.Hour) }, "another": func() { c.token = "ya29.x" },
	} {
		c.token = c.signIn(google.LatchkeyScopes()...)
		if a := c.get(directory + "/users?customer=my_customer"); a.StatusCode != 200 {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		spoil()
		if a := c.get(directory + "/users?customer=my_customer"); a.StatusCode != 401 || a.reason() != "authError" {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
	c.token = c.signIn("https://www.googleapis.com/auth/admin.directory.group.readonly")
	if a := c.get(directory + "/users?customer=my_customer"); a.StatusCode != 403 || a.reason() != "insufficientPermissions" {
		t.Errorf("without the scope: %d %s", a.StatusCode, a.body)
	}
	c.Delegate("1")
	if a := c.exchange(c.assertion("", nil, google.LatchkeyScopes()[0])); a.StatusCode != 401 {
		t.Errorf("no longer delegated: %s", a.body)
	}
}

func TestTheAdministratorNeedsThePrivilege(t *testing.T) {
	c := newCustomer(t, google.Config{})
	c.AddRole(google.Role{Name: google.DemoRole, Privileges: []string{"USERS_RETRIEVE"}})
	if a := c.get(directory + "/users/" + google.DemoAdmin); a.StatusCode != 200 || a.at("isDelegatedAdmin") != true || a.at("isAdmin") != false {
		t.Errorf("with it: %d %s", a.StatusCode, a.body)
	}
	if a := c.get(directory + "/groups?customer=my_customer"); a.StatusCode != 403 || a.reason() != "forbidden" {
		t.Errorf("without it: %d %s", a.StatusCode, a.body)
	}
	if err := c.EditUser(google.DemoAdmin, func(u *google.User) { u.Super = true }); err != nil {
		t.Fatal(err)
	}
	if a := c.get(directory + "/groups?customer=my_customer"); a.StatusCode != 200 {
		t.Errorf("a super administrator: %d %s", a.StatusCode, a.body)
	}
	if err := c.EditUser(google.DemoAdmin, func(u *google.User) { u.Suspended = true }); err != nil {
		t.Fatal(err)
	}
	if a := c.get(directory + "/groups?customer=my_customer"); a.StatusCode != 403 {
		t.Errorf("on hold: %d %s", a.StatusCode, a.body)
	}
}

func TestKeysOfAccounts(t *testing.T) {
	c := newCustomer(t, google.Config{FreshLag: time.Minute})
	maya := c.AddUser(google.User{Email: "Maya@x.com", Given: "Maya", Family: "Chen", Aliases: []string{"m@x.com"}, Contacts: []google.Address{{Type: "work", Address: "maya@group.com"}}, Title: "Designer", Manager: "noor@x.com", Number: "7"})
	for key, want := range map[string]string{
		maya.ID: "404 notFound", "maya@X.com": "200 <nil>", "m@x.com": "200 <nil>", "maya@x.com.test-google-a.com": "200 <nil>",
		"maya@group.com": "403 forbidden", "nobody@x.com": "404 notFound", "123": "404 notFound", "me": "400 invalid", "maya": "400 invalid",
	} {
		if a := c.get(directory + "/users/" + url.PathEscape(key) + "?projection=full"); fmt.Sprint(a.StatusCode, " ", a.reason()) != want {
			t.Errorf("%s: %d %s, want %s", key, a.StatusCode, a.body, want)
		}
	}
	c.clock.Advance(time.Minute)
	a := c.get(directory + "/users/" + maya.ID)
	if a.StatusCode != 200 || a.at("lastLoginTime") != "1970-01-01T00:00:00.000Z" || a.at("suspensionReason") != nil || a.at("organizations", 0, "title") != "Designer" || a.at("customerId") != google.DemoCustomer {
		t.Errorf("later: %d %s", a.StatusCode, a.body)
	}
	if again := c.do("GET", directory+"/users/"+maya.ID, "", "If-None-Match", a.Header.Get("ETag")); again.StatusCode != 304 {
		t.Errorf("with its etag: %d", again.StatusCode)
	}
	if err := c.EditUser("maya@x.com", func(u *google.User) { u.Email, u.Suspended, u.Reason = "maya.lind@x.com", true, "ABUSE" }); err != nil {
		t.Fatal(err)
	}
	if a := c.get(directory + "/users/maya@x.com"); a.at("id") != maya.ID || a.at("primaryEmail") != "maya.lind@x.com" || a.at("suspensionReason") != "ABUSE" {
		t.Errorf("under her old address: %s", a.body)
	}
	if err := c.EditUser(google.DemoAdmin, func(u *google.User) { u.Email = "maya@x.com" }); err == nil {
		t.Error("an alias is free for others")
	}
	if err := c.EditUser("nobody@x.com", func(*google.User) {}); err == nil {
		t.Error("nobody can be edited")
	}
	c.DeleteUser(maya.ID)
	if again := c.AddUser(google.User{Email: "maya@x.com"}); again.ID == maya.ID {
		t.Error("whoever gets a freed address gets the id")
	}
}

func TestSearchesTrail(t *testing.T) {
	c := newCustomer(t, google.Config{SearchLag: time.Hour})
	c.AddUser(google.User{Email: "maya@x.com", Number: "7", Contacts: []google.Address{{Type: "work", Address: "o'maya@group.com"}}})
	find := func(query string) string {
		a := c.get(directory + "/users?customer=my_customer&query=" + url.QueryEscape(query))
		return fmt.Sprint(a.StatusCode, " ", a.at("users", 0, "primaryEmail"))
	}
	if got := find("email=maya@x.com"); got != "200 <nil>" {
		t.Errorf("at once: %s", got)
	}
	if a := c.get(directory + "/users?customer=my_customer"); a.at("users", 1, "primaryEmail") != "maya@x.com" {
		t.Errorf("a list doesn't trail: %s", a.body)
	}
	c.clock.Advance(time.Hour)
	c.token = c.signIn(google.LatchkeyScopes()...)
	for query, want := range map[string]string{
		"email='MAYA@x.com'": "200 maya@x.com", `email='o\'maya@group.com'`: "200 maya@x.com", "externalId=7 isSuspended=false": "200 maya@x.com",
		"isArchived=true": "200 <nil>", "email='maya": "501 <nil>", "orgDepartment=Design": "501 <nil>", "maya": "501 <nil>",
	} {
		if got := find(query); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	c.DeleteUser("maya@x.com")
	if got := find("email=maya@x.com"); got != "200 maya@x.com" {
		t.Errorf("just deleted: %s", got)
	}
	c.AddGroup(google.Group{Name: "Figma editors", Email: "figma@x.com"})
	group := func(query string) string {
		a := c.get(directory + "/groups?customer=" + google.DemoCustomer + "&query=" + url.QueryEscape(query))
		return fmt.Sprint(a.StatusCode, " ", a.at("groups", 0, "email"))
	}
	if got := group("name='figma editors'"); got != "200 <nil>" {
		t.Errorf("a group at once: %s", got)
	}
	c.Lag(func(s *google.Lags) { s.SearchLag = 0 })
	c.clock.Advance(time.Hour)
	c.token = c.signIn(google.LatchkeyScopes()...)
	for query, want := range map[string]string{"name='figma editors'": "200 figma@x.com", "email=figma@x.com": "200 figma@x.com", "name:fig*": "501 <nil>"} {
		if got := group(query); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

func TestListsNameTheirCustomerAndPage(t *testing.T) {
	c := newCustomer(t, google.Config{Domains: []string{"x.com", "y.com"}})
	for i := range 4 {
		c.AddUser(google.User{Email: fmt.Sprintf("p%d@x.com", i)})
	}
	for path, want := range map[string]string{
		"/users": "400 badRequest", "/groups": "400 badRequest", "/users?customer=C0other": "400 invalid", "/users?domain=z.com": "404 notFound",
		"/users?domain=y.com": "200 <nil>", "/users?customer=my_customer&pageToken=x": "400 invalid", "/groups?userKey=p1@x.com&customer=my_customer": "400 invalid",
		"/customer/C0other/roles": "404 notFound", "/customer/C0other/roleassignments": "404 notFound",
	} {
		if a := c.get(directory + path); fmt.Sprint(a.StatusCode, " ", a.reason()) != want {
			t.Errorf("%s: %d %s", path, a.StatusCode, a.body)
		}
	}
	var seen []any
	for token := ""; ; {
		a := c.get(directory + "/users?customer=my_customer&maxResults=2&pageToken=" + token)
		seen = append(seen, a.at("users", 0, "primaryEmail"), a.at("users", 1, "primaryEmail"))
		next, more := a.at("nextPageToken").(string)
		if !more {
			break
		}
		token = next
	}
	if got := fmt.Sprint(seen); got != "[latchkey-bot@x.com p0@x.com p1@x.com p2@x.com p3@x.com <nil>]" {
		t.Errorf("pages %s", got)
	}
}

func TestMembers(t *testing.T) {
	c := newCustomer(t, google.Config{})
	maya, tom := c.AddUser(google.User{Email: "maya@x.com"}), c.AddUser(google.User{Email: "tom@x.com"})
	g, inner := c.AddGroup(google.Group{Name: "figma", Email: "figma@x.com"}), c.AddGroup(google.Group{Name: "inner", Email: "inner@x.com"})
	inside := c.AddGroup(google.Group{Name: "insiders", Insiders: true})
	dynamic, locked := c.AddGroup(google.Group{Name: "dynamic", Dynamic: true}), c.AddGroup(google.Group{Name: "locked", Locked: true})
	members := func(g google.Group) string { return directory + "/groups/" + g.ID + "/members" }
	if a := c.get(members(g)); a.StatusCode != 200 || a.at("members") != nil {
		t.Errorf("an empty group: %s", a.body)
	}
	for _, s := range []struct {
		method, path, body, want string
	}{
		{"POST", members(g), `{"id":"` + maya.ID + `","role":"MEMBER"}`, "200 <nil>"},
		{"POST", members(g), `{"email":"MAYA@x.com"}`, "409 duplicate"},
		{"POST", members(g), `{"email":"nobody@x.com"}`, "404 notFound"},
		{"POST", members(g), `{"id":"x"}`, "400 invalid"},
		{"POST", members(g), `{}`, "400 required"},
		{"POST", members(g), `{"id":"` + inner.ID + `"}`, "200 <nil>"},
		{"POST", members(inner), `{"id":"` + g.ID + `"}`, "400 conditionNotMet"},
		{"POST", members(inner), `{"id":"` + tom.ID + `"}`, "200 <nil>"},
		{"POST", members(g), `{"email":"gus@agency.com"}`, "200 <nil>"},
		{"POST", members(inside), `{"email":"gus@agency.com"}`, "403 forbidden"},
		{"POST", members(dynamic), `{"id":"` + tom.ID + `"}`, "412 conditionNotMet"},
		{"DELETE", members(locked) + "/" + tom.ID, "", "412 conditionNotMet"},
		{"GET", members(g) + "/" + tom.ID, "", "404 notFound"},
		{"GET", members(g) + "/" + maya.ID, "", "200 <nil>"},
		{"GET", members(g) + "/gus@agency.com", "", "200 <nil>"},
		{"GET", directory + "/groups/" + g.ID + "/hasMember/" + tom.ID, "", "200 <nil>"},
		{"GET", directory + "/groups/" + g.ID + "/hasMember/gus@agency.com", "", "400 invalid"},
		{"GET", directory + "/groups/" + g.ID + "/hasMember/404", "", "404 notFound"},
		{"GET", directory + "/groups/none/members", "", "404 notFound"},
		{"GET", directory + "/groups/none@y.com", "", "403 forbidden"},
		{"GET", members(g) + "?roles=OWNER", "", "501 notImplemented"},
		{"DELETE", members(g) + "/" + maya.ID, "", "204 <nil>"},
		{"DELETE", members(g) + "/" + maya.ID, "", "404 notFound"},
		{"DELETE", members(g) + "/ann@agency.com", "", "400 required"},
	} {
		if a := c.do(s.method, s.path, s.body); fmt.Sprint(a.StatusCode, " ", a.reason()) != s.want {
			t.Errorf("%s %s %s: %d %s, want %s", s.method, s.path, s.body, a.StatusCode, a.body, s.want)
		}
	}
}

func TestWhatMembersLookLike(t *testing.T) {
	c := newCustomer(t, google.Config{})
	tom := c.AddUser(google.User{Email: "tom@x.com"})
	g, inner := c.AddGroup(google.Group{Name: "figma", Email: "figma@x.com"}), c.AddGroup(google.Group{Name: "inner", Email: "inner@x.com"})
	for _, m := range []string{inner.ID, "gus@agency.com", ""} {
		c.SetMember("figma", m, true)
	}
	c.SetMember("inner", tom.ID, true)
	if a := c.get(directory + "/groups/" + g.ID + "/members"); a.at("members", 2, "type") != "CUSTOMER" || a.at("members", 2, "email") != nil || a.at("members", 0, "type") != "GROUP" {
		t.Errorf("members %s", a.body)
	}
	if a := c.get(directory + "/groups?userKey=tom@x.com"); a.at("groups", 0, "name") != "inner" || a.at("groups", 1) != nil {
		t.Errorf("groups of tom: %s", a.body)
	}
	if a := c.get(directory + "/groups/figma@x.com"); a.at("directMembersCount") != "3" {
		t.Errorf("group %s", a.body)
	}
}

func TestMembershipsTrailAndStick(t *testing.T) {
	c := newCustomer(t, google.Config{MemberLag: time.Minute})
	maya, g := c.AddUser(google.User{Email: "maya@x.com"}), c.AddGroup(google.Group{Name: "figma"})
	at := directory + "/groups/" + g.ID + "/members"
	seen := func() string {
		return fmt.Sprint(c.get(at).at("members", 0, "id") != nil, c.get(at+"/"+maya.ID).StatusCode, c.get(directory+"/groups/"+g.ID+"/hasMember/"+maya.ID).at("isMember"))
	}
	c.do("POST", at, `{"id":"`+maya.ID+`"}`)
	if got := seen(); got != "false 404 false" || !c.IsMember("figma", maya.ID) {
		t.Errorf("just added: %s", got)
	}
	if a := c.do("POST", at, `{"id":"`+maya.ID+`"}`); a.StatusCode != 409 {
		t.Errorf("added again: %d", a.StatusCode)
	}
	c.clock.Advance(time.Minute)
	if got := seen(); got != "true 200 true" {
		t.Errorf("a minute later: %s", got)
	}
	c.do("DELETE", at+"/"+maya.ID, "")
	if got := seen(); got != "true 200 true" || c.IsMember("figma", maya.ID) {
		t.Errorf("just removed: %s", got)
	}
	c.clock.Advance(time.Minute)
	if got := seen(); got != "false 404 false" {
		t.Errorf("a minute later: %s", got)
	}
	c.SetMember("figma", maya.ID, true)
	c.SetSticky("figma", true)
	if c.do("DELETE", at+"/"+maya.ID, ""); !c.IsMember("figma", maya.ID) || len(c.Members("figma")) != 1 {
		t.Error("a group that sticks lets go")
	}
	c.LetGo()
	if c.do("DELETE", at+"/"+maya.ID, ""); c.IsMember("figma", maya.ID) {
		t.Error("it goes on sticking")
	}
}

func TestSessionsAndTokensOfApps(t *testing.T) {
	c := newCustomer(t, google.Config{})
	maya := c.AddUser(google.User{Email: "maya@x.com"})
	if err := c.OpenSession(maya.ID); err != nil {
		t.Fatal(err)
	}
	if err := c.Consent(maya.ID, google.Token{ClientID: "app", Name: "Figma", Scopes: []string{"openid"}}); err != nil {
		t.Fatal(err)
	}
	at := directory + "/users/" + maya.ID
	if a := c.do("POST", at+"/signOut", ""); a.StatusCode != 204 || c.Sessions(maya.ID) != 1 {
		t.Errorf("signed out: %d, %d left", a.StatusCode, c.Sessions(maya.ID))
	}
	if a := c.get(at + "/tokens"); a.at("items", 0, "clientId") != "app" {
		t.Errorf("tokens: %s", a.body)
	}
	for _, want := range []int{204, 404} {
		if a := c.do("DELETE", at+"/tokens/app", ""); a.StatusCode != want {
			t.Errorf("deleted: %d, want %d", a.StatusCode, want)
		}
	}
	if a := c.get(at + "/tokens"); a.at("items") != nil || c.Sessions(maya.ID) != 0 {
		t.Errorf("no tokens: %s", a.body)
	}
	if a := c.do("POST", directory+"/users/me/signOut", ""); a.StatusCode != 400 {
		t.Errorf("of nobody: %d", a.StatusCode)
	}
	if err := c.OpenSession("nobody"); err == nil {
		t.Error("nobody signs in")
	}
}

func TestReports(t *testing.T) {
	c := newCustomer(t, google.Config{LogLag: time.Hour, Filtered: 12})
	maya := c.AddUser(google.User{Email: "maya@x.com"})
	now := c.clock.Now()
	c.Authorize(maya.ID, "app-1", "Figma", now.Add(-3*time.Hour), false)
	c.CallAPI(maya.ID, "app-1", "Figma", now.Add(-2*time.Hour))
	c.Authorize(maya.ID, "app-2", "Canva", now.Add(-time.Hour), true)
	c.SAML(maya.ID, "Jira, ours", now.Add(-time.Hour), false)
	c.SAML(maya.ID, "Jira, ours", now.Add(-time.Minute), true)
	at := "/admin/reports/v1/activity/users/all/applications/"
	if a := c.get(at + "token"); a.StatusCode != 200 || a.at("items") != nil {
		t.Errorf("at once: %s", a.body)
	}
	c.clock.Advance(time.Hour)
	c.token = c.signIn(google.LatchkeyScopes()...)
	for path, want := range map[string]string{
		"token": "request", "token?filters=client_id==app-1": "activity", "token?eventName=authorize": "authorize", "token?filters=client_id==none": "<nil>",
		"saml": "login_failure", "saml?eventName=login_success": "login_success", "admin?eventName=CREATE_USER": "CREATE_USER", "login": "<nil>",
		"token?endTime=" + url.QueryEscape(now.Add(-150*time.Minute).Format(time.RFC3339)): "authorize",
	} {
		if a := c.get(at + path); a.StatusCode != 200 || fmt.Sprint(a.at("items", 0, "events", 0, "name")) != want {
			t.Errorf("%s: %d %s, want %s", path, a.StatusCode, a.body, want)
		}
	}
	first := c.get(at + "token?maxResults=1")
	if next := c.get(at + "token?maxResults=1&pageToken=" + fmt.Sprint(first.at("nextPageToken"))); next.at("items", 0, "events", 0, "name") != "activity" {
		t.Errorf("the second page: %s", next.body)
	}
	for path, want := range map[string]int{
		at + "drive": 501, "/admin/reports/v1/activity/users/" + maya.ID + "/applications/token": 501, at + "token?pageToken=x": 400, at + "token?startTime=2030-01-01T00:00:00Z": 400,
	} {
		if a := c.get(path); a.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, a.StatusCode, want)
		}
	}
	last := answer{}
	for range 12 {
		last = c.get(at + "token?eventName=authorize")
	}
	if last.StatusCode != 503 {
		t.Errorf("over the quota of filtered reports: %d", last.StatusCode)
	}
}

func TestRolesAndWhatCloudIdentitySays(t *testing.T) {
	c := newCustomer(t, google.Config{})
	g := c.AddGroup(google.Group{Name: "admins", Security: true, Dynamic: true})
	plain := c.AddGroup(google.Group{Name: "plain"})
	c.AddRole(google.Role{Name: "Helpdesk", Privileges: []string{"USERS_RETRIEVE"}})
	if err := c.AssignRole("Helpdesk", g.ID); err != nil {
		t.Fatal(err)
	}
	if err := c.AssignRole("none", g.ID); err == nil {
		t.Error("a role that isn't there is assigned")
	}
	at := directory + "/customer/my_customer"
	if a := c.get(at + "/roles?maxResults=1"); a.at("items", 0, "roleName") != google.DemoRole || a.at("nextPageToken") == nil {
		t.Errorf("roles: %s", a.body)
	}
	if a := c.get(at + "/roleassignments?userKey=" + g.ID); a.at("items", 0, "assigneeType") != "group" || a.at("items", 1) != nil {
		t.Errorf("assignments: %s", a.body)
	}
	if a := c.get("/v1/groups/" + g.ID); a.at("labels", "cloudidentity.googleapis.com/groups.dynamic") != "" || a.at("dynamicGroupMetadata") == nil {
		t.Errorf("cloud group: %s", a.body)
	}
	if a := c.get("/v1/groups/none"); a.StatusCode != 403 || a.at("error", "status") != "PERMISSION_DENIED" {
		t.Errorf("no cloud group: %s", a.body)
	}
	all := c.get("/v1/groups?parent=customers%2F" + google.DemoCustomer + "&pageSize=1")
	if all.at("groups", 0, "name") != "groups/"+g.ID || all.at("groups", 0, "dynamicGroupMetadata") != nil {
		t.Errorf("cloud groups: %s", all.body)
	}
	if a := c.get("/v1/groups?view=FULL&parent=customers%2F" + google.DemoCustomer + "&pageToken=" + fmt.Sprint(all.at("nextPageToken"))); a.at("groups", 0, "name") != "groups/"+plain.ID {
		t.Errorf("the next page: %s", a.body)
	}
	if a := c.get("/v1/groups?parent=customers%2Fother"); a.StatusCode != 400 {
		t.Errorf("of others: %d", a.StatusCode)
	}
}

func TestQuotas(t *testing.T) {
	c := newCustomer(t, google.Config{Quota: 2})
	list := directory + "/users?customer=my_customer"
	for i, want := range []string{"200 <nil>", "200 <nil>", "403 rateLimitExceeded"} {
		if a := c.get(list); fmt.Sprint(a.StatusCode, " ", a.reason()) != want {
			t.Errorf("call %d: %d %s", i, a.StatusCode, a.body)
		}
	}
	if a := c.get("/v1/groups?parent=customers%2F" + google.DemoCustomer); a.StatusCode != 429 || a.at("error", "status") != "RESOURCE_EXHAUSTED" {
		t.Errorf("Cloud Identity: %d %s", a.StatusCode, a.body)
	}
	if len(c.Violations()) != 2 && len(c.Violations()) != 3 {
		t.Errorf("violations %q", c.Violations())
	}
}

func TestFaults(t *testing.T) {
	c := newCustomer(t, google.Config{})
	list := directory + "/users?customer=my_customer"
	c.AddUser(google.User{Email: "maya@x.com"})
	for name, f := range map[string]struct {
		fault google.Fault
		want  string
	}{
		"pace":      {google.Fault{Status: 403, Reason: "userRateLimitExceeded", RetryAfter: time.Minute}, "403 userRateLimitExceeded"},
		"too many":  {google.Fault{Status: 429}, "429 rateLimitExceeded"},
		"token":     {google.Fault{Status: 401}, "401 authError"},
		"not there": {google.Fault{Status: 404, Method: "GET"}, "404 notFound"},
		"twice":     {google.Fault{Status: 409, Path: "/admin/"}, "409 duplicate"},
		"making":    {google.Fault{Status: 412}, "412 conditionNotMet"},
		"outage":    {google.Fault{Status: 503, Path: "/admin/directory/v1/*", Delay: time.Second}, "503 backendError"},
		"page":      {google.Fault{Page: "Sign in"}, "200 <nil>"},
		"drop":      {google.Fault{Drop: true}, "0 <nil>"},
		"empty":     {google.Fault{Empty: true}, "200 <nil>"},
		"elsewhere": {google.Fault{Status: 503, Writes: true}, "200 <nil>"},
		"over":      {google.Fault{Status: 503, Until: c.clock.Now()}, "200 <nil>"},
		"later":     {google.Fault{Status: 503, Later: true}, "200 <nil>"},
		"after":     {google.Fault{Status: 503, After: true}, "503 backendError"},
	} {
		disarm := c.AddFault(f.fault)
		if a := c.get(list); fmt.Sprint(a.StatusCode, " ", a.reason()) != f.want || name == "empty" && a.at("users") != nil {
			t.Errorf("%s: %d %s, want %s", name, a.StatusCode, a.body, f.want)
		}
		disarm()
	}
}

func TestFaultsOfListsAndReads(t *testing.T) {
	c := newCustomer(t, google.Config{})
	list := directory + "/users?customer=my_customer"
	for i := range 3 {
		c.AddUser(google.User{Email: fmt.Sprintf("p%d@x.com", i)})
	}
	c.AddFault(google.Fault{Short: 1, Frozen: true})
	first := c.get(list)
	if again := c.get(list + "&pageToken=" + fmt.Sprint(first.at("nextPageToken"))); again.at("users", 1) != nil || again.at("users", 0, "id") != first.at("users", 0, "id") {
		t.Errorf("frozen: %s", again.body)
	}
	c.ClearFaults()
	c.AddFault(google.Fault{Status: 503, Times: 2})
	for _, want := range []int{503, 503, 200} {
		if a := c.get(list); a.StatusCode != want {
			t.Errorf("twice: %d, want %d", a.StatusCode, want)
		}
	}
	c.AddFault(google.Fault{Path: "/token", Status: 401})
	if a := c.exchange("x"); a.at("error") != "invalid_grant" {
		t.Errorf("the token endpoint: %s", a.body)
	}
	c.Mislead("p1@x.com", "p2@x.com")
	if a := c.get(directory + "/users/p1@x.com"); a.at("primaryEmail") != "p2@x.com" {
		t.Errorf("misled: %s", a.body)
	}
	c.Mislead("p1@x.com", "p1@x.com")
	if a := c.get(directory + "/users/p1@x.com"); a.at("primaryEmail") != "p1@x.com" {
		t.Errorf("no longer: %s", a.body)
	}
	c.Close()
	if a := c.get(list); a.StatusCode != 503 {
		t.Errorf("closed: %d", a.StatusCode)
	}
}

func TestWhatIsNotModelledIsRefused(t *testing.T) {
	c := newCustomer(t, google.Config{})
	c.http = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	for _, path := range []string{"/nothing", "//admin", directory + "/users?customer=my_customer&viewType=domain_public", directory + "/users/" + google.DemoAdmin + "?projection=custom", directory + "/groups/x/aliases"} {
		before := len(c.Violations())
		if a := c.get(path); a.StatusCode != 501 || len(c.Violations()) != before+1 {
			t.Errorf("%s: %d, violations %q", path, a.StatusCode, c.Violations())
		}
	}
	if a := c.do("POST", directory+"/groups/"+c.AddGroup(google.Group{Name: "g"}).ID+"/members", `{"email":"a@x.com","delivery_settings":"NONE"}`); a.StatusCode != 501 {
		t.Errorf("a field: %d", a.StatusCode)
	}
	if a := c.do("POST", directory+"/groups/"+c.AddGroup(google.Group{Name: "h"}).ID+"/members", `{`); a.reason() != "parseError" {
		t.Errorf("half a body: %s", a.body)
	}
	if c.Stats()["501"] != 6 || len(c.Calls()) == 0 {
		t.Errorf("stats %v", c.Stats())
	}
}

// TestWhatAClientDoesIsFollowed: a follower that waits hears of a membership that comes in by HTTP.
func TestWhatAClientDoesIsFollowed(t *testing.T) {
	c := newCustomer(t, google.Config{})
	maya, design := c.AddUser(google.User{Email: "maya@x.com"}), c.AddGroup(google.Group{Name: "design"})
	added := make(chan string)
	go func() {
		defer close(added)
		for change, err := range c.Follow(t.Context(), 0) {
			if err == nil && change.Kind == "member.added" {
				added <- change.Subject
				return
			}
		}
	}()
	if a := c.do("POST", directory+"/groups/"+design.ID+"/members", `{"id":"`+maya.ID+`"}`); a.StatusCode != 200 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if got, want := <-added, design.ID+"/"+maya.ID; got != want {
		t.Errorf("followed %q, want %q", got, want)
	}
	if !c.SetMember("design", maya.ID, false) || c.SetMember("none", maya.ID, true) || !c.DeleteGroup("design") || c.DeleteGroup("design") || len(c.AllGroups()) != 0 {
		t.Error("groups are not what was done to them")
	}
	if err := c.EditGroup("design", func(*google.Group) {}); err == nil {
		t.Error("a group that is gone is edited")
	}
}
