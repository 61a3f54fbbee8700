package jira

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"latchkey/access"
)

// face is the side of a note a comment shows.
type face string

const (
	toCustomer face = "customer"
	toAgents   face = "agents"
)

// stamp is the property by which a comment is known to be the one for an event.
// What happened is in the issue's pages; the leaf says that it is the same event.
type stamp struct {
	ID   string       `json:"id"`
	N    uint64       `json:"n,omitempty"`
	Leaf *access.Hash `json:"leaf,omitempty"` // nil for what is no event
	Face face         `json:"face"`
	// Beside says that another comment tells agents more about the event.
	Beside bool `json:"beside,omitempty"`
}

func stampOf(e access.Event, f face) stamp {
	return stamp{ID: e.ID, N: e.N, Leaf: &e.Leaf, Face: f}
}

// same tells whether both are about the same event, whichever side they show.
func (s stamp) same(o stamp) bool {
	return s.ID == o.ID && (s.Leaf == nil) == (o.Leaf == nil) && (s.Leaf == nil || *s.Leaf == *o.Leaf)
}

// comment makes the body of a comment. A comment on a request is shown to the
// customer unless the service desk's own property says otherwise (REST API v3,
// Comment.jsdPublic, defaults to true).
func comment(mark stamp, text doc) map[string]any {
	props := []property{{eventProperty, mark}}
	if mark.Face == toAgents {
		props = append(props, property{visibleProperty, map[string]bool{"internal": true}})
	}
	return map[string]any{"body": text, "properties": props}
}

func (c *Client) addComment(ctx context.Context, issue string, body map[string]any) error {
	return c.tell(ctx, call{method: http.MethodPost, path: issuePath(issue, "/comment"), in: body, visible: true,
		what: "comment on the issue"})
}

const (
	commentPage  = 100
	commentPages = 10
)

type commentAnswer struct {
	Total    int
	Comments []struct {
		Created    string
		Properties []struct {
			Key   string
			Value json.RawMessage
		}
	}
}

// written finds which comments with a stamp are on the issue already, whichever
// side they show. It reads the newest first and stops at those from well before
// the moment the comment is about.
func (c *Client) written(ctx context.Context, issue string, about stamp, at time.Time) (map[face]bool, error) {
	seen := map[face]bool{}
	for page := range commentPages {
		var answer commentAnswer
		query := url.Values{"expand": {"properties"}, "orderBy": {"-created"},
			"startAt": {strconv.Itoa(page * commentPage)}, "maxResults": {strconv.Itoa(commentPage)}}
		if err := c.ask(ctx, get("read the comments", issuePath(issue, "/comment"), query), &answer); err != nil {
			return nil, err
		}
		if answer.mark(seen, about, at) || len(answer.Comments) == 0 || (page+1)*commentPage >= answer.Total {
			break
		}
	}
	return seen, nil
}

// mark notes the comments with the stamp; done says that older ones can't have
// it.
func (a commentAnswer) mark(seen map[face]bool, about stamp, since time.Time) (done bool) {
	for _, c := range a.Comments {
		for _, p := range c.Properties {
			var s stamp
			if p.Key == eventProperty && json.Unmarshal(p.Value, &s) == nil && s.same(about) {
				seen[s.Face] = true
			}
		}
		if at, err := time.Parse(jiraTime, c.Created); err == nil && at.Before(since.Add(-margin)) {
			return true
		}
	}
	return false
}
