package jira

import (
	"net/http"
	"strings"

	"latchkey/sandbox/jira/world"
)

// run authenticates the call, checks what its route demands and handles it.
func (c *call) run() (reply, error) {
	if err := c.s.limits.burst(c); err != nil {
		return reply{}, err
	}
	if err := c.authenticate(); err != nil {
		return reply{}, err
	}
	if rep, err, done := c.checkAccess(); done {
		return rep, err
	}
	return c.route.handle(c)
}

func (c *call) authenticate() error {
	if c.route.access == organizationAdmins {
		return c.authenticateAdmin()
	}
	given, who := c.credentials()
	switch {
	case who != nil:
		c.who = who
	case given && c.s.cfg.BadTokenAnonymous:
		c.seraph = true
	case given:
		return refuse(http.StatusUnauthorized, "Client must be authenticated to access this resource. The token is invalid, revoked or expired.")
	}
	return nil
}

// credentials finds the account of basic auth (e-mail and token) or of a
// bearer token.
func (c *call) credentials() (given bool, who *world.LiveAccount) {
	header := c.r.Header.Get("Authorization")
	if header == "" {
		return false, nil
	}
	email, token, basic := c.r.BasicAuth()
	if !basic {
		token, _ = strings.CutPrefix(header, "Bearer ")
	}
	for _, id := range c.site.People {
		a := c.site.Accounts[id]
		if a.Token == "" || !a.Active || a.Token != token {
			continue
		}
		if !basic || strings.EqualFold(a.Email, email) {
			return true, a
		}
	}
	return true, nil
}

// checkAccess decides what the caller may do before the handler runs; the last result
// is true if there is an answer already.
func (c *call) checkAccess() (reply, error, bool) {
	rt := c.route
	switch {
	case c.who == nil && (rt.access == openToAll || rt.access == organizationAdmins):
		return reply{}, nil, false
	case c.who == nil && rt.access == emptyForAnonymous:
		return ok(obj{"issues": []any{}, "isLast": true}), nil, true
	case c.who == nil:
		return reply{}, refuse(http.StatusUnauthorized, "Client must be authenticated to access this resource."), true
	case c.desk() && rt.access != openToAll && !c.who.Agent && !c.who.Customer:
		return reply{}, &problem{status: http.StatusForbidden, bare: true}, true
	case rt.experimental && !strings.EqualFold(c.r.Header.Get("X-ExperimentalApi"), "opt-in"):
		c.s.violation("%s %s is experimental and needs the header X-ExperimentalApi: opt-in", c.r.Method, c.path)
		return reply{}, refuse(http.StatusPreconditionFailed, "This API is experimental. Experimental APIs are not guaranteed "+
			"to be stable within the preview period. You must set the header 'X-ExperimentalApi: opt-in' to opt into using this API."), true
	case rt.agentsOnly && !c.who.Agent:
		return reply{}, &problem{status: http.StatusForbidden, message: "You do not have permission to access this service desk.", i18n: "sd.agent.no.permission"}, true
	}
	return reply{}, nil, false
}
