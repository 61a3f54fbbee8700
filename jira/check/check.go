// Package check looks at a site for an administrator: whether it has all that
// Latchkey needs, and, on test issues, how it behaves where Atlassian's
// documentation leaves that open.
package check

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/jira/adf"
	"latchkey/jira/issue"
	"latchkey/jira/rest"
	"latchkey/jira/site"
	"latchkey/jira/transition"
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

// Checker looks at the site for an administrator.
type Checker struct {
	api        *rest.Client
	sites      *site.Discoverer
	moves      *transition.Mover
	comments   issue.Comments
	properties *issue.Properties
	people     *site.Accounts
	named      Named
}

// Named is what the configuration calls by name: resolutions and transitions by the keys of the phases.
type Named struct {
	Resolutions, Transitions map[string]string
	RevocationLink           string // a type of link
}

// New makes a checker. moves is the one that the records use, so that
// what is learnt of the workflow here is known there.
func New(api *rest.Client, sites *site.Discoverer, moves *transition.Mover, people *site.Accounts, named Named) *Checker {
	return &Checker{api: api, sites: sites, moves: moves, comments: issue.NewComments(api), properties: issue.NewProperties(api), people: people, named: named}
}

// Check looks at everything Latchkey needs of the site and reports each thing by
// itself. It changes nothing. What depends on something that is wrong is left out.
func (c *Checker) Check(ctx context.Context) []Finding {
	s := &site.Site{Statuses: map[string]site.Status{}}
	var out []Finding
	for _, step := range c.sites.Steps() {
		if err := step.Look(ctx, s); err != nil {
			return append(out, Finding{step.Check, Fault, access.Classify(err).Sentence})
		}
		out = append(out, Finding{step.Check, Good, step.Seen(s)})
		if step.Check == site.SignIn {
			out = append(out, c.checkZone(ctx))
		}
	}
	return slices.Concat(out, checkChoices(s), c.checkBeside(ctx, s), c.checkWays(ctx, s))
}

// checkChoices tells which values of the catalogue the form's lists are without.
// Where the field is required, what needs the value can't be asked for.
func checkChoices(s *site.Site) []Finding {
	var out []Finding
	for _, l := range s.Lacks {
		f := Finding{"choices", Note, access.Classify(l.Fault()).Sentence + "; until then the field stays empty"}
		if l.Required {
			f = Finding{"choices", Fault, access.Classify(l.Fault()).Sentence + ". It is required, so an issue can't be opened without"}
		}
		out = append(out, f)
	}
	return out
}

// checkZone reads the account's time zone, in which Jira understands dates in
// searches.
func (c *Checker) checkZone(ctx context.Context) Finding {
	var me struct{ TimeZone string }
	if err := c.api.Fetch(ctx, rest.Get("tell the account's time zone", "rest/api/3/myself", nil), &me); err != nil {
		return Finding{"time zone", Note, access.Classify(err).Sentence}
	}
	if slices.Contains([]string{"UTC", "Etc/UTC", "GMT", "Etc/GMT"}, me.TimeZone) {
		return Finding{"time zone", Good, me.TimeZone}
	}
	return Finding{"time zone", Note, fmt.Sprintf(
		"the account's profile is set to %q. Latchkey only searches by relative times, so this does no harm; set it to UTC to keep logs and searches comparable", me.TimeZone)}
}

// neededMoves are the moves that a request's life needs.
func neededMoves() [][2]string {
	return [][2]string{
		{site.Pending, site.Approved}, {site.Pending, site.Denied}, {site.Pending, site.Cancelled},
		{site.Approved, site.Active}, {site.Approved, site.Manual}, {site.Approved, site.Stuck},
		{site.Manual, site.Active}, {site.Stuck, site.Active}, {site.Active, site.Ended}, {site.Active, site.Stuck},
	}
}

