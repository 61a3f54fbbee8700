package entra_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"latchkey/sandbox/entra"
	"latchkey/sandbox/entra/spectest"
	"latchkey/sandbox/handclock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// description is the vendor's, read once; nil where the environment names no folder with it.
var description = sync.OnceValues(func() (*spectest.Description, error) {
	if dir := os.Getenv("LATCHKEY_SPECS"); dir != "" {
		return spectest.Read(dir)
	}
	return nil, nil
})

// tenant is an emulated tenant and somebody who calls it.
type tenant struct {
	*entra.Server
	t     *testing.T
	url   string
	http  *http.Client
	check *spectest.Checker
	clock *handclock.Clock
	token string
	heads map[string]string
}

func newTenant(t *testing.T, cfg entra.Config) *tenant {
	t.Helper()
	clock := handclock.New()
	cfg.Clock, cfg.Logf = clock, t.Logf
	s := entra.New(cfg)
	web := httptest.NewServer(s.Handler())
	direct := &http.Transport{}
	e := &tenant{Server: s, t: t, url: web.URL, http: &http.Client{Transport: direct}, clock: clock}
	if d, err := description(); err != nil {
		t.Fatal(err)
	} else if d != nil {
		e.check = spectest.New(t, d, direct)
		e.http.Transport = e.check
	}
	t.Cleanup(func() {
		direct.CloseIdleConnections()
		s.Close()
		web.Close()
	})
	e.signIn()
	return e
}

// answer is what came, and the error code if it is one.
type answer struct {
	status int
	header http.Header
	body   map[string]any
	raw    string
	code   string
}

func (a answer) values() (all []map[string]any) {
	list, _ := a.body["value"].([]any)
	for _, one := range list {
		m, _ := one.(map[string]any)
		all = append(all, m)
	}
	return all
}

