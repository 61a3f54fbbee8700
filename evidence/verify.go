package evidence

import (
	"context"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// page is how many events are read at once.
const page = 1000

// Verification is what came of walking the log's hash chain.
type Verification struct {
	Events int    `json:"events"` // that were checked and are whole
	Head   string `json:"head,omitempty"`
	// HeadEvent and HeadAt are the last whole event. Its hash is also in the
	// Jira issue it belongs to, where nobody can change it along with the log.
	HeadEvent string    `json:"head_event,omitempty"`
	HeadAt    time.Time `json:"head_at,omitzero"`
	HeadIssue string    `json:"head_issue,omitempty"`
	Broken    string    `json:"broken,omitempty"` // the first fault; empty if there is none
	// Rebuilt is what the log says about itself if it was rebuilt from Jira: the
	// chain begins there, and the events before it are told anew.
	Rebuilt string `json:"rebuilt,omitempty"`
}

// Whole reports whether no event was altered, removed or put in between.
func (v Verification) Whole() bool { return v.Broken == "" }

// Verify walks the log from its first event to its last and recomputes every
// hash. A fault is no error: it is in the result.
func Verify(ctx context.Context, s store.Store) (Verification, error) {
	var v Verification
	last, more := access.Event{}, true
	for more && v.Whole() {
		err := s.View(ctx, func(tx store.Tx) error {
			events, err := tx.Events(store.Filter{}, last.Seq, page)
			if err != nil {
				return err
			}
			more = len(events) > 0
			last = v.follow(last, events)
			return nil
		})
		if err != nil {
			return v, err
		}
	}
	return v, v.anchor(ctx, s, last)
}

// follow checks a stretch of the log and returns its last whole event.
func (v *Verification) follow(last access.Event, events []access.Event) access.Event {
	for _, e := range events {
		if err := e.Verify(last.Hash); err != nil {
			v.Broken = err.Error()
			return last
		}
		last = e
		v.Events++
		if e.Kind == access.EventLogRebuilt {
			v.Rebuilt = e.Note
		}
	}
	return last
}

// anchor names the last whole event and the issue that knows its hash too.
func (v *Verification) anchor(ctx context.Context, s store.Store, last access.Event) error {
	if last.Seq == 0 {
		return nil
	}
	v.Head, v.HeadEvent, v.HeadAt = last.Hash, last.ID(), last.At
	return s.View(ctx, func(tx store.Tx) error {
		head, ok, err := tx.Head()
		if err == nil && ok && v.Whole() && head.Seq < last.Seq {
			v.Broken = "the store's head lies before the last event: the log was cut"
		}
		if err != nil || last.Request == "" {
			return err
		}
		r, err := store.Request(tx, last.Request)
		v.HeadIssue = r.Issue.Key
		return orAbsent(err)
	})
}
