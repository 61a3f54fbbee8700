package okta

import (
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
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

// AddFault arms a fault, until disarm is called. Of several that match a call, the one armed first hits it.
func (s *Server) AddFault(f Fault) (disarm func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.faults = slices.DeleteFunc(s.faults, func(o *Fault) bool { return o == &f })
	}
}

// ClearFaults disarms all faults, ends what misleads and makes all groups let go again (see SetSticky).
func (s *Server) ClearFaults() {
	s.LetGo()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults, s.hostile = nil, hostility{}
}

func (s *Server) takeFault(r *http.Request) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for i, f := range s.faults {
		if !f.matches(r, now) {
			continue
		}
		hit := *f
		if f.Times == 1 {
			s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
		} else if f.Times > 1 {
			f.Times--
		}
		return &hit
	}
	return nil
}

func (f *Fault) matches(r *http.Request, now time.Time) bool {
	if f.Method != "" && f.Method != r.Method || !f.Until.IsZero() && !now.Before(f.Until) || f.Later && !r.URL.Query().Has("after") {
		return false
	}
	if f.Path == "" {
		return true
	}
	if strings.HasSuffix(f.Path, "/") {
		return strings.HasPrefix(r.URL.Path, f.Path)
	}
	matched, err := path.Match(f.Path, r.URL.Path)
	return err == nil && matched
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
