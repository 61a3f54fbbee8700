package site

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"sync"
	"time"

	"latchkey/sandbox"
	"latchkey/sandbox/harness"
	"latchkey/sandbox/loopback"
)

//go:embed assets
var embedded embed.FS

// Word is something that can be typed after the app's command, and what it does.
type Word struct{ Usage, Does string }

// Site is the page of one world.
type Site struct {
	Harness *harness.Harness
	Bot     Bot    // nil: it can't be stopped from here
	Store   Store  // of the bot; nil: it can't be lost from here
	App     string // what the app is called; empty: Latchkey
	Command string // empty: /access
	Words   []Word
	Apps    []App // that people sign in to
	Tour    []Step

	world  *sandbox.World
	moving sync.Mutex // held while the clock moves

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced when anything changes that isn't the world's
	read     marks
	posts    []post
	faults   map[string]bool
	used     map[string]time.Time // when somebody signed in to an application, from here
	tour     touring
	terminal terminal
	story    []string // what was done, in the harness's words and the page's own
}

// Begin gets the page ready and follows the world until ctx ends.
func (s *Site) Begin(ctx context.Context) {
	s.world = s.Harness.World
	if s.App == "" {
		s.App = "Latchkey"
	}
	if s.Command == "" {
		s.Command = "/access"
	}
	s.changed, s.read, s.faults, s.used = make(chan struct{}), newMarks(), map[string]bool{}, map[string]time.Time{}
	go s.follow(ctx, s.world.Slack.Snapshot().Seq)
}

// Handler serves the page. Begin comes before it.
func (s *Site) Handler() http.Handler {
	assets, err := fs.Sub(embedded, "assets")
	if err != nil {
		panic(err) // it is part of the program
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.serveDocument)
	mux.HandleFunc("GET /live", s.serveLive)
	mux.HandleFunc("POST /act", s.serveAct)
	mux.HandleFunc("POST /suggest", s.serveSuggestions)
	mux.HandleFunc("GET /story", s.serveStory)
	mux.HandleFunc("GET /assets/blocks.css", serveBlockStyle)
	mux.Handle("GET /assets/", http.StripPrefix("/assets/", http.FileServerFS(assets)))
	return loopback.Guard(secured(mux))
}

// policy lets the page load and run nothing but what comes from here as a file of its own: nothing that stands in a text.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types pieces"

func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// touch tells those who look on that something changed.
func (s *Site) touch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.changed)
	s.changed = make(chan struct{})
}

// next is closed at the next change that isn't the world's.
func (s *Site) next() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

func (s *Site) now() time.Time { return s.world.Clock.Now() }
