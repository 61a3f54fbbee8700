package postgres

import (
	"context"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

const (
	// connecting is how long it may take to connect, and then to make a session what it has to be.
	connecting = 10 * time.Second
	// connectingToEach is how long it may take where there are several hosts: of a pair, the one that is
	// gone may be the first, and silent.
	connectingToEach = 5 * time.Second
)

// patience is how long a host is given to let Latchkey in. What the address says counts if it is less.
func patience(c *pgconn.Config) time.Duration {
	most := connecting
	if slices.ContainsFunc(c.Fallbacks, func(f *pgconn.FallbackConfig) bool { return f.Host != c.Host || f.Port != c.Port }) {
		most = connectingToEach
	}
	if own := c.ConnectTimeout; own > 0 {
		most = min(most, own)
	}
	return most
}

// hosts remembers which host of an address let Latchkey in last. It is tried first: one before it may be silent, and each
// session would wait for it.
type hosts struct {
	lookup pgconn.LookupFunc

	mu    sync.Mutex
	found map[string][]string // what names led to
	last  string              // the address that let Latchkey in
}

// find finds the addresses of a host, first the one that let Latchkey in.
func (h *hosts) find(ctx context.Context, host string) ([]string, error) {
	all, err := h.lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.found == nil {
		h.found = map[string][]string{}
	}
	h.found[host] = all
	ip, _, _ := net.SplitHostPort(h.last) // of none, nothing is first
	return firstly(slices.Clone(all), func(one string) bool { return one == ip }), nil
}

// let takes note of the address that let Latchkey in.
func (h *hosts) let(in net.Addr) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = in.String()
}

// arrange has the host be tried first that let Latchkey in.
func (h *hosts) arrange(c *pgconn.Config) {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := append([]*pgconn.FallbackConfig{{Host: c.Host, Port: c.Port, TLSConfig: c.TLSConfig}}, c.Fallbacks...)
	all = firstly(all, func(f *pgconn.FallbackConfig) bool { return h.leads(f.Host, f.Port) })
	c.Host, c.Port, c.TLSConfig, c.Fallbacks = all[0].Host, all[0].Port, all[0].TLSConfig, all[1:]
}

// leads tells whether a host has the address that let Latchkey in.
func (h *hosts) leads(host string, port uint16) bool {
	for _, at := range append([]string{host}, h.found[host]...) {
		if _, address := pgconn.NetworkAddress(at, port); address == h.last {
			return true
		}
	}
	return false
}

// firstly sorts those first of which something is so.
func firstly[T any](all []T, is func(T) bool) []T {
	slices.SortStableFunc(all, func(a, b T) int {
		switch {
		case is(a) && !is(b):
			return -1
		case is(b) && !is(a):
			return 1
		}
		return 0
	})
	return all
}
