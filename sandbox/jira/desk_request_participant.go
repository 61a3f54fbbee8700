package jira

import "net/http"

func getParticipants(c *call) (reply, error) {
	is, err := c.pathRequest()
	if err != nil {
		return reply{}, err
	}
	return c.deskPage(c.deskUsers(is.Participants))
}

func addParticipants(c *call) (reply, error) { return c.setParticipants(true) }

func removeParticipants(c *call) (reply, error) { return c.setParticipants(false) }

func (c *call) setParticipants(add bool) (reply, error) {
	is, err := c.writeRequest()
	if err != nil {
		return reply{}, err
	}
	var in accountIDs
	if err := c.decode(&in, true); err != nil {
		return reply{}, err
	}
	for _, id := range in.AccountIDs {
		if c.site.Accounts[id] == nil {
			return reply{}, refuse(http.StatusBadRequest, "Unable to find user with account ID: %s", id)
		}
	}
	c.site.SetParticipants(is, in.AccountIDs, add)
	return c.deskPage(c.deskUsers(is.Participants))
}
