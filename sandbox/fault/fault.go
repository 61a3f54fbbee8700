// Package fault is what the emulated directories share of going wrong: which calls a fault hits and how often, answers
// that no vendor gives, and searches and reads that answer something else than was asked.
package fault

import (
	"errors"
	"fmt"
	"html"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
)

// Armed are the faults of one emulation, in the order in which they were armed. F is what the emulation calls a fault. The
// zero value is ready; it is safe for concurrent use.
type Armed[F any] struct {
	mu   sync.Mutex
	list []*F
}

// Arm adds a fault, until disarm is called.
func (a *Armed[F]) Arm(f F) (disarm func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.list = append(a.list, &f)
	return func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.list = slices.DeleteFunc(a.list, func(o *F) bool { return o == &f })
	}
}

// Clear disarms all.
func (a *Armed[F]) Clear() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.list = nil
}

// Take is the first fault that hits, nil if none does. One that has hit as often as it was to is disarmed; where times is
// 0 it always hits.
func (a *Armed[F]) Take(hits func(*F) bool, times func(*F) *int) *F {
	a.mu.Lock()
	defer a.mu.Unlock()
	at := slices.IndexFunc(a.list, hits)
	if at < 0 {
		return nil
	}
	hit := *a.list[at]
	switch left := times(a.list[at]); {
	case *left == 1:
		a.list = slices.Delete(slices.Clone(a.list), at, at+1)
	case *left > 1:
		*left--
	}
	return &hit
}

// Calls are those that a fault hits.
type Calls struct {
	Method string    // "" is any
	Path   string    // "" is any; "*" stands for one segment, a trailing "/" for everything below
	Writes bool      // only those that change something
	Until  time.Time // when it is over; zero is never
	Cursor string    // only those that ask for a page after the first, by this parameter; "" is any
}

// Hit tells whether a call is one of them.
func (c Calls) Hit(r *http.Request, now time.Time) bool {
	switch {
	case c.Method != "" && c.Method != r.Method, c.Writes && r.Method == http.MethodGet,
		!c.Until.IsZero() && !now.Before(c.Until), c.Cursor != "" && !r.URL.Query().Has(c.Cursor):
		return false
	case c.Path == "":
		return true
	case strings.HasSuffix(c.Path, "/"):
		return strings.HasPrefix(r.URL.Path, c.Path)
	}
	matched, err := path.Match(c.Path, r.URL.Path)
	return err == nil && matched
}

// Waits waits until the answer is due, or the emulation closes; it is false if the caller has gone meanwhile.
func Waits(r *http.Request, due <-chan time.Time, closed <-chan struct{}) bool {
	select {
	case <-due:
		return true
	case <-closed:
		return true
	case <-r.Context().Done():
		return false
	}
}

// Closed tells whether the emulation was closed.
func Closed(closed <-chan struct{}) bool {
	select {
	case <-closed:
		return true
	default:
		return false
	}
}

// Drop closes the connection without an answer.
func Drop(w http.ResponseWriter) error {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return errors.Join(errors.New("only HTTP/1.1 connections can be dropped"), err)
	}
	return conn.Close()
}

// Page answers with a web page, as a proxy does that wants a sign-in.
func Page(w http.ResponseWriter, status int, title string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(max(status, http.StatusOK))
	fmt.Fprint(w, "<!doctype html><html><head><title>"+html.EscapeString(title)+"</title></head><body></body></html>")
}
