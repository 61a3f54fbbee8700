package fault_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"latchkey/sandbox/fault"
)

type kind struct {
	name  string
	times int
}

// Of several the one armed first hits, as often as it is to, and none does any more once it is disarmed.
func TestFaultsHitInTheirOrder(t *testing.T) {
	var armed fault.Armed[kind]
	take := func() string {
		f := armed.Take(func(f *kind) bool { return f.name != "other" }, func(f *kind) *int { return &f.times })
		if f == nil {
			return ""
		}
		return f.name
	}
	armed.Arm(kind{"other", 0})
	disarm := armed.Arm(kind{"twice", 2})
	armed.Arm(kind{"once", 1})
	always := armed.Arm(kind{"always", 0})
	for i, want := range []string{"twice", "twice", "once", "always", "always"} {
		if got := take(); got != want {
			t.Errorf("call %d: %q, want %q", i, got, want)
		}
	}
	disarm() // it is over already
	always()
	if got := take(); got != "" {
		t.Errorf("disarmed: %q", got)
	}
	armed.Arm(kind{"again", 0})
	if armed.Clear(); take() != "" {
		t.Error("cleared, and it hits")
	}
}

func TestWhichCallsAFaultHits(t *testing.T) {
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		calls  fault.Calls
		method string
		at     string
		want   bool
	}{
		"any":                  {fault.Calls{}, "GET", "/users", true},
		"of a method":          {fault.Calls{Method: "PUT"}, "GET", "/users", false},
		"that change":          {fault.Calls{Writes: true}, "GET", "/users", false},
		"that change, does":    {fault.Calls{Writes: true}, "PUT", "/users", true},
		"of one path":          {fault.Calls{Path: "/users/*"}, "GET", "/users/maya", true},
		"of another path":      {fault.Calls{Path: "/users/*"}, "GET", "/users/maya/groups", false},
		"below":                {fault.Calls{Path: "/users/"}, "GET", "/users/maya/groups", true},
		"not over":             {fault.Calls{Until: now.Add(time.Second)}, "GET", "/users", true},
		"over":                 {fault.Calls{Until: now}, "GET", "/users", false},
		"of a later page":      {fault.Calls{Cursor: "after"}, "GET", "/users?after=1", true},
		"of the first page":    {fault.Calls{Cursor: "after"}, "GET", "/users", false},
		"a pattern that isn't": {fault.Calls{Path: "["}, "GET", "/users", false},
	} {
		if got := c.calls.Hit(httptest.NewRequest(c.method, c.at, nil), now); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestWhoIsMisled(t *testing.T) {
	var m fault.Misled
	m.Mislead("maya", "noor")
	if m.Understood("maya") != "noor" || m.Understood("noor") != "noor" {
		t.Error("one is taken for the other, and nobody else")
	}
	if got, none, all := m.Search(`name eq "maya"`, strconv.Quote); got != `name eq "noor"` || none || all {
		t.Errorf("%s, %v, %v", got, none, all)
	}
	if got := m.Filter(`name eq "mayall"`, strconv.Quote); got != `name eq "mayall"` {
		t.Errorf("whose name begins alike: %s", got)
	}
	m.Mislead("mayall", "noorall")
	for range 20 {
		if got := m.Filter("name=mayall", func(name string) string { return name }); got != "name=noorall" {
			t.Fatalf("of two names that begin alike the longer is meant: %s", got)
		}
	}
	m.Blank(1)
	m.Stray(1)
	for i, want := range [][2]bool{{true, false}, {false, true}, {false, false}} {
		if _, none, all := m.Search("x", strconv.Quote); none != want[0] || all != want[1] {
			t.Errorf("search %d: %v, %v", i, none, all)
		}
	}
	if m.Mislead("maya", "maya"); m.Understood("maya") != "maya" {
		t.Error("she is taken for herself again")
	}
	m.Mislead("maya", "noor")
	m.Blank(1)
	if m.Forget(); m.Understood("maya") != "maya" {
		t.Error("nobody is misled any more")
	}
	if _, none, _ := m.Search("x", strconv.Quote); none {
		t.Error("a search still finds nothing")
	}
}

// A web page comes with its status, a dropped connection with nothing; who waits stops when the emulation closes.
func TestAnswersThatNoVendorGives(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/page" {
			fault.Page(w, http.StatusBadGateway, "Sign in <here>")
		} else if err := fault.Drop(w); err != nil {
			t.Error(err)
		}
	}))
	defer web.Close()
	resp, err := web.Client().Get(web.URL + "/page")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusBadGateway || !strings.Contains(string(body), "Sign in &lt;here&gt;") {
		t.Errorf("%d %s (%v)", resp.StatusCode, body, err)
	}
	_ = resp.Body.Close()
	if resp, err := web.Client().Get(web.URL + "/drop"); err == nil {
		t.Errorf("an answer: %d", resp.StatusCode)
	}
	if fault.Drop(httptest.NewRecorder()) == nil {
		t.Error("what has no connection was dropped")
	}
	due, closed := make(chan time.Time, 1), make(chan struct{})
	due <- time.Now()
	if !fault.Waits(httptest.NewRequest("GET", "/", nil), due, closed) {
		t.Error("it is due")
	}
	if fault.Closed(closed) {
		t.Error("it is open")
	}
	if close(closed); !fault.Closed(closed) || !fault.Waits(httptest.NewRequest("GET", "/", nil), nil, closed) {
		t.Error("it is closed")
	}
}
