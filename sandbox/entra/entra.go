// Package entra emulates the part of Microsoft Entra ID that access governance touches: the token endpoint for
// applications that sign in by themselves, and of Microsoft Graph v1.0 users, groups and memberships, service
// principals, the sign-in log and the audit log.
//
// It speaks as the vendor documents it, for clients that send what belongs to login.microsoftonline.com and
// graph.microsoft.com here instead; links in its answers name those hosts, as in life. It enforces what hurts: a token
// carries the permissions that were consented to when it was issued; who lacks one is refused, or shown stubs; a group
// that a rule fills and a missing permission are refused in the same words; adding a member twice is an error; reads are
// answered by a replica that may trail; a page may be empty and not the last; a list may be throttled with or without a
// time to wait for. Whatever it does not model it refuses with HTTP 501 and a line in the log; it never nods.
//
// What is in the tenant and what administrators do there is in package world, which knows no HTTP. This package serves
// it: tokens, limits and faults; one file for each endpoint, named by its path (api_…).
package entra

import (
	"crypto/x509"
	"net/http"
	"sync"
	"time"

	"latchkey/sandbox/clock"
	"latchkey/sandbox/entra/world"
	"latchkey/sandbox/fault"
	"latchkey/sandbox/traffic"
)

// What a Server accepts when its Config names nothing else.
const (
	DemoTenant = "5a9d6d2c-1f0e-4b7a-9c3e-8f6f3a1b7c01"
	DemoClient = "0b8c1f4e-7d2a-4e55-8a60-2f9f5d3c1e02"
	DemoSecret = "demo~entra-sandbox-secret" // of the sandbox
	// DemoSignInClient is an app registration that is a public client.
	DemoSignInClient = "3c9f2a7e-1b6d-4c58-9e30-7a5d4b2c1f03"
)

// Config describes a tenant. The zero value is a working one.
type Config struct {
	Tenant      string               // its id; DemoTenant if empty
	Domain      string               // its name; acme.example if empty
	Client      string               // the application that may sign in; DemoClient if empty
	Secret      string               // its secret; DemoSecret if empty
	Certificate *x509.Certificate    // what it may sign in with instead
	Permissions []string             // what it was given, with an administrator's consent; StandardPermissions if nil
	Free        bool                 // the tenant has no premium licence
	Clock       clock.Clock          // the system's clock if nil
	Logf        func(string, ...any) // where refusals are told; nowhere if nil
	OnChange    func()               // called after each change of users, groups or memberships
	ReplicaLag  time.Duration        // how long every second read trails the record
	IndexLag    time.Duration        // how long advanced queries trail it
	// SignInClient is an app registration that is a public client, by which people sign in, and RedirectURIs are the pages
	// that browsers come back to (Mobile and desktop applications); DemoSignInClient if empty.
	SignInClient string
	RedirectURIs []string
	SignInLag    time.Duration // how long after a sign-in it shows itself with the account
	Unlimited    bool          // nothing is throttled but by a Fault
}

// StandardPermissions are those that the client needs for all that it does.
func StandardPermissions() []string {
	return []string{"User.Read.All", "GroupMember.ReadWrite.All", "AuditLog.Read.All", "Application.Read.All", "User.RevokeSessions.All", "RoleManagement.Read.Directory"}
}

// Server is one tenant. Its methods are safe for concurrent use.
type Server struct {
	cfg    Config
	mux    *http.ServeMux
	closed chan struct{}
	once   sync.Once

	*world.World
	// What the client did. Stats counts calls: all ("calls"), by status ("204"), by what they cost ("units"). Calls are
	// such as "GET /v1.0/users?$top=999". Violations are calls that a careful client would not have made: throttled ones,
	// with a wrong token, of operations that do not exist, or that delete an account in place of a membership.
	traffic.Reader[string]
	log  *traffic.Log[string]
	gate *gate

	signIns signIns

	fault.Misled // how searches and reads answer something else than was asked
	fault.Lists  // how lists of members go wrong
	fault.Counts // how members are miscounted
	faults       fault.Armed[Fault]

	mu     sync.Mutex // guards what follows
	tokens map[string]accessToken
	asked  int // reads that were answered
	forgot int // how often the marks of change tracking were forgotten
}

// New makes a tenant that holds nobody.
func New(cfg Config) *Server {
	for _, text := range []struct {
		is       *string
		standard string
	}{{&cfg.Tenant, DemoTenant}, {&cfg.Domain, "acme.example"}, {&cfg.Client, DemoClient}, {&cfg.Secret, DemoSecret}, {&cfg.SignInClient, DemoSignInClient}} {
		if *text.is == "" {
			*text.is = text.standard
		}
	}
	if cfg.Permissions == nil {
		cfg.Permissions = StandardPermissions()
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
	gate := newGate(cfg)
	s := &Server{
		cfg: cfg, closed: make(chan struct{}), tokens: map[string]accessToken{}, signIns: newSignIns(), gate: gate, Reader: gate.log, log: gate.log,
		World: world.New(world.Settings{Clock: cfg.Clock, OnChange: cfg.OnChange, Seed: cfg.Tenant}),
	}
	s.routes()
	return s
}

// Handler serves both hosts at the root of one.
func (s *Server) Handler() http.Handler { return s.Wrap(http.HandlerFunc(s.serve), s.lists()) }

// Close releases the calls that a Fault keeps waiting. The tenant answers no more calls after it.
func (s *Server) Close() { s.once.Do(func() { close(s.closed) }) }

func (s *Server) now() time.Time { return s.cfg.Clock.Now().UTC() }

// SetPermissions changes what the client is given. Tokens that it has keep what they carry. None at all: it was never
// consented to, and is unknown in the tenant.
func (s *Server) SetPermissions(permissions ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.Permissions = permissions
}

// SetFree takes the tenant's premium licence away, or gives it back.
func (s *Server) SetFree(free bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.Free = free
}

// SetLag changes how far every second read and advanced queries trail the record.
func (s *Server) SetLag(replica, index time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.ReplicaLag, s.cfg.IndexLag = replica, index
}

// Become has another tenant answer behind the same address.
func (s *Server) Become(tenant string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.Tenant = tenant
	s.endTokens()
}

// RotateSecret gives the client another secret. The old one, and tokens that were had by it, end.
func (s *Server) RotateSecret(secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.Secret = secret
	s.endTokens()
}

// RevokeTokens has all tokens refused from now on.
func (s *Server) RevokeTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endTokens()
}

// ForgetTracking makes every mark of change tracking one from which it can't go on.
func (s *Server) ForgetTracking() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forgot++
}

func (s *Server) endTokens() {
	for token, t := range s.tokens {
		t.ended = true
		s.tokens[token] = t
	}
}

// settings are the configuration as it stands.
func (s *Server) settings() Config {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cfg
}
