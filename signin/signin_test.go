package signin

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/stepup"
)

// desk is what the pages work on here: it notes what is asked of it.
type desk struct {
	opened, confirmed int
	secret, form      string
	came              stepup.Return
	fails             error
}

func (d *desk) Open(context.Context, string, string) (stepup.Visit, error) {
	d.opened++
	return stepup.Visit{SignIn: "S1", Secret: "secret-of-the-browser", To: "https://okta.example/authorize?state=x"}, d.fails
}

func (d *desk) Back(_ context.Context, back stepup.Return, secret string) error {
	d.came, d.secret = back, secret
	return d.fails
}

func (d *desk) Look(_ context.Context, _, secret string) (stepup.Pending, error) {
	d.secret = secret
	return stepup.Pending{SignIn: "S1", Form: "form-secret", App: "db", Role: "admin", For: "tom", Asks: "tom", By: "noor", Wanted: time.Hour, Reason: "<script>alert(1)</script>", Begun: time.Date(2026, 11, 23, 15, 10, 0, 0, time.UTC)}, d.fails
}

func (d *desk) Confirm(_ context.Context, _, secret, form string) (stepup.Done, error) {
	d.confirmed++
	d.secret, d.form = secret, form
	return stepup.Done{}, d.fails
}

func (d *desk) Known(_ context.Context, who access.PersonID) access.Person {
	return access.Person{ID: who, TimeZone: "Europe/Berlin", Name: "<b>" + string(who) + "</b>", Email: access.Email(who + "@acme.example")}
}

func serve(d *desk, address string) http.Handler {
	offered := func() *catalog.Catalog {
		return catalog.New([]catalog.App{{ID: "db", Name: "Database", Roles: []catalog.Role{{ID: "admin", Name: "Admin"}}}}, nil)
	}
	return Pages(Config{SignIns: d, Names: d, Catalog: offered, URL: address, Logger: slog.New(slog.DiscardHandler)})
}

const here = "https://latchkey.example"

func do(h http.Handler, method, path string, change func(*http.Request)) *http.Response {
	var body io.Reader
	if method == http.MethodPost {
		body = strings.NewReader(url.Values{"form": {"form-secret"}}.Encode())
	}
	r := httptest.NewRequest(method, here+path, body)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// The browser that opens a link is given what ties it to the sign-in; nobody else reads it, and no other site has it sent.
func TestTheBrowserThatOpensALink(t *testing.T) {
	d := &desk{}
	got := do(serve(d, here), http.MethodGet, "/sign-in/S1/secret", nil)
	if got.StatusCode != http.StatusSeeOther || got.Header.Get("Location") != "https://okta.example/authorize?state=x" {
		t.Errorf("%d to %s", got.StatusCode, got.Header.Get("Location"))
	}
	c := got.Cookies()[0]
	if c.Name != "__Host-latchkey-S1" || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 600 {
		t.Errorf("the cookie is %+v", c)
	}
	if do(serve(d, here), http.MethodHead, "/sign-in/S1/secret", nil); d.opened != 1 {
		t.Error("who only asks whether the link is alive opens it")
	}
	if c := do(serve(&desk{}, "http://127.0.0.1:8080"), http.MethodGet, "/sign-in/S1/secret", nil).Cookies()[0]; c.Secure || c.Name != "latchkey-S1" {
		t.Errorf("on this machine alone the cookie is %+v", c)
	}
}

// Every answer says that it is in no frame, no cache and no referrer, and runs nothing.
func TestEveryAnswerIsGuarded(t *testing.T) {
	for _, path := range []string{"/", "/sign-in/S1/x", "/signed-in/okta?state=S1.x&code=c", "/confirm/S1", "/favicon.ico"} {
		h := do(serve(&desk{}, here), http.MethodGet, path, nil).Header
		if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") || !strings.Contains(csp, "form-action 'self'") {
			t.Errorf("%s: %s", path, csp)
		}
		if h.Get("X-Frame-Options") != "DENY" || h.Get("Referrer-Policy") != "no-referrer" || h.Get("Cache-Control") != "no-store" || h.Get("Strict-Transport-Security") == "" || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", path, h)
		}
	}
}

// Where a browser goes on to is never what it brought along.
func TestNobodyIsSentElsewhere(t *testing.T) {
	d := &desk{}
	got := do(serve(d, here), http.MethodGet, "/signed-in/okta?state="+url.QueryEscape("//evil.example/.x")+"&code=c&iss=https://okta.example&next=https://evil.example", func(r *http.Request) {
		r.AddCookie(&http.Cookie{Name: "__Host-latchkey-S1", Value: "secret-of-another"})
	})
	if to := got.Header.Get("Location"); !strings.HasPrefix(to, "/confirm/") || strings.Contains(to, "//") {
		t.Errorf("sent to %s", to)
	}
	if d.secret != "" || d.came.Directory != "okta" || d.came.Code != "c" || d.came.Issuer != "https://okta.example" {
		t.Errorf("%+v with %q", d.came, d.secret)
	}
}

// What people wrote is shown as they wrote it, and runs nothing.
func TestWhatIsAskedOnThePage(t *testing.T) {
	page := text(t, do(serve(&desk{}, here), http.MethodGet, "/confirm/S1", nil))
	if strings.Contains(page, "<script>") || strings.Contains(page, "<b>tom") {
		t.Errorf("what people wrote is part of the page: %s", page)
	}
	for _, want := range []string{"Approve Database · Admin?", "&lt;script&gt;", "form-secret", `action="/confirm/S1"`, "for 1 hour", "begun in Slack at 16:10 CET"} {
		if !strings.Contains(page, want) {
			t.Errorf("%s isn't on the page: %s", want, page)
		}
	}
}

// Another site can't have a browser go through with it.
func TestAnotherSiteCantPress(t *testing.T) {
	with := func(header, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(header, value) }
	}
	d := &desk{}
	for _, from := range []func(*http.Request){with("Sec-Fetch-Site", "cross-site"), with("Sec-Fetch-Site", "same-site"), with("Origin", "https://evil.example"), with("Origin", "null")} {
		if got := do(serve(d, here), http.MethodPost, "/confirm/S1", from); got.StatusCode != http.StatusForbidden {
			t.Errorf("answered %d", got.StatusCode)
		}
	}
	if d.confirmed != 0 {
		t.Error("another site went through with it")
	}
	if got := do(serve(d, here), http.MethodPost, "/confirm/S1", with("Sec-Fetch-Site", "same-origin")); got.StatusCode != http.StatusOK || d.confirmed != 1 || d.form != "form-secret" {
		t.Errorf("answered %d, %d times", got.StatusCode, d.confirmed)
	}
	if got := do(serve(d, here), http.MethodGet, "/confirm/S1", nil); got.StatusCode != http.StatusOK || d.confirmed != 1 {
		t.Error("who only looks goes through with it")
	}
}

// A refusal is its sentence; a failure of ours says nothing of what failed.
func TestWhyItDidntHappen(t *testing.T) {
	for want, err := range map[int]error{
		http.StatusForbidden: access.Refuse(access.NotAllowed, "", "Not this one."), http.StatusGone: access.Refuse(access.TooLate, "", "Not this one."), http.StatusBadGateway: errors.New("token xoxb-secret"),
	} {
		got := do(serve(&desk{fails: err}, here), http.MethodPost, "/confirm/S1", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-origin") })
		page := text(t, got)
		if got.StatusCode != want || strings.Contains(page, "xoxb") || want != http.StatusBadGateway && !strings.Contains(page, "Not this one.") {
			t.Errorf("%d: %s", got.StatusCode, page)
		}
	}
}
