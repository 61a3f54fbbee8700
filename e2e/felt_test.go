package e2e

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"latchkey/app"
	"latchkey/sandbox"
	"latchkey/workflow/notify"
)

// vendorTakes is how long every call to Slack, Jira and Okta takes; nothing else takes any time.
const vendorTakes = 250 * time.Millisecond

// felt is a company in virtual time, in which every call to a vendor takes the same: how long
// something takes says how many calls were made for it one after the other.
type felt struct {
	*quiet
	mu    sync.Mutex
	calls []vendorCall
}

// vendorCall is one call to a vendor.
type vendorCall struct {
	service, what string
	begun         time.Time
}

// newFelt founds the company. No command is answered in it: a socket that others could reach
// would keep virtual time from going on. elsewhere runs what must not belong to virtual time.
func newFelt(t *testing.T, elsewhere func(do func())) *felt {
	t.Helper()
	f, net := &felt{}, &network{}
	dir := filepath.Join(t.TempDir(), strings.Repeat("d", 120)) // too long for the path of a socket
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	within := func(c *sandbox.Config) { c.Listen = net.listen }
	f.quiet = newQuietIn(t, dir, []func(*sandbox.Config){within}, func(h *app.Hooks) {
		h.Dial, h.Together, h.Opening = net.dial, notify.Together, elsewhere
		h.Calls = func(service string, next http.RoundTripper) http.RoundTripper { return slowly{f, service, next} }
	})
	return f
}

// outside runs things in a goroutine of its own, until it is stopped: the Okta SDK starts one that
// ends only when its client is garbage, for which virtual time would wait for ever.
func outside() (run func(do func()), stop func()) {
	work, over, done := make(chan func()), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for do := range work {
			do()
			over <- struct{}{}
		}
	}()
	run = func(do func()) { work <- do; <-over }
	return run, func() { close(work); <-done }
}

// slowly is a way to a vendor that takes its time.
type slowly struct {
	f       *felt
	service string
	next    http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (s slowly) RoundTrip(r *http.Request) (*http.Response, error) {
	body := []byte{}
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	s.f.note(vendorCall{s.service, r.Method + " " + r.URL.Path + about(body), time.Now()})
	select {
	case <-time.After(vendorTakes):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	return s.next.RoundTrip(r)
}

// about is what a call to Slack says, for whoever reads a list of calls.
func about(body []byte) string {
	form, err := url.ParseQuery(string(body))
	if err != nil || form.Get("text") == "" {
		return ""
	}
	return " " + form.Get("channel") + " " + form.Get("text")
}

func (f *felt) note(c vendorCall) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, c)
}

// since are the calls from a moment on, without those that are made every half a minute to see
// what is new in Jira and in the directory's log.
func (f *felt) since(from time.Time) (out []vendorCall) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.calls {
		if !c.begun.Before(from) && !slices.ContainsFunc(watching(), func(path string) bool { return strings.Contains(c.what, path) }) {
			out = append(out, c)
		}
	}
	return out
}

// watching are the calls by which Latchkey hears of what changes elsewhere, request or not: what is new in Jira and in the
// directory's log, and which groups make administrators, of which it asks for some time after a start. Before it is asked what is new in Jira, it is
// whether Latchkey may see it.
func watching() []string {
	return []string{"/mypermissions", "/search/jql", "/bulkfetch", "/api/v1/logs", "/roles"}
}

// first is when a call was made for the first time from a moment on. With the call that opens the
// issue a submission begins: filling in the form takes calls of its own.
func (f *felt) first(path string, from time.Time) time.Time {
	f.Helper()
	for _, c := range f.since(from) {
		if strings.Contains(c.what, path) {
			return c.begun
		}
	}
	f.Fatalf("no call to %s", path)
	return from
}

// list is a list of calls, by when they were made.
func list(calls []vendorCall, from time.Time) string {
	slices.SortStableFunc(calls, func(a, b vendorCall) int {
		return cmp.Or(a.begun.Compare(b.begun), cmp.Compare(a.service+a.what, b.service+b.what))
	})
	var out strings.Builder
	for _, c := range calls {
		fmt.Fprintf(&out, "\n%7.2f %-5s %s", float64(c.begun.Sub(from))/float64(vendorTakes), c.service, c.what)
	}
	return out.String()
}

