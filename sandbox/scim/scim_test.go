package scim

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// ask sends one call as a client would, and gives status and body.
func ask(t *testing.T, s *Server, method, target, body string, headers ...string) (int, string) {
	t.Helper()
	r := httptest.NewRequest(method, "/scim/v2"+target, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+DemoToken)
	r.Header.Set("Content-Type", "application/scim+json")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func filtered(f string) string { return "?filter=" + url.QueryEscape(f) }

func patch(op, path, value string) string {
	if value != "" {
		value = `,"value":` + value
	}
	return `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"` + op + `","path":"` + path + `"` + value + `}]}`
}

// company has maya and noor, and figma with noor in it.
func company(cfg Config) (s *Server, figma, maya, noor string) {
	s = New(cfg)
	noor = s.AddUser(User{Email: "noor@x.com"})
	maya = s.AddUser(User{UserName: "Maya", Email: "maya@x.com", Alias: "design@x.com", Name: "Maya Chen", Title: "Designer", Department: "Design", Number: "7", Type: "Employee", City: "Oslo", Manager: noor, State: "fine"})
	figma = s.AddGroup(Group{Name: "figma"})
	s.SetMember(figma, noor, true)
	return s, figma, maya, noor
}

func TestReads(t *testing.T) {
	s, figma, maya, noor := company(Config{})
	for target, want := range map[string][]string{
		"/Users/" + maya: {`"userName":"Maya"`, `"locality":"Oslo"`, `"state":"fine"`, `"value":"` + noor + `"`, `"department":"Design"`},
		"/Users/" + noor: {`"groups":[{`, `"display":"figma"`},
		"/Users" + filtered(`userName eq "MAYA"`):                   {`"totalResults":1`},
		"/Users" + filtered(`emails.value eq "maya@x.com"`):         {`"totalResults":0`},
		"/Users" + filtered(`emails[value eq "maya@x.com"]`):        {`"totalResults":1`},
		"/Users" + filtered(`id eq "`+maya+`" or id eq "`+noor+`"`): {`"totalResults":2`},
		"/Users?startIndex=2&count=1":                               {`"totalResults":2`, maya},
		"/Users?startIndex=9":                                       {`"Resources":[]`},
		"/Groups/" + figma:                                          {`"version":"W/\"1\""`, noor},
		"/Groups?excludedAttributes=members":                        {`"displayName":"figma"`},
		"/ServiceProviderConfig":                                    {`"patch":{"supported":true}`},
	} {
		code, body := ask(t, s, "GET", target, "")
		for _, w := range want {
			if code != 200 || !strings.Contains(body, w) {
				t.Errorf("%s: %d %s, want %s", target, code, body, w)
			}
		}
	}
	if _, body := ask(t, s, "GET", "/Groups?excludedAttributes=members", ""); strings.Contains(body, noor) {
		t.Errorf("what was left out: %s", body)
	}
	if n := len(s.Calls()); n != 12 {
		t.Errorf("%d calls are noted", n)
	}
}

// What it doesn't model it refuses, and so what is wrong.
func TestRefusals(t *testing.T) {
	s, figma, maya, noor := company(Config{User: "u", Password: "p"})
	fed := s.AddGroup(Group{Name: "fed", Source: "rule"})
	for name, c := range map[string]struct {
		method, target, body string
		want                 int
		headers              []string
	}{
		"nobody":               {"GET", "/Users/none", "", 404, nil},
		"no group":             {"GET", "/Groups/none", "", 404, nil},
		"a bad filter":         {"GET", "/Users" + filtered("userName is"), "", 400, nil},
		"a name that is taken": {"POST", "/Users", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"MAYA"}`, 409, nil},
		"an account":           {"POST", "/Users", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"tom"}`, 501, nil},
		"a change of one":      {"PATCH", "/Users/" + maya, patch("replace", "title", `"x"`), 501, nil},
		"its end":              {"DELETE", "/Users/" + maya, "", 501, nil},
		"all of it":            {"PUT", "/Users/" + maya, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"tom"}`, 501, nil},
		"a group's end":        {"DELETE", "/Groups/" + figma, "", 501, nil},
		"a group":              {"POST", "/Groups", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"x"}`, 501, nil},
		"a group, all of it":   {"PUT", "/Groups/" + figma, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"x"}`, 501, nil},
		"another name":         {"PATCH", "/Groups/" + figma, patch("replace", "displayName", `"x"`), 501, nil},
		"all other members":    {"PATCH", "/Groups/" + figma, patch("replace", "members", `[]`), 501, nil},
		"members of none":      {"PATCH", "/Groups/none", patch("add", "members", `[{"value":"`+maya+`"}]`), 404, nil},
		"a member from afar":   {"PATCH", "/Groups/" + figma, patch("add", "members", `[{"value":"none"}]`), 400, nil},
		"one who isn't in it":  {"PATCH", "/Groups/" + figma, patch("remove", `members[value eq \"`+maya+`\"]`, ""), 400, nil},
		"an odd filter":        {"PATCH", "/Groups/" + figma, patch("remove", `members[value ne \"`+maya+`\"]`, ""), 400, nil},
		"what a rule feeds":    {"PATCH", "/Groups/" + fed, patch("add", "members", `[{"value":"`+maya+`"}]`), 400, nil},
		"an old version":       {"PATCH", "/Groups/" + figma, patch("add", "members", `[{"value":"`+maya+`"}]`), 412, []string{"If-Match", `W/"0"`}},
		"a form":               {"PATCH", "/Groups/" + figma, patch("add", "members", `[{"value":"`+maya+`"}]`), 415, []string{"Content-Type", "application/x-www-form-urlencoded"}},
		"a bad token":          {"GET", "/Users", "", 401, []string{"Authorization", "Bearer x"}},
		"a bad password":       {"GET", "/Users", "", 401, []string{"Authorization", "Basic dTp4"}},
		"the right one":        {"GET", "/Users", "", 200, []string{"Authorization", "Basic dTpw"}},
	} {
		if code, body := ask(t, s, c.method, c.target, c.body, c.headers...); code != c.want {
			t.Errorf("%s: %d, want %d: %s", name, code, c.want, body)
		}
	}
	if m := s.Members(figma); len(m) != 1 || m[0] != noor {
		t.Errorf("something of it was carried out: %v", m)
	}
}

