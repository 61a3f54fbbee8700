package google

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"latchkey/sandbox/fault"
	"latchkey/sandbox/google/world"
)

// Scopes of the modelled operations, without their common beginning.
const (
	scopeRoot         = "https://www.googleapis.com/auth/"
	scopeUsers        = "admin.directory.user"
	scopeReadUsers    = "admin.directory.user.readonly"
	scopeGroups       = "admin.directory.group"
	scopeReadGroups   = "admin.directory.group.readonly"
	scopeMembers      = "admin.directory.group.member"
	scopeReadMembers  = "admin.directory.group.member.readonly"
	scopeSecurity     = "admin.directory.user.security"
	scopeRoles        = "admin.directory.rolemanagement"
	scopeReadRoles    = "admin.directory.rolemanagement.readonly"
	scopeReports      = "admin.reports.audit.readonly"
	scopeCloud        = "cloud-identity.groups"
	scopeReadCloud    = "cloud-identity.groups.readonly"
	scopeCloudAll     = "cloud-platform"
	privilegeReports  = "REPORTS_ACCESS"
	privilegeSecurity = "USER_SECURITY_ALL"
	privilegeRoles    = "ROLES_RETRIEVE" // Google's own name is not known

	privilegeReadUsers  = "USERS_RETRIEVE"
	privilegeReadGroups = "GROUPS_RETRIEVE"
	privilegeEditGroups = "GROUPS_UPDATE"
)

// call is one authenticated request on its way through a handler.
type call struct {
	*http.Request
	body []byte
	dir  *world.State // under its lock
}

// A handler answers a call from the record. It runs under the world's lock.
type handler func(*call) reply

// route is one operation that the emulation models.
type route struct {
	pattern   string   // as http.ServeMux understands it
	scopes    []string // any of them will do
	privilege string   // that the administrator acted for needs
	params    []string // query parameters that are modelled
	handle    handler
	changes   bool // whether observers care
}

func (s *Server) routes() {
	s.mux = http.NewServeMux()
	for _, r := range slices.Concat(s.directory(), s.audit(), s.cloudIdentity()) {
		s.mux.HandleFunc(r.pattern, func(w http.ResponseWriter, req *http.Request) { s.run(r, w, req) })
	}
	s.mux.HandleFunc("POST /token", s.serveToken)
	s.mux.HandleFunc("POST /v1/projects/-/serviceAccounts/{account}", s.serveSignJWT)
	s.mux.HandleFunc("/", s.unknown)
}

func (s *Server) directory() []route {
	const users, groups = "/admin/directory/v1/users", "/admin/directory/v1/groups"
	const customer = "/admin/directory/v1/customer/{customer}"
	readUsers, readGroups := []string{scopeUsers, scopeReadUsers}, []string{scopeGroups, scopeReadGroups}
	readMembers, editMembers := append(readGroups, scopeMembers, scopeReadMembers), []string{scopeGroups, scopeMembers}
	security, roles := []string{scopeSecurity}, []string{scopeRoles, scopeReadRoles}
	return []route{
		{"GET " + users, readUsers, privilegeReadUsers, []string{"customer", "domain", "query", "maxResults", "pageToken", "projection", "orderBy", "showDeleted"}, s.listUsers, false},
		{"GET " + users + "/{user}", readUsers, privilegeReadUsers, []string{"projection"}, s.getUser, false},
		{"POST " + users + "/{user}/signOut", security, privilegeSecurity, nil, s.signOut, true},
		{"GET " + users + "/{user}/tokens", security, privilegeSecurity, nil, s.listTokens, false},
		{"DELETE " + users + "/{user}/tokens/{client}", security, privilegeSecurity, nil, s.deleteToken, true},
		{"GET " + groups, readGroups, privilegeReadGroups, []string{"customer", "domain", "userKey", "query", "maxResults", "pageToken", "orderBy"}, s.listGroups, false},
		{"GET " + groups + "/{group}", readGroups, privilegeReadGroups, nil, s.getGroup, false},
		{"GET " + groups + "/{group}/members", readMembers, privilegeReadGroups, []string{"maxResults", "pageToken", "roles", "includeDerivedMembership"}, s.listMembers, false},
		{"POST " + groups + "/{group}/members", editMembers, privilegeEditGroups, nil, s.insertMember, true},
		{"GET " + groups + "/{group}/members/{member}", readMembers, privilegeReadGroups, nil, s.getMember, false},
		{"DELETE " + groups + "/{group}/members/{member}", editMembers, privilegeEditGroups, nil, s.deleteMember, true},
		{"GET " + groups + "/{group}/hasMember/{member}", readMembers, privilegeReadGroups, nil, s.hasMember, false},
		{"GET " + customer + "/roles", roles, privilegeRoles, []string{"maxResults", "pageToken"}, s.listRoles, false},
		{"GET " + customer + "/roleassignments", roles, privilegeRoles, []string{"maxResults", "pageToken", "userKey"}, s.listAssignments, false},
	}
}

