// Package transition brings an issue to a status, by as many transitions as the
// project's workflow asks for.
//
// It learns the workflow from the transitions that Jira offers on the way, and
// forgets what it learnt of a status when Jira refuses one of them there.
package transition

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"latchkey/jira/rest"
	"latchkey/jira/site"
)

// Transition is one way out of a status, as Jira offers it.
type Transition struct {
	ID, Name string
	To       struct {
		ID, Name       string
		StatusCategory struct{ Key string }
	}
	Fields map[string]screenField
}

type screenField struct {
	Name            string
	Required        bool
	HasDefaultValue bool
	AllowedValues   []struct{ ID, Name string }
}

// Mover moves issues through the project's workflow. It is safe for concurrent use.
type Mover struct {
	api    *rest.Client
	cfg    site.Config
	learnt *graph
}

// New makes a mover; it makes no call yet.
func New(api *rest.Client, cfg site.Config) *Mover {
	return &Mover{api: api, cfg: cfg, learnt: &graph{ways: map[string][]Transition{}}}
}

// Known are the ways out of a status, as far as they have been learnt.
func (m *Mover) Known(status string) ([]Transition, bool) { return m.learnt.from(status) }

// Learn notes the ways out of a status, as Jira offered them to an issue there.
func (m *Mover) Learn(status string, ways []Transition) { m.learnt.learn(status, ways) }

// Walk prepares to bring an issue to the status of a key. at is the status it
// is known to be in; "" when it has to be read.
func (m *Mover) Walk(s *site.Site, issue, key, at string) *Walk {
	return &Walk{m: m, s: s, issue: issue, Key: key, Target: s.Statuses[key], At: at}
}

// Leads tells whether the status of a key can be reached by the ways that are
// offered at another, straight or by a detour.
func (m *Mover) Leads(s *site.Site, at, key string, offered []Transition) bool {
	_, _, ok := m.Walk(s, "", key, at).decide(offered)
	return ok
}

// Straight tells whether there may be one transition from a status to that of a key, which asks for
// nothing that Latchkey can't fill in, by what has been learnt: nothing was, of a status that no
// issue was seen in.
func (m *Mover) Straight(s *site.Site, at, key string) bool {
	ways, known := m.learnt.from(at)
	if !known || at == s.Statuses[key].ID {
		return true
	}
	t, straight := m.Choose(ways, key, s.Statuses[key].ID)
	return straight && m.Missing(t, key) == ""
}

// Takes tells whether there is one transition from a status to that of a key, by what has been learnt,
// whose screen has some fields.
func (m *Mover) Takes(s *site.Site, at, key string, fields map[string]any) bool {
	ways, _ := m.learnt.from(at)
	t, straight := m.Choose(ways, key, s.Statuses[key].ID)
	return straight && t.has(fields)
}

// has tells whether the transition's screen has fields; nothing is no field.
func (t Transition) has(fields map[string]any) bool {
	for id := range fields {
		if _, shown := t.Fields[id]; !shown {
			return false
		}
	}
	return len(fields) > 0
}

// merged are the fields of both.
func merged(a, b map[string]any) map[string]any {
	out := maps.Clone(b)
	maps.Copy(out, a)
	return out
}

// graph is what has been learnt of the workflow: the ways out of each status.
// It may be out of date; whoever is refused forgets the status and asks again.
type graph struct {
	mu   sync.Mutex
	ways map[string][]Transition // by status id
}

func (g *graph) from(status string) ([]Transition, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	ways, ok := g.ways[status]
	return ways, ok
}

func (g *graph) learn(status string, ways []Transition) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ways[status] = ways
}

func (g *graph) forget(status string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.ways, status)
}

// Offered reads the ways out of the issue's present status.
func (m *Mover) Offered(ctx context.Context, issue string) ([]Transition, error) {
	var answer struct{ Transitions []Transition }
	err := m.api.Fetch(ctx, rest.GetIssue("list the transitions of the issue", issue, "/transitions", url.Values{"expand": {"transitions.fields"}}), &answer)
	return answer.Transitions, err
}

// pass makes a transition, with everything that is to happen in the same
// request. A screen may require a comment and not say so beforehand: then the
// comment goes with it.
func (m *Mover) pass(ctx context.Context, issue string, t Transition, fields map[string]any, with Payload) error {
	comment := with.Comment
	if !with.Tries {
		with.Comment = nil
	}
	err := m.post(ctx, issue, t, fields, with)
	var refusal *rest.Error
	if comment == nil || with.Tries || !errors.As(err, &refusal) || refusal.Status != http.StatusBadRequest || refusal.Fields["comment"] == "" {
		return err
	}
	with.Comment = comment
	return m.post(ctx, issue, t, fields, with)
}

