package okta

import (
	"net/http"
	"strconv"
	"strings"

	"latchkey/idp"
	"latchkey/limit"
)

// standardInFlight is far below the calls that Okta serves an organisation at once, 75 or, on a free one, 35,
// which it shares with everything else (developer.okta.com, "Concurrent rate limits").
const standardInFlight = 10

// limiter keeps to what Okta's answers tell of its limits.
func limiter(cfg Config, next http.RoundTripper) *limit.Limiter {
	inFlight := cfg.InFlight
	if inFlight <= 0 {
		inFlight = standardInFlight
	}
	return limit.New(limit.Config{
		Policy: limit.Told{Quota: bucketOf, Window: readWindow}, Next: next, Clock: cfg.Clock,
		InFlight: inFlight, Among: cfg.Among, Priority: idp.PriorityOf, Repeat: true,
	})
}

// bucketOf sorts calls by the limits that Okta keeps apart for management APIs (developer.okta.com, "Rate
// limits for management APIs"). To split what is one bucket only costs a probe, to join two would mix up
// their budgets.
func bucketOf(r *http.Request) string {
	parts := strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), "/api/v1/"), "/")
	kind := parts[0]
	switch {
	case len(parts) == 1:
		return kind
	case len(parts) == 2 && kind == "groups" && parts[1] == "rules":
		return "groups/rules"
	case len(parts) == 2:
		return kind + "/{id}"
	case kind == "apps":
		return "apps/{id}/*"
	}
	return "other"
}

// readWindow reads the headers that Okta sends with every answer. A limit of 0 marks the refusal of too
// many simultaneous calls; the rest of its headers is a guess and says nothing about the bucket.
func readWindow(h http.Header) (remaining int, reset int64, ok bool) {
	limit, err := strconv.Atoi(h.Get("X-Rate-Limit-Limit"))
	if err != nil || limit == 0 {
		return 0, 0, false
	}
	if remaining, err = strconv.Atoi(h.Get("X-Rate-Limit-Remaining")); err != nil {
		return 0, 0, false
	}
	reset, err = strconv.ParseInt(h.Get("X-Rate-Limit-Reset"), 10, 64)
	return remaining, reset, err == nil
}