// takes tells how many calls one after the other it takes until something can be seen, from a
// moment on.
func (f *felt) takes(from time.Time, words ...string) float64 {
	f.Helper()
	if _, err := f.c.tell.Do(f.Context(), words...); err != nil {
		f.Fatal(err)
	}
	return float64(time.Since(from)) / float64(vendorTakes)
}

// do plays a step, as long as it takes by itself.
func (f *felt) do(step string) {
	f.Helper()
	play(f.T, f.c, step)
}

// inForm, byStep and byName are how people ask: for a role chosen in the form's menu, for an app and then its role,
// and for what they name in the command.
func inForm() []string {
	return []string{"slack sam /access", "slack sam submit 'app=Figma · Editor' for=6h reason='Slides for the board'"}
}

func byStep() []string {
	return []string{"slack sam /access", "slack sam submit app=figma role=editor for=6h reason='Slides for the board'"}
}

func byName() []string {
	return []string{"slack sam '/access figma editor'", "slack sam submit for=6h reason='Slides for the board'"}
}

// ordinary is when an ordinary request began, and how soon came what people wait for.
type ordinary struct {
	begun           time.Time // when the form was asked for
	told, group, in float64   // calls one after the other: to the approver's message, to the group, to "You're in"
}

// ordinary plays one request among people and a group that are known from others, some time before it. Two were
// given, so that the way issues take is known, and what goes along with a transition.
func (f *felt) ordinary(before time.Duration, ask []string) (o ordinary) {
	f.Helper()
	time.Sleep(settled)
	f.play("slack maya /access", "slack maya submit app=figma role=editor for=6h reason='Launch assets'", "slack noor click Approve", "jira IT-1 status Granted",
		"slack tom /access", "slack tom submit app=figma role=editor for=6h reason='Diagrams'", "slack priya click Approve", "jira IT-2 status Granted",
		"slack sam /access", "slack sam submit app=netsuite role=viewer reason='Quarter-end close'", "slack lena click Deny", "slack lena submit reason='Please use the report instead'",
		"jira IT-3 status Declined")
	time.Sleep(before)

	o.begun = time.Now()
	for i, step := range ask {
		if i > 0 {
			time.Sleep(time.Second) // they read the form, and type
		}
		f.do(step)
	}
	f.takes(o.begun, "dm", "lena", "Slides for the board")
	o.told = float64(time.Since(f.first("/servicedeskapi/request", o.begun))) / float64(vendorTakes)
	f.play("jira IT-4 waits somebody")
	time.Sleep(5 * time.Second)

	pressed := time.Now()
	f.do("slack lena click Approve")
	o.group = f.takes(pressed, "okta", "has", "figma-editors", "sam")
	o.in = f.takes(pressed, "dm", "sam", "You're in")
	f.do("jira IT-4 status Granted")
	time.Sleep(5 * time.Second)
	return o
}

// virtually plays in a company in virtual time.
func virtually(t *testing.T, play func(*felt)) {
	elsewhere, stop := outside()
	defer stop()
	synctest.Test(t, func(t *testing.T) { play(newFelt(t, elsewhere)) })
}

// lately and formerly are how long ago people and the group were met last: a moment ago, or so long
// that nothing is remembered of them but who they are.
const lately, formerly = 5 * time.Second, 2 * time.Minute

// settled is how long after a start all groups of the catalogue have been looked up, which is no call of a request.
const settled = 2 * time.Minute

// moment is a small part of a call: that is how long reads wait for others that go with them.
const moment = 0.05

// TestFeltTime tells what people wait for, in calls one after the other, whether the people and
// the group were met lately or not. Who decides and whose access it is are looked up at that
// moment; beside that, whether the issue is there, without which nothing is given, and who is in
// the group before it is changed.
func TestFeltTime(t *testing.T) {
	for name, before := range map[string]time.Duration{"warm": lately, "cold": formerly} {
		t.Run(name, func(t *testing.T) {
			virtually(t, func(f *felt) {
				o := f.ordinary(before, inForm())
				for _, felt := range []struct {
					what        string
					takes, most float64
				}{{"the form to the approver's message", o.told, 2}, {"the press to the group", o.group, 2}, {"the press to \"You're in\"", o.in, 4}} {
					f.Logf("%4.2f calls one after the other from %s", felt.takes, felt.what)
					if felt.takes > felt.most+moment {
						f.Errorf("from %s it takes %.2f calls one after the other, and not %.0f", felt.what, felt.takes, felt.most)
					}
				}
				if f.Failed() {
					f.Log(list(f.since(o.begun), o.begun))
				}
			})
		})
	}
}
