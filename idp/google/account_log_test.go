package google_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/idp"
	"latchkey/idp/google"
	sandbox "latchkey/sandbox/google"
	"latchkey/sandbox/google/world"
)

// follower reads a customer's log on.
type follower struct {
	customer
	fast *fastClock
	at   idp.LogPosition
}

func newFollower(t *testing.T, cfg sandbox.Config) *follower {
	t.Helper()
	f := &follower{fast: &fastClock{}}
	cfg.Clock = f.fast
	f.customer = newCustomer(t, cfg, func(c *google.Config) { c.Clock = f.fast })
	f.at.Since = time.Now().Add(-time.Minute)
	return f
}

// read is what the log has new, as "kind id".
func (f *follower) read() (all []string) {
	f.t.Helper()
	page, err := f.ReadLog(f.t.Context(), f.at)
	if err != nil {
		f.t.Fatal(err)
	}
	f.at = page.Next
	for _, c := range page.Changes {
		all = append(all, string(c.Kind)+" "+c.AccountID)
	}
	return all
}

func (f *follower) wants(what string, want ...string) {
	f.t.Helper()
	got := f.read()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		f.t.Errorf("%s: the log says %q, want %q", what, got, want)
	}
}

func (f *follower) edit(key string, edit func(*sandbox.User)) {
	f.t.Helper()
	if err := f.EditUser(key, edit); err != nil {
		f.t.Fatal(err)
	}
}

// An entry that comes late comes, once, and leaves nothing behind it out.
func TestEntriesThatComeLateAreRead(t *testing.T) {
	f := newFollower(t, sandbox.Config{})
	maya, noor := f.AddUser(sandbox.User{Email: "maya@x.com"}).ID, f.AddUser(sandbox.User{Email: "noor@x.com"}).ID
	f.read()
	f.Lag(func(s *world.Settings) { s.LogLag = 3 * time.Hour })
	f.edit(maya, func(u *sandbox.User) { u.Suspended = true })
	f.Lag(func(s *world.Settings) { s.LogLag = 0 })
	f.fast.ahead.Add(int64(time.Hour))
	f.edit(noor, func(u *sandbox.User) { u.Archived = true })
	f.wants("what came at once", "closed "+noor)
	f.fast.ahead.Add(int64(5 * time.Hour))
	f.wants("what came late", "closed "+maya)
	for range 2 {
		f.fast.ahead.Add(int64(48 * time.Hour))
		f.wants("nothing")
	}
	if text := f.at.After; strings.Contains(text, "seen") {
		t.Errorf("a mark keeps what is long past: %s", text)
	}
	f.edit(maya, func(u *sandbox.User) { u.Suspended, u.Title = false, "Lead" })
	f.wants("afterwards", "opened "+maya, "edited "+maya)
}

// An entry has an address: it is that of an account that has it, had it, or had it until it was deleted.
func TestWhoseAnAddressInTheLogIs(t *testing.T) {
	f := newFollower(t, sandbox.Config{})
	maya, sam := f.AddUser(sandbox.User{Email: "maya@x.com"}).ID, f.AddUser(sandbox.User{Email: "sam@x.com"}).ID
	f.read()
	f.edit(maya, func(u *sandbox.User) { u.Email, u.Suspended = "maya.berg@x.com", true })
	f.wants("a new address", "edited "+maya, "closed "+maya)
	f.DeleteUser(sam)
	other := f.AddUser(sandbox.User{Email: "sam@x.com"}).ID
	f.wants("an address that is somebody else's now", "deleted "+sam, "deleted "+other, "opened "+other)
	f.Record(sandbox.Activity{Application: "admin", Type: "USER_SETTINGS", Event: "SUSPEND_USER", Parameters: []sandbox.Parameter{{Name: "USER_EMAIL", Value: "ext@elsewhere.com"}}})
	f.Record(sandbox.Activity{Application: "admin", Type: "USER_SETTINGS", Event: "SUSPEND_USER", Parameters: []sandbox.Parameter{{Name: "GROUP_EMAIL", Value: "maya.berg@x.com"}}})
	f.Record(sandbox.Activity{Application: "admin", Type: "USER_SETTINGS", Event: "CHANGE_PASSWORD", Parameters: []sandbox.Parameter{{Name: "USER_EMAIL", Value: "maya.berg@x.com"}}})
	f.wants("what is nobody's, of no account, or not followed")
	f.DeleteUser(other)
	f.fast.ahead.Add(int64(21 * 24 * time.Hour))
	f.wants("a deletion that Google doesn't show any more")
}

