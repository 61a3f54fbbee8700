package jira

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Fault makes matching calls fail. With neither Times nor Until it applies
// once.
type Fault struct {
	// Method is an HTTP method, or "" or "*" for any.
	Method string
	// Path is a template such as /rest/api/3/issue or
	// /rest/api/3/issue/{issueIdOrKey}/comment, which means that call alone; a
	// pattern in which * stands for anything; otherwise a prefix of whole path
	// segments. "" and "*" mean any.
	Path string
	// Times is how often the fault applies; negative means until cleared.
	Times int
	// Status is the answer's status; 503 unless Drop, Delay, Empty, Frozen or Short is
	// set.
	Status int
	// RetryAfter is the Retry-After header in seconds; 0 leaves it out.
	RetryAfter int
	// Reason is the RateLimit-Reason header of a 429.
	Reason string
	// Page is the title of a web page that answers instead of the API: a proxy's, or
	// the vendor's own during maintenance.
	Page string
	// After lets the work happen before the answer is lost or replaced.
	After bool
	// Delay holds the answer back.
	Delay time.Duration
	// Drop cuts the connection instead of answering.
	Drop bool
	// Empty makes what a search or a list finds nothing, with 200.
	Empty bool
	// Frozen makes every page the first, so that a list never ends.
	Frozen bool
	// Short is how many entries a page has, at most, as vendors may always do.
	Short int
	// Later lets pages after the first go wrong only.
	Later bool
	// Until ends an outage at a time of the site's clock.
	Until time.Time

	exact bool // Path is the template of a call
}

type faults struct {
	mu   sync.Mutex
	list []*Fault
}

// AddFault arms a fault, until disarm is called. The oldest matching fault applies.
func (s *Server) AddFault(f Fault) (disarm func()) {
	if f.Status == 0 && !f.Drop && f.Delay == 0 && !f.Empty && !f.Frozen && f.Short == 0 {
		f.Status = http.StatusServiceUnavailable
	}
	if f.Times == 0 {
		f.Times = 1
		if !f.Until.IsZero() {
			f.Times = -1
		}
	}
	f.exact = slices.ContainsFunc(s.routes, func(rt route) bool {
		return f.method(rt.method) && (f.Path == rt.template(false) || f.Path == rt.template(true))
	})
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = append(s.faults.list, &f)
	return func() {
		s.faults.mu.Lock()
		defer s.faults.mu.Unlock()
		s.faults.list = slices.DeleteFunc(s.faults.list, func(o *Fault) bool { return o == &f })
	}
}

// ClearFaults disarms all faults.
func (s *Server) ClearFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.list = nil
}

// take uses up and returns the fault that applies to the call, or nil.
func (q *faults) take(c *call, now time.Time) *Fault {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.list = slices.DeleteFunc(q.list, func(f *Fault) bool {
		return f.Times == 0 || !f.Until.IsZero() && !now.Before(f.Until)
	})
	for _, f := range q.list {
		if f.applies(c) {
			if f.Times > 0 {
				f.Times--
			}
			taken := *f
			return &taken
		}
	}
	return nil
}

func (f *Fault) method(m string) bool {
	return f.Method == "" || f.Method == "*" || strings.EqualFold(f.Method, m)
}

func (f *Fault) applies(c *call) bool {
	if f.Times == 0 || !f.method(c.r.Method) || f.Later && !c.follows() {
		return false
	}
	switch {
	case f.Path == "" || f.Path == "*":
		return true
	case f.exact:
		return f.Path == c.route.template(c.v2)
	case strings.Contains(f.Path, "*"):
		return glob(f.Path, c.path)
	}
	return c.path == f.Path || strings.HasPrefix(c.path, strings.TrimSuffix(f.Path, "/")+"/")
}

func glob(pattern, path string) bool {
	parts := strings.Split(pattern, "*")
	for i, p := range parts {
		parts[i] = regexp.QuoteMeta(p)
	}
	re, err := regexp.Compile("^" + strings.Join(parts, ".*") + "$")
	return err == nil && re.MatchString(path)
}

// commits tells whether the call's work is done despite the fault.
func (f *Fault) commits() bool { return f.After || f.Status == 0 && !f.Drop }

func (f *Fault) describe() string {
	if f == nil {
		return ""
	}
	what := "delay " + f.Delay.String()
	switch {
	case f.Drop:
		what = "drop"
	case f.Status != 0:
		what = strconv.Itoa(f.Status)
	case f.Empty:
		what = "empty"
	case f.Frozen:
		what = "frozen"
	case f.Short > 0:
		what = "short pages"
	}
	if f.After {
		what += " after commit"
	}
	return what
}

// wire is the failing answer. A 429 without a reason comes from a gateway and
// is not JSON.
func (f *Fault) wire(c *call, now time.Time) wire {
	h := http.Header{}
	if f.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(f.RetryAfter))
	}
	if f.Status == http.StatusTooManyRequests {
		limitHeaders(h, f.Reason, now.Add(time.Duration(f.RetryAfter)*time.Second))
		if f.Reason == "" {
			h.Set("Content-Type", "text/plain;charset=UTF-8")
			return wire{status: f.Status, header: h, body: []byte("Rate limit exceeded.")}
		}
	}
	if f.Page != "" {
		h.Set("Content-Type", "text/html;charset=UTF-8")
		return wire{status: f.Status, header: h, body: []byte("<!DOCTYPE html>\n<html><head><title>" + html.EscapeString(f.Page) + "</title></head><body></body></html>")}
	}
	p := refuse(f.Status, "%s", http.StatusText(f.Status))
	body := fmt.Sprintf(`{"errorMessages":[%q],"errors":{}}`, p.message)
	if c.desk() {
		body = fmt.Sprintf(`{"errorMessage":%q,"i18nErrorMessage":{"i18nKey":"sd.error","parameters":[]}}`, p.message)
	}
	return wire{status: f.Status, header: h, body: []byte(body)}
}

func limitHeaders(h http.Header, reason string, reset time.Time) {
	h.Set("X-RateLimit-Limit", "350")
	h.Set("X-RateLimit-Remaining", "0")
	h.Set("X-RateLimit-Reset", reset.UTC().Format(time.RFC3339))
	if reason != "" {
		h.Set("RateLimit-Reason", reason)
	}
}