func (m *Mover) post(ctx context.Context, issue string, t Transition, fields map[string]any, with Payload) error {
	in := map[string]any{"transition": map[string]string{"id": t.ID}}
	if len(fields) > 0 {
		in["fields"] = fields
	}
	if with.Comment != nil {
		in["update"] = map[string]any{"comment": []any{map[string]any{"add": with.Comment}}}
	}
	if len(with.Properties) > 0 {
		in["properties"] = with.Properties
	}
	if with.History != nil {
		in["historyMetadata"] = with.History
	}
	return m.api.Send(ctx, rest.Call{Method: http.MethodPost, Path: rest.IssuePath(issue, "/transitions"), Body: in, NonIdempotent: with.Comment != nil, Needs: rest.TransitionIssues,
		What: "take the transition " + strconv.Quote(t.Name)})
}

// Choose picks the transition that leads straight to the status. A configured
// name wins; then one that asks for nothing; then the first.
func (m *Mover) Choose(ways []Transition, key, target string) (Transition, bool) {
	var direct []Transition
	for _, t := range ways {
		if t.To.ID == target {
			direct = append(direct, t)
		}
	}
	name := strings.TrimSpace(m.cfg.Transitions[key])
	for _, match := range []func(Transition) bool{
		func(t Transition) bool { return name != "" && (strings.EqualFold(t.Name, name) || t.ID == name) },
		func(t Transition) bool { return m.Missing(t, key) == "" },
		func(Transition) bool { return true },
	} {
		if i := slices.IndexFunc(direct, match); i >= 0 {
			return direct[i], true
		}
	}
	return Transition{}, false
}

// Missing says which required fields of the transition's screen Latchkey can't
// fill in; "" if there is none.
func (m *Mover) Missing(t Transition, key string) string {
	var out []string
	for _, id := range slices.Sorted(maps.Keys(t.Fields)) {
		f := t.Fields[id]
		if f.Required && !f.HasDefaultValue && id != "comment" && (id != "resolution" || m.required(key) == "") {
			out = append(out, cmp.Or(f.Name, id))
		}
	}
	return strings.Join(out, ", ")
}

// screen fills in the transition's screen. A resolution is sent only where the
// screen has the field: elsewhere Jira refuses it.
func (m *Mover) screen(t Transition, key, want string) (map[string]any, error) {
	field, ok := t.Fields["resolution"]
	if missing := m.Missing(t, key); missing != "" {
		return nil, rest.Fault("The transition %q asks for %s, which Latchkey can't fill in: make it optional on the transition's screen%s",
			t.Name, missing, m.Hint(t, key))
	}
	if want == "" && field.Required && !field.HasDefaultValue {
		want = m.required(key)
	}
	if !ok || want == "" {
		return nil, nil
	}
	for _, v := range field.AllowedValues {
		if strings.EqualFold(v.Name, want) {
			return map[string]any{"resolution": map[string]string{"name": v.Name}}, nil
		}
	}
	if len(field.AllowedValues) > 0 {
		return nil, rest.Fault("The transition %q knows no resolution %q: set jira.resolutions.%s to one of %s", t.Name, want, outcome(key), allowed(field))
	}
	return map[string]any{"resolution": map[string]string{"name": want}}, nil
}

// required is the resolution for a screen that asks for one: that of the status, or of access that is there, which elsewhere has
// none, as it goes on.
func (m *Mover) required(key string) string {
	return strings.TrimSpace(m.cfg.Resolutions[outcome(key)])
}

// outcome is the key of the resolution for a screen on the way to a status.
func outcome(key string) string {
	if key == site.Active {
		return site.Granted
	}
	return key
}

// Hint is what else can be done about what is missing on the screen of a transition to one of the phases, as the end of a
// sentence: a resolution can be named where something comes of the request.
func (m *Mover) Hint(t Transition, key string) string {
	f := t.Fields["resolution"]
	if !f.Required || m.required(key) != "" || slices.Contains([]string{site.Pending, site.Approved, site.Manual, site.Stuck}, key) {
		return ""
	}
	return ", or set jira.resolutions." + outcome(key) + " to one of " + cmp.Or(allowed(f), "its values")
}

func allowed(f screenField) string {
	var out []string
	for _, v := range f.AllowedValues {
		out = append(out, v.Name)
	}
	return strings.Join(out, ", ")
}
