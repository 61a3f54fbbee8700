package okta

import (
	"encoding/base64"
	"errors"
	"fmt"
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
	polls := !q.Has("until") && q.Get("sortOrder") != "DESCENDING"
	at := func(e world.LogEvent) time.Time { // by what a polling query goes: when the entry came into the log
		if polls {
			return e.Kept
		}
		return e.At
	}
	var hits []world.LogEvent
	for _, e := range c.org.Log {
		if !at(e).Before(since) && at(e).Before(until) && !e.Kept.After(now) && !e.At.Before(now.Add(-logKept)) && match(e.Attribute) {
			hits = append(hits, e)
		}
	}
	slices.SortStableFunc(hits, func(a, b world.LogEvent) int { return at(a).Compare(at(b)) })
	if polls {
		return polledPage(c, hits)
	}
	return boundedPage(c, hits)
}

// boundedPage is a page of a query that has an end.
func boundedPage(c *call, hits []world.LogEvent) reply {
	if c.URL.Query().Get("sortOrder") == "DESCENDING" {
		slices.Reverse(hits)
	}
	place := make(map[int64]int64, len(hits))
	for i, e := range hits {
		place[e.Seq] = int64(i)
	}
	page, links := pageOf(c, hits, func(e world.LogEvent) int64 { return place[e.Seq] }, 100, 1000)
	return logReply(page, links)
}

// polledPage is a page of a query without an end. It has always a next one, be it an empty one; what comes into
// the log later comes behind, whenever it happened.
func polledPage(c *call, hits []world.LogEvent) reply {
	q := c.URL.Query()
	if q.Has("after") {
		kept, seq, known := decodePollCursor(q.Get("after"))
		if !known {
			return *badExpression(codeBadInput, errors.New("the after parameter is not valid"))
		}
		hits = slices.DeleteFunc(hits, func(e world.LogEvent) bool {
			return e.Kept.Before(kept) || e.Kept.Equal(kept) && e.Seq <= seq
		})
	}
	links := []string{linkTo(c, q, "self")}
	page := hits[:min(len(hits), limitOf(q, 100, 1000))]
	if n := len(page); n > 0 {
		q.Set("after", encodePollCursor(page[n-1]))
	}
	return logReply(page, append(links, linkTo(c, q, "next")))
}

func encodePollCursor(e world.LogEvent) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "poll:%d:%d", e.Kept.UnixNano(), e.Seq))
}

func decodePollCursor(cursor string) (kept time.Time, seq int64, known bool) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return kept, 0, false
	}
	var nanos int64
	_, err = fmt.Sscanf(string(raw), "poll:%d:%d", &nanos, &seq)
	return time.Unix(0, nanos).UTC(), seq, err == nil
}

func logReply(page []world.LogEvent, links []string) reply {
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
