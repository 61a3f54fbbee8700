package okta_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"latchkey/sandbox/handclock"
	"latchkey/sandbox/okta"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type org struct {
	*okta.Server
	t     *testing.T
	url   string
	clock *handclock.Still
}

func newOrg(t *testing.T, cfg okta.Config) org {
	t.Helper()
	c := handclock.NewStill()
	cfg.Clock = c
	s := okta.New(cfg)
	web := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		s.Close()
		web.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return org{s, t, web.URL, c}
}

type answer struct {
	*http.Response
	body []byte
}

func (a answer) list(t *testing.T) []map[string]any {
	t.Helper()
	var out []map[string]any
	if err := json.Unmarshal(a.body, &out); err != nil {
		t.Fatalf("%s: %v", a.body, err)
	}
	return out
}

func (a answer) code(t *testing.T) string {
	t.Helper()
	var out struct{ ErrorCode, ErrorID string }
	if err := json.Unmarshal(a.body, &out); err != nil || out.ErrorID == "" {
		t.Fatalf("no error body: %s (%v)", a.body, err)
	}
	return out.ErrorCode
}

func (o org) call(method, path string) answer {
	o.t.Helper()
	a, err := o.try(method, path, "SSWS "+okta.DemoToken)
	if err != nil {
		o.t.Fatal(err)
	}
	return a
}

func (o org) try(method, path, authorization string) (answer, error) {
	if !strings.HasPrefix(path, "http") {
		path = o.url + path
	}
	req, err := http.NewRequest(method, path, nil)
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Authorization", authorization)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return answer{resp, body}, err
}

func (o org) search(kind, expression string) answer {
	o.t.Helper()
	return o.call("GET", "/api/v1/users?"+kind+"="+url.QueryEscape(expression))
}

func logins(t *testing.T, a answer) string {
	t.Helper()
	var out []string
	for _, u := range a.list(t) {
		login, _, _ := strings.Cut(u["profile"].(map[string]any)["login"].(string), "@")
		out = append(out, login)
	}
	return strings.Join(out, " ")
}

func TestWhoIsShownWhere(t *testing.T) {
	o := newOrg(t, okta.Config{})
	o.AddUser(okta.User{Login: "Maya@x.com", First: "Maya", Last: "Chen", Department: "Design"})
	o.AddUser(okta.User{Login: "noor@x.com", First: "Noor", Email: "maya@x.com"})
	o.AddUser(okta.User{Login: "max@x.com", First: "Max"})
	o.SetStatus("max@x.com", okta.Deprovisioned)
	for _, c := range []struct{ kind, expression, want string }{
		{"search", `profile.email eq "MAYA@X.com"`, "Maya noor"},
		{"search", `status eq "DEPROVISIONED"`, "max"},
		{"search", `profile.department pr`, "Maya"},
		{"search", `profile.firstName sw "ma" and not`, "400"},
		{"search", `profile.firstName sw "ma" and (status eq "ACTIVE" or id eq "x")`, "Maya"},
		{"search", `profile.title co "x"`, "400"},
		{"search", `status ne "ACTIVE"`, "400"},
		{"search", `Profile.email eq "maya@x.com"`, "400"},
		{"search", `profile.email eq "maya@x.com`, "400"},
		{"filter", `profile.login eq "Maya@x.com"`, "Maya"},
		{"filter", `profile.login eq "maya@x.com"`, ""},
		{"filter", `profile.department eq "Design"`, "400"},
		{"filter", `status eq "DEPROVISIONED"`, "max"},
		{"q", `ma`, "Maya noor"},
		{"limit", `200`, "Maya noor"},
	} {
		a := o.search(c.kind, c.expression)
		got := "400"
		if a.StatusCode != http.StatusBadRequest {
			got = logins(t, a)
		}
		if got != c.want {
			t.Errorf("%s=%s: got %q, want %q", c.kind, c.expression, got, c.want)
		}
	}
	o.AddUser(okta.User{Login: "noor@y.com"})
	for key, want := range map[string]int{"maya@x.com": 200, "MAYA": 200, "max@x.com": 200, "nobody": 404, "noor": 404} {
		if a := o.call("GET", "/api/v1/users/"+key); a.StatusCode != want {
			t.Errorf("user %s: %d, want %d", key, a.StatusCode, want)
		}
	}
}

