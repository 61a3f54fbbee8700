package jira

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"latchkey/access"
)

// transition is one way out of a status, as Jira offers it.
type transition struct {
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

// flow is what has been learnt of the workflow: the ways out of each status.
// It may be out of date; whoever is refused forgets the status and asks again.
type flow struct {
	mu   sync.Mutex
	ways map[string][]transition // by status id
}

func newFlow() *flow { return &flow{ways: map[string][]transition{}} }

func (f *flow) from(status string) ([]transition, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	ways, ok := f.ways[status]
	return ways, ok
}

func (f *flow) learn(status string, ways []transition) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ways[status] = ways
}

func (f *flow) forget(status string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.ways, status)
}

// offers reads the ways out of the issue's present status.
func (c *Client) offers(ctx context.Context, issue string) ([]transition, error) {
	var answer struct{ Transitions []transition }
	err := c.ask(ctx, get("list the transitions of the issue", issuePath(issue, "/transitions"), url.Values{"expand": {"transitions.fields"}}), &answer)
	return answer.Transitions, err
}

// pass makes a transition, with everything that is to happen in the same
// request.
func (c *Client) pass(ctx context.Context, issue string, t transition, fields map[string]any, with load) error {
	in := map[string]any{"transition": map[string]string{"id": t.ID}}
	if len(fields) > 0 {
		in["fields"] = fields
	}
	if with.comment != nil {
		in["update"] = map[string]any{"comment": []any{map[string]any{"add": with.comment}}}
	}
	if len(with.carry) > 0 {
		in["properties"] = with.carry
	}
	if with.history != nil {
		in["historyMetadata"] = with.history
	}
	return c.tell(ctx, call{method: http.MethodPost, path: issuePath(issue, "/transitions"), in: in, visible: with.comment != nil,
		what: "take the transition " + strconv.Quote(t.Name)})
}

// choose picks the transition that leads straight to the status. A configured
// name wins; then one that asks for nothing; then the first.
func (c *Client) choose(ways []transition, key, target string) (transition, bool) {
	var direct []transition
	for _, t := range ways {
		if t.To.ID == target {
			direct = append(direct, t)
		}
	}
	name := strings.TrimSpace(c.cfg.Transitions[key])
	for _, match := range []func(transition) bool{
		func(t transition) bool { return name != "" && (strings.EqualFold(t.Name, name) || t.ID == name) },
		func(t transition) bool { return c.missing(t, key) == "" },
		func(transition) bool { return true },
	} {
		if i := slices.IndexFunc(direct, match); i >= 0 {
			return direct[i], true
		}
	}
	return transition{}, false
}

// missing says which required fields of the transition's screen Latchkey can't
// fill in; "" if there is none.
func (c *Client) missing(t transition, key string) string {
	var out []string
	for _, id := range slices.Sorted(maps.Keys(t.Fields)) {
		f := t.Fields[id]
		if f.Required && !f.HasDefaultValue && id != "comment" && (id != "resolution" || c.cfg.Resolutions[key] == "") {
			out = append(out, orElse(f.Name, id))
		}
	}
	return strings.Join(out, ", ")
}

// screen fills in the transition's screen. A resolution is sent only where the
// screen has the field: elsewhere Jira refuses it.
func (c *Client) screen(t transition, key string) (map[string]any, error) {
	field, ok := t.Fields["resolution"]
	want := strings.TrimSpace(c.cfg.Resolutions[key])
	if missing := c.missing(t, key); missing != "" {
		return nil, fault("The transition %q asks for %s, which Latchkey can't fill in: make it optional on the transition's screen%s",
			t.Name, missing, hint(field.Required, key, field))
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
		return nil, fault("The transition %q knows no resolution %q: set jira.resolutions.%s to one of %s", t.Name, want, key, allowed(field))
	}
	return map[string]any{"resolution": map[string]string{"name": want}}, nil
}

func hint(resolution bool, key string, f screenField) string {
	if !resolution {
		return ""
	}
	return ", or set jira.resolutions." + key + " to one of " + orElse(allowed(f), "its values")
}

func allowed(f screenField) string {
	var out []string
	for _, v := range f.AllowedValues {
		out = append(out, v.Name)
	}
	return strings.Join(out, ", ")
}

// target is the key of the status a case should have; false when the issue
// should stay where it is.
func target(c access.Case) (string, bool) {
	switch c.Phase() {
	case access.PhaseDeciding:
		return Pending, true
	case access.PhasePreparing:
		return Approved, true
	case access.PhaseManual:
		return Manual, true
	case access.PhaseGranted:
		return Granted, true
	case access.PhaseRemoving: // it keeps the look of granted until it is seen to be gone
		return Granted, there(c)
	case access.PhaseStuck:
		return Stuck, true
	case access.PhaseDenied:
		return Declined, true
	case access.PhaseWithdrawn:
		return Withdrawn, true
	case access.PhaseClosed, access.PhaseExtended: // the story of the access goes on in the issue that gave it
		return Closed, true
	default:
		return "", false
	}
}
