package jira

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"latchkey/sandbox/jira/world"
)

func getComments(c *call) (reply, error) {
	is, err := c.pathIssue()
	if err != nil {
		return reply{}, err
	}
	start, err := c.number("startAt", 0)
	if err != nil {
		return reply{}, err
	}
	size, err := c.number("maxResults", 100)
	if err != nil {
		return reply{}, err
	}
	list := slices.Clone(is.Comments)
	switch order := c.query.Get("orderBy"); order {
	case "", "created", "+created":
	case "-created":
		slices.Reverse(list)
	default:
		return reply{}, refuse(http.StatusBadRequest, "The orderBy value '%s' is not supported.", order)
	}
	withProps := slices.Contains(c.list("expand"), "properties")
	all := make([]any, len(list))
	for i, m := range list {
		all[i] = c.comment(is, m, withProps)
	}
	return ok(obj{"startAt": start, "maxResults": size, "total": len(all), "comments": window(all, start, size)}), nil
}

type commentInput struct {
	Body       json.RawMessage  `json:"body"`
	Properties []world.Property `json:"properties"`
	Visibility *struct {
		Type, Value, Identifier string
	} `json:"visibility"`
}

// readComment refuses role and group restrictions, which are not modelled;
// clients that always send an empty visibility object pass.
func (c *call) readComment() (commentInput, error) {
	var in commentInput
	if err := c.decode(&in, false); err != nil {
		return in, err
	}
	if v := in.Visibility; v != nil && v.Type+v.Value+v.Identifier != "" {
		return in, refuse(http.StatusNotImplemented, "Comment visibility by role or group is not modelled.")
	}
	return in, nil
}

func postComment(c *call) (reply, error) {
	is, err := c.writeIssue()
	if err != nil {
		return reply{}, err
	}
	if err := c.may("ADD_COMMENTS", http.StatusBadRequest, "You do not have the permission to comment on this issue."); err != nil {
		return reply{}, err
	}
	if err := c.room(is); err != nil {
		return reply{}, err
	}
	in, err := c.readComment()
	if err != nil {
		return reply{}, err
	}
	n, err := world.ReadComment(in.Body, in.Properties, c.dialect())
	if err != nil {
		return reply{}, world.InField("comment", err)
	}
	m := c.site.AddComment(is, c.who.AccountID, n.Body, true, n.Properties)
	return created(c.comment(is, m, strings.Contains(c.query.Get("expand"), "properties"))), nil
}

func (c *call) pathComment(find func() (*world.LiveIssue, error)) (*world.LiveIssue, *world.LiveComment, error) {
	is, err := find()
	if err != nil {
		return nil, nil, err
	}
	m := is.FindComment(c.vars["id"])
	if m == nil {
		return nil, nil, world.NoComment(c.vars["id"])
	}
	return is, m, nil
}

// mayChange refuses who may change neither all comments nor, if it is theirs, their
// own.
func (c *call) mayChange(m *world.LiveComment, own, all, toDo string) error {
	if c.who.May(all) || m.Author == c.who.AccountID && c.who.May(own) {
		return nil
	}
	return refuse(http.StatusBadRequest, "You do not have the permission to %s.", toDo)
}

func getComment(c *call) (reply, error) {
	is, m, err := c.pathComment(c.pathIssue)
	if err != nil {
		return reply{}, err
	}
	return ok(c.comment(is, m, slices.Contains(c.list("expand"), "properties"))), nil
}

// putComment merges properties; a body alone keeps the visibility.
func putComment(c *call) (reply, error) {
	is, m, err := c.pathComment(c.writeIssue)
	if err != nil {
		return reply{}, err
	}
	if err := c.mayChange(m, "EDIT_OWN_COMMENTS", "EDIT_ALL_COMMENTS", "edit this comment"); err != nil {
		return reply{}, err
	}
	if v := c.query.Get("notifyUsers"); v != "" && v != "true" && v != "false" {
		return reply{}, refuse(http.StatusBadRequest, "notifyUsers takes true or false.")
	}
	in, err := c.readComment()
	if err != nil {
		return reply{}, err
	}
	n, err := world.ReadComment(in.Body, in.Properties, c.dialect())
	if err != nil {
		return reply{}, world.InField("comment", err)
	}
	c.site.EditComment(is, m, c.who.AccountID, n.Body, n.Properties)
	return ok(c.comment(is, m, slices.Contains(c.list("expand"), "properties"))), nil
}

func deleteComment(c *call) (reply, error) {
	is, m, err := c.pathComment(c.writeIssue)
	if err != nil {
		return reply{}, err
	}
	if err := c.mayChange(m, "DELETE_OWN_COMMENTS", "DELETE_ALL_COMMENTS", "delete this comment"); err != nil {
		return reply{}, err
	}
	c.site.DeleteComment(is, m)
	return noContent(), nil
}
