package workflow

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
)

// Week is what happened in the last seven days.
type Week struct {
	Since     time.Time
	Asked     int
	Approved  int
	Denied    int
	Ended     int
	ByHand    int           // changes a person had to make
	Answer    time.Duration // median from asking to the last yes; zero if there was none
	RevokeLag time.Duration // median from the end of access to seeing it gone
	WorstLag  time.Duration
	Removals  int
}

// Week counts the last seven days. Only IT may see it.
func (s *Service) Week(ctx context.Context, by access.PersonID) (Week, error) {
	if err := s.Oversees(by, ""); err != nil {
		return Week{}, err
	}
	since := s.Clock.Now().Add(-catalog.Week)
	marks, err := s.week.since(ctx, s.Store, since)
	if err != nil {
		return Week{}, fmt.Errorf("count the week: %w", err)
	}
	return countWeek(marks, since), nil
}

// tally remembers what is needed of the events of a week, so that counting them
// reads only what is new.
type tally struct {
	mu    sync.Mutex
	seq   uint64
	marks []mark
}

type mark struct {
	at      time.Time
	kind    access.EventKind
	request string
	grant   string
}

// since gives the marks not older than a moment, oldest first.
func (t *tally) since(ctx context.Context, s store.Store, since time.Time) ([]mark, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	err := s.View(ctx, func(tx store.Tx) error {
		head, ok, err := tx.Head()
		if err != nil || !ok {
			return err
		}
		if t.seq == 0 {
			if t.seq, err = firstSince(tx, head.Seq, since); err != nil {
				return err
			}
		}
		return t.read(tx, head.Seq)
	})
	old := slices.IndexFunc(t.marks, func(m mark) bool { return !m.at.Before(since) })
	if old < 0 {
		old = len(t.marks)
	}
	t.marks = slices.Delete(t.marks, 0, old)
	return slices.Clone(t.marks), err
}

const eventPage = 1000

// firstSince finds, from the end of the log, an event before the moment.
func firstSince(tx store.Tx, head uint64, since time.Time) (uint64, error) {
	for at := head; at > eventPage; {
		at -= eventPage
		page, err := tx.Events(store.Filter{}, at, 1)
		if err != nil || len(page) > 0 && page[0].At.Before(since) {
			return at, err
		}
	}
	return 0, nil
}

func (t *tally) read(tx store.Tx, head uint64) error {
	for t.seq < head {
		page, err := tx.Events(store.Filter{}, t.seq, eventPage)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, e := range page {
			t.seq = e.Seq
			t.marks = append(t.marks, mark{e.At, e.Kind, e.Request, e.Grant})
		}
	}
	return nil
}

func countWeek(marks []mark, since time.Time) Week {
	w := Week{Since: since}
	asked, ending := map[string]time.Time{}, map[string]time.Time{}
	var answers, lags []time.Duration
	for _, m := range marks {
		switch m.kind {
		case access.EventSubmitted:
			w.Asked++
			asked[m.request] = m.at
		case access.EventGrantStarted:
			w.Approved++
			if at, ok := asked[m.request]; ok {
				answers = append(answers, m.at.Sub(at))
			}
		case access.EventDenied:
			w.Denied++
		case access.EventFulfilled:
			w.ByHand++
		case access.EventEnding:
			w.Ended++
			ending[m.grant] = m.at
		case access.EventMemberRemoved:
			if at, ok := ending[m.grant]; ok {
				lags = append(lags, m.at.Sub(at))
			}
		}
	}
	w.Answer, w.RevokeLag, w.Removals = median(answers), median(lags), len(lags)
	if len(lags) > 0 {
		w.WorstLag = slices.Max(lags)
	}
	return w
}

func median(in []time.Duration) time.Duration {
	if len(in) == 0 {
		return 0
	}
	slices.Sort(in)
	return in[len(in)/2]
}