func TestMarksOfTheLog(t *testing.T) {
	f := newFollower(t, sandbox.Config{})
	f.AddUser(sandbox.User{Email: "maya@x.com"})
	f.read()
	for _, mark := range []string{"x", "{}", `{"until":"2020-01-01T00:00:00Z"}`} {
		if _, err := f.ReadLog(t.Context(), idp.LogPosition{Since: f.at.Since, After: mark}); !errors.Is(err, idp.ErrLogPosition) {
			t.Errorf("%s: %v", mark, err)
		}
	}
	before := f.at
	f.wants("nothing")
	if f.at != before {
		t.Errorf("a quiet log moves its mark to %s", f.at.After)
	}
	f.fast.ahead.Add(int64(2 * time.Hour))
	f.wants("nothing")
	if f.at == before {
		t.Error("the mark grows old")
	}
	if d := f.LogDelay(); d < time.Hour {
		t.Errorf("it may be late by %s", d)
	}
}

// What can't be read to its end moves no mark; a kind of entry that Google doesn't know takes only itself, unless it is one by
// which leavers are seen.
func TestALogThatBreaksOff(t *testing.T) {
	f := newFollower(t, sandbox.Config{})
	maya := f.AddUser(sandbox.User{Email: "maya@x.com"}).ID
	f.read()
	f.edit(maya, func(u *sandbox.User) { u.Suspended = true })
	f.DeleteUser(f.AddUser(sandbox.User{Email: "tom@x.com"}).ID)
	for _, fault := range []sandbox.Fault{{Path: "/admin/reports/", Status: http.StatusServiceUnavailable}, {Path: "/admin/directory/v1/users/*", Status: http.StatusServiceUnavailable}, {Path: "/admin/directory/v1/users", Status: http.StatusServiceUnavailable}, {Path: "/admin/reports/", Status: http.StatusBadRequest}} {
		disarm := f.AddFault(fault)
		if _, err := f.ReadLog(t.Context(), f.at); err == nil {
			t.Errorf("%+v is not said", fault)
		}
		disarm()
	}
	if got := fmt.Sprint(f.read()); !strings.Contains(got, "closed "+maya) {
		t.Errorf("then it says %s", got)
	}
	odd := newCustomer(t, sandbox.Config{}, func(c *google.Config) {
		c.Transport = unknownEvent{"RENAME_USER", &http.Transport{DisableKeepAlives: true}}
	})
	id := odd.AddUser(sandbox.User{Email: "maya@x.com"}).ID
	page, err := odd.ReadLog(t.Context(), idp.LogPosition{Since: time.Now().Add(-time.Hour)})
	if err != nil || !slices.ContainsFunc(page.Changes, func(c idp.AccountChange) bool { return c.AccountID == id && c.Kind == idp.AccountOpened }) {
		t.Errorf("without one kind of edit: %v %v", page, err)
	}
	odd = newCustomer(t, sandbox.Config{}, func(c *google.Config) {
		c.Transport = unknownEvent{"SUSPEND_USER", &http.Transport{DisableKeepAlives: true}}
	})
	if _, err := odd.ReadLog(t.Context(), idp.LogPosition{Since: time.Now().Add(-time.Hour)}); err == nil {
		t.Error("leavers aren't seen, and nothing says so")
	}
}

// unknownEvent is a Google that doesn't know one kind of entry.
type unknownEvent struct {
	name string
	next http.RoundTripper
}

func (u unknownEvent) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Query().Get("eventName") != u.name {
		return u.next.RoundTrip(req)
	}
	return answers{path: "/", body: `{"error":{"code":400,"message":"Bad Request","errors":[{"reason":"invalid"}]}}`, kind: "application/json", status: 400}.RoundTrip(req)
}
