package jira

import (
	"net/url"

	"latchkey/sandbox/jira/world"
)

// user is the platform's user object, or null.
func (c *call) user(id string) any {
	if a := c.site.Accounts[id]; a != nil {
		return c.person(a)
	}
	return nil
}

func (c *call) person(a *world.LiveAccount) obj {
	id := a.AccountID
	u := obj{
		"self":      c.api() + "/user?accountId=" + url.QueryEscape(id),
		"accountId": id, "accountType": a.AccountType, "displayName": a.DisplayName,
		"active": a.Active, "timeZone": a.TimeZone, "avatarUrls": c.avatars(),
	}
	if !a.HideEmail && a.Email != "" {
		u["emailAddress"] = a.Email
	}
	return u
}

func (c *call) avatars() obj {
	out := obj{}
	for _, size := range []string{"16x16", "24x24", "32x32", "48x48"} {
		out[size] = c.base + "/avatar/" + size + ".png"
	}
	return out
}
