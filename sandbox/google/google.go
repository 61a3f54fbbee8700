// Package google emulates the part of a Google Workspace that access governance touches:
// the token endpoint of service accounts with domain-wide delegation, the Admin SDK's
// Directory and Reports, and what Cloud Identity says of groups.
//
// It speaks the APIs as Google's discovery documents and help describe them, so that
// google.golang.org/api runs against it unmodified; only the base address and the key's
// token_uri change. It enforces what hurts in life: one scope that isn't granted fails a
// whole token, the administrator who is acted for needs the privileges, the quota is
// refused with 403 as well as 429, memberships and searches trail what was written, an
// address finds an account under an alias, groups that a query or another system fills
// can't be changed, an empty list is a field that is missing, and reports come late.
// Whatever it does not model it refuses with 501 and a line in the log; it never nods.
//
// What is in the directory and what administrators do there is in package world, which
// knows no HTTP. This package serves it: tokens, quotas and faults; one file for each
// kind of thing (api_…, oauth_token); the rest writes what several show.
package google

import (
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"latchkey/sandbox/clock"
	"latchkey/sandbox/fault"
	"latchkey/sandbox/google/world"
	"latchkey/sandbox/traffic"
)

// What a customer is called if its Config doesn't say.
const (
	DemoDomain   = "x.com"
	DemoCustomer = "C03latchk"
	AdminName    = "latchkey-bot" // at the first domain: whom service accounts act for
	DemoAdmin    = AdminName + "@" + DemoDomain
)

// LatchkeyScopes are the scopes that are delegated to Latchkey where it is set up as its docs say.
func LatchkeyScopes() []string {
	var all []string
	for _, s := range []string{scopeReadUsers, scopeReadGroups, scopeMembers, scopeCloud, scopeReadCloud, scopeReports, scopeSecurity, scopeReadRoles} {
		all = append(all, scopeRoot+s)
	}
	return all
}

// Config describes a customer. The zero value is a working one.
type Config struct {
	CustomerID string           // DemoCustomer if empty
	Domains    []string         // DemoDomain if empty
	Accounts   []ServiceAccount // that may fetch tokens
	Platform   string           // the bearer token with which the platform itself may have assertions signed; nobody may if empty
	Clock      clock.Clock      // the system's clock if nil
	Logf       func(string, ...any)
	OnChange   func() // called after each change
	MemberLag  time.Duration
	SearchLag  time.Duration
	FreshLag   time.Duration
	LogLag     time.Duration
	ExpiryLag  time.Duration
	Quota      int   // calls of the Directory API a minute for one administrator; 2,400 if zero
	Filtered   int   // filtered reports a minute; 250 if zero
	First      int64 // from where ids are counted, so that those of two customers differ
}

// Server is one customer. Its methods are safe for concurrent use.
type Server struct {
	cfg    Config
	mux    *http.ServeMux
	closed chan struct{}
	once   sync.Once

	*world.World
	// What the client did. Stats counts calls: all ("calls") and by status ("204"). Calls
	// are such as "GET /admin/directory/v1/groups?maxResults=200". Violations are calls
	// over a quota, with a wrong token, and of operations that do not exist.
	traffic.Reader[string]
	log *traffic.Log[string]

	fault.Lists  // how lists of members go wrong
	fault.Counts // how members are miscounted

	faults fault.Armed[Fault]
	misled fault.Misled

	basic atomic.Bool // the edition doesn't end memberships by itself

	mu     sync.Mutex // guards what follows
	tokens map[string]accessToken
	quotas map[string]*window
	made   int
}

// New makes a customer whose directory holds one account: the administrator whom service
// accounts act for, with the role that Latchkey needs.
func New(cfg Config) *Server {
	if cfg.CustomerID == "" {
		cfg.CustomerID = DemoCustomer
	}
	if len(cfg.Domains) == 0 {
		cfg.Domains = []string{DemoDomain}
	}
	if cfg.Clock == nil {
		cfg.Clock = clock.System()
	}
	if cfg.Logf == nil {
		cfg.Logf = func(string, ...any) {}
	}
	if cfg.OnChange == nil {
		cfg.OnChange = func() {}
	}
	if cfg.Quota == 0 {
		cfg.Quota = 2400
	}
	if cfg.Filtered == 0 {
		cfg.Filtered = 250
	}
	log := traffic.New[string](100_000)
	s := &Server{
		cfg: cfg, closed: make(chan struct{}), Reader: log, log: log, tokens: map[string]accessToken{}, quotas: map[string]*window{},
		World: world.New(world.Settings{Clock: cfg.Clock, OnChange: cfg.OnChange, Domains: cfg.Domains, MemberLag: cfg.MemberLag, SearchLag: cfg.SearchLag, FreshLag: cfg.FreshLag, LogLag: cfg.LogLag, ExpiryLag: cfg.ExpiryLag, First: cfg.First}),
	}
	s.appoint()
	s.routes()
	return s
}

// DemoRole is the administrator role that New gives to the one account.
const DemoRole = "Latchkey"

func (s *Server) appoint() {
	s.AddRole(Role{Name: DemoRole, Privileges: []string{privilegeReadUsers, privilegeReadGroups, privilegeEditGroups, privilegeSecurity, privilegeReports, privilegeRoles}})
	admin := s.AddUser(User{Email: AdminName + "@" + s.cfg.Domains[0], Given: "Latchkey", Family: "Bot", OrgUnit: "/Service"})
	if err := s.AssignRole(DemoRole, admin.ID); err != nil {
		s.cfg.Logf("google sandbox: %v", err)
	}
}

// Handler serves the APIs and the token endpoint at the root of one host, where Google has
// a host for each.
func (s *Server) Handler() http.Handler { return s.Wrap(http.HandlerFunc(s.serve), s.lists()) }

// Close releases the calls that a Fault keeps waiting. No more calls are answered after it.
func (s *Server) Close() { s.once.Do(func() { close(s.closed) }) }

func (s *Server) now() time.Time { return s.cfg.Clock.Now().UTC() }

// What is in the directory, under the names that users of the emulator know.
type (
	User      = world.User
	Address   = world.Address
	Group     = world.Group
	Role      = world.Role
	Token     = world.Token
	Activity  = world.Activity
	Parameter = world.Parameter
	Lags      = world.Settings // how far reads trail what is written
)
