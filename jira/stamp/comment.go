package stamp

import (
	"encoding/json"

	"latchkey/access"
	"latchkey/jira/adf"
	"latchkey/jira/rest"
)

// Audience is the side of a note a comment shows.
type Audience string

const (
	Customer Audience = "customer"
	Agents   Audience = "agents"
)

// Stamp is the property by which a comment is known to be the one for an event.
// What happened is in the pages; the leaf says that it is the same event.
type Stamp struct {
	ID       string       `json:"id"`
	N        uint64       `json:"n,omitempty"`
	Leaf     *access.Hash `json:"leaf,omitempty"` // nil for what is no event
	Audience Audience     `json:"face"`
	// Beside says that another comment tells agents more about the event.
	MoreForAgents bool `json:"beside,omitempty"`
}

func For(e access.Event, f Audience) Stamp {
	return Stamp{ID: e.ID, N: e.N, Leaf: &e.Leaf, Audience: f}
}

// Same tells whether both are about the same event, whichever side they show.
func (s Stamp) Same(o Stamp) bool {
	return s.ID == o.ID && (s.Leaf == nil) == (o.Leaf == nil) && (s.Leaf == nil || *s.Leaf == *o.Leaf)
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

// On is what a comment is about, if Latchkey says so.
func On(c rest.Comment) (s Stamp, ok bool) {
	raw := c.Property(eventProperty)
	ok = raw != nil && json.Unmarshal(raw, &s) == nil
	return s, ok
}
