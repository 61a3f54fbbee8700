package entra

import (
	"net/http"
	"strings"
	"time"

	"latchkey/idp"
	"latchkey/limit"
)

// standardInFlight is how many calls are under way at a time, unless the configuration says otherwise: the tenant's
// budget is shared with everything else that the application does.
const standardInFlight = 8

// limiter keeps to what is known of Graph's limits and to what refusals say. Of the directory, answers tell what a call
// cost, but not what is left; the budget is far above what is needed here, so only refusals slow calls down. The logs
// allow five calls in ten seconds, and their refusals don't always say how long to wait.
func limiter(cfg Config, next http.RoundTripper) *limit.Limiter {
	inFlight := cfg.InFlight
	if inFlight <= 0 {
		inFlight = standardInFlight
	}
	return limit.New(limit.Config{Policy: limits{}, Next: next, Clock: cfg.Clock, InFlight: inFlight, Among: cfg.Among, Priority: idp.PriorityOf, Repeat: true})
}

// limits are the quotas of an application in a tenant (learn.microsoft.com, "Microsoft Graph service-specific throttling
// limits").
type limits struct{}

const (
	directoryQuota = "directory"
	logsQuota      = "logs"
	activityQuota  = "last sign-ins"
)

// Quotas implements limit.Policy. What the logs refuse must not keep the directory waiting.
func (limits) Quotas(req *http.Request) []limit.Quota {
	if quotaOf(req) == logsQuota {
		return []limit.Quota{{Name: "logs, paced", Most: 5, Per: 10 * time.Second}, {Name: logsQuota}}
	}
	return []limit.Quota{{Name: quotaOf(req)}}
}

// quotaOf is whose refusals a call waits for. What accounts tell of sign-ins comes from another service, of whose limits
// Microsoft says nothing: where it refuses, nothing else of the directory waits for it.
func quotaOf(req *http.Request) string {
	switch {
	case strings.Contains(req.URL.Path, "/auditLogs/"):
		return logsQuota
	case strings.Contains(req.URL.RawQuery, "signInActivity"):
		return activityQuota
	}
	return directoryQuota
}

// Learn implements limit.Policy.
func (limits) Learn(req *http.Request, resp *http.Response, now time.Time) *limit.Feedback {
	return limit.Told{Quota: quotaOf}.Learn(req, resp, now)
}