func TestChangesOfMembers(t *testing.T) {
	for name, c := range map[string]struct {
		cfg            Config
		op, path, who  string
		status, remain int
	}{
		"one more":                 {Config{}, "add", "members", "maya", 200, 2},
		"once more":                {Config{}, "add", "members", "noor", 200, 1},
		"one less":                 {Config{}, "remove", `members[value eq \"noor\"]`, "", 200, 0},
		"all":                      {Config{}, "remove", "members", "", 200, 0},
		"all, beside a value":      {Config{}, "remove", "members", "maya", 200, 0},
		"by value":                 {Config{NeedsArray: true}, "remove", "members", "maya", 200, 1},
		"by a filter, not taken":   {Config{NeedsArray: true}, "remove", `members[value eq \"noor\"]`, "", 400, 1},
		"nobody, without a word":   {Config{DropUnknown: true}, "add", "members", "none", 200, 1},
		"one more, without a word": {Config{NoContent: true}, "add", "members", "maya", 204, 2},
		"where there is no change": {Config{NoPatch: true}, "add", "members", "maya", 501, 1},
	} {
		s, figma, maya, noor := company(c.cfg)
		named := strings.NewReplacer("maya", maya, "noor", noor)
		value := ""
		if c.who != "" {
			value = `[{"value":"` + named.Replace(c.who) + `"}]`
		}
		code, body := ask(t, s, "PATCH", "/Groups/"+figma, patch(c.op, named.Replace(c.path), value))
		if n := len(s.Members(figma)); code != c.status || n != c.remain {
			t.Errorf("%s: %d, %d members: %s", name, code, n, body)
		}
	}
}

func TestServersOfOtherKinds(t *testing.T) {
	for name, c := range map[string]struct {
		cfg    Config
		target string
		want   string // in status and body
		never  string
	}{
		"no filters":         {Config{NoFilter: true}, "/Users" + filtered(`userName eq "maya"`), "400", "totalResults"},
		"everybody":          {Config{FilterAll: true}, "/Users" + filtered(`userName eq "tom"`), `"totalResults":2`, "400"},
		"nobody":             {Config{FilterNone: true}, "/Users" + filtered(`userName eq "maya"`), `"totalResults":0`, "400"},
		"letter by letter":   {Config{CaseExact: true}, "/Users" + filtered(`userName eq "maya"`), `"totalResults":0`, "400"},
		"plain addresses":    {Config{AddressPlain: true}, "/Users" + filtered(`emails.value eq "MAYA@x.com"`), `"totalResults":1`, "400"},
		"and not in [ ]":     {Config{AddressPlain: true}, "/Users" + filtered(`emails[value eq "maya@x.com"]`), `"totalResults":0`, "400"},
		"nobody else's":      {Config{AddressPlain: true}, "/Users" + filtered(`emails.value eq "tom@x.com"`), `"totalResults":0`, "400"},
		"whole lists":        {Config{IgnoreCount: true, MaxResults: 1}, "/Users?count=1&startIndex=2", "noor@x.com", "400"},
		"the first page":     {Config{IgnoreStart: true}, "/Users?count=1&startIndex=2", "noor@x.com", "maya@x.com"},
		"hidden members":     {Config{HideMembers: true}, "/Groups", `"members":[]`, "u-00"},
		"members asked for":  {Config{OmitMembers: true}, "/Groups?attributes=members", `"members":[{`, "400"},
		"members not shown":  {Config{OmitMembers: true}, "/Groups", `"figma"`, "members"},
		"without versions":   {Config{NoVersions: true}, "/Groups", `"figma"`, "version"},
		"nothing to be said": {Config{NoConfig: true}, "/ServiceProviderConfig", "404", "patch"},
	} {
		s, _, _, _ := company(c.cfg)
		code, body := ask(t, s, "GET", c.target, "")
		if said := fmt.Sprint(code, " ", body); !strings.Contains(said, c.want) || strings.Contains(said, c.never) {
			t.Errorf("%s: %s", name, said)
		}
	}
}

