package bolt

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"

	"latchkey/access"
	"latchkey/store"
)

// Append implements store.Log.
func (t *tx) Append(e access.Event) (access.Event, error) {
	if err := t.mayWrite(); err != nil {
		return access.Event{}, err
	}
	if err := plain("request, person or app of an event", e.Request, string(e.Person), e.App); err != nil {
		return access.Event{}, err
	}
	return eventlog{t.batch}.append(e)
}

// Events implements store.Log.
func (t *tx) Events(f store.Filter, after uint64, limit int) ([]access.Event, error) {
	if err := t.mayRead(); err != nil {
		return nil, err
	}
	return eventlog{t.batch}.find(f, after, limit)
}

// Head implements store.Log.
func (t *tx) Head() (access.Event, bool, error) {
	if err := t.mayRead(); err != nil {
		return access.Event{}, false, err
	}
	return eventlog{t.batch}.head()
}

// eventlog is all that knows where events are kept, as JSON, because that is
// what their hashes are taken of: the newest in the main file, older ones in
// sealed stretches beside it (seal.go).
type eventlog struct{ *batch }

// link is the end of the chain: where the next event goes.
type link struct {
	seq  uint64 // 0 while the log is empty
	hash string
}

func (l eventlog) append(e access.Event) (access.Event, error) {
	end, err := l.end()
	if err != nil {
		return access.Event{}, err
	}
	if e, err = e.Seal(end.seq+1, end.hash); err != nil {
		return access.Event{}, err
	}
	body, err := json.Marshal(e)
	if err != nil {
		return access.Event{}, fmt.Errorf("encode event %d: %w", e.Seq, err)
	}
	if err := l.put(events, seqKey(e.Seq), body); err != nil {
		return access.Event{}, err
	}
	l.last = &link{e.Seq, e.Hash}
	return e, l.mark(e)
}

// mark makes the event findable by those it is about.
func (l eventlog) mark(e access.Event) error {
	for _, f := range []store.Filter{{Request: e.Request}, {Person: e.Person}, {Person: e.Person, App: e.App}} {
		trail := trailOf(f)
		if trail == nil {
			continue
		}
		if err := l.put(trails, withSeq(trail, e.Seq), nil); err != nil {
			return err
		}
	}
	return nil
}

// trailOf is where the numbers of the events that match a filter are kept; nil
// for the filter that matches all.
func trailOf(f store.Filter) []byte {
	switch {
	case f.Request != "":
		return key("request", f.Request)
	case f.Person != "" && f.App != "":
		return key("app", string(f.Person), f.App)
	case f.Person != "":
		return key("person", string(f.Person))
	}
	return nil
}

// head is the last event; ok is false while there is none.
func (l eventlog) head() (e access.Event, ok bool, err error) {
	k, raw := l.in(events).Cursor().Last()
	if k == nil {
		return access.Event{}, false, nil
	}
	e, err = decodeEvent(seqOf(k), raw)
	return e, err == nil, err
}

// end finds the end of the chain and remembers it for the rest of the batch.
func (l eventlog) end() (link, error) {
	if l.last != nil {
		return *l.last, nil
	}
	e, _, err := l.head()
	if err != nil {
		return link{}, err
	}
	l.last = &link{e.Seq, e.Hash}
	return *l.last, nil
}

func (l eventlog) find(f store.Filter, after uint64, limit int) ([]access.Event, error) {
	if err := checkFilter(f); err != nil {
		return nil, err
	}
	var found []access.Event
	for seq := range l.numbers(f, after) {
		if len(found) >= limit {
			break
		}
		raw, err := l.raw(seq)
		if err != nil {
			return nil, err
		}
		if raw == nil {
			return found, l.missing(f, seq)
		}
		e, err := decodeEvent(seq, raw)
		if err != nil {
			return nil, err
		}
		found = append(found, e)
	}
	return found, nil
}

// missing tells whether an event that isn't there ought to be: one that a trail
// leads to, or one before the end of the log.
func (l eventlog) missing(f store.Filter, seq uint64) error {
	end, _, err := l.head()
	if err == nil && (trailOf(f) != nil || seq < end.Seq) {
		err = fmt.Errorf("event %d is missing from the log: %w", seq, errDamaged)
	}
	return err
}

// numbers are those of the events that match a filter, in order. Without a
// filter they go on for ever.
func (l eventlog) numbers(f store.Filter, after uint64) iter.Seq[uint64] {
	trail := trailOf(f)
	return func(yield func(uint64) bool) {
		switch {
		case f.Seq != 0:
			yield(f.Seq)
		case trail == nil:
			for seq := after + 1; yield(seq); seq++ {
			}
		default:
			for k := range l.scan(trails, trail, withSeq(bytes.Clone(trail), after)) {
				if seq := seqOf(k); seq > after && !yield(seq) {
					return
				}
			}
		}
	}
}

// raw is an event as it was written; nil if there is none of that number.
func (l eventlog) raw(seq uint64) ([]byte, error) {
	if body := l.get(events, seqKey(seq)); body != nil {
		return body, nil
	}
	return l.sealedEvent(seq)
}

// checkFilter refuses filters that ask for two things at once, and an app
// without a person.
func checkFilter(f store.Filter) error {
	given := 0
	for _, on := range []bool{f.Request != "", f.Seq != 0, f.Person != ""} {
		if on {
			given++
		}
	}
	if given > 1 || f.App != "" && f.Person == "" {
		return fmt.Errorf("store: an event filter takes a request, a number, or a person with or without an app; got %+v", f)
	}
	return nil
}

func decodeEvent(seq uint64, raw []byte) (access.Event, error) {
	var e access.Event
	if err := json.Unmarshal(raw, &e); err != nil {
		return access.Event{}, fmt.Errorf("event %d can't be read back: %w", seq, err)
	}
	return e, nil
}
