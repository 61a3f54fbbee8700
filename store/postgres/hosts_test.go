package postgres

import (
	"context"
	"fmt"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"latchkey/config/value"
)

// Whoever let Latchkey in last is tried first: a host of several, an address of a name.
func TestWhoLetInLastIsTriedFirst(t *testing.T) {
	lookup := func(_ context.Context, host string) ([]string, error) {
		return map[string][]string{"a": {"10.0.0.1"}, "b": {"10.0.0.2", "10.0.0.3"}}[host], nil
	}
	for in, want := range map[net.Addr]string{
		&net.TCPAddr{IP: net.IPv4(10, 0, 0, 9), Port: 5432}: "a:5432 b:5433 /run:5433 of b [10.0.0.2 10.0.0.3]",
		&net.TCPAddr{IP: net.IPv4(10, 0, 0, 1), Port: 5432}: "a:5432 b:5433 /run:5433 of b [10.0.0.2 10.0.0.3]",
		&net.TCPAddr{IP: net.IPv4(10, 0, 0, 3), Port: 5433}: "b:5433 a:5432 /run:5433 of b [10.0.0.3 10.0.0.2]",
		&net.UnixAddr{Name: "/run/.s.PGSQL.5433"}:           "/run:5433 a:5432 b:5433 of b [10.0.0.2 10.0.0.3]",
	} {
		h := &hosts{lookup: lookup}
		for _, name := range []string{"a", "b"} {
			if _, err := h.find(t.Context(), name); err != nil {
				t.Fatal(err)
			}
		}
		h.let(in)
		c := &pgconn.Config{Host: "a", Port: 5432, Fallbacks: []*pgconn.FallbackConfig{{Host: "b", Port: 5433}, {Host: "/run", Port: 5433}}}
		h.arrange(c)
		got := fmt.Sprintf("%s:%d", c.Host, c.Port)
		for _, f := range c.Fallbacks {
			got += fmt.Sprintf(" %s:%d", f.Host, f.Port)
		}
		of, err := h.find(t.Context(), "b")
		if got += fmt.Sprintf(" of b %v", of); err != nil || got != want {
			t.Errorf("after %s: %s, want %s: %v", in, got, want, err)
		}
	}
}

// A host is given its time, less of it where there are others, and never more than the address says.
func TestHowLongAHostIsWaitedFor(t *testing.T) {
	for dsn, want := range map[string]time.Duration{
		"postgres://latchkey@db/latchkey?sslmode=prefer":                10 * time.Second,
		"postgres://latchkey@db,standby/latchkey":                       5 * time.Second,
		"postgres://latchkey@db/latchkey?connect_timeout=3":             3 * time.Second,
		"postgres://latchkey@db:1,db:2/latchkey?connect_timeout=1":      time.Second,
		"postgres://latchkey@db,standby/latchkey?connect_timeout=60":    5 * time.Second,
		"postgres://latchkey@db/latchkey?search_path=x&timezone=Asia/X": 10 * time.Second,
	} {
		d, err := newDialer(value.NewSecret(dsn))
		if err != nil {
			t.Fatal(err)
		}
		c := d.config.ConnConfig
		if c.ConnectTimeout != want {
			t.Errorf("%s: %s, want %s", dsn, c.ConnectTimeout, want)
		}
		for name := range c.RuntimeParams {
			if !slices.Contains(fromTheBeginning, name) {
				t.Errorf("%s: %s is asked for from the beginning", dsn, name)
			}
		}
	}
}
