package entra

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"latchkey/sandbox/fault"
)

// Fault makes matching calls go wrong.
type Fault struct {
	Method     string        // "" is any
	Path       string        // "" is any of Graph; "*" stands for one segment, a trailing "/" for everything below
	Query      string        // "" is any; else part of what the query asks for
	Times      int           // how many calls it hits; 0 is every one
	Until      time.Time     // when it is over, zero is never
	Status     int           // the answer in place of the true one, with Graph's error code for it
	Code       string        // another error code
	RetryAfter time.Duration // with 429 and 503
	After      bool          // carry the call out first, then spoil the answer
	Delay      time.Duration // wait before the answer
	Drop       bool          // close the connection without an answer
	Page       string        // title of a web page in place of the answer, as from a proxy that wants a sign-in
	Empty      bool          // a list is empty, with 200, as of an index that trails
	Hollow     bool          // a list's first page is empty, and more follow
	Frozen     bool          // every page is the first, so that a list never ends
	Short      int           // so many entries to a page, at most
	Later      bool          // only pages after the first
	Writes     bool          // only calls that change something
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
	hit := fault.Calls{Method: f.Method, Path: f.Path, Until: f.Until, Writes: f.Writes}
	if f.Later {
		hit.Cursor = "$skiptoken"
	}
	return hit.Hit(r, now) && strings.Contains(r.URL.RawQuery, f.Query) && (f.Path != "" || strings.HasPrefix(r.URL.Path, "/v1.0/"))
}

func (f *Fault) reply() reply {
	r := map[int]reply{
		http.StatusTooManyRequests:    throttled(serviceDirectory, ""),
		http.StatusUnauthorized:       badToken(),
		http.StatusForbidden:          denied(),
		http.StatusNotFound:           notFound("x"),
		http.StatusLocked:             problem(f.Status, "Directory_ObjectLocked", "The object is locked."),
		http.StatusServiceUnavailable: problem(f.Status, "serviceNotAvailable", "The service is temporarily unavailable."),
	}[f.Status]
	if r.status == 0 {
		r = problem(f.Status, "Service_InternalServerError", "Encountered an internal server error.")
	}
	if e, is := r.body.(graphError); is && f.Code != "" {
		e.Error.Code = f.Code
		r.body = e
	}
	if f.RetryAfter > 0 {
		r.header = map[string]string{"Retry-After": strconv.Itoa(int(f.RetryAfter.Seconds()))}
	}
	r.injected = true
	return r
}

// bend changes a call that is carried out by the ways of a fault.
func (f *Fault) bend(r *http.Request) {
	if f == nil {
		return
	}
	q := r.URL.Query()
	if f.Frozen {
		q.Del("$skiptoken")
	}
	if n, err := strconv.Atoi(q.Get("$top")); f.Short > 0 && (err != nil || n > f.Short) && q.Has("$top") {
		q.Set("$top", strconv.Itoa(f.Short))
	}
	r.URL.RawQuery = q.Encode()
}

// spoil changes an answer by the ways of a fault.
func (f *Fault) spoil(r *http.Request, answer reply) reply {
	body, is := answer.body.(map[string]any)
	if f == nil || answer.status != http.StatusOK || !is || body["value"] == nil {
		return answer
	}
	switch {
	case f.Empty:
		body["value"] = []any{}
		delete(body, "@odata.nextLink")
	case f.Hollow && !r.URL.Query().Has("$skiptoken"):
		q := r.URL.Query()
		q.Set("$skiptoken", encodeCursor(0))
		body["value"], body["@odata.nextLink"] = []any{}, linkTo(r, q)
	}
	return answer
}
