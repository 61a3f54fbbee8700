package loopback_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"latchkey/sandbox/loopback"
)

// Who asks by another name, or comes from another page to change something, is turned away.
func TestGuard(t *testing.T) {
	h := loopback.Guard(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	for name, c := range map[string]struct {
		method, host, origin string
		want                 int
	}{
		"the address":                 {"GET", "127.0.0.1:8080", "", 204},
		"the name":                    {"POST", "LocalHost:8080", "http://LocalHost:8080", 204},
		"the address of today":        {"GET", "[::1]:8080", "", 204},
		"without a port":              {"GET", "127.0.0.1", "", 204},
		"a command line":              {"POST", "127.0.0.1:8080", "", 204},
		"a name that was rebound":     {"GET", "evil.example:8080", "", 421},
		"it, and the same origin":     {"POST", "evil.example:8080", "http://evil.example:8080", 421},
		"a name that looks like ours": {"GET", "127.0.0.1.evil.example", "", 421},
		"nobody's":                    {"GET", "", "", 421},
		"another page":                {"POST", "127.0.0.1:8080", "https://evil.example", 403},
		"another port":                {"POST", "127.0.0.1:8080", "http://127.0.0.1:9090", 403},
	} {
		r := httptest.NewRequest(c.method, "http://x/", nil)
		r.Host = c.host
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != c.want {
			t.Errorf("%s: %d, want %d", name, w.Code, c.want)
		}
	}
}