// names are a property of all that is listed.
func (a answer) names(property string) string {
	var all []string
	for _, v := range a.values() {
		text, _ := v[property].(string)
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

func (a answer) next() string {
	link, _ := a.body["@odata.nextLink"].(string)
	return link
}

// get asks for a path below the version, or follows a link as a client's transport does.
func (e *tenant) get(path string, pairs ...string) answer {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	target := e.url + "/v1.0" + path
	if len(q) > 0 {
		target += "?" + q.Encode()
	}
	if link, is := strings.CutPrefix(path, "https://graph.microsoft.com"); is {
		target = e.url + link
	}
	return e.do(http.MethodGet, target, "application/json", "")
}

func (e *tenant) send(method, path, body string) answer {
	return e.do(method, e.url+"/v1.0"+path, "application/json", body)
}

func (e *tenant) do(method, target, kind, body string) answer {
	e.t.Helper()
	req, err := http.NewRequestWithContext(e.t.Context(), method, target, strings.NewReader(body))
	if err != nil {
		e.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+e.token)
	if body != "" {
		req.Header.Set("Content-Type", kind)
	}
	for name, value := range e.heads {
		req.Header.Set(name, value)
	}
	resp, err := e.http.Do(req)
	if err != nil {
		return answer{raw: err.Error()}
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		e.t.Fatal(err)
	}
	a := answer{status: resp.StatusCode, header: resp.Header, raw: string(raw)}
	_ = json.NewDecoder(bytes.NewReader(raw)).Decode(&a.body)
	if problem, is := a.body["error"].(map[string]any); is {
		a.code, _ = problem["code"].(string)
	}
	return a
}

// unchecked has a call be made that no client is to make.
func (e *tenant) unchecked(do func()) {
	way := e.http.Transport
	direct := &http.Transport{}
	e.http.Transport = direct
	do()
	e.http.Transport = way
	direct.CloseIdleConnections()
}

// eventual makes calls advanced queries until it is called off.
func (e *tenant) eventual() func() {
	e.heads = map[string]string{"ConsistencyLevel": "eventual"}
	return func() { e.heads = nil }
}

func (e *tenant) ask(tenant string, form url.Values) answer {
	return e.do(http.MethodPost, e.url+"/"+tenant+"/oauth2/v2.0/token", "application/x-www-form-urlencoded", form.Encode())
}

func grant(change ...string) url.Values {
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {entra.DemoClient}, "client_secret": {entra.DemoSecret}, "scope": {"https://graph.microsoft.com/.default openid"}}
	for i := 0; i+1 < len(change); i += 2 {
		form.Set(change[i], change[i+1])
	}
	return form
}

func (e *tenant) signIn() {
	e.t.Helper()
	a := e.ask("acme.example", grant())
	if e.token, _ = a.body["access_token"].(string); e.token == "" {
		e.t.Fatalf("no token: %s", a.raw)
	}
}

func (a answer) is(t *testing.T, what string, status int, code string) {
	t.Helper()
	if a.status != status || code != "" && a.code != code {
		t.Errorf("%s: %d %s, want %d %s", what, a.status, a.raw, status, code)
	}
}

func TestTheTokenEndpointRefusesAsTheVendorDoes(t *testing.T) {
	e := newTenant(t, entra.Config{})
	for name, c := range map[string]struct {
		tenant string
		form   url.Values
		status int
		kind   string
		code   float64
	}{
		"a wrong secret":       {entra.DemoTenant, grant("client_secret", "x"), 401, "invalid_client", 7000215},
		"an unknown client":    {entra.DemoTenant, grant("client_id", "x"), 400, "unauthorized_client", 700016},
		"an unknown tenant":    {"other.example", grant(), 400, "invalid_request", 90002},
		"an unknown resource":  {entra.DemoTenant, grant("scope", "https://else.example/.default"), 400, "invalid_resource", 500011},
		"less than the whole":  {entra.DemoTenant, grant("scope", "https://graph.microsoft.com/User.Read.All"), 400, "invalid_scope", 1002012},
		"another grant":        {entra.DemoTenant, grant("grant_type", "password"), 400, "unsupported_grant_type", 70003},
		"a bad assertion":      {entra.DemoTenant, grant("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion", "x.y.z"), 401, "invalid_client", 700027},
		"one that is no token": {entra.DemoTenant, grant("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion", "x"), 401, "invalid_client", 700027},
	} {
		a := e.ask(c.tenant, c.form)
		codes, _ := a.body["error_codes"].([]any)
		if a.status != c.status || a.body["error"] != c.kind || len(codes) != 1 || codes[0] != c.code {
			t.Errorf("%s: %d %s", name, a.status, a.raw)
		}
	}
	for path, status := range map[string]int{
		"/common/discovery/instance?api-version=1.1": 200, "/acme.example/v2.0/.well-known/openid-configuration": 200, "/none.example/v2.0/.well-known/openid-configuration": 400, "/v1.0//users": 501, "/beta/users": 501,
	} {
		e.do(http.MethodGet, e.url+path, "", "").is(t, path, status, "")
	}
}

func TestTokensCarryWhatWasConsentedTo(t *testing.T) {
	e := newTenant(t, entra.Config{Permissions: []string{"GroupMember.Read.All"}})
	g, maya := e.AddGroup(entra.Group{Name: "figma"}), e.AddUser(entra.User{UPN: "maya@acme.example", Mail: "maya@acme.example"})
	e.SetMember(g.ID, maya.ID, true)
	e.get("/users").is(t, "without the permission", 403, "Authorization_RequestDenied")
	if a := e.get("/groups/" + g.ID + "/members"); a.status != 200 || a.values()[0]["mail"] != nil || a.values()[0]["id"] != maya.ID {
		t.Errorf("who may not read accounts sees %s", a.raw)
	}
	e.SetPermissions("User.Read.All")
	e.get("/users").is(t, "with an old token", 403, "Authorization_RequestDenied")
	e.signIn()
	e.get("/users").is(t, "with a new one", 200, "")
	e.SetPermissions()
	e.signIn()
	e.get("/users").is(t, "without consent", 401, "Authorization_IdentityNotFound")
	e.token = "x"
	if a := e.get("/users"); a.status != 401 || a.code != "InvalidAuthenticationToken" || !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Bearer ") {
		t.Errorf("a wrong token: %d %s", a.status, a.raw)
	}
	e.SetPermissions(entra.StandardPermissions()...)
	e.signIn()
	before := len(e.Violations())
	e.RotateSecret("another")
	e.get("/users").is(t, "after the secret was replaced", 401, "InvalidAuthenticationToken")
	if len(e.Violations()) != before {
		t.Errorf("that a token ended is nothing its holder did: %q", e.Violations())
	}
	if a := e.ask(entra.DemoTenant, grant()); a.status != 401 {
		t.Errorf("the old secret: %d", a.status)
	}
	if a := e.ask(entra.DemoTenant, grant("client_secret", "another")); a.status != 200 {
		t.Errorf("the new one: %d", a.status)
	}
	e.Become("6a9d6d2c-1f0e-4b7a-9c3e-8f6f3a1b7c01")
	if a := e.ask(entra.DemoTenant, grant("client_secret", "another")); a.status != 400 {
		t.Errorf("another tenant: %d", a.status)
	}
}

