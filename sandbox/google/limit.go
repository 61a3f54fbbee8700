package google

import (
	"net/http"
	"strings"
	"time"
)

// window counts calls of one minute.
type window struct {
	ends time.Time
	used int
}

func (s *Server) saw(r *http.Request) {
	s.log.Count("calls")
	line := r.Method + " " + r.URL.EscapedPath()
	if r.URL.RawQuery != "" {
		line += "?" + r.URL.RawQuery
	}
	s.log.Add(line)
}

// overQuota refuses a call that is too much: the Directory API with 403, Cloud Identity
// with 429, and Reports with 503. A filtered report counts against a smaller quota too.
func (s *Server) overQuota(r *http.Request, subject string) *reply {
	if strings.HasPrefix(r.URL.Path, "/admin/reports/") {
		filtered := r.URL.Query().Has("filters") || r.URL.Query().Has("eventName") || !strings.Contains(r.URL.Path, "/users/all/")
		if s.exceeds("reports "+subject, s.cfg.Quota) || filtered && s.exceeds("filtered "+subject, s.cfg.Filtered) {
			s.log.Violate(r.Method + " " + r.URL.Path + ": over the quota of reports")
			over := failure(http.StatusServiceUnavailable, "backendError", "The service is currently unavailable.")
			return &over
		}
		return nil
	}
	if !s.exceeds("directory "+subject, s.cfg.Quota) {
		return nil
	}
	s.log.Violate(r.Method + " " + r.URL.Path + ": over the quota")
	over := tooMuch(r, http.StatusForbidden)
	return &over
}

func (s *Server) exceeds(quota string, most int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	w := s.quotas[quota]
	if w == nil || !now.Before(w.ends) {
		w = &window{ends: now.Add(time.Minute)}
		s.quotas[quota] = w
	}
	w.used++
	return w.used > most
}

// tooMuch refuses a call for its pace. With 403 only the reason tells it from a right that
// is missing.
func tooMuch(r *http.Request, status int) reply {
	if isCloud(r) || status == http.StatusTooManyRequests {
		a := failure(http.StatusTooManyRequests, "rateLimitExceeded", "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user'.")
		a.body.(object)["error"].(object)["status"] = "RESOURCE_EXHAUSTED"
		return a
	}
	a := failure(http.StatusForbidden, "rateLimitExceeded", "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user' of service 'admin.googleapis.com'.")
	a.body.(object)["error"].(object)["errors"].([]any)[0].(object)["domain"] = "usageLimits"
	return a
}
