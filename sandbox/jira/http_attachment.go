package jira

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
)

// uploads reads the "file" parts of a multipart body. The XSRF header is
// mandatory.
func (c *call) uploads() ([]*upload, error) {
	switch strings.ToLower(c.r.Header.Get("X-Atlassian-Token")) {
	case "no-check", "nocheck":
	default:
		return nil, refuse(http.StatusForbidden, "XSRF check failed")
	}
	media, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || media != "multipart/form-data" {
		return nil, refuse(http.StatusUnsupportedMediaType, "Unsupported Media Type")
	}
	var out []*upload
	for parts := multipart.NewReader(bytes.NewReader(c.body), params["boundary"]); ; {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, refuse(http.StatusBadRequest, "The multipart body could not be read.")
		}
		u, err := c.readUpload(part)
		if err != nil {
			return nil, err
		}
		out = append(out, u)
	}
	if len(out) == 0 || len(out) > attachmentLimit {
		return nil, refuse(http.StatusRequestEntityTooLarge, "Between 1 and %d files must be sent.", attachmentLimit)
	}
	return out, nil
}

func (c *call) readUpload(part *multipart.Part) (*upload, error) {
	data, err := io.ReadAll(part)
	if err != nil || part.FormName() != "file" || part.FileName() == "" {
		return nil, refuse(http.StatusBadRequest, "The multipart part must be named 'file' and have a file name.")
	}
	kind := part.Header.Get("Content-Type")
	if kind == "" {
		kind = http.DetectContentType(data)
	}
	return &upload{name: part.FileName(), mimeType: kind, data: data, owner: c.who.AccountID, at: c.w.now()}, nil
}

func (c *call) attachmentFields(a *attachment) obj {
	id := strconv.Itoa(a.id)
	return obj{"self": c.api() + "/attachment/" + id, "filename": a.name, "author": c.user(a.author),
		"created": c.stamp(a.created), "size": len(a.data), "mimeType": a.mimeType, "content": c.api() + "/attachment/content/" + id}
}

// attachments lists them with ids that are strings; a single attachment has a
// number.
func (c *call) attachments(is *issue) []any {
	out := []any{}
	for _, a := range is.attachments {
		one := c.attachmentFields(a)
		one["id"] = strconv.Itoa(a.id)
		out = append(out, one)
	}
	return out
}

func postAttachments(c *call) (reply, error) {
	is, err := c.writeIssue()
	if err != nil {
		return reply{}, err
	}
	files, err := c.uploads()
	if err != nil {
		return reply{}, err
	}
	before := len(is.attachments)
	for _, u := range files {
		c.w.attach(is, c.who.AccountID, u, false)
	}
	return ok(c.attachments(is)[before:]), nil
}

func getAttachment(c *call) (reply, error) {
	_, a := c.w.attachment(c.vars["id"])
	if a == nil || !c.who.browses() {
		return reply{}, refuse(http.StatusNotFound, "The attachment with id '%s' does not exist", c.vars["id"])
	}
	out := c.attachmentFields(a)
	out["id"] = a.id
	return ok(out), nil
}

func deleteAttachment(c *call) (reply, error) {
	is, a := c.w.attachment(c.vars["id"])
	if a == nil || !c.who.browses() {
		return reply{}, refuse(http.StatusNotFound, "The attachment with id '%s' does not exist", c.vars["id"])
	}
	c.w.detach(is, a, c.who.AccountID)
	return noContent(), nil
}