func TestUsersAreFoundAndRead(t *testing.T) {
	e := newTenant(t, entra.Config{})
	boss := e.AddUser(entra.User{UPN: "noor@acme.example", Mail: "noor@acme.example", GivenName: "Noor", Surname: "O'Hara"})
	maya := e.AddUser(entra.User{UPN: "maya@acme.example", Mail: "Maya@acme.example", ManagerID: boss.ID, ProxyAddresses: []string{"smtp:m@acme.example"}, Department: "Design"})
	guest := e.AddUser(entra.User{UPN: "tom_else.example#EXT#@acme.example", UserType: entra.Guest, OtherMails: []string{"tom@else.example"}, ManagerID: "contact-1"})
	for filter, want := range map[string]string{
		"mail eq 'maya@ACME.example' or userPrincipalName eq 'x'":                             maya.UPN,
		"displayName eq 'Noor O''Hara'":                                                       boss.UPN,
		"userType eq 'Guest' and accountEnabled eq true":                                      guest.UPN,
		"(department eq 'Design' or department eq 'IT') and startsWith(mail,'ma')":            maya.UPN,
		"proxyAddresses/any(p:p eq 'smtp:m@acme.example')":                                    maya.UPN,
		"otherMails/any(o:o eq 'tom@else.example')":                                           guest.UPN,
		"id in ('" + maya.ID + "','" + guest.ID + "')":                                        maya.UPN + " " + guest.UPN,
		"createdDateTime ge 2026-11-24T00:00:00Z":                                             "",
		"createdDateTime le 2026-11-24T00:00:00Z and createdDateTime ge 2026-01-01T00:00:00Z": boss.UPN + " " + maya.UPN + " " + guest.UPN,
	} {
		if a := e.get("/users", "$filter", filter, "$select", "id,userPrincipalName"); a.status != 200 || a.names("userPrincipalName") != want {
			t.Errorf("%s: %d %q, want %q %s", filter, a.status, a.names("userPrincipalName"), want, a.code)
		}
	}
	for _, filter := range []string{
		"nothing eq 'x'", "mail eq 'x", "mail eq x", "mail", "mail gt 'x'", "accountEnabled eq 'true'", "createdDateTime ge yesterday", "(mail eq 'x'", "mail eq 'x' mail", "not (mail eq 'x')",
		"mail ne 'x'", "endsWith(mail,'x')", "otherMails eq 'x'", "otherMails/any(o:p eq 'x')", "mail/any(o:o eq 'x')", "startsWith(accountEnabled,'x')", "mail in ('x'", "mail in (x)", "accountEnabled in ('x')",
		"id in ('1','2','3','4','5','6','7','8','9','10','11','12','13','14','15','16')",
	} {
		e.get("/users", "$filter", filter).is(t, filter, 400, "Request_UnsupportedQuery")
	}
	off := e.eventual()
	for filter, want := range map[string]string{"not (mail eq 'noor@acme.example')": maya.UPN + " " + guest.UPN, "endsWith(mail,'acme.example') and mail ne 'noor@acme.example'": maya.UPN, "accountEnabled ne true": ""} {
		if a := e.get("/users", "$filter", filter, "$count", "true"); a.names("userPrincipalName") != want || a.body["@odata.count"] == nil {
			t.Errorf("%s: %d %s", filter, a.status, a.raw)
		}
	}
	off()
	e.get("/users", "$count", "true").is(t, "a count that needs an advanced query", 400, "Request_UnsupportedQuery")
	if a := e.get("/users/" + maya.ID); a.status != 200 || a.body["userPrincipalName"] != maya.UPN || a.body["accountEnabled"] != nil || a.body["department"] != nil {
		t.Errorf("the standard properties: %s", a.raw)
	}
	if a := e.get("/users/"+maya.UPN, "$select", "id,accountEnabled"); a.body["id"] != maya.ID || a.body["accountEnabled"] != true || a.body["mail"] != nil {
		t.Errorf("by UPN, and selected: %s", a.raw)
	}
	e.get("/users/m@acme.example").is(t, "by an alias", 404, "Request_ResourceNotFound")
	e.get("/users/"+url.PathEscape(guest.UPN)).is(t, "a guest by UPN", 200, "")
	if a := e.get("/users/" + maya.ID + "/manager"); a.body["id"] != boss.ID || a.body["@odata.type"] != "#microsoft.graph.user" {
		t.Errorf("the manager: %s", a.raw)
	}
	if a := e.get("/users/" + guest.ID + "/manager"); a.body["@odata.type"] != "#microsoft.graph.orgContact" {
		t.Errorf("a contact as manager: %s", a.raw)
	}
	e.get("/users/"+boss.ID+"/manager").is(t, "no manager", 404, "Request_ResourceNotFound")
	e.get("/users/none/manager").is(t, "nobody's manager", 404, "")
	e.get("/users/none/memberOf").is(t, "nobody's groups", 404, "")
}

