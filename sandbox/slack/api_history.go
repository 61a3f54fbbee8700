package slack

import (
	"regexp"
	"slices"
)

func historyMethods() map[string]method {
	read := []string{"channels:history", "groups:history", "im:history", "mpim:history"}
	return map[string]method{
		"conversations.history": {run: (*Server).history, scopes: read, tier: 50, form: true},
		"conversations.replies": {run: (*Server).threadReplies, scopes: read, tier: 50, form: true},
	}
}

// readable resolves the channel whose messages the app wants to read.
func (s *Server) readable(c *call) (*Channel, error) {
	ch, err := s.lookup(c)
	if err != nil {
		return nil, err
	}
	if err := s.need(ch.family() + ":history"); err != nil {
		return nil, err
	}
	if !ch.has(s.cfg.BotUserID) {
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

func (w span) holds(ts string) bool {
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

// history returns top-level messages, newest first.
func (s *Server) history(c *call) (object, error) {
	ch, err := s.readable(c)
	if err != nil {
		return nil, err
	}
	window, err := readSpan(c)
	if err != nil {
		return nil, err
	}
	var rows []*Message
	for _, m := range s.world.log(ch.ID).order {
		if m.ThreadTS == "" && !m.Ephemeral && window.holds(m.TS) {
			rows = append(rows, m)
		}
	}
	slices.Reverse(rows)
	return s.messagePage(c, rows, 100)
}

// threadReplies returns a thread, parent first.
func (s *Server) threadReplies(c *call) (object, error) {
	ch, err := s.readable(c)
	if err != nil {
		return nil, err
	}
	window, err := readSpan(c)
	if err != nil {
		return nil, err
	}
	parent := s.world.message(ch.ID, c.str("ts"))
	if parent == nil || parent.Ephemeral {
		return nil, fail("thread_not_found")
	}
	rows := []*Message{parent}
	for _, m := range s.world.replies(parent) {
		if window.holds(m.TS) {
			rows = append(rows, m)
		}
	}
	return s.messagePage(c, rows, 1000)
}

func (s *Server) messagePage(c *call, rows []*Message, usual int) (object, error) {
	rows, next, err := page(c, rows, usual, max(usual, 999))
	if err != nil {
		return nil, err
	}
	out := []object{}
	for _, m := range rows {
		out = append(out, s.world.messageWire(m, c.flag("include_all_metadata")))
	}
	body := object{"messages": out, "has_more": next != "", "pin_count": 0}
	if next != "" {
		body["response_metadata"] = object{"next_cursor": next}
	}
	return body, nil
}
