package jira

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"
	"unicode/utf8"

	"latchkey/access"
	"latchkey/catalog"
)

// Keys of the properties Latchkey writes. Everybody who sees an issue can read
// its properties, so they hold nothing that the issue does not tell.
const (
	stateProperty   = "latchkey"
	eventProperty   = "latchkey.event"
	visibleProperty = "sd.public.comment" // the service desk's own: {"internal": true} hides a comment from customers
)

// propertyLimit is the most a property may hold, in characters of JSON (REST API
// v3, "Set issue property").
const propertyLimit = 32768

// snapshot is the issue's state for machines.
type snapshot struct {
	Version   int             `json:"v"`
	Request   string          `json:"request"`
	Report    string          `json:"report,omitempty"` // of an issue that belongs to no request
	Requester access.PersonID `json:"requester"`
	Person    access.PersonID `json:"person"`
	App       string          `json:"app"`
	Role      string          `json:"role"`
	Phase     access.Phase    `json:"phase"`
	Wanted    string          `json:"wanted"` // as it is typed: "6h", "forever"
	Until     *time.Time      `json:"until,omitempty"`
	Grant     string          `json:"grant,omitempty"`
	Event     string          `json:"event,omitempty"` // latest event of the story
	Hash      string          `json:"hash,omitempty"`  // its hash: the anchor of the log
	Record    *nouns          `json:"record,omitempty"`
}

// nouns are the request and the grant in full with their story, for recovery.
type nouns struct {
	Request access.Request `json:"request"`
	Grant   *access.Grant  `json:"grant,omitempty"`
	Story   []access.Event `json:"story,omitempty"`
}

// snap takes the snapshot of a case. What does not fit is left out: the story,
// then the nouns too. Both can also be rebuilt from the comments.
func snap(c access.Case, e access.Event) (json.RawMessage, error) {
	r := c.Request
	s := snapshot{
		Version: 1, Request: r.ID, Requester: r.Requester, Person: r.Beneficiary, App: r.App, Role: r.Role,
		Phase: c.Phase(), Wanted: catalog.ShortDuration(r.Wanted), Record: &nouns{r, c.Grant, c.Story},
	}
	if c.Grant != nil {
		s.Grant = c.Grant.ID
		if !c.Grant.Ends.IsZero() {
			s.Until = &c.Grant.Ends
		}
	}
	if head := newest(c, e); head.Seq > 0 {
		s.Event, s.Hash = head.ID(), head.Hash
	}
	return s.fit()
}

// fit writes as much of the snapshot as a property holds.
func (s snapshot) fit() (json.RawMessage, error) {
	for _, less := range []func(){func() {}, func() { s.Record.Story = nil }, func() { s.Record = nil }} {
		less()
		raw, err := json.Marshal(s)
		if err != nil || utf8.RuneCount(raw) <= propertyLimit {
			return raw, err
		}
	}
	return nil, errors.New("the snapshot is longer than a property of Jira may be")
}

// newest is the latest event known of the case.
func newest(c access.Case, e access.Event) access.Event {
	for _, other := range c.Story {
		if other.Seq > e.Seq {
			e = other
		}
	}
	return e
}

// property is a property as other calls carry it along.
type property struct {
	Key   string `json:"key"`
	Value any    `json:"value"`
}

// putState writes the snapshot by itself. Writing it twice is harmless.
func (c *Client) putState(ctx context.Context, issue string, value json.RawMessage) error {
	return c.tell(ctx, call{method: http.MethodPut, path: issuePath(issue, "/properties/", stateProperty),
		in: value, what: "note the state of the request"})
}