func TestBadDays(t *testing.T) {
	s, figma, maya, noor := company(Config{Dangle: true})
	s.AddFault(Fault{Path: "/scim/v2/Groups/*", Status: 429, RetryAfter: time.Minute, Times: 2})
	s.AddFault(Fault{Method: "POST", Status: 400, Type: "tooMany"})
	for i, want := range []int{429, 429, 200} {
		if code, body := ask(t, s, "GET", "/Groups/"+figma, ""); code != want {
			t.Errorf("call %d: %d %s", i, code, body)
		}
	}
	if _, body := ask(t, s, "POST", "/Groups", ""); !strings.Contains(body, "tooMany") {
		t.Error(body)
	}
	s.ClearFaults()
	s.AddFault(Fault{Page: "Sign in", Status: 302, Times: 1})
	if code, body := ask(t, s, "GET", "/Users", ""); code != 302 || !strings.Contains(body, "Sign in") {
		t.Errorf("%d %s", code, body)
	}

	s.AddFault(Fault{Body: `{"message":"no route"}`, Status: 404, Times: 1})
	if code, body := ask(t, s, "GET", "/Users", ""); code != 404 || body != `{"message":"no route"}` {
		t.Errorf("%d %s", code, body)
	}

	s.Meddle(figma, 1)
	add := patch("add", "members", `[{"value":"`+maya+`"}]`)
	if code, _ := ask(t, s, "PATCH", "/Groups/"+figma, add, "If-Match", `W/"1"`); code != 412 {
		t.Errorf("somebody else came before, and it is %d", code)
	}
	s.TrailBy(figma, 1)
	s.AddFault(Fault{Method: "PATCH", Drop: true, After: true, Times: 1})
	func() {
		defer func() {
			if recover() != http.ErrAbortHandler {
				t.Error("the connection was not dropped")
			}
		}()
		ask(t, s, "PATCH", "/Groups/"+figma, add)
	}()
	if len(s.Members(figma)) != 2 {
		t.Error("it was dropped before it was carried out")
	}
	if _, old := ask(t, s, "GET", "/Groups/"+figma, ""); strings.Contains(old, maya) {
		t.Errorf("the first read doesn't trail: %s", old)
	}
	if _, now := ask(t, s, "GET", "/Groups/"+figma, ""); !strings.Contains(now, maya) {
		t.Errorf("the second does: %s", now)
	}
	released := make(chan struct{})
	close(released)
	s.AddFault(Fault{Wait: released, Times: 1})
	if code, _ := ask(t, s, "GET", "/Users", ""); code != 200 {
		t.Errorf("a slow answer is %d", code)
	}

	s.SetSticky(figma)
	ask(t, s, "PATCH", "/Groups/"+figma, patch("remove", `members[value eq \"`+maya+`\"]`, ""))
	s.DeleteUser(noor)
	if len(s.Members(figma)) != 2 {
		t.Error("it let go of somebody")
	}
	lists := 0
	s.OnList(func(string) { lists++ })
	ask(t, s, "GET", "/Users", "")
	ask(t, s, "GET", "/Users/"+maya, "")
	if lists != 1 {
		t.Errorf("%d lists", lists)
	}
	s.EditUser(maya, func(u *User) { u.Active = false })
	s.EditGroup(figma, func(g *Group) { g.Name = "figma 2" })
	s.SetFilterAll(true)
	if _, body := ask(t, s, "GET", "/Users/"+s.UserByAddress("maya@x.com"), ""); !strings.Contains(body, `"active":false`) {
		t.Error(body)
	}
	if s.UserByAddress("nobody@x.com") != "" || s.Members("none") != nil {
		t.Error("what isn't there is there")
	}
}
