package okta

import (
	"net/http"
	"slices"
	"time"

	"latchkey/sandbox/okta/world"
)

const (
	logDay      = 24 * time.Hour
	logKept     = 90 * logDay  // older entries are never returned
	logReach    = 180 * logDay // a since before this is refused
	logStandard = 7 * logDay   // since, if the caller names none
)

func (s *Server) listLogs(c *call) reply {
	q, now := c.URL.Query(), c.org.Now()
	since, until, bad := logRange(c, now)
	if bad != nil {
		return *bad
	}
	match := world.Predicate(func(world.Attributes) bool { return true })
	if q.Has("filter") {
		var err error
		if match, err = world.ParseFilter(q.Get("filter"), world.FilterLogs()); err != nil {
			return *badExpression(codeBadInput, err)
		}
	}
	var hits []world.LogEvent
	for _, e := range c.org.Log {
		if !e.At.Before(since) && e.At.Before(until) && !e.At.Before(now.Add(-logKept)) && match(e.Attribute) {
			hits = append(hits, e)
		}
	}
	return logPage(c, hits)
}

func logPage(c *call, hits []world.LogEvent) reply {
	q := c.URL.Query()
	slices.SortStableFunc(hits, func(a, b world.LogEvent) int { return a.At.Compare(b.At) })
	if q.Get("sortOrder") == "DESCENDING" {
		slices.Reverse(hits)
	}
	place := make(map[int64]int64, len(hits))
	for i, e := range hits {
		place[e.Seq] = int64(i)
	}
	page, links := pageOf(c, hits, func(e world.LogEvent) int64 { return place[e.Seq] }, 100, 1000)
	if len(links) == 1 && !q.Has("until") && q.Get("sortOrder") != "DESCENDING" {
		if n := len(page); n > 0 { // a polling query never ends: there is always a next page, if an empty one
			q.Set("after", encodeCursor(place[page[n-1].Seq]))
		}
		links = append(links, linkTo(c, q, "next"))
	}
	out := make([]any, len(page))
	for i, e := range page {
		out[i] = logJSON(e)
	}
	return reply{status: http.StatusOK, body: out, links: links}
}

func logRange(c *call, now time.Time) (since, until time.Time, bad *reply) {
	q := c.URL.Query()
	until = now.Add(time.Millisecond)
	var err error
	if q.Has("until") {
		if until, err = time.Parse(time.RFC3339, q.Get("until")); err != nil {
			return since, until, badExpression(codeBadInput, err)
		}
	}
	since = until.Add(-logStandard)
	if q.Has("since") {
		if since, err = time.Parse(time.RFC3339, q.Get("since")); err != nil {
			return since, until, badExpression(codeBadInput, err)
		}
	}
	if since.Before(now.Add(-logReach)) {
		r := problem(http.StatusBadRequest, codeLogRange, "The since parameter is over 180 days prior to the current day.")
		return since, until, &r
	}
	return since, until, nil
}

func logJSON(e world.LogEvent) map[string]any {
	targets := make([]any, len(e.Targets))
	for i, t := range e.Targets {
		targets[i] = targetJSON(t)
	}
	return map[string]any{
		"uuid": e.ID, "published": stamp(e.At), "eventType": e.Type, "version": "0", "severity": "INFO",
		"displayMessage": e.Type, "actor": targetJSON(e.Actor), "target": targets,
		"outcome": map[string]any{"result": e.Outcome},
	}
}

func targetJSON(t world.Target) map[string]any {
	return map[string]any{"id": t.ID, "type": t.Type, "alternateId": t.AlternateID, "displayName": t.DisplayName}
}
