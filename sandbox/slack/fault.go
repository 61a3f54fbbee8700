package slack

import (
	"fmt"
	"html"
	"net/http"
	"slices"
	"time"
)

// Fault is a planned failure of Web API calls. Method is a Web API method,
// "*" for all of them, or one of the pseudo methods "link" (the Socket Mode
// handshake), "response_url" and "upload".
type Fault struct {
	Method     string
	Times      int           // how many calls it hits; 0 = until ClearFaults
	Status     int           // HTTP status, default 200, or 429 when RetryAfter is set
	Error      string        // Slack error code, default by status
	RetryAfter int           // seconds; 0 = no header
	After      bool          // the work is done first, then the call fails
	Delay      time.Duration // wall time to wait before anything else
	Drop       bool          // cut the connection without an answer
	Page       string        // title of a web page in place of the answer, as from a proxy that wants a sign-in
	Empty      bool          // a list is empty
	Frozen     bool          // every page is the first, so that a list never ends
	Short      int           // so many entries to a page, at most, as vendors may always do
	Later      bool          // only pages after the first
}

// AddFault plans a failure, until disarm is called. Faults are tried in the order they
// were added.
func (s *Server) AddFault(f Fault) (disarm func()) {
	s.lock()
	defer s.unlock()
	s.faults = append(s.faults, &f)
	return func() {
		s.lock()
		defer s.unlock()
		s.faults = slices.DeleteFunc(s.faults, func(o *Fault) bool { return o == &f })
	}
}

// ClearFaults forgets all planned failures.
func (s *Server) ClearFaults() {
	s.lock()
	defer s.unlock()
	s.faults, s.misled = nil, nil
}

// Mislead makes Slack answer whoever asks for one member, by id or address, with
// another, as a proxy does that keeps answers. Whoever is taken for themselves again
// is taken for nobody else.
func (s *Server) Mislead(asked, answered string) {
	s.lock()
	defer s.unlock()
	if s.misled == nil {
		s.misled = map[string]string{}
	}
	s.misled[asked] = answered
	if asked == answered {
		delete(s.misled, asked)
	}
}

// understood is what the asked id or address is taken for.
func (s *Server) understood(key string) string {
	if other, misled := s.misled[key]; misled {
		return other
	}
	return key
}

// takeFault returns the failure planned for this call, if any, and counts it. later
// tells that the call asks for a page after the first.
func (s *Server) takeFault(method string, later bool) *Fault {
	for i, f := range s.faults {
		if f.Method != method && f.Method != "*" || f.Later && !later {
			continue
		}
		hit := *f
		if f.Times > 0 {
			f.Times--
			if f.Times == 0 {
				s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
			}
		}
		return &hit
	}
	return nil
}

// fails says whether the fault spoils the answer; a mere delay does not.
func (f *Fault) fails() bool {
	return f.Drop || f.Page != "" || f.Status != 0 || f.Error != "" || f.RetryAfter != 0
}

func (f *Fault) wait(r *http.Request) {
	if f.Delay <= 0 {
		return
	}
	t := time.NewTimer(f.Delay)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.Context().Done():
	}
}

// apiError is the error the fault answers with.
func (f *Fault) apiError() *apiError {
	e := &apiError{Code: f.Error, Status: f.Status, RetryAfter: f.RetryAfter}
	if e.Status == 0 && f.RetryAfter > 0 {
		e.Status = http.StatusTooManyRequests
	}
	switch {
	case e.Code != "":
	case e.Status == http.StatusTooManyRequests:
		e.Code = "ratelimited"
	case e.Status == http.StatusServiceUnavailable:
		e.Code = "service_unavailable"
	default:
		e.Code = "internal_error"
	}
	return e
}

// page answers with a web page.
func (f *Fault) page(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	status := f.Status
	fill(&status, http.StatusOK)
	w.WriteHeader(status)
	fmt.Fprint(w, "<!doctype html><html><head><title>"+html.EscapeString(f.Page)+"</title></head><body></body></html>")
}

// cut ends the connection without an answer.
func cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, "", http.StatusBadGateway)
		return
	}
	conn.Close()
}
