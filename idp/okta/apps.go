package okta

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"
	"github.com/okta/okta-sdk-golang/v2/okta/query"

	"latchkey/idp"
)

// assignmentPage is the most that a page of an application's groups or accounts holds (developer.okta.com, "Application Groups").
const assignmentPage = 200

// apps lists an org's applications. What it may ask for in a minute is little (100 calls for lists, half of that for one
// token), so it asks each application for its groups, of which there are fewer than groups to ask for their applications.
type apps struct{ *Directory }

// Apps implements idp.AppLister.
func (a apps) Apps(ctx context.Context) ([]idp.App, error) {
	found, err := list(ctx, a.api, "list the applications", func(ctx context.Context, c *sdk.Client) ([]*sdk.Application, *sdk.Response, error) {
		all, resp, err := c.Application.ListApplications(ctx, query.NewQueryParams(query.WithLimit(assignmentPage)))
		return concrete(all), resp, err
	})
	if err != nil {
		return nil, err
	}
	out := make([]idp.App, len(found))
	for i, app := range found {
		out[i] = idp.App{ID: app.Id, Name: cmp.Or(app.Label, app.Name), Kind: app.Name, Active: app.Status == "ACTIVE", Why: ofOkta(app.Name)}
	}
	slices.SortStableFunc(out, func(a, b idp.App) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}

// concrete are the applications behind the SDK's interface: a listing decodes all of them alike.
func concrete(all []sdk.App) (out []*sdk.Application) {
	for _, one := range all {
		if app, is := one.(*sdk.Application); is {
			out = append(out, app)
		}
	}
	return out
}

// ofOkta says of an application that it is Okta itself, by the name that only Okta can give it; "" for all others.
func ofOkta(name string) string {
	own := []string{"saasure", "okta_enduser", "okta_browser_plugin", "okta_flow_sso", "okta_access_requests_resource_catalog", "okta_iga_reviewer"}
	if slices.Contains(own, name) {
		return "It is a part of Okta itself."
	}
	return ""
}

// Assignments implements idp.AppLister. Who was assigned in person is only asked of an application without groups: of others
// the list has everybody whom a group lets in as well, and may be as long as the company.
func (a apps) Assignments(ctx context.Context, appID string) (idp.Assignments, error) {
	if appID == "" {
		return idp.Assignments{}, fmt.Errorf("%s: an application without an id: %w", a.cfg.ID, idp.ErrNotFound)
	}
	found, err := list(ctx, a.api, "list the groups of application "+appID, func(ctx context.Context, c *sdk.Client) ([]*sdk.ApplicationGroupAssignment, *sdk.Response, error) {
		return c.Application.ListApplicationGroupAssignments(ctx, url.PathEscape(appID), query.NewQueryParams(query.WithLimit(assignmentPage)))
	})
	if err != nil {
		return idp.Assignments{}, err
	}
	var out idp.Assignments
	for _, g := range found {
		out.Groups = append(out.Groups, idp.Assignment{GroupID: g.Id, Role: roleOf(g)})
	}
	if len(out.Groups) == 0 {
		out.InPerson, err = a.inPerson(ctx, appID)
	}
	return out, err
}

// inPerson counts those whom an application without groups lets in.
func (a apps) inPerson(ctx context.Context, appID string) (idp.Count, error) {
	found, err := list(ctx, a.api, "list the accounts of application "+appID, func(ctx context.Context, c *sdk.Client) ([]*sdk.AppUser, *sdk.Response, error) {
		return c.Application.ListApplicationUsers(ctx, url.PathEscape(appID), query.NewQueryParams(query.WithLimit(assignmentPage)))
	})
	if err != nil {
		return idp.Count{}, err
	}
	return idp.Counted(len(found)), nil
}

// roleOf is what an assignment says that its members are. Its attributes are the application's own; those of many have this one.
func roleOf(g *sdk.ApplicationGroupAssignment) string {
	profile, _ := g.Profile.(map[string]any)
	role, _ := profile["role"].(string)
	return role
}

// GroupSizes implements idp.GroupSizer by one listing of all groups: to ask for each would take a call for each.
func (a apps) GroupSizes(ctx context.Context, groupIDs []string) (map[string]int, error) {
	found, err := list(ctx, a.api, "count the members of groups", func(ctx context.Context, c *sdk.Client) ([]*sdk.Group, *sdk.Response, error) {
		return c.Group.ListGroups(ctx, query.NewQueryParams(query.WithExpand("stats"), query.WithLimit(memberPage)))
	})
	if err != nil {
		return nil, err
	}
	all := map[string]int{}
	for _, g := range found {
		if n, said := usersIn(g); said {
			all[g.Id] = n
		}
	}
	out := make(map[string]int, len(groupIDs))
	for _, id := range groupIDs {
		if n, known := all[id]; known {
			out[id] = n
		}
	}
	return out, nil
}
