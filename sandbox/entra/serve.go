package entra

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/sandbox/entra/world"
	"latchkey/sandbox/fault"
)

// The services behind Graph that are throttled apart.
const (
	serviceDirectory = "directory"
	serviceLogs      = "logs"
)

// call is one authenticated request on its way through a handler.
type call struct {
	*http.Request
	state     *world.State // under its lock
	at        time.Time    // as of when the replica that answers has the record
	token     accessToken
	free      bool      // the tenant has no premium licence
	signInsAt time.Time // how far what is told of sign-ins reaches
	selected  []string  // $select; empty: the standard properties
	top       int       // the page's size
	counted   bool      // the client wants @odata.count
}

// may tells whether the token carries any of some permissions.
func (c *call) may(permissions ...string) bool {
	return slices.ContainsFunc(permissions, func(p string) bool { return slices.Contains(c.token.permissions, p) })
}

// A handler answers a call. It runs under the tenant's lock.
type handler func(*call) reply

// route is one operation that the emulation models.
type route struct {
	pattern  string // as http.ServeMux understands it
	service  string
	cost     int      // in resource units
	needs    []string // any of these permissions
	params   []string // query parameters that are modelled
	handle   handler
	changes  bool // whether observers care
	advanced bool // needs ConsistencyLevel: eventual and $count=true
}

func (s *Server) routes() {
	s.mux = http.NewServeMux()
	for _, r := range s.table() {
		s.mux.HandleFunc(r.pattern, func(w http.ResponseWriter, req *http.Request) { s.run(r, w, req) })
	}
	s.mux.HandleFunc("GET /common/discovery/instance", s.serveInstance)
	s.mux.HandleFunc("GET /{tenant}/v2.0/.well-known/openid-configuration", s.serveDiscovery)
	s.mux.HandleFunc("POST /{tenant}/oauth2/v2.0/token", s.serveToken)
	s.mux.HandleFunc("POST /{tenant}/oauth2/v2.0/devicecode", s.serveDevice)
	s.mux.HandleFunc("GET /{tenant}/oauth2/v2.0/authorize", s.serveAuthorize)
	s.mux.HandleFunc("GET /{tenant}/discovery/v2.0/keys", s.serveKeys)
	s.mux.HandleFunc("POST "+loginPath, s.serveLogin)
	s.mux.HandleFunc("/", s.unknown)
}

