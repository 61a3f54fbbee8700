package idptest

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// Misleading is a way to a vendor on which one address, name or id becomes another, as by a stale index or a proxy that keeps
// answers.
type Misleading struct {
	Next http.RoundTripper

	mu   sync.Mutex
	swap []string // asked, answered, and so on
}

// Mislead makes what is asked for another.
func (m *Misleading) Mislead(asked, answered string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.swap = append(m.swap, asked, answered)
}

// RoundTrip implements http.RoundTripper.
func (m *Misleading) RoundTrip(req *http.Request) (*http.Response, error) {
	m.mu.Lock()
	swap, misled := strings.NewReplacer(m.swap...), len(m.swap) > 0
	m.mu.Unlock()
	if !misled {
		return m.Next.RoundTrip(req)
	}
	other, query := req.Clone(req.Context()), url.Values{}
	for key, values := range req.URL.Query() {
		for _, v := range values {
			query.Add(key, swap.Replace(v))
		}
	}
	other.URL.Path, other.URL.RawPath, other.URL.RawQuery = swap.Replace(req.URL.Path), "", query.Encode()
	return m.Next.RoundTrip(other)
}

// CloseIdleConnections lets http.Client.CloseIdleConnections through.
func (m *Misleading) CloseIdleConnections() {
	if c, able := m.Next.(interface{ CloseIdleConnections() }); able {
		c.CloseIdleConnections()
	}
}
