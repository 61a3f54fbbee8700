package okta

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"latchkey/sandbox/fault"
	"latchkey/sandbox/okta/world"
)

// call is one authenticated request on its way through a handler.
type call struct {
	*http.Request
	base string       // scheme and host as the client sees them, for absolute links
	by   world.Actor  // who holds the token, for the System Log
	org  *world.State // under its lock
}

// A handler answers a call from the record. It runs under the org's lock.
type handler func(*call) reply

// route is one operation that the emulation models.
type route struct {
	pattern string   // as http.ServeMux understands it
	bucket  string   // rate limit bucket
	scope   string   // OAuth scope that a bearer token needs
	params  []string // query parameters that are modelled
	handle  handler
	changes bool // whether observers care
}

func (s *Server) routes() {
	s.mux = http.NewServeMux()
	for _, r := range s.table() {
		s.mux.HandleFunc(r.pattern, func(w http.ResponseWriter, req *http.Request) { s.run(r, w, req) })
	}
	s.mux.HandleFunc("POST /oauth2/v1/token", s.serveToken)
	s.mux.HandleFunc("POST /oauth2/v1/device/authorize", s.serveDevice)
	s.mux.HandleFunc("GET /oauth2/v1/keys", s.serveKeys)
	s.mux.HandleFunc("GET /oauth2/v1/authorize", s.serveAuthorize)
	s.mux.HandleFunc("POST "+loginPath, s.serveLogin)
	s.mux.HandleFunc("GET /oauth2/v1/userinfo", s.serveUserInfo)
	s.mux.HandleFunc("GET /.well-known/openid-configuration", s.serveDiscovery)
	s.mux.HandleFunc("/", s.unknown)
}

