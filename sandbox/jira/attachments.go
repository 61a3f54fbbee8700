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

	"latchkey/sandbox/jira/world"
)

// uploads reads the "file" parts of a multipart body. The XSRF header is
// mandatory.
func (c *call) uploads() ([]*world.Upload, error) {
	switch strings.ToLower(c.r.Header.Get("X-Atlassian-Token")) {
	case "no-check", "nocheck": // the second is what go-jira sends
	default:
		return nil, refuse(http.StatusForbidden, "XSRF check failed")
	}
	media, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || media != "multipart/form-data" {
		return nil, refuse(http.StatusUnsupportedMediaType, "Unsupported Media Type")
	}
	var out []*world.Upload
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
	if len(out) == 0 || len(out) > world.MaxAttachments {
		return nil, refuse(http.StatusRequestEntityTooLarge, "Between 1 and %d files must be sent.", world.MaxAttachments)
	}
	return out, nil
}

func (c *call) readUpload(part *multipart.Part) (*world.Upload, error) {
	data, err := io.ReadAll(part)
	if err != nil || part.FormName() != "file" || part.FileName() == "" {
		return nil, refuse(http.StatusBadRequest, "The multipart part must be named 'file' and have a file name.")
	}
	kind := part.Header.Get("Content-Type")
	if kind == "" {
		kind = http.DetectContentType(data)
	}
	return &world.Upload{Name: part.FileName(), MimeType: kind, Data: data, Owner: c.who.AccountID, At: c.site.Now()}, nil
}

func (c *call) attachmentFields(a *world.LiveAttachment) obj {
	id := strconv.Itoa(a.ID)
	return obj{"self": c.api() + "/attachment/" + id, "filename": a.Name, "author": c.user(a.Author),
		"created": c.stamp(a.Created), "size": len(a.Data), "mimeType": a.MimeType, "content": c.api() + "/attachment/content/" + id}
}

// attachments lists them with ids that are strings; a single attachment has a
// number.
func (c *call) attachments(is *world.LiveIssue) []any {
	out := []any{}
	for _, a := range is.Attachments {
		one := c.attachmentFields(a)
		one["id"] = strconv.Itoa(a.ID)
		out = append(out, one)
	}
	return out
}
