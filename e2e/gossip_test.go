package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"
)

// gossip stands before a service and, of some calls, repeats in its refusal everything that it was called with: headers,
// address and form. There are proxies that do.
type gossip struct {
	next   *httputil.ReverseProxy
	refuse atomic.Value // a func(*http.Request) bool
	status int
	answer func(heard string) string
	spoke  atomic.Int64

	mu      sync.Mutex
	tickets []string // that were handed out in an address, as Slack does, or in exchange for a key, and were signed in with
}

func newGossip(t *testing.T, to string, status int, answer func(string) string) (*gossip, string) {
	t.Helper()
	at, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	g := &gossip{status: status, answer: answer, next: &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = at.Scheme, at.Host, at.Host
	}}}
	g.next.ModifyResponse = g.overhear
	g.never()
	s := httptest.NewServer(g)
	t.Cleanup(s.Close)
	return g, s.URL + at.Path
}

func (g *gossip) never() { g.refuse.Store(func(*http.Request) bool { return false }) }

// always has every call refused.
func (g *gossip) always() { g.refuse.Store(func(*http.Request) bool { return true }) }

// once has the next call to a path refused, once.
func (g *gossip) once(part string) {
	var done atomic.Bool
	g.refuse.Store(func(r *http.Request) bool {
		return strings.Contains(r.URL.Path, part) && r.Method != http.MethodGet && done.CompareAndSwap(false, true)
	})
}

// ticket is the secret in the address of a socket.
var ticket = regexp.MustCompile(`ticket=([^&"\\]+)`)

// overhear keeps the tickets of an answer.
func (g *gossip) overhear(resp *http.Response) error {
	if !strings.HasSuffix(resp.Request.URL.Path, "apps.connections.open") {
		return nil
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body = io.NopCloser(bytes.NewReader(body))
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, m := range ticket.FindAllSubmatch(body, -1) {
		g.tickets = append(g.tickets, string(m[1]))
	}
	return err
}

// ServeHTTP implements http.Handler.
func (g *gossip) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if refuse, _ := g.refuse.Load().(func(*http.Request) bool); !refuse(r) {
		g.next.ServeHTTP(w, r)
		return
	}
	body, _ := io.ReadAll(r.Body) // what it says is nobody's matter
	heard := fmt.Sprintf("%s %s Authorization: %s %s", r.Method, r.URL, r.Header.Get("Authorization"), body)
	g.spoke.Add(1)
	if token, bears := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); bears {
		g.mu.Lock()
		g.tickets = append(g.tickets, token)
		g.mu.Unlock()
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(g.status)
	fmt.Fprint(w, g.answer(heard))
}

func quoted(s string) string {
	text, _ := json.Marshal(s) // a string always can be
	return string(text)
}

// gossipingDatabase is a PostgreSQL, or a pooler before one, that takes no password and repeats the one that it was told.
func gossipingDatabase(t *testing.T) (address string, spoke *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	spoke = &atomic.Int64{}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				defer c.Close()
				if repeatPassword(c) == nil {
					spoke.Add(1)
				}
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		serving.Wait()
	})
	return l.Addr().String(), spoke
}

// repeatPassword asks for the password in the clear, and says no with it.
func repeatPassword(c net.Conn) error {
	b := pgproto3.NewBackend(c, c)
	if _, err := b.ReceiveStartupMessage(); err != nil {
		return err
	}
	b.Send(&pgproto3.AuthenticationCleartextPassword{})
	if err := b.Flush(); err != nil {
		return err
	}
	if err := b.SetAuthType(pgproto3.AuthTypeCleartextPassword); err != nil {
		return err
	}
	said, err := b.Receive()
	if err != nil {
		return err
	}
	password, ok := said.(*pgproto3.PasswordMessage)
	if !ok {
		return fmt.Errorf("it was told %T", said)
	}
	b.Send(&pgproto3.ErrorResponse{Severity: "FATAL", Code: "28P01", Message: "password authentication failed for latchkey with " + password.Password})
	return b.Flush()
}