func TestPagesAreAsTheVendorCutsThem(t *testing.T) {
	e := newTenant(t, entra.Config{})
	for i := range 5 {
		e.AddUser(entra.User{UPN: string(rune('a'+i)) + "@acme.example"})
	}
	first := e.get("/users", "$top", "2", "$select", "userPrincipalName")
	if !strings.HasPrefix(first.next(), "https://graph.microsoft.com/v1.0/users?") || first.names("userPrincipalName") != "a@acme.example b@acme.example" {
		t.Fatalf("the first page: %s", first.raw)
	}
	e.DeleteUser("b@acme.example")
	second := e.get(first.next())
	if second.names("userPrincipalName") != "c@acme.example d@acme.example" || e.get(second.next()).next() != "" {
		t.Errorf("the second: %s", second.raw)
	}
	e.get("/users", "$top", "1000").is(t, "a page too large", 400, "Request_BadRequest")
	e.AddFault(entra.Fault{Hollow: true, Times: 1})
	hollow := e.get("/users", "$top", "2")
	if len(hollow.values()) != 0 || e.get(hollow.next()).names("userPrincipalName") != "a@acme.example c@acme.example" {
		t.Errorf("an empty page that is not the last: %s", hollow.raw)
	}
	disarm := e.AddFault(entra.Fault{Frozen: true})
	if again := e.get(first.next()); again.names("userPrincipalName") != "a@acme.example c@acme.example" {
		t.Errorf("a page that is always the first: %s", again.raw)
	}
	disarm()
	e.AddFault(entra.Fault{Short: 1, Times: 1})
	if short := e.get("/users", "$top", "2"); short.names("userPrincipalName") != "a@acme.example" {
		t.Errorf("a short page: %s", short.raw)
	}
	e.AddFault(entra.Fault{Later: true, Status: 400, Code: "Directory_ExpiredPageToken"})
	e.get("/users", "$top", "2").is(t, "the first page", 200, "")
	e.get(first.next()).is(t, "an expired page", 400, "Directory_ExpiredPageToken")
	if e.ClearFaults(); e.get(first.next()).status != 200 {
		t.Error("it isn't over")
	}
	e.AddFault(entra.Fault{Empty: true, Times: 1})
	if a := e.get("/users"); len(a.values()) != 0 || a.status != 200 {
		t.Errorf("an empty answer: %s", a.raw)
	}
}
