package entra

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"latchkey/idp"
)

// member is an entry of a list of members, and what it was made of.
type member struct {
	account
	raw []byte
}

// UnmarshalJSON implements json.Unmarshaler.
func (m *member) UnmarshalJSON(raw []byte) error {
	m.raw = slices.Clone(raw)
	err := json.Unmarshal(raw, &m.account)
	m.ID = strings.ToLower(m.ID) // Graph takes an id in any case for the same one
	return err
}

// memberPages reads who is in a group by the record, and notes what comes. Graph counts users, so whatever else is in a
// group is told apart.
func (d *members) memberPages(groupID string, reading *idp.Reading) (*pager[member], *idp.ListReading) {
	first := exchange{path: "/groups/" + groupID + "/members", query: options("$top", mostInPage)}
	read := reading.List(idp.Got("/v1.0"+first.path, first.query), func(ctx context.Context) (idp.Count, idp.Request, error) { return d.recounted(ctx, groupID) })
	p := newPager[member](d.api, "list the members of group "+groupID, first)
	p.note = func(got page[member]) error {
		if why := unfit(groupID, got); why != "" {
			return &idp.Unintelligible{What: why}
		}
		read.Page()
		for _, m := range got.Value {
			if again := read.Row(m.raw, m.ID); !again && m.Kind != kindUser {
				read.Apart(kindWords(m.Kind), false, false)
			}
		}
		return nil
	}
	return p, read
}

// unfit says why a page is no page of a group's members; "" where it is one.
func unfit(groupID string, got page[member]) string {
	for _, m := range got.Value {
		if m.ID == "" || m.Kind == "" {
			return "an entry of Graph's list has no id or doesn't say what it is; it will be tried again"
		}
	}
	if next, err := url.Parse(got.Next); err == nil {
		at := strings.Split(next.Path, "/")
		if i := slices.Index(at, "groups"); i >= 0 && i+1 < len(at) && isID(at[i+1]) && !strings.EqualFold(at[i+1], groupID) {
			return "Graph's answer belongs to another group's list: look for a proxy that keeps answers; it will be tried again"
		}
	}
	return ""
}

// kindWords are what members of a kind are called, in the plural.
func kindWords(kind string) string {
	switch name := strings.TrimPrefix(kind, "#microsoft.graph."); name {
	case "device", "group":
		return name + "s"
	case "servicePrincipal":
		return "applications"
	case "orgContact":
		return "contacts"
	default:
		return fmt.Sprintf("members of the kind %q", name)
	}
}

// counted is how many users Graph counts in a group, by an index that may trail; unknown where it doesn't say.
func (d *members) counted(ctx context.Context, groupID string) (idp.Count, idp.Request, error) {
	x := exchange{path: "/groups/" + groupID + "/members/microsoft.graph.user", query: options("$select", "id", "$top", "1", "$count", "true"), eventual: true}
	by := idp.Got("/v1.0"+x.path, x.query)
	got, err := newPager[account](d.api, "count the members of group "+groupID, x).next(ctx)
	switch {
	case errors.Is(err, idp.ErrNotFound):
		return idp.Count{}, by, nil
	case err != nil:
		return idp.Count{}, by, err
	case got.Count == nil:
		return idp.Count{}, by, nil
	}
	return idp.Counted(*got.Count), by, nil
}

// recounted is counted for who wants to compare: one who may not ask doesn't know.
func (d *members) recounted(ctx context.Context, groupID string) (idp.Count, idp.Request, error) {
	count, by, err := d.counted(ctx, groupID)
	if errors.Is(err, idp.ErrDenied) || errors.Is(err, idp.ErrRefused) {
		return idp.Count{}, by, nil
	}
	return count, by, err
}
