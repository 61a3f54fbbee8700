package jira

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// comment renders a comment of the platform API.
func (c *call) comment(is *issue, m *comment, withProps bool) obj {
	id := strconv.Itoa(m.id)
	out := obj{"self": c.api() + "/issue/" + strconv.Itoa(is.id) + "/comment/" + id, "id": id,
		"author": c.user(m.author), "updateAuthor": c.user(m.editor), "body": c.richValue(m.body),
		"created": c.stamp(m.created), "updated": c.stamp(m.updated), "jsdPublic": m.public}
	if withProps {
		out["properties"] = m.properties()
	}
	return out
}

func (m *comment) properties() []any {
	out := []any{}
	for _, key := range slices.Sorted(maps.Keys(m.props)) {
		out = append(out, obj{"key": key, "value": m.props[key]})
	}
	return out
}

func (c *call) commentPage(is *issue) obj {
	all := make([]any, len(is.comments))
	for i, m := range is.comments {
		all[i] = c.comment(is, m, false)
	}
	return obj{"self": c.api() + "/issue/" + strconv.Itoa(is.id) + "/comment", "startAt": 0, "maxResults": len(all), "total": len(all), "comments": all}
}

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
	list := slices.Clone(is.comments)
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
	Body       json.RawMessage `json:"body"`
	Properties []property      `json:"properties"`
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
	in, err := c.readComment()
	if err != nil {
		return reply{}, err
	}
	n, err := readNote(in.Body, in.Properties, c.dialect())
	if err != nil {
		return reply{}, inField("comment", err)
	}
	m := c.w.addComment(is, c.who.AccountID, n.body, true, n.props)
	return created(c.comment(is, m, strings.Contains(c.query.Get("expand"), "properties"))), nil
}

func (c *call) pathComment(find func() (*issue, error)) (*issue, *comment, error) {
	is, err := find()
	if err != nil {
		return nil, nil, err
	}
	m := is.comment(c.vars["id"])
	if m == nil {
		return nil, nil, noComment(c.vars["id"])
	}
	return is, m, nil
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
	in, err := c.readComment()
	if err != nil {
		return reply{}, err
	}
	n, err := readNote(in.Body, in.Properties, c.dialect())
	if err != nil {
		return reply{}, inField("comment", err)
	}
	c.w.editComment(is, m, c.who.AccountID, n.body, n.props)
	return ok(c.comment(is, m, slices.Contains(c.list("expand"), "properties"))), nil
}

func deleteComment(c *call) (reply, error) {
	is, m, err := c.pathComment(c.writeIssue)
	if err != nil {
		return reply{}, err
	}
	c.w.deleteComment(is, m)
	return noContent(), nil
}
