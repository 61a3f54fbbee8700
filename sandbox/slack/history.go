package slack

import (
	"regexp"

	"latchkey/sandbox/slack/kit"
	"latchkey/sandbox/slack/world"
)

// readable resolves the channel whose messages the app wants to read.
func (s *Server) readable(c *call) (*world.Channel, error) {
	ch, err := s.lookup(c)
	if err != nil {
		return nil, err
	}
	if err := s.need(ch.Family() + ":history"); err != nil {
		return nil, err
	}
	if !ch.Has(s.cfg.BotUserID) {
		return nil, fail("not_in_channel")
	}
	return ch, nil
}

// span is the time window of a history call.
type span struct {
	oldest, latest string
	inclusive      bool
}

var tsShape = regexp.MustCompile(`^\d{1,10}(\.\d{1,6})?$`)

func readSpan(c *call) (span, error) {
	w := span{oldest: c.str("oldest"), latest: c.str("latest"), inclusive: c.flag("inclusive")}
	if w.oldest != "" && !tsShape.MatchString(w.oldest) {
		return w, fail("invalid_ts_oldest")
	}
	if w.latest != "" && !tsShape.MatchString(w.latest) {
		return w, fail("invalid_ts_latest")
	}
	return w, nil
}

func (w span) contains(ts string) bool {
	if w.inclusive && (ts == w.oldest || ts == w.latest) {
		return true
	}
	return (w.oldest == "" || tsLess(w.oldest, ts)) && (w.latest == "" || tsLess(ts, w.latest))
}

// tsLess compares timestamps, which have ten digits before the point from 2001
// to 2286; shorter ones are older.
func tsLess(a, b string) bool {
	if whole(a) != whole(b) {
		return whole(a) < whole(b)
	}
	return a < b
}

func whole(ts string) int {
	for i := range ts {
		if ts[i] == '.' {
			return i
		}
	}
	return len(ts)
}

func (s *Server) messagePage(c *call, rows []*world.Message, usual int) (kit.Object, error) {
	rows, next, err := page(c, rows, usual, max(usual, 999))
	if err != nil {
		return nil, err
	}
	out := []kit.Object{}
	for _, m := range rows {
		out = append(out, s.messageWire(m, c.flag("include_all_metadata")))
	}
	body := kit.Object{"messages": out, "has_more": next != "", "pin_count": 0}
	if next != "" {
		body["response_metadata"] = kit.Object{"next_cursor": next}
	}
	return body, nil
}
