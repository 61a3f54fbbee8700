package okta

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"
	"github.com/okta/okta-sdk-golang/v2/okta/query"

	"latchkey/idp"
)

// member is an entry of a list of members, and what it was made of.
type member struct {
	sdk.User
	raw []byte
}

// UnmarshalJSON implements json.Unmarshaler.
func (m *member) UnmarshalJSON(raw []byte) error {
	m.raw = slices.Clone(raw)
	return json.Unmarshal(raw, &m.User)
}

// Members implements idp.Directory. Okta counts members only where it lists groups, so that is asked for where
// the list is empty: what a gateway answers, or a token that may not see who is in a group, is not "nobody".
func (d *Directory) Members(ctx context.Context, groupID string) (idp.Listing, error) {
	if groupID == "" {
		_, err := d.readGroup(ctx, groupID)
		return idp.Listing{}, err
	}
	reading := idp.NewReading("Okta", d.cfg.Clock)
	p := d.memberPages(groupID, reading)
	page, err := p.next(ctx)
	if err != nil {
		return idp.Listing{}, err
	}
	var count idp.Count
	if len(page) == 0 && !p.more() {
		if count, _, err = d.counted(ctx, groupID, nil); err != nil {
			return idp.Listing{}, err
		}
	}
	return reading.Listing(count, memberships(p.rest(ctx, page))), nil
}

func memberships(all iter.Seq2[member, error]) iter.Seq2[idp.Membership, error] {
	return func(yield func(idp.Membership, error) bool) {
		for m, err := range all {
			if err != nil {
				yield(idp.Membership{}, err)
				return
			}
			if u := &m.User; !yield(idp.Membership{PersonID: u.Id, Email: email(u), Status: status(u), LastLogin: instant(u.LastLogin)}, nil) {
				return
			}
		}
	}
}

// memberPages reads who is in a group, and notes what comes.
func (d *Directory) memberPages(groupID string, reading *idp.Reading) *pager[member] {
	path := membersPath(groupID)
	asked := query.NewQueryParams(query.WithLimit(memberPage))
	params, _ := url.ParseQuery(strings.TrimPrefix(asked.String(), "?")) // the SDK has just written it
	var list *idp.ListReading
	list = reading.List(idp.Got(path, params), func(ctx context.Context) (idp.Count, idp.Request, error) { return d.recounted(ctx, groupID, list) })
	return &pager[member]{
		api: d.api, what: "list the members of group " + groupID,
		first: func(ctx context.Context, c *sdk.Client) (page []member, resp *sdk.Response, err error) {
			rq := c.CloneRequestExecutor()
			req, err := rq.WithAccept("application/json").WithContentType("application/json").NewRequest(http.MethodGet, path+asked.String(), nil)
			if err != nil {
				return nil, nil, err
			}
			resp, err = rq.Do(ctx, req, &page)
			return page, resp, err
		},
		note: func(page []member, resp *sdk.Response) error {
			if why := d.unfit(groupID, page, resp); why != "" {
				return fmt.Errorf("%s: cannot list the members of group %s: %w", d.cfg.ID, groupID, &idp.Unintelligible{What: why})
			}
			list.Page()
			for _, m := range page {
				list.Row(m.raw, m.Id)
			}
			return nil
		},
	}
}

func membersPath(groupID string) string {
	return "/api/v1/groups/" + url.PathEscape(groupID) + "/users"
}

// unfit says why a page is no page of a group's members; "" where it is one. The SDK takes an answer without a body for an
// empty list, and a proxy that keeps answers may give a page of another group's.
func (d *Directory) unfit(groupID string, page []member, resp *sdk.Response) string {
	if page == nil {
		return "Okta's answer has no list in it; it will be tried again"
	}
	for _, m := range page {
		if m.Id == "" {
			return "an entry of Okta's list has no id; it will be tried again"
		}
	}
	for _, link := range append(resp.Header.Values("Link"), resp.NextPage) {
		target, _, _ := strings.Cut(strings.TrimPrefix(link, "<"), ">")
		at, err := url.Parse(target)
		if err != nil {
			continue // the SDK reads those that count
		}
		if rest, list := strings.CutPrefix(at.Path, "/api/v1/groups/"); list && strings.HasSuffix(rest, "/users") && rest != groupID+"/users" {
			return "Okta's answer belongs to another group's list: look for a proxy that keeps answers; it will be tried again"
		}
	}
	return ""
}

// counted is how many accounts Okta counts in a group, and by which request; unknown where it doesn't say. With that it says when
// somebody joined or left last, which is noted with a list that was read.
func (d *Directory) counted(ctx context.Context, groupID string, noted *idp.ListReading) (idp.Count, idp.Request, error) {
	params := url.Values{"filter": {"id eq " + quote(groupID)}, "expand": {"stats"}}
	by := idp.Got("/api/v1/groups", params)
	found, err := list(ctx, d.api, "count the members of group "+groupID, func(ctx context.Context, c *sdk.Client) ([]*sdk.Group, *sdk.Response, error) {
		return c.Group.ListGroups(ctx, query.NewQueryParams(query.WithFilter(params.Get("filter")), query.WithExpand("stats")))
	})
	if err != nil {
		return idp.Count{}, by, err
	}
	count, why := countOf(groupID, found)
	if i := slices.IndexFunc(found, func(g *sdk.Group) bool { return g.Id == groupID }); noted != nil && i >= 0 {
		noted.Moved(instant(found[i].LastMembershipUpdated))
	}
	if why != "" {
		err = fmt.Errorf("%s: cannot count the members of group %s: %w", d.cfg.ID, groupID, &idp.Unintelligible{What: why})
	}
	return count, by, err
}

// countOf is how many are in a group by an answer, or why that is no answer. A group that isn't in it can't be seen, so how
// many are in it isn't known.
func countOf(groupID string, found []*sdk.Group) (count idp.Count, why string) {
	i := slices.IndexFunc(found, func(g *sdk.Group) bool { return g.Id == groupID })
	switch {
	case i < 0 && len(found) > 0:
		return count, "Okta's answer counts another group: look for a proxy that keeps answers; it will be tried again"
	case i < 0:
		return count, ""
	}
	n, said := usersIn(found[i])
	switch {
	case said:
		return idp.Counted(n), ""
	case statistic(found[i]) != nil:
		return count, "Okta's count of a group's members is no number; it will be tried again"
	}
	return count, ""
}

// recounted is counted for who wants to compare: one who may not ask doesn't know.
func (d *Directory) recounted(ctx context.Context, groupID string, noted *idp.ListReading) (idp.Count, idp.Request, error) {
	count, by, err := d.counted(ctx, groupID, noted)
	if errors.Is(err, idp.ErrDenied) || errors.Is(err, idp.ErrRefused) {
		return idp.Count{}, by, nil
	}
	return count, by, err
}
