package jira

import (
	"net/http"
	"slices"
	"strings"

	"latchkey/sandbox/jira/world"
)

// createCustomer needs global administration; an agent gets 403.
func createCustomer(c *call) (reply, error) {
	var in struct {
		Email       string `json:"email"`
		DisplayName string `json:"displayName"`
		FullName    string `json:"fullName"`
	}
	if err := c.decode(&in, true); err != nil {
		return reply{}, err
	}
	if !c.who.Admin {
		return reply{}, refuse(http.StatusForbidden, "Unauthorized to perform the requested action, JIRA Administrators global permission is required.")
	}
	if !strings.Contains(in.Email, "@") {
		return reply{}, refuse(http.StatusBadRequest, "The email address is not valid.")
	}
	known := slices.ContainsFunc(c.site.People, func(id string) bool { return strings.EqualFold(c.site.Accounts[id].Email, in.Email) })
	if known {
		code := http.StatusBadRequest
		if c.query.Get("strictConflictStatusCode") == "true" {
			code = http.StatusConflict
		}
		return reply{}, refuse(code, "An account already exists for this email.")
	}
	a := c.site.AddAccount(world.Account{Email: in.Email, DisplayName: in.DisplayName + in.FullName, Active: true, Customer: true, AccountType: "customer"})
	return created(c.deskUser(a.AccountID)), nil
}
