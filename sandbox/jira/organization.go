package jira

import (
	"net/http"
	"slices"
	"strings"

	"latchkey/sandbox/jira/world"
)

// The organization's admin API, which in life is served at api.atlassian.com. It
// knows who manages an account and whether its address was verified, which the
// site's own API does not.

func organizationRoutes() []route {
	const p = "/admin/v2/orgs/{orgId}/directories/{directoryId}/users"
	return []route{
		{method: post, pattern: p + "/search", handle: searchDirectory, access: organizationAdmins},
		{method: get, pattern: p + "/{accountId}", handle: getDirectoryUser, access: organizationAdmins},
	}
}

// authenticateAdmin takes the organization's key, as a bearer token, for
// everything that the organization may be asked.
func (c *call) authenticateAdmin() error {
	key, bearer := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer ")
	if !bearer || key == "" || key != c.s.cfg.OrgKey {
		return refuse(http.StatusUnauthorized, "Unauthorized")
	}
	return nil
}

// adminProblem is a refusal in the words of the admin API.
func adminProblem(status int, code, title string) reply {
	return reply{status: status, body: obj{"errors": []any{obj{"status": http.StatusText(status), "code": code, "title": title}}}}
}

func (c *call) knownOrganization() bool {
	return c.vars["orgId"] == c.s.cfg.OrgID && c.vars["directoryId"] == "-"
}

func getDirectoryUser(c *call) (reply, error) {
	a := c.site.Accounts[c.vars["accountId"]]
	switch {
	case !c.knownOrganization():
		return adminProblem(http.StatusNotFound, "ADMIN-404-2", "Organization not found"), nil
	case a == nil:
		return adminProblem(http.StatusNotFound, "ADMIN-404-8", "User not found"), nil
	}
	return ok(obj{"data": directoryUser(a)}), nil
}

// searchDirectory finds accounts by exact addresses, in any status and hidden or
// not.
func searchDirectory(c *call) (reply, error) {
	var in struct {
		Emails     []string `json:"emails"`
		SearchTerm string   `json:"searchTerm"`
		Limit      int      `json:"limit"`
	}
	if err := c.decode(&in, true); err != nil {
		return reply{}, err
	}
	switch {
	case !c.knownOrganization():
		return adminProblem(http.StatusNotFound, "ADMIN-404-2", "Organization not found"), nil
	case len(in.Emails) == 0 || in.SearchTerm != "":
		return adminProblem(http.StatusBadRequest, "ADMIN-400-24", "Invalid request body"), nil
	}
	found := []any{}
	for _, id := range c.site.People {
		a := c.site.Accounts[id]
		if slices.ContainsFunc(in.Emails, func(e string) bool { return strings.EqualFold(e, a.Email) }) {
			found = append(found, directoryUser(a))
		}
	}
	return ok(obj{"data": found, "links": obj{}}), nil
}

func directoryUser(a *world.LiveAccount) obj {
	claim, status := "unmanaged", "inactive"
	var source any
	if a.Managed {
		claim, source = "managed", "synced"
	}
	if a.Active {
		status = "active"
	}
	return obj{
		"accountId": a.AccountID, "accountType": a.AccountType, "accountStatus": status, "membershipStatus": "active",
		"name": a.DisplayName, "nickname": a.Nickname, "email": a.Email, "emailVerified": a.Verified != "" && a.Verified == a.Email,
		"claimStatus": claim, "managementSource": source,
	}
}
