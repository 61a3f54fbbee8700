package jira

import (
	"encoding/json"
	"net/http"
	"slices"

	"latchkey/sandbox/jira/world"
)

// issueChange is the platform's IssueUpdateDetails.
type issueChange struct {
	Fields          map[string]json.RawMessage   `json:"fields"`
	Update          map[string][]world.Operation `json:"update"`
	Properties      []world.Property             `json:"properties"`
	HistoryMetadata json.RawMessage              `json:"historyMetadata"`
	Transition      *struct {
		ID string `json:"id"`
	} `json:"transition"`
}

// pathIssue finds the issue of the path. Not existing and not visible are the
// same 404.
func (c *call) pathIssue() (*world.LiveIssue, error) {
	is := c.site.FindIssue(c.vars["issueIdOrKey"])
	if is == nil || c.who == nil || !c.who.Browses() {
		return nil, world.NoIssue()
	}
	return is, nil
}

// writeIssue is pathIssue for calls that change it.
func (c *call) writeIssue() (*world.LiveIssue, error) {
	is, err := c.pathIssue()
	if err != nil {
		return nil, err
	}
	if is.Archived {
		return nil, refuse(http.StatusForbidden, "%s is archived and can't be changed.", is.Key)
	}
	return is, c.s.limits.write(c, is)
}

// may refuses callers that lack a permission of the project, each call in its own way:
// by the vendor's description most answer 400, some 403 or 404.
func (c *call) may(permission string, status int, says string) error {
	if c.who.May(permission) {
		return nil
	}
	return refuse(status, "%s", says)
}

// mayEdit is may for edits of the issue.
func (c *call) mayEdit(status int) error {
	return c.may("EDIT_ISSUES", status, "You do not have permission to edit issues in this project.")
}

// checkExpand refuses expansions that are not modelled.
func checkExpand(what []string) error {
	for _, e := range what {
		switch e {
		case "changelog", "transitions", "names", "":
		default:
			return refuse(http.StatusNotImplemented, "expand=%s is not modelled.", e)
		}
	}
	return nil
}

func (c *call) expand(out obj, is *world.LiveIssue, what []string) {
	if slices.Contains(what, "changelog") {
		all := c.changelogOf(is)
		slices.Reverse(all)
		out["changelog"] = obj{"startAt": 0, "maxResults": len(all), "total": len(all), "histories": all}
	}
	if slices.Contains(what, "transitions") {
		out["transitions"] = c.transitions(is, false)
	}
	if slices.Contains(what, "names") {
		out["names"] = c.fieldNames()
	}
}

func (c *call) fieldNames() obj {
	names := obj{}
	for _, f := range c.site.Fields {
		names[f.ID] = f.Name
	}
	return names
}

// lookup finds issues, each once, in ascending id. What does not exist is left
// out without a word.
func (c *call) lookup(names []string) []*world.LiveIssue {
	var found []*world.LiveIssue
	for _, n := range names {
		if is := c.site.FindIssue(n); is != nil && c.who.Browses() && !slices.Contains(found, is) {
			found = append(found, is)
		}
	}
	slices.SortFunc(found, func(a, b *world.LiveIssue) int { return a.ID - b.ID })
	return found
}
