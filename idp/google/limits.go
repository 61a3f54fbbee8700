package google

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"latchkey/idp"
	"latchkey/limit"
)

const (
	// standardInFlight is how many calls go at once: the quota is the administrator's that is acted for, however many
	// programs act for them.
	standardInFlight = 10
	// perMinute is how many calls of an API go in a minute. Google allows 2,400 for each user of a project
	// (developers.google.com, "Directory API: Limits and Quotas"); some are left to others.
	perMinute = 2000
	// filteredPerMinute is how many reports with a filter go: Google allows 250 (Reports API: Limits and Quotas).
	filteredPerMinute = 200
	// longestRest is how long calls rest at most after a refusal that doesn't say for how long.
	longestRest = time.Minute
	// mostReason is how much of a refusal is read to learn whether it is of the pace.
	mostReason = 64 << 10
)

// limiter keeps to Google's quotas. Its answers tell no budget, only refusals.
func limiter(cfg Config, next http.RoundTripper) *limit.Limiter {
	inFlight := cfg.InFlight
	if inFlight <= 0 {
		inFlight = standardInFlight
	}
	return limit.New(limit.Config{
		Policy: &quotas{refused: map[string]int{}}, Next: next, Clock: cfg.Clock,
		InFlight: inFlight, Among: cfg.Among, Priority: idp.PriorityOf, Repeat: true,
	})
}

// quotas are Google's limits, and how often in a row each was refused.
type quotas struct {
	mu      sync.Mutex
	refused map[string]int
}

// The quotas that calls count against.
const (
	quotaDirectory = "directory"
	quotaReports   = "reports"
	quotaFiltered  = "filtered reports"
	quotaCloud     = "cloud identity"
)

func quotaOf(req *http.Request) string {
	switch {
	case strings.Contains(req.URL.Path, "/admin/reports/"):
		return quotaReports
	case strings.Contains(req.URL.Path, "/admin/directory/"):
		return quotaDirectory
	}
	return quotaCloud
}

// Quotas implements limit.Policy.
func (q *quotas) Quotas(req *http.Request) []limit.Quota {
	name := quotaOf(req)
	if name == quotaCloud {
		return []limit.Quota{{Name: name}} // its size is the project's
	}
	all := []limit.Quota{{Name: name, Most: perMinute, Per: time.Minute}}
	if name == quotaReports {
		all = append(all, limit.Quota{Name: quotaFiltered, Most: filteredPerMinute, Per: time.Minute}) // every report here has a filter
	}
	return all
}

// Learn implements limit.Policy. Google refuses the pace with 429, or with 403 as it refuses a right: the reason in the
// body tells which. Where it doesn't say how long to wait, the wait doubles with each refusal in a row, up to the
// minute that the quota is of.
func (q *quotas) Learn(req *http.Request, resp *http.Response, now time.Time) *limit.Feedback {
	name := quotaOf(req)
	pace := resp.StatusCode == http.StatusTooManyRequests
	if resp.StatusCode == http.StatusForbidden {
		head, err := io.ReadAll(io.LimitReader(resp.Body, mostReason))
		resp.Body = rereadable{io.MultiReader(bytes.NewReader(head), resp.Body), resp.Body}
		pace = err == nil && tooFast(resp.StatusCode, reasonOf(head))
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if !pace {
		if resp.StatusCode < http.StatusInternalServerError {
			q.refused[name] = 0
		}
		return &limit.Feedback{Quota: name}
	}
	rest, told := limit.RetryAfter(resp.Header, now)
	if !told {
		rest = min(time.Second<<min(q.refused[name], 10), longestRest)
		q.refused[name]++
	}
	return &limit.Feedback{Quota: name, Refused: true, Rest: max(rest, time.Second)}
}

// rereadable is a body whose beginning was read already.
type rereadable struct {
	io.Reader
	io.Closer
}
