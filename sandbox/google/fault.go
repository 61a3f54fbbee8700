package google

import (
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
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

// ClearFaults disarms all faults, ends what misleads and makes all groups let go again.
func (s *Server) ClearFaults() {
	s.LetGo()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults, s.misled = nil, map[string]string{}
}

// Mislead makes reads answer whoever asks for one id, address or name with what there is of
// another. Changes are carried out as they are asked for. Whoever is taken for itself again
// is taken for no other.
func (s *Server) Mislead(asked, answered string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.misled[asked] = answered
	if asked == answered {
		delete(s.misled, asked)
	}
}

// understood is the key that a read takes the asked one for.
func (s *Server) understood(key string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if other, misled := s.misled[key]; misled {
		return other
	}
	return key
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
	if f.Method != "" && f.Method != r.Method || f.Writes && r.Method == http.MethodGet || !f.Until.IsZero() && !now.Before(f.Until) || f.Later && !r.URL.Query().Has("pageToken") {
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
