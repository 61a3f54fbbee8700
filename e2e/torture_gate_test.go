package e2e

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strings"
)

// callerKey finds the life of the bot that opened a connection.
type callerKey struct{}

// gate stands before one vendor. There the bot can be killed when its call has
// arrived, and when it has been carried out but not answered. A call of a bot
// that has been killed meanwhile is still carried out, as it would be in life,
// unless the next bot is there already.
func (w *torture) gate(vendor string, inner http.Handler) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		v, _ := r.Context().Value(callerKey{}).(*victim)
		if !w.enter(v) {
			panic(http.ErrAbortHandler)
		}
		if r.Header.Get("Upgrade") != "" { // a socket, which lasts
			v.calls.Done()
			inner.ServeHTTP(out, r)
			return
		}
		defer v.calls.Done()
		label := vendor + " " + r.Method + " " + unnamed(r.URL.Path)
		if !w.doomed(v) && w.dies(v, "before "+label) {
			panic(http.ErrAbortHandler)
		}
		held := &heldWriter{ResponseWriter: out, status: http.StatusOK}
		inner.ServeHTTP(held, r)
		if held.hijacked {
			return
		}
		if vendor == "slack" { // the bot's own log tells the other vendors' calls
			fmt.Fprintf(w.log, "---- %s: %d %.200s\n", label, held.status, held.body.String())
		}
		if w.dies(v, "after "+label) {
			panic(http.ErrAbortHandler)
		}
		held.release()
	})
}

// enter lets the calls of the present bot in.
func (w *torture) enter(v *victim) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if v == nil || v != v.of.now || v.life.Err() != nil {
		return false
	}
	v.calls.Add(1)
	return true
}

func (w *torture) doomed(v *victim) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return v.doom
}

// unnamed is the path without the names of things.
func unnamed(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if named.MatchString(p) {
			parts[i] = "{}"
		}
	}
	return strings.Join(parts, "/")
}

var named = regexp.MustCompile(`@|^[A-Z]+-?\d*$|^\d\d+$|^00`)

// heldWriter keeps an answer back.
type heldWriter struct {
	http.ResponseWriter
	status   int
	body     bytes.Buffer
	hijacked bool
}

func (h *heldWriter) WriteHeader(status int)      { h.status = status }
func (h *heldWriter) Write(b []byte) (int, error) { return h.body.Write(b) }

// Hijack lets a vendor cut the connection.
func (h *heldWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	h.hijacked = true
	return http.NewResponseController(h.ResponseWriter).Hijack()
}

func (h *heldWriter) release() {
	h.ResponseWriter.WriteHeader(h.status)
	_, _ = h.ResponseWriter.Write(h.body.Bytes()) // the caller may have died by itself
}