func TestSearchLagsBehindTheRecord(t *testing.T) {
	o := newOrg(t, okta.Config{SearchLag: 2 * time.Second})
	o.AddUser(okta.User{Login: "maya@x.com"})
	if got := logins(t, o.search("search", `profile.login eq "maya@x.com"`)); got != "" {
		t.Errorf("search already knows %s", got)
	}
	if a := o.call("GET", "/api/v1/users/maya@x.com"); a.StatusCode != 200 {
		t.Errorf("the record does not know maya: %d", a.StatusCode)
	}
	o.clock.Advance(2 * time.Second)
	if got := logins(t, o.search("search", `profile.login eq "maya@x.com"`)); got != "maya" {
		t.Errorf("after the lag search knows %q", got)
	}
}

func TestPagesComeInSeparateLinks(t *testing.T) {
	o := newOrg(t, okta.Config{})
	g := o.AddGroup(okta.Group{Name: "figma"})
	for i := range 25 {
		login := fmt.Sprintf("u%02d@x.com", i)
		o.AddUser(okta.User{Login: login})
		o.SetMember("figma", login, true)
	}
	var seen []string
	next := "/api/v1/groups/" + g.ID + "/users?limit=10"
	for next != "" {
		a := o.call("GET", next)
		seen = append(seen, strings.Fields(logins(t, a))...)
		next = ""
		for _, l := range a.Header.Values("Link") {
			if strings.Contains(l, ",") {
				t.Errorf("links are combined: %s", l)
			}
			if target, found := strings.CutSuffix(l, `>; rel="next"`); found {
				next = strings.TrimPrefix(target, "<")
			}
		}
	}
	if len(seen) != 25 || !slices.IsSorted(seen) {
		t.Errorf("saw %v", seen)
	}
}

func TestMembershipChanges(t *testing.T) {
	o := newOrg(t, okta.Config{})
	g := o.AddGroup(okta.Group{Name: "figma"})
	ad := o.AddGroup(okta.Group{Name: "ad", Type: okta.AppGroup})
	maya, gone := o.AddUser(okta.User{Login: "maya@x.com"}), o.AddUser(okta.User{Login: "gone@x.com", Status: okta.Deprovisioned})
	all := o.Groups()[0]
	for _, c := range []struct {
		method, group, user, code string
		status                    int
	}{
		{"PUT", g.ID, maya.ID, "", 204}, {"PUT", g.ID, maya.ID, "", 204},
		{"DELETE", g.ID, maya.ID, "", 204}, {"DELETE", g.ID, maya.ID, "", 204},
		{"PUT", g.ID, "00uNobody", "E0000007", 404}, {"PUT", "00gNothing", maya.ID, "E0000007", 404},
		{"PUT", g.ID, gone.ID, "E0000038", 403}, {"PUT", ad.ID, maya.ID, "E0000060", 501},
		{"PUT", all.ID, maya.ID, "E0000060", 501}, {"DELETE", all.ID, maya.ID, "E0000006", 403},
	} {
		a := o.call(c.method, "/api/v1/groups/"+c.group+"/users/"+c.user)
		if a.StatusCode != c.status || c.code != "" && a.code(t) != c.code || c.code == "" && len(a.body) > 0 {
			t.Errorf("%s %s %s: %d %s, want %d %s", c.method, c.group, c.user, a.StatusCode, a.body, c.status, c.code)
		}
	}
	var kinds []string
	for _, e := range o.Log() {
		if strings.HasPrefix(e.Type, "group.") {
			kinds = append(kinds, e.Type)
		}
	}
	if want := []string{"group.user_membership.add", "group.user_membership.remove"}; !slices.Equal(kinds, want) {
		t.Errorf("the log has %v, want %v", kinds, want)
	}
}

func TestRemovalPoisonsARule(t *testing.T) {
	o := newOrg(t, okta.Config{})
	g := o.AddGroup(okta.Group{Name: "designers"})
	o.AddRule(okta.Rule{Name: "design", Attribute: "department", Value: "Design", Groups: []string{"designers"}})
	maya := o.AddUser(okta.User{Login: "maya@x.com", Department: "Design"})
	if !o.IsMember("designers", "maya@x.com") {
		t.Fatal("the rule did not add maya")
	}
	if a := o.call("DELETE", "/api/v1/groups/"+g.ID+"/users/"+maya.ID); a.StatusCode != 204 {
		t.Fatalf("removal: %d", a.StatusCode)
	}
	o.AddUser(okta.User{Login: "maya@x.com", Department: "Design", Title: "Lead"})
	if o.IsMember("designers", "maya@x.com") || !slices.Equal(o.RuleExclusions("design"), []string{"maya@x.com"}) {
		t.Errorf("maya is not excluded: %v", o.RuleExclusions("design"))
	}
	if len(o.Violations()) != 1 {
		t.Errorf("violations: %v", o.Violations())
	}
}