func (s *Server) table() []route {
	return []route{
		{"GET /api/v1/org", bucketOther, scopeReadOrgs, nil, s.getOrg, false},
		{"GET /api/v1/users", bucketUsers, scopeReadUsers, []string{"search", "filter", "q", "limit", "after", "sortBy", "sortOrder"}, s.listUsers, false},
		{"GET /api/v1/users/{id}", bucketUser, scopeReadUsers, nil, s.getUser, false},
		{"GET /api/v1/users/{id}/groups", bucketOther, scopeReadUsers, []string{"limit", "after"}, s.listUserGroups, false},
		{"GET /api/v1/users/{id}/roles", bucketOther, scopeReadRoles, nil, s.listUserRoles, false},
		{"DELETE /api/v1/users/{id}/sessions", bucketUser, scopeManageUsers, []string{"oauthTokens"}, s.deleteSessions, true},
		{"GET /api/v1/users/{id}/appLinks", bucketOther, scopeReadUsers, nil, s.listAppLinks, false},
		{"GET /api/v1/groups", bucketGroups, scopeReadGroups, []string{"search", "filter", "q", "limit", "after", "sortBy", "sortOrder", "expand"}, s.listGroups, false},
		{"GET /api/v1/groups/rules", bucketOther, scopeReadGroups, []string{"limit", "after"}, s.listRules, false},
		{"GET /api/v1/groups/{id}", bucketGroup, scopeReadGroups, nil, s.getGroup, false},
		{"GET /api/v1/groups/{id}/users", bucketOther, scopeReadGroups, []string{"limit", "after"}, s.listMembers, false},
		{"PUT /api/v1/groups/{id}/users/{user}", bucketOther, scopeManageGroups, nil, s.putMember, true},
		{"DELETE /api/v1/groups/{id}/users/{user}", bucketOther, scopeManageGroups, nil, s.deleteMember, true},
		{"GET /api/v1/groups/{id}/apps", bucketOther, scopeReadApps, []string{"limit", "after"}, s.listGroupApps, false},
		{"GET /api/v1/groups/{id}/roles", bucketOther, scopeReadRoles, nil, s.listGroupRoles, false},
		{"GET /api/v1/apps", bucketApps, scopeReadApps, []string{"q", "filter", "limit", "after"}, s.listApps, false},
		{"GET /api/v1/apps/{id}", bucketApp, scopeReadApps, nil, s.getApp, false},
		{"GET /api/v1/apps/{id}/groups", bucketApps, scopeReadApps, []string{"limit", "after"}, s.listAppGroups, false},
		{"GET /api/v1/apps/{id}/users", bucketApps, scopeReadApps, []string{"limit", "after"}, s.listAppUsers, false},
		{"GET /api/v1/logs", bucketLogs, scopeReadLogs, []string{"since", "until", "filter", "limit", "sortOrder", "after"}, s.listLogs, false},
	}
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.gate.saw(r)
	if fault.Closed(s.closed) {
		s.write(w, r, bucketOther, problem(http.StatusServiceUnavailable, codeUnavailable, "The service is unavailable."))
		return
	}
	if strings.Contains(r.URL.Path, "//") { // the mux would redirect and so hide a malformed base URL
		s.unknown(w, r)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// run takes one call through limits, faults and authorization to its handler.
func (s *Server) run(rt route, w http.ResponseWriter, r *http.Request) {
	leave, limited := s.gate.enter(rt.bucket, s.now())
	defer leave()
	if limited != nil {
		s.write(w, r, rt.bucket, *limited)
		return
	}
	hit := s.takeFault(r)
	if hit != nil && !hit.After {
		if !s.delay(hit, r) || s.answerFault(hit, w, r, rt.bucket) {
			return
		}
	}
	if hit != nil && hit.Frozen {
		firstPage(r)
	}
	if hit != nil && hit.Short > 0 && slices.Contains(rt.params, "limit") {
		shorten(r, hit.Short)
	}
	answer := hit.spoil(s.answer(rt, r))
	if hit != nil && hit.After {
		if !s.delay(hit, r) || s.answerFault(hit, w, r, rt.bucket) {
			return
		}
	}
	s.write(w, r, rt.bucket, answer)
}

func (s *Server) answer(rt route, r *http.Request) reply {
	by, refused := s.authorize(r, rt.scope)
	if refused != nil {
		return *refused
	}
	if name := unmodelled(r, rt.params); name != "" {
		return s.refuse(r, fmt.Sprintf("query parameter %q", name))
	}
	var answer reply
	work := func(org *world.State) { answer = rt.handle(&call{r, baseURL(r), by, org}) }
	if rt.changes {
		s.Update(work)
	} else {
		s.View(work)
	}
	if answer.violation != "" {
		s.log.Violate(answer.violation)
	}
	return answer
}

func unmodelled(r *http.Request, known []string) string {
	for _, name := range slices.Sorted(maps.Keys(r.URL.Query())) {
		found := false
		for _, k := range known {
			found = found || k == name
		}
		if !found {
			return name
		}
	}
	return ""
}

func (s *Server) unknown(w http.ResponseWriter, r *http.Request) {
	s.write(w, r, bucketOther, s.refuse(r, "this operation"))
}

func (s *Server) refuse(r *http.Request, what string) reply {
	line := fmt.Sprintf("%s %s: %s is not modelled", r.Method, r.URL.EscapedPath(), what)
	s.cfg.Logf("okta sandbox: %s", line)
	s.log.Violate(line)
	return problem(http.StatusNotImplemented, codeUnsupported, "The sandbox does not model "+what+".")
}

// delay waits out a fault's delay; it is false if the caller has gone meanwhile.
func (s *Server) delay(f *Fault, r *http.Request) bool {
	return f.Delay <= 0 || fault.Waits(r, s.cfg.Clock.After(f.Delay), s.closed)
}

// answerFault answers in the handler's stead, or not at all; it is false if the fault is a delay only.
func (s *Server) answerFault(f *Fault, w http.ResponseWriter, r *http.Request, bucket string) bool {
	switch {
	case f.Drop:
		if err := fault.Drop(w); err != nil {
			s.cfg.Logf("okta sandbox: cannot drop the connection: %v", err)
		}
		return true
	case f.Page != "":
		fault.Page(w, f.Status, f.Page)
		return true
	case f.Status != 0, f.Unlicensed, f.Busy:
		answer := f.reply(s.now())
		answer.injected = true
		s.write(w, r, bucket, answer)
		return true
	}
	return false
}

func baseURL(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
