// Package stamp is how Latchkey's own data stands on an issue, so that who writes
// it and who reads it back agree: the id in the summary by which an issue is
// found again, the property by which a comment is known to be the one for an
// event, and the properties that carry a request's state and events.
package stamp

import (
	"encoding/json"
	"reflect"
	"slices"

	"latchkey/access"
	"latchkey/jira/adf"
	"latchkey/jira/rest"
)

// Audience is who a comment is for.
type Audience string

// The audiences. Agents read what the customer reads, too.
const (
	Customer Audience = "customer"
	Agents   Audience = "agents"
)

// Stamp is the property by which a comment is known to be the one for an event.
// What happened is in the pages of events; the leaf hash says that it is
// the same event.
type Stamp struct {
	ID       string       `json:"id"`
	N        uint64       `json:"n,omitempty"`
	Leaf     *access.Hash `json:"leaf,omitempty"` // nil for what is no event
	Audience Audience     `json:"audience"`
	// MoreForAgents says that another comment, for agents, says more about the event.
	MoreForAgents bool `json:"beside,omitempty"`
	// With are further events that the comment is about.
	With []About `json:"with,omitempty"`
}

// About is one event that a comment is about.
type About struct {
	ID   string      `json:"id"`
	N    uint64      `json:"n"`
	Leaf access.Hash `json:"leaf"`
}

// All are the events that a comment is about; none, for what is no event.
func (s Stamp) All() []About {
	if s.Leaf == nil {
		return nil
	}
	return append(slices.Clone(s.With), About{s.ID, s.N, *s.Leaf})
}

// For is the stamp of the comment that an audience gets about an event.
func For(e access.Event, to Audience) Stamp {
	return Stamp{ID: e.ID, N: e.N, Leaf: &e.Leaf, Audience: to}
}

// Same tells whether a comment with the stamp is about what another stamp is about, for whichever
// audience.
func (s Stamp) Same(o Stamp) bool {
	if o.Leaf == nil {
		return s.ID == o.ID && s.Leaf == nil
	}
	return slices.Contains(s.All(), About{o.ID, o.N, *o.Leaf})
}

// Comment makes the body of a comment. A comment on a request is shown to the
// customer unless the service desk's own property says otherwise (REST API v3,
// Comment.jsdPublic, defaults to true).
func Comment(mark Stamp, text adf.Document) map[string]any {
	props := []Property{{eventProperty, mark}}
	if mark.Audience == Agents {
		props = append(props, Property{VisibilityProperty, map[string]bool{"internal": true}})
	}
	return map[string]any{"body": text, "properties": props}
}

// ForAgents tells whether a comment's body, as it is sent, is for agents only.
func ForAgents(body map[string]any) bool {
	props, _ := body["properties"].([]Property)
	return slices.ContainsFunc(props, func(p Property) bool { return p.Key == VisibilityProperty })
}

// Genuine reports whether a comment's stamp says what Latchkey writes, and no more:
// one that was changed need not be believed. Jira may write the same otherwise.
func Genuine(c rest.Comment) bool {
	s, ok := On(c)
	if !ok || s.ID == "" || (s.N > 0) != (s.Leaf != nil) || s.Audience != Customer && s.Audience != Agents {
		return false
	}
	var is, should map[string]any
	raw, err := json.Marshal(s)
	return err == nil && json.Unmarshal(c.Property(eventProperty), &is) == nil && json.Unmarshal(raw, &should) == nil && reflect.DeepEqual(is, should)
}

// On is the stamp on a comment; false when it has none.
func On(c rest.Comment) (s Stamp, ok bool) {
	raw := c.Property(eventProperty)
	ok = raw != nil && json.Unmarshal(raw, &s) == nil
	return s, ok
}
