package scim

import (
	"encoding/json"
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
	Path       string        // "" is any; "*" stands for one segment
	Query      string        // "" is any; otherwise a part of the query
	Times      int           // how many calls it hits; 0 is every one
	Status     int           // the answer in place of the true one
	Type       string        // its scimType
	RetryAfter time.Duration // is said with it
	After      bool          // carry the call out first, then spoil the answer
	Drop       bool          // close the connection without an answer
	Page       string        // a web page in place of the answer, with Status or 200
	Body       string        // what is answered in place of the error's form, as JSON
	Wait       chan struct{} // the answer waits until it is closed
}

// AddFault arms a fault.
func (s *Server) AddFault(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
}

// ClearFaults disarms all faults.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
	s.ClearListFaults()
	s.CountRight()
}

// Meddle has somebody else change a group right before each of so many writes.
func (s *Server) Meddle(group string, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.meddle[group] = times
}

// OnList has f called after each page of a list, with its path. It may change what there is.
func (s *Server) OnList(f func(path string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.onList = f
}

// staleGroup is a group as reads still show it.
type staleGroup struct {
	reads int // how many
	was   *Group
}

// TrailBy has so many reads after the next write of a group show it as it was before.
func (s *Server) TrailBy(group string, reads int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stale[group] = &staleGroup{reads: reads}
}

// remember keeps a group as it is before a write, where reads are to trail.
func (s *Server) remember(g *Group) {
	if old := s.stale[g.ID]; old != nil && old.was == nil {
		was := *g
		old.was = &was
	}
}

// seen is a group as a read sees it.
func (s *Server) seen(g *Group) *Group {
	old := s.stale[g.ID]
	if old == nil || old.was == nil || old.reads == 0 {
		return g
	}
	old.reads--
	return old.was
}

// Calls are the calls so far, as method and address.
func (s *Server) Calls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// faulty puts what can go wrong, and the credentials, before the server.
func (s *Server) faulty(inner http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.calls = append(s.calls, r.Method+" "+r.URL.RequestURI())
		hit := s.takeFault(r)
		after := s.onList
		s.mu.Unlock()
		switch {
		case hit != nil:
			s.spoil(w, r, hit, inner)
		case !s.signedIn(r):
			w.Header().Set("WWW-Authenticate", "Bearer")
			refuse(w, http.StatusUnauthorized, "", 0)
		case r.Method == http.MethodPatch && !strings.Contains(r.Header.Get("Content-Type"), "json"):
			refuse(w, http.StatusUnsupportedMediaType, "", 0)
		case s.cfg.NoConfig && strings.HasSuffix(r.URL.Path, "/ServiceProviderConfig"):
			refuse(w, http.StatusNotFound, "", 0)
		default:
			inner.ServeHTTP(w, r)
			if isList := r.Method == http.MethodGet && strings.Count(r.URL.Path, "/") == 3; isList && after != nil {
				after(r.URL.Path)
			}
		}
	})
}

func (s *Server) signedIn(r *http.Request) bool {
	if user, password, basic := r.BasicAuth(); basic {
		return s.cfg.User != "" && user == s.cfg.User && password == s.cfg.Password
	}
	return r.Header.Get("Authorization") == "Bearer "+s.cfg.Token
}

func (s *Server) takeFault(r *http.Request) *Fault {
	for i, f := range s.faults {
		matched, _ := path.Match(f.Path, r.URL.Path)
		if f.Method != "" && f.Method != r.Method || f.Path != "" && !matched || !strings.Contains(r.URL.RawQuery, f.Query) {
			continue
		}
		hit := *f
		if f.Times == 1 {
			s.faults = slices.Delete(s.faults, i, i+1)
		} else if f.Times > 1 {
			f.Times--
		}
		return &hit
	}
	return nil
}

// spoil answers a call wrongly.
func (s *Server) spoil(w http.ResponseWriter, r *http.Request, f *Fault, inner http.Handler) {
	if f.Wait != nil {
		select {
		case <-f.Wait:
		case <-r.Context().Done():
		}
	}
	if f.After {
		inner.ServeHTTP(&unheard{http.Header{}}, r)
	}
	switch {
	case f.Drop:
		panic(http.ErrAbortHandler)
	case f.Page != "":
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if f.Status != 0 {
			w.WriteHeader(f.Status)
		}
		_, _ = w.Write([]byte("<!doctype html><title>" + f.Page + "</title>"))
	case f.Body != "":
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(max(f.Status, http.StatusOK))
		_, _ = w.Write([]byte(f.Body))
	case f.Status == 0:
		inner.ServeHTTP(w, r)
	default:
		refuse(w, f.Status, f.Type, f.RetryAfter)
	}
}

// refuse answers with an error of the standard's form (RFC 7644, 3.12).
func refuse(w http.ResponseWriter, status int, kind string, after time.Duration) {
	w.Header().Set("Content-Type", "application/scim+json")
	if after > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(after/time.Second)))
	}
	w.WriteHeader(status)
	said := map[string]any{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:Error"}, "status": strconv.Itoa(status), "detail": http.StatusText(status)}
	if kind != "" {
		said["scimType"] = kind
	}
	_ = json.NewEncoder(w).Encode(said) // whoever has gone doesn't hear it
}

// unheard takes an answer that nobody gets.
type unheard struct{ header http.Header }

// Header implements http.ResponseWriter.
func (u *unheard) Header() http.Header { return u.header }

// Write implements http.ResponseWriter.
func (*unheard) Write(p []byte) (int, error) { return len(p), nil }

// WriteHeader implements http.ResponseWriter.
func (*unheard) WriteHeader(int) {}