// checkWays asks an issue in each status which transitions it offers. A status
// without an issue can't be asked about.
func (c *Checker) checkWays(ctx context.Context, s *site.Site) []Finding {
	for _, key := range site.Keys() {
		at := s.Statuses[key].ID
		if _, known := c.moves.Known(at); known {
			continue
		}
		hits, err := c.api.Search(ctx, fmt.Sprintf("project = %s AND issuetype = %s AND status = %s ORDER BY key DESC", rest.Quote(s.Project), rest.Quote(s.Form.IssueType), rest.Quote(at)), 1)
		if err == nil && len(hits) > 0 {
			var offered []transition.Transition
			if offered, err = c.moves.Offered(ctx, hits[0].ID); err == nil {
				c.moves.Learn(at, offered)
			}
		}
		if err != nil && rest.StatusOf(err) != http.StatusNotFound {
			return []Finding{{"transitions", Fault, access.Classify(err).Sentence}}
		}
	}
	return c.judgeWays(s)
}

// judgeWays finds which moves can't be made, and which are not known.
func (c *Checker) judgeWays(s *site.Site) []Finding {
	var out []Finding
	unknown, cut := map[string]bool{}, map[string][]string{}
	for _, way := range neededMoves() {
		from, to := s.Statuses[way[0]], s.Statuses[way[1]]
		offered, known := c.moves.Known(from.ID)
		switch {
		case from.ID == to.ID:
		case !known:
			unknown[from.Name] = true
		case !c.moves.Leads(s, from.ID, way[1], offered):
			cut[way[1]] = append(cut[way[1]], from.Name)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(cut)) {
		out = append(out, Finding{"transitions", Fault, fmt.Sprintf(
			"an issue can't get from %s to %s: add a transition to the workflow that %s may use, or correct jira.statuses.%s", adf.List(cut[key], "or"), s.Statuses[key].Name, c.api.AccountName(), key)})
	}
	out = slices.Concat(out, c.screens(s), c.unnamed(s, len(unknown) == 0))
	if len(unknown) > 0 {
		var all []string
		for name := range unknown {
			all = append(all, name)
		}
		slices.Sort(all)
		out = append(out, Finding{"transitions", Note, "no issue is in " + adf.List(all, "or") + " yet, so the ways out of there could not be looked at: latchkey check --first-contact --write walks through them"})
	}
	if len(out) == 0 {
		out = append(out, Finding{"transitions", Good, "every status can be reached"})
	}
	return out
}

// unnamed tells which of the transitions under jira.transitions no status offers, if all are known.
func (c *Checker) unnamed(s *site.Site, known bool) (out []Finding) {
	var offered []transition.Transition
	for _, key := range site.Keys() {
		ways, _ := c.moves.Known(s.Statuses[key].ID)
		offered = append(offered, ways...)
	}
	for _, key := range slices.Sorted(maps.Keys(c.named.Transitions)) {
		name := strings.TrimSpace(c.named.Transitions[key])
		if known && name != "" && !slices.ContainsFunc(offered, func(t transition.Transition) bool { return strings.EqualFold(t.Name, name) || t.ID == name }) {
			out = append(out, Finding{"transitions", Note, fmt.Sprintf("no status offers a transition %q, so any other that leads there is taken: correct jira.transitions.%s", name, key)})
		}
	}
	return out
}

// screens looks for transitions whose screens ask for what Latchkey can't give.
func (c *Checker) screens(s *site.Site) []Finding {
	var out []Finding
	for _, way := range neededMoves() {
		offered, _ := c.moves.Known(s.Statuses[way[0]].ID)
		t, ok := c.moves.Choose(offered, way[1], s.Statuses[way[1]].ID)
		if !ok {
			continue
		}
		if _, on := t.Fields["resolution"]; !on && strings.TrimSpace(c.named.Resolutions[way[1]]) != "" {
			bare := Finding{"transitions", Note, fmt.Sprintf("the screen of %q has no field Resolution, so issues are moved by it without the one under jira.resolutions.%s: put the field on that screen, or take the line out", t.Name, way[1])}
			if !slices.Contains(out, bare) { // several ways may lead over it
				out = append(out, bare)
			}
		}
		if missing := strings.TrimSpace(c.moves.Missing(t, way[1])); missing != "" {
			out = append(out, Finding{"transitions", Fault, fmt.Sprintf(
				"the screen of %q requires %s, which Latchkey can't fill in: make it optional%s, or name another transition under jira.transitions.%s", t.Name, missing, c.moves.Hint(t, way[1]), way[1])})
		}
	}
	return out
}
