// Package okta emulates the part of an Okta org that access governance touches: users, groups and
// memberships, group rules, apps, the System Log and the OAuth token endpoint of service apps.
//
// It speaks Okta's management API as the vendor documents it, so that okta-sdk-golang runs against it
// unmodified; only the org URL changes. It enforces what hurts in life: rate limits that every answer
// reports, paging in separate Link headers, a search index that can lag, deactivated accounts that stay
// in groups, built-in and application-mastered groups, and rules that put people back on exclusion lists.
// Whatever it does not model it refuses with HTTP 501 and a line in the log; it never nods.
//
// What is in the org and what administrators do there is in package world, which knows no HTTP. This
// package serves it: tokens, limits and faults; one file for each endpoint, named by its path (api_…,
// oauth_token); the rest writes what several endpoints show.
package okta

import (
	"net/http"
	"sync"
	"time"

	"latchkey/sandbox/clock"
	"latchkey/sandbox/fault"
	"latchkey/sandbox/okta/world"
	"latchkey/sandbox/traffic"
)

// DemoToken is the API token a Server accepts when its Config names none.
const DemoToken = "00demo-okta-sandbox-token"

// Config describes an org. The zero value is a working one.
type Config struct {
	Token   string   // the API token (SSWS); DemoToken if empty
	Clients []Client // service apps that may fetch OAuth tokens
	// SignInClients are native apps by which people sign in with a code; DemoSignInClient if empty.
	SignInClients []string
	// RedirectURIs are where these apps may have browsers sent back to; empty: nowhere.
	RedirectURIs []string
	Clock        clock.Clock          // the system's clock if nil
	Logf         func(string, ...any) // where refusals are told; nowhere if nil
	OnChange     func()               // called after each change of users, groups or memberships
	SearchLag    time.Duration        // how long the search index trails the record
	Limits       map[string]int       // calls a minute per bucket; overrides entries of DefaultLimits
	FullShare    bool                 // give the token the whole bucket instead of Okta's default of one half
	Concurrency  int                  // simultaneous calls; 75 if zero
	First        int64                // after which number ids are made: two orgs have none in common
	OrgID        string               // Okta's own id of the org; that of a demo org if empty
}

// Server is one org. Its methods are safe for concurrent use.
type Server struct {
	cfg    Config
	mux    *http.ServeMux
	closed chan struct{}
	once   sync.Once

	*world.World
	// What the client did. Stats counts calls: all ("calls"), by status ("204"), by
	// rate limit bucket ("bucket /api/v1"), and the most that were answered at a time
	// ("max in flight"). Calls are such as "GET /api/v1/users?limit=200", at least the
	// last 100,000. Violations are calls over a limit, with a wrong token, of
	// operations that do not exist, or that poison a group rule.
	traffic.Reader[string]
	log  *traffic.Log[string]
	gate *gate

	fault.Misled // how searches and reads answer something else than was asked
	fault.Lists  // how lists of members go wrong
	fault.Counts // how members are miscounted
	faults       fault.Armed[Fault]

	mu         sync.Mutex // guards what follows
	tokens     map[string]accessToken
	ended      map[string]bool // API tokens that were the org's before
	ownerRoles []string        // administrator roles of the API token's owner

	devices devices
	logins  logins

	sessions struct {
		mu   sync.Mutex
		open map[string]int // by account
	}
	orgID string
}

// New makes an org that holds nobody, and one group: Everyone.
func New(cfg Config) *Server {
	if cfg.Token == "" {
		cfg.Token = DemoToken
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
	if cfg.Concurrency == 0 {
		cfg.Concurrency = 75
	}
	if len(cfg.SignInClients) == 0 {
		cfg.SignInClients = []string{DemoSignInClient}
	}
	gate := newGate(cfg)
	s := &Server{
		cfg: cfg, closed: make(chan struct{}), tokens: map[string]accessToken{}, devices: newDevices(), logins: logins{asked: map[string]login{}, codes: map[string]*login{}}, ended: map[string]bool{}, gate: gate, Reader: gate.log, log: gate.log,
		World: world.New(world.Settings{Clock: cfg.Clock, OnChange: cfg.OnChange, SearchLag: cfg.SearchLag, First: cfg.First}),
	}
	s.sessions.open, s.orgID, s.ownerRoles = map[string]int{}, cfg.OrgID, tokenRoles()
	s.routes()
	return s
}

// Handler serves the org's API at the root of a host, as Okta does.
func (s *Server) Handler() http.Handler { return s.Wrap(http.HandlerFunc(s.serve), s.lists()) }

// Close releases the calls that a Fault keeps waiting. The org answers no more calls after it.
func (s *Server) Close() { s.once.Do(func() { close(s.closed) }) }

func (s *Server) now() time.Time { return s.cfg.Clock.Now().UTC() }
