package jira

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
)

func (c *call) linkType(t linkType) obj {
	return obj{"self": c.api() + "/issueLinkType/" + t.id, "id": t.id, "name": t.name, "inward": t.inward, "outward": t.outward}
}

func getLinkTypes(c *call) (reply, error) {
	out := []any{}
	for _, t := range linkTypes() {
		out = append(out, c.linkType(t))
	}
	return ok(obj{"issueLinkTypes": out}), nil
}

func (c *call) linked(is *issue) obj {
	id := strconv.Itoa(is.id)
	return obj{"id": id, "key": is.key, "self": c.api() + "/issue/" + id, "fields": obj{
		"summary": is.summary, "status": c.status(is.status), "priority": c.priority(is.priority), "issuetype": c.issueType(is.kind)}}
}

// issueLinks shows, on each side, the issue at the other end.
func (c *call) issueLinks(is *issue) []any {
	out := []any{}
	for _, l := range c.w.linksOf(is) {
		id := strconv.Itoa(l.id)
		one := obj{"id": id, "self": c.api() + "/issueLink/" + id, "type": c.linkType(l.kind)}
		if l.from == is {
			one["outwardIssue"] = c.linked(l.to)
		} else {
			one["inwardIssue"] = c.linked(l.from)
		}
		out = append(out, one)
	}
	return out
}

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
	kind := findLinkType(in.Type.ID, in.Type.Name)
	if kind == nil {
		return reply{}, refuse(http.StatusNotFound, "No issue link type with name '%s' found.", in.Type.Name)
	}
	from, to := c.w.find(in.InwardIssue.ID+in.InwardIssue.Key), c.w.find(in.OutwardIssue.ID+in.OutwardIssue.Key)
	if from == nil || to == nil || !c.who.browses() {
		return reply{}, noIssue()
	}
	if from == to {
		return reply{}, refuse(http.StatusBadRequest, "You cannot link an issue to itself.")
	}
	for _, is := range []*issue{from, to} {
		if err := c.s.limits.write(c, is); err != nil {
			return reply{}, err
		}
	}
	c.w.addLink(*kind, from, to, c.who.AccountID)
	return status(http.StatusCreated), nil
}

func getLink(c *call) (reply, error) {
	l := c.w.link(c.vars["linkId"])
	if l == nil {
		return reply{}, noLink()
	}
	id := strconv.Itoa(l.id)
	return ok(obj{"id": id, "self": c.api() + "/issueLink/" + id, "type": c.linkType(l.kind),
		"inwardIssue": c.linked(l.from), "outwardIssue": c.linked(l.to)}), nil
}

func deleteLink(c *call) (reply, error) {
	l := c.w.link(c.vars["linkId"])
	if l == nil {
		return reply{}, noLink()
	}
	c.w.deleteLink(l, c.who.AccountID)
	return noContent(), nil
}

func (c *call) remoteSelf(is *issue, id int) string {
	return c.api() + "/issue/" + strconv.Itoa(is.id) + "/remotelink/" + strconv.Itoa(id)
}

func getRemoteLinks(c *call) (reply, error) {
	is, err := c.pathIssue()
	if err != nil {
		return reply{}, err
	}
	out := []any{}
	for _, r := range is.remotes {
		one := obj{"id": r.id, "self": c.remoteSelf(is, r.id), "object": r.object}
		if r.globalID != "" {
			one["globalId"] = r.globalID
		}
		if r.relationship != "" {
			one["relationship"] = r.relationship
		}
		if len(r.application) > 0 {
			one["application"] = r.application
		}
		if want := c.query.Get("globalId"); want == "" {
			out = append(out, one)
		} else if want == r.globalID {
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
			return reply{}, badField(required, "'%s' is required.", required)
		}
	}
	if len(in.GlobalID) > 255 {
		return reply{}, badField("globalId", "The globalId must not exceed 255 characters.")
	}
	id, isNew := c.w.upsertRemote(is, remoteLink{globalID: in.GlobalID, relationship: in.Relationship, application: in.Application, object: in.Object})
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
	i := slices.IndexFunc(is.remotes, func(r *remoteLink) bool { return id != "" && r.globalID == id })
	if i < 0 {
		return reply{}, refuse(http.StatusNotFound, "No remote link with that globalId exists.")
	}
	is.remotes = slices.Delete(is.remotes, i, i+1)
	c.w.touch(is)
	return noContent(), nil
}