func (s *Server) audit() []route {
	return []route{
		{"GET /admin/reports/v1/activity/users/{user}/applications/{application}", []string{scopeReports}, privilegeReports,
			[]string{"eventName", "filters", "startTime", "endTime", "maxResults", "pageToken"}, s.listActivities, false},
	}
}

func (s *Server) cloudIdentity() []route {
	read := []string{scopeCloud, scopeReadCloud, scopeCloudAll}
	return []route{
		{"GET /v1/groups", read, privilegeReadGroups, []string{"parent", "view", "pageSize", "pageToken"}, s.listCloudGroups, false},
		{"GET /v1/groups/{group}", read, privilegeReadGroups, nil, s.getCloudGroup, false},
		{"GET /v1/groups/{group}/memberships:lookup", read, privilegeReadGroups, []string{"memberKey.id"}, s.lookupMembership, false},
		{"POST /v1/groups/{group}/memberships/{membership}", []string{scopeCloud, scopeCloudAll}, privilegeEditGroups, nil, s.modifyMembership, true},
	}
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.saw(r)
	if fault.Closed(s.closed) {
		s.write(w, r, failure(http.StatusServiceUnavailable, "backendError", "Backend Error"))
		return
	}
	if strings.Contains(r.URL.Path, "//") { // the mux would redirect and so hide a malformed base URL
		s.unknown(w, r)
		return
	}
	s.mux.ServeHTTP(w, r)
}

// run takes one call through quotas, faults and authorization to its handler.
func (s *Server) run(rt route, w http.ResponseWriter, r *http.Request) {
	hit := s.takeFault(r)
	if hit != nil && !hit.After && s.spoil(hit, w, r) {
		return
	}
	if hit != nil {
		hit.bend(r, rt.params)
	}
	answer := s.answer(rt, r)
	if hit != nil && hit.After && s.spoil(hit, w, r) {
		return
	}
	s.write(w, r, hit.emptied(answer))
}

func (s *Server) answer(rt route, r *http.Request) reply {
	subject, refused := s.authorize(r, rt.scopes)
	if refused != nil {
		return *refused
	}
	if over := s.overQuota(r, subject); over != nil {
		return *over
	}
	query := r.URL.Query()
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if !slices.Contains(append(rt.params, "alt", "prettyPrint"), name) || len(query[name]) > 1 {
			return s.refuse(r, fmt.Sprintf("query parameter %q", name))
		}
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return failure(http.StatusBadRequest, "parseError", "Parse Error")
	}
	var answer reply
	work := func(dir *world.State) {
		if by := dir.User(subject); by == nil || by.Suspended || by.Archived || !dir.May(by, rt.privilege) {
			answer = forbidden()
			return
		}
		answer = rt.handle(&call{r, body, dir})
	}
	if rt.changes {
		s.Update(work)
	} else {
		s.View(work)
	}
	return answer
}

func (s *Server) unknown(w http.ResponseWriter, r *http.Request) {
	s.write(w, r, s.refuse(r, "this operation"))
}

func (s *Server) refuse(r *http.Request, what string) reply {
	line := fmt.Sprintf("%s %s: %s is not modelled", r.Method, r.URL.EscapedPath(), what)
	s.cfg.Logf("google sandbox: %s", line)
	s.log.Violate(line)
	return failure(http.StatusNotImplemented, "notImplemented", "The sandbox does not model "+what+".")
}

// spoil answers in the handler's stead, or not at all; it is false if the fault does no more than to wait or
// to bend the call.
func (s *Server) spoil(f *Fault, w http.ResponseWriter, r *http.Request) bool {
	if !s.delay(f, r) {
		return true
	}
	switch {
	case f.Drop:
		if err := fault.Drop(w); err != nil {
			s.cfg.Logf("google sandbox: cannot drop the connection: %v", err)
		}
		return true
	case f.Page != "":
		fault.Page(w, f.Status, f.Page)
		return true
	case f.Status != 0:
		s.write(w, r, f.reply(r))
		return true
	}
	return false
}

// delay waits out a fault's delay; it is false if the caller has gone meanwhile.
func (s *Server) delay(f *Fault, r *http.Request) bool {
	return f.Delay <= 0 || fault.Waits(r, s.cfg.Clock.After(f.Delay), s.closed)
}
