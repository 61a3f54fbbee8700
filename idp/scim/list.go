package scim

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
)

const (
	// pageSize is how many entries are asked for at a time. Servers give fewer if they like.
	pageSize = 100
	// readings is how often a list is begun anew that changes while it is read.
	readings = 3
)

// listPage is the form of a list (RFC 7644, 3.4.2).
type listPage struct {
	TotalResults *int
	Resources    []resource
	rows         []json.RawMessage // what the resources were made of
}

// UnmarshalJSON implements json.Unmarshaler.
func (p *listPage) UnmarshalJSON(raw []byte) error {
	var got struct {
		TotalResults *int              `json:"totalResults"`
		Resources    []json.RawMessage `json:"Resources"`
	}
	if err := json.Unmarshal(raw, &got); err != nil {
		return err
	}
	*p = listPage{TotalResults: got.TotalResults, rows: got.Resources}
	for _, row := range got.Resources {
		var r resource
		if err := json.Unmarshal(row, &r); err != nil {
			return err
		}
		p.Resources = append(p.Resources, r)
	}
	return nil
}

// list reads everything under an endpoint that passes a filter, to its end. A list that changes while it is read is
// read anew: what moved to a page that was read already would be missed.
func (a *api) list(ctx context.Context, what, endpoint string, query url.Values) ([]resource, error) {
	return a.noted(ctx, what, endpoint, query, func() pageNote { return func(listPage) {} })
}

// pageNote is told of each page as it comes.
type pageNote func(listPage)

// noted is list for who wants to know how it was read: begin is called whenever the list is begun.
func (a *api) noted(ctx context.Context, what, endpoint string, query url.Values, begin func() pageNote) ([]resource, error) {
	for range readings {
		all, whole, err := a.reading(ctx, what, endpoint, query, begin())
		if err != nil || whole {
			return all, err
		}
	}
	return nil, fmt.Errorf("%s: cannot %s: the list changes while it is read, or the SCIM server's pages go round in circles; it will be tried again", a.cfg.ID, what)
}

// reading goes through a list once. It is whole if as many different entries came as the server counts, all the time.
func (a *api) reading(ctx context.Context, what, endpoint string, query url.Values, note pageNote) (all []resource, whole bool, err error) {
	seen := map[string]bool{}
	for total := -1; ; {
		page, err := a.page(ctx, what, endpoint, query, len(seen)+1, pageSize)
		if err != nil {
			return nil, false, err
		}
		note(page)
		if total >= 0 && *page.TotalResults != total {
			return nil, false, nil
		}
		total = *page.TotalResults
		before := len(seen)
		for _, r := range page.Resources {
			if id := r.id(); !seen[id] {
				seen[id] = true
				all = append(all, r)
			}
		}
		switch {
		case len(seen) >= total: // beyond the end some servers begin anew, so nothing is asked there
			return all, len(seen) == total, nil
		case len(seen) == before:
			return nil, false, nil
		}
	}
}

// page reads one page. The standard counts from 1.
func (a *api) page(ctx context.Context, what, endpoint string, query url.Values, start, count int) (listPage, error) {
	asked := url.Values{"startIndex": {strconv.Itoa(start)}, "count": {strconv.Itoa(count)}}
	for k, v := range query {
		asked[k] = v
	}
	var page listPage
	if err := a.do(ctx, call{what: what, path: endpoint, query: asked}, &page); err != nil {
		return page, err
	}
	if page.TotalResults == nil {
		return page, fmt.Errorf("%s: cannot %s: the SCIM server's list has no totalResults, so nobody knows where it ends; it will be tried again", a.cfg.ID, what)
	}
	for _, r := range page.Resources {
		if r.id() == "" {
			return page, fmt.Errorf("%s: cannot %s: an entry of the SCIM server's list has no id; it will be tried again", a.cfg.ID, what)
		}
	}
	return page, nil
}
