package google

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/sandbox/google/world"
)

// retained is how long Google keeps what reports are made from.
const retained = 180 * 24 * time.Hour

// entry is one of the log at its place in a report, by which pages are told apart.
type entry struct {
	world.Activity
	place int64
}

func (s *Server) listActivities(c *call) reply {
	q := c.URL.Query()
	application := c.PathValue("application")
	if !slices.Contains([]string{"token", "saml", "login", "admin"}, application) {
		return s.refuse(c.Request, "application "+application)
	}
	if user := c.PathValue("user"); user != "all" {
		return s.refuse(c.Request, "reports of one account")
	}
	from, until, good := s.rangeOf(c)
	wanted, filtered := filtersOf(q.Get("filters"))
	if !good || !filtered {
		return failure(http.StatusBadRequest, "badRequest", "Bad Request")
	}
	var found []world.Activity
	for _, a := range c.dir.Reported(application) {
		if a.At.Before(from) || a.At.After(until) || q.Get("eventName") != "" && q.Get("eventName") != a.Event || !fitting(a, wanted) {
			continue
		}
		found = append(found, a)
	}
	numbered := make([]entry, len(found))
	for i, a := range found {
		numbered[i] = entry{a, int64(i + 1)}
	}
	some, next, good := page(q, "maxResults", numbered, func(e entry) int64 { return e.place }, 1000, 1000)
	if !good {
		return badPage()
	}
	var items []any
	for _, e := range some {
		items = append(items, s.activityObject(e.Activity))
	}
	o := object{"kind": "admin#reports#activities"}
	s.with(o, "items", items)
	s.with(o, "nextPageToken", next)
	return ok(stamped(o))
}

// rangeOf is from when until when a report is asked for.
func (s *Server) rangeOf(c *call) (from, until time.Time, good bool) {
	now := s.now()
	from, until = now.Add(-retained), now
	for name, at := range map[string]*time.Time{"startTime": &from, "endTime": &until} {
		if text := c.URL.Query().Get(name); text != "" {
			t, err := time.Parse(time.RFC3339, text)
			if err != nil {
				return from, until, false
			}
			*at = t
		}
	}
	return from, until, !from.After(now) && !until.Before(from)
}

// filtersOf reads conditions such as client_id==x,app_name==y; not ok for others.
func filtersOf(text string) (wanted map[string]string, ok bool) {
	wanted = map[string]string{}
	if text == "" {
		return wanted, true
	}
	for one := range strings.SplitSeq(text, ",") {
		name, value, equal := strings.Cut(one, "==")
		if !equal || name == "" || value == "" {
			return nil, false
		}
		wanted[name] = value
	}
	return wanted, true
}

func fitting(a world.Activity, wanted map[string]string) bool {
	for name, value := range wanted {
		if !slices.ContainsFunc(a.Parameters, func(p world.Parameter) bool { return p.Name == name && p.Value == value }) {
			return false
		}
	}
	return true
}

// activityObject writes an entry of the log. That of a robot has no profile.
func (s *Server) activityObject(a world.Activity) object {
	actor := object{"callerType": "USER"}
	s.with(actor, "email", a.Email)
	s.with(actor, "profileId", a.Actor)
	var parameters []any
	for _, p := range a.Parameters {
		o := object{"name": p.Name}
		if len(p.Values) > 0 {
			o["multiValue"] = p.Values
		} else {
			o["value"] = p.Value
		}
		parameters = append(parameters, o)
	}
	return stamped(object{
		"kind":      "admin#reports#activity",
		"id":        object{"time": stamp(a.At), "uniqueQualifier": strconv.FormatInt(a.ID, 10), "applicationName": a.Application, "customerId": s.cfg.CustomerID},
		"actor":     actor,
		"ipAddress": "203.0.113.7",
		"events":    []any{object{"type": a.Type, "name": a.Event, "parameters": parameters}},
	})
}
