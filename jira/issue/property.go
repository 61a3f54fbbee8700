package issue

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"

	"latchkey/access"
	"latchkey/jira/rest"
	"latchkey/jira/stamp"
)

// Properties writes what issues carry for machines. Of the pages of events that an
// issue is known to carry, none is written twice.
type Properties struct {
	api     *rest.Client
	pages   *rest.Cache[[]string] // issue id -> the full pages it carries
	travels *rest.Cache[bool]     // transition id -> it takes properties along
}

// NewProperties makes what writes properties.
func NewProperties(api *rest.Client) *Properties {
	return &Properties{api: api, pages: rest.NewCache[[]string](), travels: rest.NewCache[bool]()}
}

// missing are the properties that an issue is to carry: of the pages, those that
// it is not known to carry already.
func (p *Properties) missing(issue string, r access.IssueRecord) []stamp.Property {
	if r.Empty() {
		return nil
	}
	known, _ := p.pages.Get(issue)
	props := []stamp.Property{{Key: stamp.StateProperty, Value: r.State}}
	for i, page := range r.Pages {
		if i >= len(known) || known[i] != page {
			props = append(props, stamp.Property{Key: stamp.PageProperty(i + 1), Value: page})
		}
	}
	return props
}

// remember notes what an issue carries now. Only pages that are full are worth
// remembering, so nothing is for most issues.
func (p *Properties) remember(issue string, r access.IssueRecord) {
	if len(r.Pages) > 1 {
		p.pages.Put(issue, slices.Clone(r.Pages[:len(r.Pages)-1]))
	}
}

// Put writes what the issue carries by itself, in one call. Writing it twice
// is harmless.
func (p *Properties) Put(ctx context.Context, issue string, r access.IssueRecord) error {
	_, err := p.PutWith(ctx, issue, nil, r)
	return err
}

// PutWith is Put together with fields, and tells the id of the status that the issue is in; "" if
// Jira doesn't say.
func (p *Properties) PutWith(ctx context.Context, issue string, fields map[string]any, r access.IssueRecord) (status string, err error) {
	body := map[string]any{}
	if len(fields) > 0 {
		body["fields"] = fields
	}
	if !r.Empty() {
		body["properties"] = p.missing(issue, r)
	}
	if len(body) == 0 {
		return "", nil
	}
	answer, err := p.api.Do(ctx, rest.Call{Method: http.MethodPut, Path: rest.IssuePath(issue), Needs: rest.EditIssues, Query: url.Values{"returnIssue": {"true"}}, What: noteState, Body: body})
	if err != nil {
		return "", err
	}
	p.remember(issue, r)
	var now struct {
		Fields struct{ Status struct{ ID string } }
	}
	if json.Unmarshal(answer, &now) != nil {
		return "", nil
	}
	return now.Fields.Status.ID, nil
}

// Drop takes the state off an issue that isn't a request's.
func (p *Properties) Drop(ctx context.Context, issue string) error {
	return p.api.Send(ctx, rest.Call{Method: http.MethodDelete, Path: rest.IssuePath(issue, "/properties/", stamp.StateProperty), Needs: rest.BrowseProjects, What: "take the state off the issue"})
}

// arrived tells whether what went with a transition is on the issue. Atlassian
// doesn't say whether a transition without a screen takes properties along, so the
// first time that one is taken what it brought is read back.
func (p *Properties) arrived(ctx context.Context, issue string, r access.IssueRecord, transition string) (bool, error) {
	if r.Empty() {
		return true, nil
	}
	travels, known := p.travels.Get(transition)
	if !known {
		var back struct{ Value json.RawMessage }
		err := p.api.Fetch(ctx, rest.GetIssue("read the state of the request back", issue, "/properties/"+stamp.StateProperty, nil), &back)
		if err != nil && rest.StatusOf(err) != http.StatusNotFound {
			return false, err
		}
		travels = err == nil && stamp.ReadText(back.Value) == r.State
		p.travels.Put(transition, travels)
	}
	if travels {
		p.remember(issue, r)
	}
	return travels, nil
}

// noteState is what is done when properties are written.
const noteState = "note the state of the request"

// forget drops what is known of an issue's pages: a call about it failed.
func (p *Properties) forget(issue string) { p.pages.Drop(issue) }
