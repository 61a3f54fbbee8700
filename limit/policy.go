package limit

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Policy is what is known of a vendor's limits.
type Policy interface {
	// Quotas are the limits that a call counts against; at least one.
	Quotas(req *http.Request) []Quota
	// Learn reads what an answer says of the limits; nil if it says nothing, as a proxy's error doesn't.
	Learn(req *http.Request, resp *http.Response, now time.Time) *Feedback
}

// Quota is one limit of a vendor.
type Quota struct {
	Name string        // calls that name the same quota share it
	Most int           // so many calls in any stretch of Per; zero: only the answers tell
	Per  time.Duration // needed with Most
}

func (q Quota) bucket() bucket {
	if q.Most > 0 {
		return &paced{most: q.Most, per: q.Per}
	}
	return &metered{}
}

// Feedback is what an answer says of one quota.
type Feedback struct {
	Quota   string        // the name of one that the call counts against
	Refused bool          // the call was not carried out
	Rest    time.Duration // the vendor wants no call before this has passed; zero: it doesn't say so
	Budget  *Budget       // what is left of the vendor's window; nil: it doesn't say so
}

// Budget is what is left of a window of the vendor's.
type Budget struct {
	Left   int           // calls
	Window int64         // the window's name, greater than those of earlier ones
	Ends   time.Duration // how long from now it ends, rather too late than too early
}

// Exceeded says that a call was not made, because the vendor's limit leaves no room for it in time. Nothing
// has happened, so trying again costs no attempt.
type Exceeded struct {
	After time.Duration // how long from now to try again
}

// Error names the wait.
func (e *Exceeded) Error() string {
	return fmt.Sprintf("the rate limit is used up: try again in %s", e.After.Round(time.Second))
}

// Told is the policy of a vendor that limits calls in windows and tells in its answers what is left.
type Told struct {
	// Quota names the limit that a request counts against. Nil puts all requests under one.
	Quota func(*http.Request) string
	// Window reads the budget from an answer: how many calls are left and when the window ends, in
	// seconds since 1970 by the vendor's clock. Not ok: the answer does not say. Nil: no answer ever says,
	// and only refusals slow calls down.
	Window func(http.Header) (left int, reset int64, ok bool)
}

// blindRest is the wait after a refusal that does not say how long to wait.
const blindRest = 2 * time.Second

// Quotas implements Policy.
func (t Told) Quotas(req *http.Request) []Quota { return []Quota{{Name: t.name(req)}} }

func (t Told) name(req *http.Request) string {
	if t.Quota == nil {
		return ""
	}
	return t.Quota(req)
}

// Learn implements Policy.
func (t Told) Learn(req *http.Request, resp *http.Response, now time.Time) *Feedback {
	feedback := &Feedback{Quota: t.name(req), Budget: t.budget(resp.Header, now)}
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		rest, told := RetryAfter(resp.Header, now)
		if !told {
			rest = blindRest
		}
		if feedback.Budget != nil {
			rest = feedback.Budget.Ends
		}
		feedback.Refused, feedback.Rest = true, max(rest, time.Second)
	case feedback.Budget == nil && resp.StatusCode >= http.StatusInternalServerError:
		return nil
	}
	return feedback
}

// budget measures the window's end by the vendor's own clock, so that a wrong clock here does no harm. The
// vendor's Date is cut to whole seconds, so the result may be up to a second long but never short.
func (t Told) budget(h http.Header, now time.Time) *Budget {
	if t.Window == nil {
		return nil
	}
	left, reset, ok := t.Window(h)
	if !ok {
		return nil
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return &Budget{Left: left, Window: reset, Ends: time.Unix(reset, 0).Sub(now)}
}

// RetryAfter reads how long an answer asks to wait, as seconds or as a date; false if it doesn't say.
func RetryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	value := h.Get("Retry-After")
	if seconds, err := strconv.ParseFloat(value, 64); err == nil && seconds >= 0 && seconds < time.Duration(1<<62).Seconds() {
		return time.Duration(seconds * float64(time.Second)), true
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(at.Sub(now).Round(time.Second), 0), true
	}
	return 0, false
}
