package jira

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"latchkey/access"
)

// Level says what a finding means.
type Level string

// The levels.
const (
	Good  Level = "ok"
	Note  Level = "note"  // Latchkey works, but somebody should know
	Fault Level = "fault" // Latchkey can't work like this
)

// Finding is one thing that Check looked at.
type Finding struct {
	Check  string
	Level  Level
	Detail string // what was seen; for a fault, the cause and the remedy
}

// Check looks at everything Latchkey needs of the site and reports each thing by
// itself. It changes nothing. What depends on something that is wrong is left out.
func (c *Client) Check(ctx context.Context) []Finding {
	s := &site{statuses: map[string]state{}}
	var out []Finding
	for _, step := range []struct {
		check string
		look  func(context.Context, *site) error
		seen  func() string
	}{
		{"sign-in", c.findMyself, func() string { return c.account() + " is signed in" }},
		{"site", c.findServer, func() string { return s.base }},
		{"project", c.findProject, func() string { return s.project + " is a company-managed service project" }},
		{"permissions", c.checkPermissions, func() string { return "all that are needed in " + s.project }},
		{"agent licence", c.findDesk, func() string { return c.account() + " is an agent of service desk " + s.desk }},
		{"request type", c.findForm, func() string {
			return fmt.Sprintf("%q may be raised for others, and every required field can be filled in", c.cfg.RequestType)
		}},
		{"statuses", c.findStatuses, func() string { return fmt.Sprintf("all %d are in the workflow", len(Keys())) }},
	} {
		if err := step.look(ctx, s); err != nil {
			return append(out, Finding{step.check, Fault, access.Classify(err).Sentence})
		}
		out = append(out, Finding{step.check, Good, step.seen()})
		if step.check == "sign-in" {
			out = append(out, c.checkZone(ctx))
		}
	}
	if err := c.Discover(ctx); err != nil {
		return append(out, Finding{"fields", Fault, access.Classify(err).Sentence})
	}
	return append(append(out, Finding{"fields", Good, "what jira.fields names is there"}), c.checkWays(ctx, s)...)
}

// checkZone reads the account's time zone, in which Jira understands dates in
// searches.
func (c *Client) checkZone(ctx context.Context) Finding {
	var me struct{ TimeZone string }
	if err := c.ask(ctx, get("tell the account's time zone", "rest/api/3/myself", nil), &me); err != nil {
		return Finding{"time zone", Note, access.Classify(err).Sentence}
	}
	if slices.Contains([]string{"UTC", "Etc/UTC", "GMT", "Etc/GMT"}, me.TimeZone) {
		return Finding{"time zone", Good, me.TimeZone}
	}
	return Finding{"time zone", Note, fmt.Sprintf(
		"the account's profile is set to %q. Latchkey only searches by relative times, so this does no harm; set it to UTC to keep logs and searches comparable", me.TimeZone)}
}

// ways are the moves that a request's life needs.
func ways() [][2]string {
	return [][2]string{
		{Pending, Approved}, {Pending, Declined}, {Pending, Withdrawn},
		{Approved, Granted}, {Approved, Manual}, {Approved, Stuck},
		{Manual, Granted}, {Stuck, Granted}, {Granted, Closed}, {Granted, Stuck},
	}
}

// checkWays asks an issue in each status which transitions it offers. A status
// without an issue can't be asked about.
func (c *Client) checkWays(ctx context.Context, s *site) []Finding {
	for _, key := range Keys() {
		at := s.statuses[key].ID
		if _, known := c.flow.from(at); known {
			continue
		}
		hits, err := c.search(ctx, fmt.Sprintf("project = %s AND issuetype = %s AND status = %s ORDER BY key DESC", quoted(s.project), quoted(s.form.issueType), quoted(at)), 1)
		if err == nil && len(hits) > 0 {
			var offered []transition
			if offered, err = c.offers(ctx, hits[0].ID); err == nil {
				c.flow.learn(at, offered)
			}
		}
		if err != nil && status(err) != http.StatusNotFound {
			return []Finding{{"transitions", Fault, access.Classify(err).Sentence}}
		}
	}
	return c.judgeWays(s)
}

// judgeWays tells which moves can't be made, and which are not known.
func (c *Client) judgeWays(s *site) []Finding {
	var out []Finding
	unknown := map[string]bool{}
	for _, way := range ways() {
		from, to := s.statuses[way[0]], s.statuses[way[1]]
		offered, known := c.flow.from(from.ID)
		w := &walk{c: c, s: s, key: way[1], target: to, at: from.ID}
		switch {
		case from.ID == to.ID:
		case !known:
			unknown[from.Name] = true
		case !c.leads(w, offered):
			out = append(out, Finding{"transitions", Fault, fmt.Sprintf(
				"an issue can't get from %s to %s: add a transition to the workflow that %s may use, or correct jira.statuses.%s", from.Name, to.Name, c.account(), way[1])})
		}
	}
	out = append(out, c.screens(s)...)
	if len(unknown) > 0 {
		var all []string
		for name := range unknown {
			all = append(all, name)
		}
		slices.Sort(all)
		out = append(out, Finding{"transitions", Note, "no issue is in " + list(all, "or") + " yet, so the ways out of there could not be looked at: latchkey check --first-contact --write walks through them"})
	}
	if len(out) == 0 {
		out = append(out, Finding{"transitions", Good, "every status can be reached"})
	}
	return out
}

// leads tells whether the target can be reached by the ways offered, straight or
// by a detour that the client would take.
func (c *Client) leads(w *walk, offered []transition) bool {
	_, _, ok := w.decide(offered)
	return ok
}

// screens looks for transitions whose screens ask for what Latchkey can't give.
func (c *Client) screens(s *site) []Finding {
	var out []Finding
	for _, way := range ways() {
		offered, _ := c.flow.from(s.statuses[way[0]].ID)
		t, ok := c.choose(offered, way[1], s.statuses[way[1]].ID)
		if !ok {
			continue
		}
		if missing := strings.TrimSpace(c.missing(t, way[1])); missing != "" {
			out = append(out, Finding{"transitions", Fault, fmt.Sprintf(
				"the screen of %q requires %s, which Latchkey can't fill in: make it optional, or name another transition under jira.transitions.%s", t.Name, missing, way[1])})
		}
	}
	return out
}
