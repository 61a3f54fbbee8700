package jira

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// projectPermissions are the permissions the site knows.
func projectPermissions() []string {
	return []string{"BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES", "TRANSITION_ISSUES", "ADD_COMMENTS", "LINK_ISSUES",
		"DELETE_ISSUES", "ASSIGN_ISSUES", "CREATE_ATTACHMENTS", "EDIT_OWN_COMMENTS", "DELETE_OWN_COMMENTS", "EDIT_ALL_COMMENTS", "DELETE_ALL_COMMENTS",
		"RESOLVE_ISSUES", "USER_PICKER", "CLOSE_ISSUES", "MODIFY_REPORTER", "SERVICEDESK_AGENT", "ADMINISTER_PROJECTS", "ADMINISTER"}
}

func getMyPermissions(c *call) (reply, error) {
	asked := c.list("permissions")
	if len(asked) == 0 {
		return reply{}, refuse(http.StatusBadRequest, "The 'permissions' query parameter is required.")
	}
	if key := c.query.Get("projectKey"); key != "" && c.site.Projects[strings.ToUpper(key)] == nil {
		return reply{}, refuse(http.StatusNotFound, "No project could be found with key '%s'.", key)
	}
	out := obj{}
	for _, p := range asked {
		i := slices.Index(projectPermissions(), p)
		if i < 0 {
			return reply{}, refuse(http.StatusBadRequest, "Unrecognized permission key: %s", p)
		}
		out[p] = obj{"id": strconv.Itoa(10 + i), "key": p, "name": p, "type": "PROJECT", "description": "", "havePermission": c.who.May(p)}
	}
	return ok(obj{"permissions": out}), nil
}