func TestStickyGroupTakesTheMemberBack(t *testing.T) {
	o := newOrg(t, okta.Config{})
	g := o.AddGroup(okta.Group{Name: "figma"})
	maya := o.AddUser(okta.User{Login: "maya@x.com"})
	o.SetMember("figma", "maya@x.com", true)
	o.SetSticky("figma", true)
	if a := o.call("DELETE", "/api/v1/groups/"+g.ID+"/users/"+maya.ID); a.StatusCode != 204 || !o.IsMember("figma", "maya@x.com") {
		t.Errorf("status %d, member %v", a.StatusCode, o.IsMember("figma", "maya@x.com"))
	}
	o.ClearFaults()
	if o.call("DELETE", "/api/v1/groups/"+g.ID+"/users/"+maya.ID); o.IsMember("figma", "maya@x.com") {
		t.Error("the group still sticks")
	}
}

func TestLimitsAreToldAndKept(t *testing.T) {
	o := newOrg(t, okta.Config{Limits: map[string]int{"/api/v1/users": 4}})
	for want := 1; want >= 0; want-- {
		a := o.call("GET", "/api/v1/users")
		if got := a.Header.Get("X-Rate-Limit-Remaining"); a.StatusCode != 200 || got != fmt.Sprint(want) || a.Header.Get("X-Rate-Limit-Limit") != "2" {
			t.Errorf("status %d, remaining %s, want %d of 2", a.StatusCode, got, want)
		}
	}
	if a := o.call("GET", "/api/v1/users"); a.StatusCode != 429 || a.code(t) != "E0000047" {
		t.Errorf("over the limit: %d", a.StatusCode)
	}
	if a := o.call("GET", "/api/v1/groups"); a.StatusCode != 200 {
		t.Errorf("another bucket: %d", a.StatusCode)
	}
	o.clock.Advance(time.Minute)
	if a := o.call("GET", "/api/v1/users"); a.StatusCode != 200 {
		t.Errorf("the next window: %d", a.StatusCode)
	}
}

func TestFaults(t *testing.T) {
	o := newOrg(t, okta.Config{})
	g := o.AddGroup(okta.Group{Name: "figma"})
	maya := o.AddUser(okta.User{Login: "maya@x.com"})
	path := "/api/v1/groups/" + g.ID + "/users/" + maya.ID
	o.AddFault(okta.Fault{Method: "PUT", Path: "/api/v1/groups/*/users/*", Times: 1, Drop: true, After: true})
	if _, err := o.try("PUT", path, "SSWS "+okta.DemoToken); err == nil || !o.IsMember("figma", "maya@x.com") {
		t.Errorf("after the drop: error %v, member %v", err, o.IsMember("figma", "maya@x.com"))
	}
	o.AddFault(okta.Fault{Times: 1, Status: 429, RetryAfter: 7 * time.Second})
	if a := o.call("PUT", path); a.Header.Get("X-Rate-Limit-Reset") != fmt.Sprint(o.clock.Now().Unix()+7) {
		t.Errorf("reset %s", a.Header.Get("X-Rate-Limit-Reset"))
	}
	o.AddFault(okta.Fault{Path: "/api/v1/groups/", Status: 503, Until: o.clock.Now().Add(time.Minute)})
	for _, want := range []int{503, 503, 204} {
		if a := o.call("PUT", path); a.StatusCode != want {
			t.Errorf("outage: %d, want %d", a.StatusCode, want)
		}
		if want == 503 {
			o.clock.Advance(30 * time.Second)
		}
	}
	if v := o.Violations(); len(v) != 0 {
		t.Errorf("faults are held against the caller: %v", v)
	}
}

