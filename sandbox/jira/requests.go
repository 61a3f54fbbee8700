package jira

import (
	"net/http"
	"strconv"

	"latchkey/sandbox/jira/world"
)

// pathRequest finds the request of the path. Issues without a request type are
// not requests.
func (c *call) pathRequest() (*world.LiveIssue, error) {
	is := c.site.FindIssue(c.vars["issueIdOrKey"])
	if is == nil || !is.Request {
		return nil, &problem{status: http.StatusNotFound, message: "The request does not exist or you do not have permission to see it.", i18n: "sd.request.error.not.found"}
	}
	if !c.who.SeesRequest(is) {
		return nil, &problem{status: http.StatusForbidden, message: "You do not have permission to view this request.", i18n: "sd.request.error.no.permission"}
	}
	return is, nil
}

func (c *call) writeRequest() (*world.LiveIssue, error) {
	is, err := c.pathRequest()
	if err != nil {
		return nil, err
	}
	return is, c.s.limits.write(c, is)
}

type additionalNote struct {
	Body string `json:"body"`
}

func (n *additionalNote) read() (world.RichText, error) {
	if n == nil || n.Body == "" {
		return world.RichText{}, nil
	}
	return world.FromWiki(n.Body)
}

func (c *call) requestLinks(is *world.LiveIssue) obj {
	id := strconv.Itoa(is.ID)
	return obj{"jiraRest": c.base + "/rest/api/2/issue/" + id, "web": c.base + "/servicedesk/customer/portal/" + c.s.cfg.DeskID + "/" + is.Key,
		"agent": c.base + "/browse/" + is.Key, "self": c.deskAPI() + "/request/" + id}
}
