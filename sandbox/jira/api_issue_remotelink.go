package jira

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"latchkey/sandbox/jira/world"
)

func (c *call) remoteSelf(is *world.LiveIssue, id int) string {
	return c.api() + "/issue/" + strconv.Itoa(is.ID) + "/remotelink/" + strconv.Itoa(id)
}

func getRemoteLinks(c *call) (reply, error) {
	is, err := c.pathIssue()
	if err != nil {
		return reply{}, err
	}
	out := []any{}
	for _, r := range is.Remotes {
		one := obj{"id": r.ID, "self": c.remoteSelf(is, r.ID), "object": r.Object}
		if r.GlobalID != "" {
			one["globalId"] = r.GlobalID
		}
		if r.Relationship != "" {
			one["relationship"] = r.Relationship
		}
		if len(r.Application) > 0 {
			one["application"] = r.Application
		}
		if want := c.query.Get("globalId"); want == "" {
			out = append(out, one)
		} else if want == r.GlobalID {
			return ok(one), nil
		}
	}
	if c.query.Get("globalId") != "" {
		return reply{}, refuse(http.StatusNotFound, "No remote link with that globalId exists.")
	}
	return ok(out), nil
}

func postRemoteLink(c *call) (reply, error) {
	is, err := c.writeIssue()
	if err != nil {
		return reply{}, err
	}
	var in struct {
		GlobalID     string          `json:"globalId"`
		Relationship string          `json:"relationship"`
		Application  json.RawMessage `json:"application"`
		Object       map[string]any  `json:"object"`
	}
	if err := c.decode(&in, false); err != nil {
		return reply{}, err
	}
	for _, required := range []string{"url", "title"} {
		if s, _ := in.Object[required].(string); s == "" {
			return reply{}, world.BadField(required, "'%s' is required.", required)
		}
	}
	if len(in.GlobalID) > 255 {
		return reply{}, world.BadField("globalId", "The globalId must not exceed 255 characters.")
	}
	id, isNew := c.site.UpsertRemote(is, world.LiveRemoteLink{GlobalID: in.GlobalID, Relationship: in.Relationship, Application: in.Application, Object: in.Object})
	out := ok(obj{"id": id, "self": c.remoteSelf(is, id)})
	if isNew {
		out.status = http.StatusCreated
	}
	return out, nil
}

// deleteRemoteLink insists on a Content-Type even without a body.
func deleteRemoteLink(c *call) (reply, error) {
	is, err := c.writeIssue()
	if err != nil {
		return reply{}, err
	}
	if c.r.Header.Get("Content-Type") == "" {
		return reply{}, refuse(http.StatusUnsupportedMediaType, "Unsupported Media Type")
	}
	id := c.query.Get("globalId")
	i := slices.IndexFunc(is.Remotes, func(r *world.LiveRemoteLink) bool { return id != "" && r.GlobalID == id })
	if i < 0 {
		return reply{}, refuse(http.StatusNotFound, "No remote link with that globalId exists.")
	}
	c.site.DeleteRemote(is, i)
	return noContent(), nil
}