func (s *Server) table() []route {
	list := []string{"$filter", "$select", "$top", "$count", "$skiptoken", "$orderby"}
	page := []string{"$select", "$top", "$count", "$skiptoken"}
	return []route{
		{"GET /v1.0/users", serviceDirectory, 2, readUsers(), append(slices.Clone(list), "$expand"), s.listUsers, false, false},
		{"GET /v1.0/users/delta", serviceDirectory, 5, readUsers(), []string{"$select", "$deltatoken", "$skiptoken"}, s.trackUsers, false, false},
		{"GET /v1.0/users/{id}", serviceDirectory, 1, readUsers(), []string{"$select"}, s.getUser, false, false},
		{"GET /v1.0/users/{id}/manager", serviceDirectory, 1, readUsers(), []string{"$select"}, s.getManager, false, false},
		{"GET /v1.0/users/{id}/memberOf", serviceDirectory, 2, append(readGroups(), readUsers()...), page, s.listMemberOf, false, false},
		{"POST /v1.0/users/{id}/checkMemberGroups", serviceDirectory, 4, append(readGroups(), readUsers()...), nil, s.checkMemberGroups, false, false},
		{"POST /v1.0/users/{id}/revokeSignInSessions", serviceDirectory, 1, endSessions(), nil, s.revokeSessions, true, false},
		{"GET /v1.0/groups", serviceDirectory, 1, readGroups(), list, s.listGroups, false, false},
		{"GET /v1.0/groups/{id}", serviceDirectory, 1, readGroups(), []string{"$select"}, s.getGroup, false, false},
		{"GET /v1.0/groups/{id}/members", serviceDirectory, 3, readGroups(), page, s.listMembers, false, false},
		{"GET /v1.0/groups/{id}/members/microsoft.graph.user", serviceDirectory, 3, readGroups(), page, s.listUserMembers, false, true},
		{"GET /v1.0/groups/{id}/members/microsoft.graph.group", serviceDirectory, 3, readGroups(), page, s.listGroupMembers, false, true},
		{"GET /v1.0/groups/{id}/transitiveMembers/microsoft.graph.user", serviceDirectory, 5, readGroups(), page, s.listTransitiveMembers, false, true},
		{"GET /v1.0/groups/{id}/memberOf", serviceDirectory, 2, readGroups(), page, s.listGroupMemberOf, false, false},
		{"POST /v1.0/groups/{id}/members/$ref", serviceDirectory, 1, writeMembers(), nil, s.addMember, true, false},
		{"DELETE /v1.0/groups/{id}/members/{member}/$ref", serviceDirectory, 1, writeMembers(), nil, s.removeMember, true, false},
		{"DELETE /v1.0/groups/{id}/members/{member}", serviceDirectory, 1, writeMembers(), nil, s.deleteObject, true, false},
		{"GET /v1.0/directory/deletedItems/microsoft.graph.user", serviceDirectory, 2, readUsers(), page, s.listDeleted, false, false},
		{"GET /v1.0/servicePrincipals", serviceDirectory, 1, readApps(), list, s.listApps, false, false},
		{"GET /v1.0/servicePrincipals/{id}", serviceDirectory, 1, readApps(), []string{"$select"}, s.getApp, false, false},
		{"GET /v1.0/servicePrincipals/{id}/appRoleAssignedTo", serviceDirectory, 1, readApps(), []string{"$top", "$skiptoken"}, s.listAssigned, false, false},
		{"GET /v1.0/servicePrincipals/{id}/owners/microsoft.graph.user", serviceDirectory, 2, readApps(), page, s.listOwners, false, true},
		{"GET /v1.0/auditLogs/signIns", serviceLogs, 1, []string{"AuditLog.Read.All"}, []string{"$filter", "$top", "$skiptoken"}, s.listSignIns, false, false},
		{"GET /v1.0/auditLogs/directoryAudits", serviceLogs, 1, []string{"AuditLog.Read.All"}, []string{"$filter", "$top", "$skiptoken", "$orderby"}, s.listAudits, false, false},
	}
}

