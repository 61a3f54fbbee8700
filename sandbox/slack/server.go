package slack

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"latchkey/sandbox/slack/world"
	"latchkey/sandbox/traffic"
)

// Server is one workspace. All methods are safe for concurrent use.
type Server struct {
	cfg     Config
	methods map[string]method
	log     *traffic.Log[Call]

	// What the app did: Stats counts calls per Web API method and, under
	// "envelope:<type>", what was delivered over Socket Mode. Violations are late,
	// doubled or missing acknowledgements, broken limits, ignored Retry-After,
	// unmodelled methods.
	traffic.Reader[Call]

	*world.World // its lock guards what follows
	state        *world.State
	closed       bool
	faults       []*Fault
	misled       map[string]string // what is answered for what is asked
	limits       limiter
	responseURLs map[string]*responseURL
	tickets      map[string]bool
	sockets      []*socket
	base         string // address the last socket came in by
	sent         deliveries
	duplicates   int // envelopes still to be delivered twice

	done chan struct{}
	wg   sync.WaitGroup
}

// New builds a workspace that holds nobody but the app's own bot user. It does
// not listen; serve Handler wherever suits.
func New(cfg Config) *Server {
	cfg = cfg.withDefaults()
	log := traffic.New[Call](maxCalls)
	space := world.New(world.Settings{BotUserID: cfg.BotUserID, BotID: cfg.BotID, Clock: cfg.Clock, OnChange: cfg.OnChange, TriggerLife: cfg.TriggerLife})
	state := space.Lock()
	defer space.Unlock()
	return &Server{
		cfg:     cfg,
		methods: allMethods(),
		World:   space,
		state:   state,
		Reader:  log, log: log,
		limits:       limiter{buckets: map[string]*bucket{}},
		responseURLs: map[string]*responseURL{},
		tickets:      map[string]bool{},
		sent:         deliveries{byID: map[string]*delivery{}},
		done:         make(chan struct{}),
	}
}

// Config returns the configuration in force, defaults filled in, so that a
// test can hand the tokens to a client.
func (s *Server) Config() Config {
	s.lock()
	defer s.unlock()
	return s.cfg
}

// RotateTokens gives the app other tokens; the old ones are refused from then on.
// An empty one stays as it is.
func (s *Server) RotateTokens(bot, app string) {
	s.lock()
	defer s.unlock()
	if bot != "" {
		s.cfg.BotToken = bot
	}
	if app != "" {
		s.cfg.AppToken = app
	}
}

// Waits sets how long Slack waits for an acknowledgement, and lets a trigger be used.
func (s *Server) Waits(d time.Duration) {
	s.lock()
	defer s.unlock()
	s.cfg.AckTimeout = d
	s.state.SetTriggerLife(d)
}

// Handler serves /api/<method>, the Socket Mode link, response URLs and file
// uploads. The addresses it hands out are derived from the request's Host.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/", s.serveAPI)
	mux.HandleFunc("/link/", s.serveLink)
	mux.HandleFunc("/hooks/", s.serveResponseURL)
	mux.HandleFunc("/upload/v1/", s.serveUpload)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.lock()
		s.violate("unmodelled address called: %s", r.URL.Path)
		s.unlock()
		http.Error(w, "the Slack emulator does not model this address", http.StatusNotImplemented)
	})
	return mux
}

// Close cuts all sockets and waits for the emulator's goroutines to end.
func (s *Server) Close() {
	s.lock()
	if s.closed {
		s.unlock()
		return
	}
	s.closed = true
	close(s.done)
	open := slices.Clone(s.sockets)
	s.unlock()
	for _, c := range open {
		c.ws.Close()
	}
	s.wg.Wait()
}

func (s *Server) lock() { s.Lock() }

func (s *Server) unlock() { s.Unlock() }

// start runs f in a goroutine that Close waits for; it refuses after Close.
// The lock must be held; f starts without it.
func (s *Server) start(f func()) {
	if s.closed {
		return
	}
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		f()
	}()
}

// later runs f with the lock held once d has passed on the workspace's clock.
// The lock must be held.
func (s *Server) later(d time.Duration, f func()) {
	due := s.cfg.Clock.After(d)
	s.start(func() {
		select {
		case <-due:
			s.lock()
			f()
			s.unlock()
		case <-s.done:
		}
	})
}

// baseURL is the address the caller reached us under.
func baseURL(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https") {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}
