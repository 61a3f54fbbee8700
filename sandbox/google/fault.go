package google

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"latchkey/sandbox/fault"
)

// Fault makes matching calls go wrong.
type Fault struct {
	Method     string        // "" is any
	Path       string        // "" is any; "*" stands for one segment, a trailing "/" for everything below
	Writes     bool          // only calls that change something
	Times      int           // how many calls it hits; 0 is every one
	Until      time.Time     // when it is over, zero is never
	Status     int           // the answer in place of the true one
	Reason     string        // with 403: why, forbidden if empty; rateLimitExceeded and its like are of the pace
	RetryAfter time.Duration // for how long a call that is too much is sent away, if Google says so
	After      bool          // carry the call out first, then spoil the answer
	Delay      time.Duration // wait before the answer
	Drop       bool          // close the connection without an answer
	Page       string        // title of a web page in place of the answer, as from a proxy that wants a sign-in
	Empty      bool          // a list is empty, with 200, as of an index that trails
	Frozen     bool          // every page is the first, so that a list never ends
	Short      int           // so many entries to a page, at most
	Later      bool          // only pages after the first
}

// ClearFaults disarms all faults, ends what misleads and makes all groups let go again.
func (s *Server) ClearFaults() {
	s.LetGo()
	s.faults.Clear()
	s.ClearListFaults()
	s.CountRight()
	s.misled.Forget()
}

// Mislead makes reads answer whoever asks for one id, address or name with what there is of
// another. Changes are carried out as they are asked for. Whoever is taken for itself again
// is taken for no other.
func (s *Server) Mislead(asked, answered string) { s.misled.Mislead(asked, answered) }

// understood is the key that a read takes the asked one for.
func (s *Server) understood(key string) string { return s.misled.Understood(key) }

// AddFault arms a fault, until disarm is called. Of several that match a call, the one armed first hits it.
func (s *Server) AddFault(f Fault) (disarm func()) { return s.faults.Arm(f) }

func (s *Server) takeFault(r *http.Request) *Fault {
	now := s.now()
	return s.faults.Take(func(f *Fault) bool { return f.matches(r, now) }, func(f *Fault) *int { return &f.Times })
}

func (f *Fault) matches(r *http.Request, now time.Time) bool {
	hit := fault.Calls{Method: f.Method, Path: f.Path, Until: f.Until, Writes: f.Writes}
	if f.Later {
		hit.Cursor = "pageToken"
	}
	return hit.Hit(r, now)
}

func (f *Fault) reply(r *http.Request) reply {
	a := failure(f.Status, "backendError", "Backend Error")
	switch f.Status {
	case http.StatusTooManyRequests:
		a = tooMuch(r, f.Status)
	case http.StatusUnauthorized:
		a = unauthenticated()
	case http.StatusForbidden:
		if a = forbidden(); f.Reason != "" {
			a = failure(f.Status, f.Reason, "Refused: "+f.Reason)
		}
	case http.StatusNotFound:
		a = notFound("userKey")
	case http.StatusConflict:
		a = failure(f.Status, "duplicate", "Entity already exists.")
	case http.StatusPreconditionFailed:
		a = failure(f.Status, "conditionNotMet", "User creation is not complete.")
	}
	if a.injected = true; f.RetryAfter > 0 {
		a.header = map[string]string{"Retry-After": strconv.Itoa(int(f.RetryAfter.Seconds()))}
	}
	return a
}

// bend changes what a call asks for.
func (f *Fault) bend(r *http.Request, params []string) {
	q := r.URL.Query()
	if f.Frozen {
		q.Del("pageToken")
	}
	for _, size := range []string{"maxResults", "pageSize"} {
		if n, err := strconv.Atoi(q.Get(size)); f.Short > 0 && slices.Contains(params, size) && (err != nil || n > f.Short) {
			q.Set(size, strconv.Itoa(f.Short))
		}
	}
	r.URL.RawQuery = q.Encode()
}

// emptied is an answer without the entries of its list.
func (f *Fault) emptied(a reply) reply {
	body, isObject := a.body.(object)
	if f == nil || !f.Empty || a.status != http.StatusOK || !isObject {
		return a
	}
	for name, value := range body {
		if _, list := value.([]any); list {
			delete(body, name)
			delete(body, "nextPageToken")
		}
	}
	return a
}
