package jira

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"latchkey/sandbox/jira/world"
	"latchkey/sandbox/traffic"
)

// bodyLimit is the largest request body the site reads.
const bodyLimit = 32 << 20

// Server is the emulated site. Its methods may be called from any goroutine.
type Server struct {
	cfg    *Config
	routes []route
	log    *traffic.Log[Call]
	faults *faults
	limits *limits
	done   chan struct{}
	// What the client did: Stats counts calls by "METHOD /path/{template}".
	// Violations are unknown routes, missing opt-in headers, bodies that cannot be
	// read, removed calls, exceeded limits.
	traffic.Reader[Call]
	once sync.Once

	*world.World
	tasks map[string]obj // finished bulk operations, under the world's lock
}

// obj is a JSON object under construction.
type obj = map[string]any

// New returns a site with one service project, one request type and the bot's
// account.
func New(cfg Config) *Server {
	cfg = cfg.withDefaults()
	s := &Server{cfg: &cfg, log: traffic.New[Call](callHistory), faults: &faults{}, limits: newLimits(), done: make(chan struct{})}
	s.Reader = s.log
	s.routes = allRoutes()
	s.World = world.New(cfg.settings())
	s.tasks = map[string]obj{}
	return s
}

// Handler serves the site's REST API.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.serve) }

// Close ends all delays. Calls under way are answered or cut.
func (s *Server) Close() { s.once.Do(func() { close(s.done) }) }

func (s *Server) serve(rw http.ResponseWriter, r *http.Request) {
	started := s.cfg.Clock.Now()
	path, ok := s.sitePath(r.URL.Path)
	rt, vars := s.match(r.Method, path)
	if !ok || rt == nil {
		s.unknown(rw, r)
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, bodyLimit))
	if err != nil {
		return
	}
	c := &call{s: s, r: r, route: rt, path: path, vars: vars, body: body, query: r.URL.Query(), base: s.base(r),
		v2: strings.HasPrefix(path, "/rest/api/2/")}
	f := s.faults.take(c, started)
	out := s.answer(c, f)
	s.log.Count(r.Method + " " + rt.template(c.v2))
	s.log.Add(Call{At: started, Method: r.Method, Path: path, Query: r.URL.RawQuery, Template: rt.template(c.v2),
		Status: out.status, Account: c.callerID(), Fault: f.describe()})
	if out.drop {
		drop(rw)
		return
	}
	out.write(rw)
}

// answer applies the fault around the real work.
func (s *Server) answer(c *call, f *Fault) wire {
	if f == nil {
		return s.perform(c)
	}
	var done wire
	if f.Frozen {
		c.firstPage()
	}
	if f.Short > 0 {
		c.shorten(f.Short)
	}
	if f.commits() {
		done = s.perform(c)
	}
	if f.Empty {
		done.empty()
	}
	if !s.wait(c.r, f.Delay) || f.Drop {
		return wire{drop: true}
	}
	if f.Status != 0 {
		return f.wire(c, s.cfg.Clock.Now())
	}
	return done
}

func (s *Server) wait(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	select {
	case <-s.cfg.Clock.After(d):
		return true
	case <-r.Context().Done():
	case <-s.done:
	}
	return false
}

// perform does the call's work under the lock.
func (s *Server) perform(c *call) wire {
	var out wire
	// The problem of a refused call is part of out.
	_ = s.Update(func(site *world.State) error {
		c.site = site
		rep, err := c.run()
		out = c.encode(rep, err)
		return nil
	})
	return out
}

// sitePath strips the gateway's prefix /ex/jira/{cloudId}.
func (s *Server) sitePath(path string) (string, bool) {
	rest, ok := strings.CutPrefix(path, "/ex/jira/")
	if !ok {
		return path, true
	}
	id, rest, _ := strings.Cut(rest, "/")
	return "/" + rest, id == s.cfg.CloudID
}

func (s *Server) base(r *http.Request) string {
	if s.cfg.BaseURL != "" {
		return strings.TrimSuffix(s.cfg.BaseURL, "/")
	}
	return "http://" + r.Host
}

func (s *Server) unknown(rw http.ResponseWriter, r *http.Request) {
	s.violation("%s %s is not modelled", r.Method, r.URL.Path)
	s.log.Count(r.Method + " " + r.URL.Path)
	s.log.Add(Call{At: s.cfg.Clock.Now(), Method: r.Method, Path: r.URL.Path, Template: r.URL.Path, Status: http.StatusNotImplemented})
	p := refuse(http.StatusNotImplemented, "%s %s is not modelled by this Jira emulator.", r.Method, r.URL.Path)
	body, err := json.Marshal(p.platform())
	if err != nil {
		return
	}
	wire{status: p.status, body: body}.write(rw)
}

func (s *Server) violation(format string, args ...any) {
	s.cfg.Logf("jira: "+format, args...)
	s.log.Violate(fmt.Sprintf(format, args...))
}

func drop(rw http.ResponseWriter) {
	conn, _, err := http.NewResponseController(rw).Hijack()
	if err != nil {
		rw.WriteHeader(http.StatusBadGateway)
		return
	}
	_ = conn.Close() // the point is that the peer sees the connection end
}

// wire is an answer ready to be sent.
type wire struct {
	status int
	header http.Header
	body   []byte
	drop   bool
}

func (o wire) write(rw http.ResponseWriter) {
	for k, v := range o.header {
		rw.Header()[k] = slices.Clone(v)
	}
	if len(o.body) > 0 && rw.Header().Get("Content-Type") == "" {
		rw.Header().Set("Content-Type", "application/json;charset=UTF-8")
	}
	if o.status != http.StatusNoContent {
		rw.Header().Set("Content-Length", strconv.Itoa(len(o.body)))
	}
	rw.WriteHeader(o.status)
	_, _ = rw.Write(o.body) // a client that hung up is not our error
}
