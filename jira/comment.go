package jira

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"
	"unicode/utf8"

	"latchkey/access"
)

// face is the side of a note a comment shows.
type face string

const (
	toCustomer face = "customer"
	toAgents   face = "agents"
)

// stamp is the property by which a comment is known to be the one for an event.
// The comment for agents, or else the only one, carries the event itself: from
// these the log can be rebuilt, and each can be checked against its hash.
type stamp struct {
	ID    string        `json:"id"`
	Hash  string        `json:"hash"`
	Face  face          `json:"face"`
	Event *access.Event `json:"event,omitempty"`
}

// comment makes the body of a comment. A comment on a request is shown to the
// customer unless the service desk's own property says otherwise (REST API v3,
// Comment.jsdPublic, defaults to true).
func comment(e access.Event, f face, text doc, whole bool) map[string]any {
	return stamped(stampOf(e, f, whole), text)
}

func stamped(mark stamp, text doc) map[string]any {
	props := []property{{eventProperty, mark}}
	if mark.Face == toAgents {
		props = append(props, property{visibleProperty, map[string]bool{"internal": true}})
	}
	return map[string]any{"body": text, "properties": props}
}

// stampOf makes the stamp, whole or, if that is too long for a property, without
// the event.
func stampOf(e access.Event, f face, whole bool) stamp {
	s := stamp{ID: e.ID(), Hash: e.Hash, Face: f}
	if !whole {
		return s
	}
	s.Event = &e
	if raw, err := json.Marshal(s); err != nil || utf8.RuneCount(raw) > propertyLimit {
		s.Event = nil
	}
	return s
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
			if p.Key == eventProperty && json.Unmarshal(p.Value, &s) == nil && s.ID == about.ID && s.Hash == about.Hash {
				seen[s.Face] = true
			}
		}
		if at, err := time.Parse(jiraTime, c.Created); err == nil && at.Before(since.Add(-margin)) {
			return true
		}
	}
	return false
}
