// Package issue writes the issue of a request: it opens it, records each event
// as a comment, a status and properties, comments, links and labels it, and passes
// decisions on to Jira's own approvals.
//
// Jira offers no idempotency key. So the request's id stands in the summary of its
// issue, every comment carries the id of its event as a property, and after an
// attempt of unknown outcome the writer looks before it writes again.
package issue

import (
	"strings"
	"sync/atomic"
	"time"

	"latchkey/jira/rest"
	"latchkey/jira/site"
	"latchkey/jira/transition"
)

// Writer writes issues. It is safe for concurrent use; records of one request should be
// written one after the other.
type Writer struct {
	api         *rest.Client
	sites       *site.Discoverer
	accounts    *site.Accounts
	moves       *transition.Mover
	revocation  string // the type of link of a revocation; empty: relates
	lost        *finder
	comments    Comments
	properties  *Properties
	approvals   approvals
	positions   *rest.Cache[position] // issue id -> the status it was seen in last
	shown       *rest.Cache[string]   // issue id -> what its fields are known to show
	halfWritten *rest.Cache[bool]     // issue id and event id -> a record that is half written
	moved       atomic.Int64          // when an issue was last seen moved by others, in Unix seconds
}

// Config is what a writer is made of.
type Config struct {
	API      *rest.Client
	Sites    *site.Discoverer
	Accounts *site.Accounts
	Moves    *transition.Mover
	// Lag is how long after an unclear create it must stay certain that no issue exists before another one is made.
	Lag            time.Duration
	RevocationLink string // the type of link between a revocation and what it belongs to; empty: relates
}

// New makes a writer.
func New(c Config) *Writer {
	api := c.API
	return &Writer{
		api: api, sites: c.Sites, accounts: c.Accounts, moves: c.Moves, revocation: strings.TrimSpace(c.RevocationLink),
		lost:     &finder{api: api, sites: c.Sites, lag: c.Lag, born: api.Now(), tried: rest.NewCache[time.Time]()},
		comments: Comments{api}, properties: NewProperties(api), approvals: approvals{api, c.Accounts},
		positions: rest.NewCache[position](), shown: rest.NewCache[string](), halfWritten: rest.NewCache[bool](),
	}
}

// StatusSeen notes in which status an issue was seen. One that somebody else moved is
// looked at again before the next record. Where that happens, a comment may have moved
// an issue by the desk's rules: for a day no status is believed after one.
func (w *Writer) StatusSeen(issue, status string) {
	if p, ok := w.positions.Get(issue); ok && p.status != status {
		w.positions.Drop(issue)
		w.moved.Store(w.api.Now().Unix())
	}
}

// movedLately tells whether issues were lately moved by others.
func (w *Writer) movedLately() bool {
	return w.api.Now().Sub(time.Unix(w.moved.Load(), 0)) < 24*time.Hour
}