// The permissions of an application that allow something, by the vendor's reference; each list is those that do alone.
func readUsers() []string {
	return []string{"User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
}

func readGroups() []string {
	return append(writeMembers(), "GroupMember.Read.All", "Group.Read.All", "Directory.Read.All")
}

func writeMembers() []string {
	return []string{"GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"}
}

func endSessions() []string {
	return []string{"User.RevokeSessions.All", "User.ReadWrite.All", "Directory.ReadWrite.All"}
}

func readApps() []string {
	return []string{"Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"}
}

func readRoles() []string {
	return []string{"RoleManagement.Read.Directory", "RoleManagement.ReadWrite.Directory", "Directory.Read.All", "Directory.ReadWrite.All"}
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.gate.saw(r)
	if fault.Closed(s.closed) {
		s.write(w, r, problem(http.StatusServiceUnavailable, "serviceNotAvailable", "The service is unavailable."))
		return
	}
	if strings.Contains(r.URL.Path, "//") { // the mux would redirect and so hide a malformed base URL
		s.unknown(w, r)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// costs is what a call costs: an expansion costs one more (the same page of the vendor's). That a selection costs one less isn't
// modelled, so nobody is let in here who wouldn't be there.
func (rt route) costs(r *http.Request) int {
	if r.URL.Query().Has("$expand") {
		return rt.cost + 1
	}
	return rt.cost
}

// run takes one call through limits, faults and authorization to its handler.
func (s *Server) run(rt route, w http.ResponseWriter, r *http.Request) {
	cost := rt.costs(r)
	if refused := s.gate.enter(rt.service, cost, s.now()); refused != nil {
		s.write(w, r, *refused)
		return
	}
	hit := s.takeFault(r)
	if hit != nil && !hit.After && (!s.delay(hit, r) || s.answerFault(hit, w, r)) {
		return
	}
	hit.bend(r)
	answer := hit.spoil(r, s.answer(rt, r))
	if hit != nil && hit.After && (!s.delay(hit, r) || s.answerFault(hit, w, r)) {
		return
	}
	if rt.service == serviceDirectory && answer.status != http.StatusUnauthorized {
		w.Header().Set("x-ms-resource-unit", strconv.Itoa(cost))
	}
	s.write(w, r, answer)
}

func (s *Server) answer(rt route, r *http.Request) reply {
	token, refused := s.authorize(r)
	if refused != nil {
		return *refused
	}
	c := &call{Request: r, token: token, at: s.replica(r), free: s.settings().Free, signInsAt: s.now().Add(-s.settings().SignInLag)}
	if !c.may(rt.needs...) {
		return denied()
	}
	if r.Method == http.MethodGet {
		if refused := s.query(c, rt); refused != nil {
			return *refused
		}
	}
	var answer reply
	work := func(state *world.State) {
		c.state = state
		answer = rt.handle(c)
	}
	if rt.changes {
		s.Update(work)
	} else {
		s.View(work)
	}
	return answer
}

// replica is as of when the one that answers has the record: every second read may trail, and an index does.
func (s *Server) replica(r *http.Request) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	if r.Method != http.MethodGet {
		return now
	}
	if r.Header.Get("ConsistencyLevel") == "eventual" {
		return now.Add(-s.cfg.IndexLag)
	}
	if s.asked++; s.asked%2 == 1 {
		return now.Add(-s.cfg.ReplicaLag)
	}
	return now
}

// query reads what is common to all lists and reads.
func (s *Server) query(c *call, rt route) *reply {
	q := c.URL.Query()
	for _, name := range slices.Sorted(maps.Keys(q)) {
		if !slices.Contains(rt.params, name) {
			r := s.refuse(c.Request, fmt.Sprintf("query parameter %q", name))
			return &r
		}
	}
	if selected := q.Get("$select"); selected != "" {
		c.selected = strings.Split(selected, ",")
	}
	eventual := c.Header.Get("ConsistencyLevel") == "eventual"
	if c.counted = q.Get("$count") == "true"; c.counted && !eventual || rt.advanced && !(eventual && c.counted) {
		r := unsupportedQuery("Request requires ConsistencyLevel: eventual and $count=true")
		return &r
	}
	return c.size(q, rt.service)
}

// size reads the page's size: a hundred, and up to 999, in the directory; a thousand in the logs.
func (c *call) size(q url.Values, service string) *reply {
	c.top = 100
	most := 999
	if service == serviceLogs {
		c.top, most = 1000, 1000
	}
	if !q.Has("$top") {
		return nil
	}
	n, err := strconv.Atoi(q.Get("$top"))
	if err != nil || n < 1 || n > most {
		r := badRequest(fmt.Sprintf("Invalid page size specified: '%s'. Must be between 1 and %d inclusive.", q.Get("$top"), most))
		r.violation = "invalid page size " + q.Get("$top")
		return &r
	}
	c.top = n
	return nil
}

func (s *Server) unknown(w http.ResponseWriter, r *http.Request) {
	s.write(w, r, s.refuse(r, "this operation"))
}

func (s *Server) refuse(r *http.Request, what string) reply {
	line := fmt.Sprintf("%s %s: %s is not modelled", r.Method, r.URL.EscapedPath(), what)
	s.cfg.Logf("entra sandbox: %s", line)
	a := problem(http.StatusNotImplemented, "NotImplemented", "The sandbox does not model "+what+".")
	a.violation = line
	return a
}

// delay waits out a fault's delay; it is false if the caller has gone meanwhile.
func (s *Server) delay(f *Fault, r *http.Request) bool {
	return f.Delay <= 0 || fault.Waits(r, s.cfg.Clock.After(f.Delay), s.closed)
}

// answerFault answers in the handler's stead, or not at all; it is false if the fault changes no more than how.
func (s *Server) answerFault(f *Fault, w http.ResponseWriter, r *http.Request) bool {
	switch {
	case f.Drop:
		if err := fault.Drop(w); err != nil {
			s.cfg.Logf("entra sandbox: cannot drop the connection: %v", err)
		}
		return true
	case f.Page != "":
		fault.Page(w, f.Status, f.Page)
		return true
	case f.Status != 0:
		s.write(w, r, f.reply())
		return true
	}
	return false
}
