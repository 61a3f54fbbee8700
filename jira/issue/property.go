package issue

import (
	"context"
	"net/http"
	"slices"

	"latchkey/access"
	"latchkey/jira/rest"
	"latchkey/jira/stamp"
)

// Properties writes what issues carry for machines. Of the pages of events that an
// issue is known to carry, none is written twice.
type Properties struct {
	api   *rest.Client
	pages *rest.Cache[[]string] // issue id -> the full pages it carries
}

// NewProperties makes what writes properties.
func NewProperties(api *rest.Client) *Properties {
	return &Properties{api: api, pages: rest.NewCache[[]string]()}
}

// missing are the properties that an issue is to carry: of the pages, those that
// it is not known to carry already.
func (p *Properties) missing(issue string, r access.IssueRecord) []stamp.Property {
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
	err := p.api.Send(ctx, rest.Call{Method: http.MethodPut, Path: rest.IssuePath(issue), What: "note the state of the request",
		Body: map[string]any{"properties": p.missing(issue, r)}})
	if err == nil {
		p.remember(issue, r)
	}
	return err
}

// forget drops what is known of an issue's pages: a call about it failed.
func (p *Properties) forget(issue string) { p.pages.Drop(issue) }
