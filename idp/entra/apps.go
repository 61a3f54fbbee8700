package entra

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"latchkey/idp"
)

// application is a service principal: an application as the tenant has it.
type application struct {
	ID      string `json:"id"`
	AppID   string `json:"appId"`
	Name    string `json:"displayName"`
	Enabled *bool  `json:"accountEnabled"`
	Roles   []struct {
		ID   string `json:"id"`
		Name string `json:"displayName"`
	} `json:"appRoles"`
}

// assignment is whom an application lets in.
type assignment struct {
	Principal string `json:"principalId"`
	Kind      string `json:"principalType"`
	Role      string `json:"appRoleId"`
}

// apps are the tenant's applications.
type apps struct{ *api }

const (
	// integrated is the tag of what the admin center lists as enterprise applications; the other service principals of a
	// tenant, some hundreds, are Microsoft's own.
	integrated = "tags/any(t:t eq 'WindowsAzureActiveDirectoryIntegratedApp')"
	appSelect  = "id,appId,displayName,accountEnabled,appRoles"
)

// Apps implements idp.AppLister.
func (l apps) Apps(ctx context.Context) ([]idp.App, error) {
	found, err := list[application](ctx, l.api, "list the applications (it needs the permission "+permitApps+")", exchange{
		path: "/servicePrincipals", query: options("$filter", integrated, "$select", "id,appId,displayName,accountEnabled", "$top", mostInPage),
	})
	if err != nil {
		return nil, err
	}
	var all []idp.App
	for _, a := range found {
		one := idp.App{ID: a.ID, Name: a.Name, Active: a.Enabled == nil || *a.Enabled}
		if strings.EqualFold(a.AppID, l.cfg.ClientID) {
			one.Why = "It is the application as which Latchkey signs in to Entra."
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b idp.App) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return all, nil
}

// Assignments implements idp.AppLister.
func (l apps) Assignments(ctx context.Context, appID string) (idp.Assignments, error) {
	a, err := l.application(ctx, appID)
	if err != nil {
		return idp.Assignments{}, err
	}
	all, err := list[assignment](ctx, l.api, "list whom application "+appID+" lets in", exchange{path: "/servicePrincipals/" + a.ID + "/appRoleAssignedTo", query: options("$top", mostInPage)})
	if err != nil {
		return idp.Assignments{}, err
	}
	names := map[string]string{}
	for _, r := range a.Roles {
		names[r.ID] = r.Name
	}
	var out idp.Assignments
	people := map[string]bool{} // one may have several roles
	for _, one := range all {
		switch one.Kind {
		case "Group":
			out.Groups = append(out.Groups, idp.Assignment{GroupID: one.Principal, Role: names[one.Role]})
		case "User":
			people[one.Principal] = true
		}
	}
	out.InPerson = idp.Counted(len(people))
	if out.Owners, err = l.owners(ctx, a.ID); err != nil {
		return idp.Assignments{}, err
	}
	return out, nil
}

// owners are those who own an application and can be asked about it: colleagues whose accounts are in use. An
// application may own another one, which nobody can ask. Where accounts may not be read, Graph shows no more than ids, and no
// owner is known.
func (l apps) owners(ctx context.Context, id string) (addresses []string, err error) {
	found, err := list[account](ctx, l.api, "list who owns application "+id, exchange{
		path: "/servicePrincipals/" + id + "/owners/microsoft.graph.user", query: options("$select", personSelect, "$top", mostInPage, "$count", "true"), eventual: true,
	})
	for _, u := range found {
		if address := idp.FoldAddress(firstOf(u.Mail, u.UPN)); u.Enabled != nil && *u.Enabled && u.employment() != "Guest" && address != "" {
			addresses = append(addresses, address)
		}
	}
	slices.Sort(addresses)
	return addresses, err
}

// application finds a service principal by its own id or by the application's, of which the tenant has one.
func (l apps) application(ctx context.Context, id string) (application, error) {
	if isID(id) {
		filter := "id eq " + quote(id) + " or appId eq " + quote(id)
		found, err := list[application](ctx, l.api, "look for application "+id+" (it needs the permission "+permitApps+")", exchange{path: "/servicePrincipals", query: options("$filter", filter, "$select", appSelect)})
		if err != nil {
			return application{}, err
		}
		for _, a := range found {
			if isID(a.ID) && isID(a.AppID) && (strings.EqualFold(a.ID, id) || strings.EqualFold(a.AppID, id)) {
				return a, nil
			}
		}
	}
	return application{}, fmt.Errorf("%s: no application has the id %q: %w", l.cfg.ID, id, idp.ErrNotFound)
}
