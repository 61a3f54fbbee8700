package jira

import (
	"fmt"
	"mime"
	"net/http"
	"strconv"

	"latchkey/sandbox/jira/world"
)

// mediaHost is where the content of files lies; it isn't modelled, and must not be given
// anybody's credentials.
const mediaHost = "https://api.media.sandbox.invalid/file/"

func getAttachmentMeta(c *call) (reply, error) {
	are, limit := c.site.TakesFiles()
	return ok(obj{"enabled": are, "uploadLimit": limit}), nil
}

// file is the attachment of the path, for whoever may see it.
func (c *call) file() (*world.LiveIssue, *world.LiveAttachment, error) {
	is, a := c.site.FindAttachment(c.vars["id"])
	if are, _ := c.site.TakesFiles(); a == nil || !are || !c.who.Browses() {
		return nil, nil, refuse(http.StatusNotFound, "The attachment with id '%s' does not exist", c.vars["id"])
	}
	return is, a, nil
}

func getAttachment(c *call) (reply, error) {
	_, a, err := c.file()
	if err != nil {
		return reply{}, err
	}
	out := c.attachmentFields(a)
	out["id"] = a.ID
	return ok(out), nil
}

// getAttachmentContent answers with the bytes where no redirect is wanted, and otherwise
// with where they are, on another host.
func getAttachmentContent(c *call) (reply, error) {
	_, a, err := c.file()
	if err != nil {
		return reply{}, err
	}
	if c.r.Header.Get("Range") != "" {
		return reply{}, refuse(http.StatusNotImplemented, "Ranges are not modelled by this Jira emulator.")
	}
	if c.query.Get("redirect") != "false" {
		return reply{status: http.StatusSeeOther, header: http.Header{"Location": {mediaHost + strconv.Itoa(a.ID)}}}, nil
	}
	return reply{status: http.StatusOK, raw: a.Data, header: http.Header{
		"Content-Type":        {a.MimeType},
		"Content-Disposition": {fmt.Sprintf("attachment; %s", mime.FormatMediaType("x", map[string]string{"filename": a.Name})[len("x; "):])},
	}}, nil
}

func deleteAttachment(c *call) (reply, error) {
	is, a, err := c.file()
	if err != nil {
		return reply{}, err
	}
	c.site.Detach(is, a, c.who.AccountID)
	return noContent(), nil
}
