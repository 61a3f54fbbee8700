// Package loopback keeps what is served on this machine to whoever sits at it: web pages of others can't act through
// their browser, whether they send forms across origins or have their own name resolve to this machine.
package loopback

import (
	"net"
	"net/http"
	"strings"
)

// Guard serves only who asks this machine by one of its own names, and no page of another origin that would change
// something.
func Guard(next http.Handler) http.Handler {
	same := http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !own(r.Host) {
			http.Error(w, "This is served to the names of this machine alone: open it as http://127.0.0.1 or http://localhost, with the port that was printed.", http.StatusMisdirectedRequest)
			return
		}
		same.ServeHTTP(w, r)
	})
}

// own tells whether a host is a name that nobody else can have resolve to this machine.
func own(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
