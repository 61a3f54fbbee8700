// Package okta emulates the part of an Okta org that access governance touches: users, groups and
// memberships, group rules, apps, the System Log and the OAuth token endpoint of service apps.
//
// It speaks Okta's management API as the vendor documents it, so that okta-sdk-golang runs against it
// unmodified; only the org URL changes. It enforces what hurts in life: rate limits that every answer
// reports, paging in separate Link headers, a search index that can lag, deactivated accounts that stay
// in groups, built-in and application-mastered groups, and rules that put people back on exclusion lists.
// Whatever it does not model it refuses with HTTP 501 and a line in the log; it never nods.
package okta

import (
	"net/http"
	"sync"
	"time"
)

// DemoToken is the API token a Server accepts when its Config names none.
const DemoToken = "00demo-okta-sandbox-token"

// Clock tells the org's time. Rate limit windows, the System Log and delays run on it.
type Clock interface {
	Now() time.Time
	After(d time.Duration) <-chan time.Time
}

// Config describes an org. The zero value is a working one.
type Config struct {
	Token       string               // the API token (SSWS); DemoToken if empty
	Clients     []Client             // service apps that may fetch OAuth tokens
	Clock       Clock                // the system's clock if nil
	Logf        func(string, ...any) // where refusals are told; nowhere if nil
	OnChange    func()               // called after each change of users, groups or memberships
	SearchLag   time.Duration        // how long the search index trails the record
	Limits      map[string]int       // calls a minute per bucket; overrides entries of DefaultLimits
	FullShare   bool                 // give the token the whole bucket instead of Okta's default of one half
	Concurrency int                  // simultaneous calls; 75 if zero
}

// Server is one org. Its methods are safe for concurrent use.
type Server struct {
	cfg    Config
	mux    *http.ServeMux
	closed chan struct{}
	once   sync.Once

	mu     sync.Mutex
	seq    int64
	people []*user // in the order of their creation
	users  map[string]*user
	logins map[string]*user // by lower-cased login
	groups map[string]*group
	rules  []*rule
	apps   map[string]*app
	log    []LogEvent
	tokens map[string]accessToken

	traffic traffic
	faults  []*Fault
}

// New makes an org that holds nobody, and one group: Everyone.
func New(cfg Config) *Server {
	if cfg.Token == "" {
		cfg.Token = DemoToken
	}
	if cfg.Clock == nil {
		cfg.Clock = systemClock{}
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
	s := &Server{
		cfg: cfg, closed: make(chan struct{}),
		users: map[string]*user{}, logins: map[string]*user{}, groups: map[string]*group{},
		apps: map[string]*app{}, tokens: map[string]accessToken{}, traffic: newTraffic(cfg),
	}
	s.routes()
	s.AddGroup(Group{Name: everyone, Description: "All users in your organization", Type: BuiltIn})
	return s
}

// Handler serves the org's API at the root of a host, as Okta does.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.serve) }

// Close releases the calls that a Fault keeps waiting. The org answers no more calls after it.
func (s *Server) Close() { s.once.Do(func() { close(s.closed) }) }

func (s *Server) now() time.Time { return s.cfg.Clock.Now().UTC() }

// change runs f under the lock and then tells the observer.
func (s *Server) change(f func()) {
	s.mu.Lock()
	f()
	s.mu.Unlock()
	s.cfg.OnChange()
}

func (s *Server) next() int64 {
	s.seq++
	return s.seq
}

type systemClock struct{}

func (systemClock) Now() time.Time                         { return time.Now() }
func (systemClock) After(d time.Duration) <-chan time.Time { return time.After(d) }
