package entra

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"latchkey/sandbox/entra/world"
)

// deltaPage is how many users a page of change tracking holds. Graph promises no size, and takes no $top.
const deltaPage = 50

// mark is how far a client has tracked changes: a round goes through all users, or through what changed since. Graph's
// are opaque, and hold what was asked for in the first place.
type mark struct {
	Forgot int
	All    bool     // the round goes through all users
	Since  int64    // of a round of changes: what came after this
	Till   int64    // where the next round begins
	After  int64    // of the round, what was given already
	Select []string // the properties
}

func (m mark) String() string {
	raw, _ := json.Marshal(m) // of numbers and names
	return base64.RawURLEncoding.EncodeToString(raw)
}

// readMark reads one that the tenant still knows.
func (s *Server) readMark(text string) (m mark, known bool) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(raw, &m) != nil {
		return m, false
	}
	return m, m.Forgot == s.forgotten()
}

// trackUsers is one page of what changed of users. The first round gives everybody; with Prefer: return=minimal, later
// ones give of a user what changed. The last page of a round has the link to the next round.
func (s *Server) trackUsers(c *call) reply {
	if refused := s.selectable(c, userJSON(&world.LiveUser{})); refused != nil {
		return *refused
	}
	q := c.URL.Query()
	token := q.Get("$deltatoken") + q.Get("$skiptoken")
	at := mark{Forgot: s.forgotten(), All: true, Till: c.state.Tracked(), Select: c.selected}
	if token != "" {
		var known bool
		if at, known = s.readMark(token); !known {
			return problem(http.StatusGone, "syncStateNotFound", "The sync state generation is not found.")
		}
		if q.Has("$deltatoken") {
			at.Till = c.state.Tracked()
		}
	}
	c.selected = at.Select
	items, last := s.tracked(c, at)
	body := map[string]any{"@odata.context": graphHost + "/v1.0/$metadata#users", "value": items}
	if last > 0 {
		at.After = last
		body["@odata.nextLink"] = deltaLink(c.Request, "$skiptoken", at)
	} else {
		body["@odata.deltaLink"] = deltaLink(c.Request, "$deltatoken", mark{Forgot: at.Forgot, Since: at.Till, Till: at.Till, Select: at.Select})
	}
	return ok(body)
}

func (s *Server) forgotten() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.forgot
}

func deltaLink(r *http.Request, name string, m mark) string {
	return graphHost + r.URL.EscapedPath() + "?" + name + "=" + url.QueryEscape(m.String())
}

// tracked is a page of a round, and after what the next page begins; 0 on the last.
func (s *Server) tracked(c *call, at mark) (items []any, last int64) {
	items = []any{}
	if at.All {
		for _, u := range c.state.UsersAt(c.at) {
			if u.Seq <= at.After {
				continue
			}
			if len(items) == deltaPage {
				return items, last
			}
			items, last = append(items, shownUser(c, u)), u.Seq
		}
		return items, 0
	}
	minimal := strings.Contains(c.Header.Get("Prefer"), "return=minimal")
	for _, change := range c.state.Changes {
		if change.Seq <= max(at.Since, at.After) || change.Seq > at.Till {
			continue
		}
		if len(items) == deltaPage {
			return items, last
		}
		items, last = append(items, changeJSON(c, change, minimal)), change.Seq
	}
	return items, 0
}

// changeJSON is a user that changed: gone, or with what is different.
func changeJSON(c *call, change world.Change, minimal bool) map[string]any {
	u := c.state.UserEver(change.User)
	if u.Gone() {
		return map[string]any{"id": u.ID, "@removed": map[string]any{"reason": "changed"}}
	}
	shown := shownUser(c, u)
	if minimal && !change.Switch {
		delete(shown, "accountEnabled")
	}
	shown["id"] = u.ID
	return shown
}
