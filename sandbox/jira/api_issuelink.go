package jira

import (
	"encoding/json"
	"net/http"
	"strconv"

	"latchkey/sandbox/jira/world"
)

func postLink(c *call) (reply, error) {
	var in struct {
		Type         struct{ ID, Name string } `json:"type"`
		InwardIssue  struct{ ID, Key string }  `json:"inwardIssue"`
		OutwardIssue struct{ ID, Key string }  `json:"outwardIssue"`
		Comment      json.RawMessage           `json:"comment"`
	}
	if err := c.decode(&in, false); err != nil {
		return reply{}, err
	}
	if len(in.Comment) > 0 && string(in.Comment) != "null" {
		return reply{}, refuse(http.StatusNotImplemented, "A comment on an issue link is not modelled.")
	}
	kind := world.FindLinkType(in.Type.ID, in.Type.Name)
	if kind == nil {
		return reply{}, refuse(http.StatusNotFound, "No issue link type with name '%s' found.", in.Type.Name)
	}
	from, to := c.site.FindIssue(in.InwardIssue.ID+in.InwardIssue.Key), c.site.FindIssue(in.OutwardIssue.ID+in.OutwardIssue.Key)
	if from == nil || to == nil || !c.who.Browses() {
		return reply{}, world.NoIssue()
	}
	if err := c.may("LINK_ISSUES", http.StatusNotFound, "No Link Issue Permission for issue '"+from.Key+"'"); err != nil {
		return reply{}, err
	}
	if from == to {
		return reply{}, refuse(http.StatusBadRequest, "You cannot link an issue to itself.")
	}
	for _, is := range []*world.LiveIssue{from, to} {
		if err := c.s.limits.write(c, is); err != nil {
			return reply{}, err
		}
	}
	c.site.AddLink(*kind, from, to, c.who.AccountID)
	return status(http.StatusCreated), nil
}

func getLink(c *call) (reply, error) {
	l := c.site.FindLink(c.vars["linkId"])
	if l == nil {
		return reply{}, world.NoLink()
	}
	id := strconv.Itoa(l.ID)
	return ok(obj{"id": id, "self": c.api() + "/issueLink/" + id, "type": c.linkType(l.Kind),
		"inwardIssue": c.linked(l.From), "outwardIssue": c.linked(l.To)}), nil
}

func deleteLink(c *call) (reply, error) {
	l := c.site.FindLink(c.vars["linkId"])
	if l == nil {
		return reply{}, world.NoLink()
	}
	c.site.DeleteLink(l, c.who.AccountID)
	return noContent(), nil
}