func TestUnknownCallsAreRefusedLoudly(t *testing.T) {
	var mu sync.Mutex
	var lines []string
	o := newOrg(t, okta.Config{Logf: func(f string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		lines = append(lines, fmt.Sprintf(f, args...))
	}})
	for _, c := range []string{"GET /api/v1/policies", "POST /api/v1/users", "GET /api/v1/users?expand=x", "GET //api/v1/users"} {
		method, path, _ := strings.Cut(c, " ")
		if a := o.call(method, path); a.StatusCode != 501 {
			t.Errorf("%s: %d, want 501", c, a.StatusCode)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if len(lines) != 4 || len(o.Violations()) != 4 {
		t.Errorf("told %d times: %v", len(lines), lines)
	}
	if a, err := o.try("GET", "/api/v1/users", "SSWS wrong"); err != nil || a.StatusCode != 401 || a.code(t) != "E0000011" {
		t.Errorf("wrong token: %d %v", a.StatusCode, err)
	}
}

func TestSystemLog(t *testing.T) {
	o := newOrg(t, okta.Config{})
	o.AddGroup(okta.Group{Name: "figma"})
	figma := o.AddApp(okta.App{Label: "Figma", Groups: []string{"figma"}})
	maya := o.AddUser(okta.User{Login: "maya@x.com"})
	now := o.clock.Now()
	o.RecordSSO("maya@x.com", figma.ID, now.Add(-48*time.Hour), "SUCCESS")
	o.RecordSSO("maya@x.com", figma.ID, now.Add(-time.Hour), "FAILURE")
	o.RecordSSO("maya@x.com", figma.ID, now.Add(-100*24*time.Hour), "SUCCESS")
	ask := func(since time.Duration, more string) answer {
		q := url.Values{"since": {now.Add(-since).Format(time.RFC3339)}, "filter": {fmt.Sprintf(
			`eventType eq "user.authentication.sso" and outcome.result eq "SUCCESS" and actor.id eq %q and target.id eq %q`, maya.ID, figma.ID)}}
		return o.call("GET", "/api/v1/logs?"+q.Encode()+more)
	}
	if got := ask(120*24*time.Hour, "&sortOrder=DESCENDING&until="+now.Format(time.RFC3339)).list(t); len(got) != 1 || got[0]["version"] != "0" {
		t.Errorf("the log has %v", got)
	}
	if a := ask(181*24*time.Hour, ""); a.StatusCode != 400 || a.code(t) != "E0000053" {
		t.Errorf("too far back: %d", a.StatusCode)
	}
	if links := ask(24*time.Hour, "").Header.Values("Link"); len(links) != 2 {
		t.Errorf("a polling query has no next page: %v", links)
	}
	if links := o.call("GET", "/api/v1/users/"+maya.ID+"/appLinks").list(t); len(links) != 0 {
		t.Errorf("maya reaches %v", links)
	}
	o.SetMember("figma", "maya@x.com", true)
	if links := o.call("GET", "/api/v1/users/"+maya.ID+"/appLinks").list(t); len(links) != 1 || links[0]["appInstanceId"] != figma.ID {
		t.Errorf("maya reaches %v", links)
	}
}

// TestPolledLog: whoever polls always gets a next page, reads on from there, and misses nothing that comes into the
// log late, whatever happened since.
func TestPolledLog(t *testing.T) {
	o := newOrg(t, okta.Config{})
	for i := range 3 {
		o.AddUser(okta.User{Login: fmt.Sprintf("p%d@x.com", i), Status: okta.Staged})
	}
	at := "/api/v1/logs?limit=2&filter=" + url.QueryEscape(`eventType sw "user.lifecycle."`) + "&since=" + url.QueryEscape(o.clock.Now().Format(time.RFC3339))
	read := func() (logins []any) {
		a := o.call("GET", at)
		for _, e := range a.list(t) {
			logins = append(logins, e["target"].([]any)[0].(map[string]any)["alternateId"])
		}
		for _, l := range a.Header.Values("Link") {
			if link, next := strings.CutSuffix(l, `; rel="next"`); next {
				u, err := url.Parse(strings.Trim(link, "<>"))
				if err != nil {
					t.Fatal(err)
				}
				at = u.RequestURI()
				return logins
			}
		}
		t.Fatalf("a polling query has no next page: %v", a.Header)
		return nil
	}
	want := func(logins ...any) {
		t.Helper()
		if got := read(); !slices.Equal(got, logins) {
			t.Errorf("the log has %v, want %v", got, logins)
		}
	}
	want("p0@x.com", "p1@x.com")
	want("p2@x.com")
	want()
	o.SetLogLag(time.Minute)
	o.SetStatus("p0@x.com", okta.Deprovisioned)
	o.SetLogLag(0)
	o.SetStatus("p1@x.com", okta.Suspended)
	want("p1@x.com")
	want()
	o.clock.Advance(2 * time.Minute)
	want("p0@x.com")
	want()
}

func FuzzSearchExpressions(f *testing.F) {
	for _, seed := range []string{`profile.email eq "x"`, `(a`, `status pr and`, `"`, `id eq "\"`, `((status eq "A"))`} {
		f.Add(seed)
	}
	s := okta.New(okta.Config{Limits: map[string]int{"/api/v1/users": 1 << 40}})
	s.AddUser(okta.User{Login: "maya@x.com"})
	f.Fuzz(func(t *testing.T, expression string) {
		r := httptest.NewRequest("GET", "/api/v1/users?search="+url.QueryEscape(expression), nil)
		r.Header.Set("Authorization", "SSWS "+okta.DemoToken)
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		if w.Code != 200 && w.Code != 400 {
			t.Errorf("%q: status %d", expression, w.Code)
		}
	})
}
