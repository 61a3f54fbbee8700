package evidence

import (
	"maps"
	"slices"
	"sort"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// Recent counts what happened in a period that moves on, such as the last seven
// days, and remembers what it needs of the events: counting again reads only what
// is new. It counts any other period as well, from the beginning. The zero value
// is ready, and safe for concurrent use.
type Recent struct {
	mu       sync.Mutex
	begun    bool
	from     time.Time // events before it are forgotten
	after    uint64    // number of the last event that was read
	marks    []mark
	requests map[string]requestFigures // as they stood after the last event about them
	grants   map[string]grantFigures
}

// mark is what counts of one event.
type mark struct {
	at      time.Time
	kind    access.EventKind
	request string
	grant   string

	stage int // of an answer that somebody gave
	on    access.Surface
}

type requestFigures struct {
	known            bool
	state            access.RequestState
	created, decided time.Time
	stages           []access.Stage
}

type grantFigures struct {
	created, started, finished time.Time
	asked                      bool // somebody asked for it
	removed                    bool // access was taken away
	lag                        time.Duration
}

// Report are the figures of a period, from the log and the records it points to.
func (r *Recent) Report(tx store.Tx, p Period) (Report, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.begin(tx, p); err != nil {
		return Report{}, err
	}
	if err := r.read(tx); err != nil {
		return Report{}, err
	}
	return r.count(tx, p)
}

// begin forgets what lies before the period, or everything where the period
// reaches further back than what is remembered.
func (r *Recent) begin(tx store.Tx, p Period) (err error) {
	if r.begun && !p.From.Before(r.from) {
		old := slices.IndexFunc(r.marks, func(m mark) bool { return !m.at.Before(p.From) })
		if old < 0 {
			old = len(r.marks)
		}
		for _, m := range r.marks[:old] {
			r.changed(m)
		}
		r.marks, r.from = slices.Delete(r.marks, 0, old), p.From
		return nil
	}
	r.marks, r.requests, r.grants = nil, map[string]requestFigures{}, map[string]grantFigures{}
	r.after, err = firstIn(tx, p)
	r.begun, r.from = err == nil, p.From
	return err
}

func (r *Recent) read(tx store.Tx) error {
	return each(tx, store.Filter{}, r.after, func(e access.Event) error {
		m := mark{at: e.At, kind: e.Kind, request: e.Request, grant: e.Grant}
		if given(e) {
			m.stage, m.on = e.Stage, e.Actor.Surface()
		}
		r.after, r.marks = e.Place, append(r.marks, m)
		r.changed(m)
		return nil
	})
}

// changed has what an event is about looked at anew.
func (r *Recent) changed(m mark) {
	delete(r.requests, m.request)
	delete(r.grants, m.grant)
}

func (r *Recent) count(tx store.Tx, p Period) (Report, error) {
	c := count{report: Report{Period: p, Requests: map[access.RequestState]int{}}}
	grants := map[string]bool{} // that something happened to
	for _, m := range r.marks {
		if !p.contains(m.at) {
			continue
		}
		if m.grant != "" {
			grants[m.grant] = true
		}
		if err := r.event(tx, &c, m); err != nil {
			return c.report, err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(grants)) {
		g, err := r.grant(tx, id)
		if err != nil {
			return c.report, err
		}
		c.grant(g)
	}
	return c.finish(), nil
}

func (r *Recent) event(tx store.Tx, c *count, m mark) error {
	switch m.kind {
	case access.EventSubmitted:
		q, err := r.request(tx, m.request)
		if c.submitted(q); q.known {
			c.ticket(m.request)
		}
		return err
	case access.EventApproved, access.EventDenied:
		q, err := r.request(tx, m.request)
		c.answered(m, q)
		return err
	case access.EventFulfilled:
		c.report.Fulfilled++
		c.touch(m.request)
	case access.EventRetried, access.EventTaskResumed:
		c.report.Retries++
		c.touch(m.request)
	case access.EventIssueDrift:
		c.report.Drift++
	}
	return nil
}

func (r *Recent) request(tx store.Tx, id string) (requestFigures, error) {
	if f, known := r.requests[id]; known {
		return f, nil
	}
	q, err := store.Request(tx, id)
	f := requestFigures{err == nil, q.State, q.Created, q.Decided, q.Stages}
	if err := orAbsent(err); err != nil {
		return f, err
	}
	r.requests[id] = f
	return f, nil
}

func (r *Recent) grant(tx store.Tx, id string) (grantFigures, error) {
	if f, known := r.grants[id]; known {
		return f, nil
	}
	g, err := store.Grant(tx, id)
	f := grantFigures{created: g.Created, started: g.Started, finished: g.Finished, asked: g.Source == access.SourceRequested || g.Source == access.SourceBreakGlass}
	if err == nil && !g.Finished.IsZero() {
		f.lag, f.removed, err = RevokeLag(tx, g)
	}
	if err := orAbsent(err); err != nil {
		return f, err
	}
	r.grants[id] = f
	return f, nil
}

// firstIn is the place of the last event before the period.
func firstIn(tx store.Tx, p Period) (uint64, error) {
	size, err := tx.Size()
	if err != nil {
		return 0, err
	}
	n := sort.Search(int(size), func(i int) bool {
		events, fault := store.Events(tx, store.Filter{}, uint64(i), 1)
		if fault != nil {
			err = fault
		}
		return fault != nil || len(events) > 0 && !events[0].At.Before(p.From)
	})
	return uint64(n), err
}
