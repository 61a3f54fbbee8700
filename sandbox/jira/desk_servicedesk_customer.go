package jira

import (
	"net/http"
	"strings"
)

func getCustomers(c *call) (reply, error) {
	if err := c.checkDesk(); err != nil {
		return reply{}, err
	}
	query := strings.ToLower(c.query.Get("query"))
	out := []any{}
	for _, id := range c.site.People {
		if a := c.site.Accounts[id]; a.Customer && (query == "" || a.Matches(query)) {
			out = append(out, c.deskUser(id))
		}
	}
	return c.deskPage(out)
}

func addCustomers(c *call) (reply, error) { return c.setCustomers(true) }

func removeCustomers(c *call) (reply, error) { return c.setCustomers(false) }

// setCustomers refuses unknown accounts, but the valid ones are still added.
func (c *call) setCustomers(on bool) (reply, error) {
	if err := c.checkDesk(); err != nil {
		return reply{}, err
	}
	var in accountIDs
	if err := c.decode(&in, true); err != nil {
		return reply{}, err
	}
	var unknown []string
	for _, id := range in.AccountIDs {
		if !c.site.SetCustomer(id, on) {
			unknown = append(unknown, id)
		}
	}
	if len(unknown) > 0 {
		return reply{}, refuse(http.StatusBadRequest, "Unable to find user with account ID: %s", strings.Join(unknown, ", "))
	}
	return noContent(), nil
}
