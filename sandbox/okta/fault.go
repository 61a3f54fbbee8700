package okta

import (
	"fmt"
	"net/http"
	"time"

	"latchkey/sandbox/fault"
)

// Fault makes matching calls go wrong.
type Fault struct {
	Method     string        // "" is any
	Path       string        // "" is any; "*" stands for one segment, a trailing "/" for everything below
	Times      int           // how many calls it hits; 0 is every one
	Until      time.Time     // when it is over, zero is never
	Status     int           // the answer in place of the true one, with Okta's error code for it
	RetryAfter time.Duration // with 429: how far away X-Rate-Limit-Reset lies
	NoReset    bool          // with 429: leave the rate limit headers out
	Unlicensed bool          // the org's plan doesn't have what is called: 401 with a code of its own, as recorded of Okta
	Busy       bool          // what is called is being reconciled: 423, as recorded of group rules
	After      bool          // carry the call out first, then spoil the answer
	Delay      time.Duration // wait before the answer
	Drop       bool          // close the connection without an answer
	Page       string        // title of a web page in place of the answer, as from a proxy that wants a sign-in
	Empty      bool          // a list is empty, with 200, as of an index that trails
	Frozen     bool          // every page is the first, so that a list never ends
	Short      int           // so many entries to a page, at most, as vendors may always do
	Later      bool          // only pages after the first
}

// ClearFaults disarms all faults, ends what misleads and makes all groups let go again (see SetSticky).
func (s *Server) ClearFaults() {
	s.LetGo()
	s.faults.Clear()
	s.ClearListFaults()
	s.CountRight()
	s.Forget()
}

// AddFault arms a fault, until disarm is called. Of several that match a call, the one armed first hits it.
func (s *Server) AddFault(f Fault) (disarm func()) { return s.faults.Arm(f) }

func (s *Server) takeFault(r *http.Request) *Fault {
	now := s.now()
	return s.faults.Take(func(f *Fault) bool { return f.matches(r, now) }, func(f *Fault) *int { return &f.Times })
}

func (f *Fault) matches(r *http.Request, now time.Time) bool {
	hit := fault.Calls{Method: f.Method, Path: f.Path, Until: f.Until}
	if f.Later {
		hit.Cursor = "after"
	}
	return hit.Hit(r, now)
}

func (f *Fault) reply(now time.Time) reply {
	switch {
	case f.Unlicensed:
		return problem(http.StatusUnauthorized, codeFeature, "You do not have permission to access the feature you are requesting")
	case f.Busy:
		return problem(http.StatusLocked, codeReconciling, "Policy priorities are being reconciled. Please try again later.")
	}
	switch f.Status {
	case http.StatusTooManyRequests:
		r := problem(f.Status, codeTooMany, summaryTooMany)
		r.header = map[string]string{headerRemaining: "0", headerReset: fmt.Sprint(now.Add(f.RetryAfter).Unix())}
		if f.NoReset {
			r.header = map[string]string{headerLimit: "", headerRemaining: "", headerReset: ""}
		}
		return r
	case http.StatusUnauthorized:
		return problem(f.Status, codeToken, "Invalid token provided")
	case http.StatusForbidden:
		return forbidden()
	case http.StatusNotFound:
		return problem(f.Status, codeNotFound, "Not found: Resource not found")
	case http.StatusServiceUnavailable:
		return problem(f.Status, codeUnavailable, "The service is in read only mode")
	}
	return problem(f.Status, codeInternal, "Internal Server Error")
}
