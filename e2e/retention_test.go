package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/app"
	"latchkey/config/value"
	"latchkey/evidence"
	"latchkey/sandbox/harness"
	"latchkey/store"
	"latchkey/store/postgres"
	"latchkey/store/postgres/postgrestest"
)

// said is a log, and tells once something stands in it.
type said struct {
	mu   sync.Mutex
	all  bytes.Buffer
	text string
	once sync.Once
	told chan struct{}
}

func (s *said) Write(line []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if strings.Contains(string(line), s.text) {
		s.once.Do(func() { close(s.told) })
	}
	return s.all.Write(line)
}

// keepingOld is a company whose log is in a database, in parts of sixteen events, and which keeps those of more than an hour ago
// elsewhere.
func keepingOld(t *testing.T, log io.Writer) *company {
	t.Helper()
	server := postgrestest.Start(t)
	server.Elsewhere(t, "cold")
	dsn := server.Database(t)
	c, err := foundOn(dsn, nil, t.TempDir(), log, func(h *app.Hooks) {
		opened := h.Store
		h.Store = func(usual store.Store) store.Store {
			small, err := postgres.Open(context.WithoutCancel(t.Context()), postgres.Settings{DSN: value.NewSecret(dsn)}, postgres.Options{Partition: 16})
			if err = errors.Join(err, usual.Close()); err != nil {
				t.Error(err)
				return opened(usual)
			}
			return opened(small)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.close(); err != nil {
			t.Error(err)
		}
	})
	if err := c.stop(); err != nil {
		t.Fatal(err)
	}
	settings := c.config.Store.Settings.(postgres.Settings)
	settings.Retention = postgres.Retention{After: time.Hour, To: "cold"}
	c.config.Store.Settings = settings
	c.boot()
	return c
}

// parts are where the parts of the log are.
func (c *company) parts(t *testing.T) (where []string) {
	t.Helper()
	parted, ok := (*c.store.Load()).(store.Parted)
	if !ok {
		t.Fatal("the store that the bot uses has no parts")
	}
	all, err := parted.Parts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		where = append(where, p.Where)
	}
	return where
}

// asksOn has one after the other ask and be let in, until a channel is closed, and counts them.
func (c *company) asksOn(t *testing.T, until <-chan struct{}) (asked int) {
	for _, who := range []string{"omar", "sam", "tom", "lena", "noor", "maya"} {
		for _, line := range []string{"slack %s '/access figma viewer'", "slack %s submit for=6h reason=Looking", "okta has figma-viewers %s"} {
			words, err := harness.Line(fmt.Sprintf(line, who))
			if err == nil {
				_, err = c.tell.Do(context.Background(), words...)
			}
			if err != nil {
				t.Errorf("%s, %s: %v", line, who, err)
				return asked
			}
		}
		asked++
		select {
		case <-until:
			return asked
		default:
		}
	}
	return asked
}

// TestOldEventsAreMovedByNightWhileRequestsGoOn: they lie elsewhere then, the story of an old request is whole, the log verifies, and
// nobody who asks meanwhile notices.
func TestOldEventsAreMovedByNightWhileRequestsGoOn(t *testing.T) {
	log := &said{text: "old events were moved", told: make(chan struct{})}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(notable(log.all.String()))
		}
	})
	c := keepingOld(t, log)
	c.live(t, 6)
	if where := c.parts(t); strings.Join(where, "") != "" || len(where) < 2 {
		t.Fatalf("before the night the parts are in %q", where)
	}
	asked, over := make(chan int), make(chan struct{})
	go func() { asked <- c.asksOn(t, over) }()
	c.do(t, "clock +12h") // past half past two
	select {
	case <-log.told:
	case <-time.After(timeout):
		t.Error("nothing was moved")
	}
	close(over)
	if n := <-asked; n == 0 {
		t.Error("nobody asked meanwhile")
	}
	if where := c.parts(t); where[0] != "cold" || where[len(where)-1] != "" {
		t.Errorf("after it the parts are in %q", where)
	}
	c.do(t, "slack maya '/access'")
	c.do(t, "slack maya submit app=figma role=editor for=6h reason='The day after.'")
	c.do(t, "slack noor click Approve")
	c.do(t, "okta has figma-editors maya")

	s := *c.store.Load()
	if v, err := evidence.Verify(t.Context(), s); err != nil || v.Broken != "" || v.Events < 17 {
		t.Errorf("the log: %+v, %v", v, err)
	}
	err := s.View(t.Context(), func(tx store.Tx) error {
		all, err := store.AllRequests(tx, "", 100)
		for _, r := range all {
			whole(t, tx, r)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// whole wants each event of a request's story to be there, from the first one on.
func whole(t *testing.T, tx store.Tx, r access.Request) {
	t.Helper()
	story, err := store.Story(tx, store.Filter{Subject: access.RequestSubject(r.ID)})
	if err != nil || len(story) < 3 || story[0].Kind != access.EventSubmitted {
		t.Errorf("the story of %s has %d events: %v", r.Label(), len(story), err)
	}
	for i, e := range story {
		if e.N != uint64(i+1) {
			t.Errorf("number %d in the story of %s is in the place of number %d", e.N, r.Label(), i+1)
		}
	}
}
