package e2e

import (
	"math/rand/v2"
	"net/http"
	"time"

	"latchkey/sandbox/jira"
	"latchkey/sandbox/okta"
	"latchkey/sandbox/slack"
)

// misbehave lets the vendors do one or two of the things they do in life. Each
// happens once; what has not happened by the next life of the bot never does.
func (w *torture) misbehave(r *rand.Rand) {
	w.behave()
	unkind := w.unkindness()
	for range 1 + r.IntN(2) {
		unkind[r.IntN(len(unkind))]()
		w.faults++
	}
}

// unkindness is what vendors do: work that is done and answered with an error or
// with nothing, limits, failures, doubled and lost connections.
func (w *torture) unkindness() []func() {
	var out []func()
	for _, path := range []string{"/rest/servicedeskapi/request", "/rest/api/3/issue/{issueIdOrKey}/comment", "/rest/api/3/issue/{issueIdOrKey}/transitions"} {
		for _, f := range []jira.Fault{
			{Status: http.StatusInternalServerError, After: true}, {Drop: true, After: true},
			{Status: http.StatusServiceUnavailable}, {Status: http.StatusTooManyRequests, RetryAfter: 2}, {Drop: true},
		} {
			f.Method, f.Path, f.Times = http.MethodPost, path, 1
			out = append(out, func() { w.disarm = append(w.disarm, w.world.Jira.AddFault(f)) })
		}
	}
	for _, method := range []string{"chat.postMessage", "chat.update", "views.open"} {
		for _, f := range []slack.Fault{{Status: http.StatusInternalServerError, After: true}, {Drop: true, After: true}, {RetryAfter: 1}} {
			f.Method, f.Times = method, 1
			out = append(out, func() { w.disarm = append(w.disarm, w.world.Slack.AddFault(f)) })
		}
	}
	for _, method := range []string{http.MethodPut, http.MethodDelete} {
		for _, f := range []okta.Fault{
			{Status: http.StatusInternalServerError, After: true}, {Drop: true, After: true}, {Status: http.StatusTooManyRequests, RetryAfter: time.Second},
		} {
			f.Method, f.Path, f.Times = method, "/api/v1/groups/*/users/*", 1
			out = append(out, func() { w.disarm = append(w.disarm, w.world.Okta.AddFault(f)) })
		}
	}
	return append(out, func() { w.world.Slack.DuplicateNext(1) }, func() { w.world.Slack.DropSockets() })
}

// behave ends all that.
func (w *torture) behave() {
	for _, end := range w.disarm {
		end()
	}
	w.disarm = nil
}
