package jira

import (
	"net/http"
	"strconv"
)

// attachTemporaryFile is the first step of attaching to a request.
func attachTemporaryFile(c *call) (reply, error) {
	if err := c.checkDesk(); err != nil {
		return reply{}, err
	}
	files, err := c.uploads()
	if err != nil {
		return reply{}, err
	}
	out := []any{}
	for _, u := range files {
		id := "temp" + strconv.Itoa(next(&c.w.seq.upload))
		c.w.uploads[id] = u
		out = append(out, obj{"temporaryAttachmentId": id, "fileName": u.name})
	}
	return created(obj{"temporaryAttachments": out}), nil
}

func (c *call) deskAttachment(a *attachment) obj {
	id := strconv.Itoa(a.id)
	return obj{"filename": a.name, "author": c.deskUser(a.author), "created": c.date(a.created), "size": len(a.data), "mimeType": a.mimeType,
		"_links": obj{"jiraRest": c.base + "/rest/api/2/attachment/" + id, "content": c.base + "/rest/api/3/attachment/content/" + id}}
}

func (c *call) deskAttachments(is *issue) []any {
	out := []any{}
	for _, a := range is.attachments {
		if a.public || c.who.Agent {
			out = append(out, c.deskAttachment(a))
		}
	}
	return out
}

func getRequestAttachments(c *call) (reply, error) {
	is, err := c.pathRequest()
	if err != nil {
		return reply{}, err
	}
	return c.deskPage(c.deskAttachments(is))
}

type attachInput struct {
	TemporaryAttachmentIDs []string        `json:"temporaryAttachmentIds"`
	Public                 bool            `json:"public"`
	AdditionalComment      *additionalNote `json:"additionalComment"`
}

// postRequestAttachment is the second step; temporary files expire and can be
// used once.
func postRequestAttachment(c *call) (reply, error) {
	is, err := c.writeRequest()
	if err != nil {
		return reply{}, err
	}
	var in attachInput
	if err := c.decode(&in, true); err != nil {
		return reply{}, err
	}
	for _, id := range in.TemporaryAttachmentIDs {
		u := c.w.uploads[id]
		if u == nil || u.owner != c.who.AccountID || c.w.now().Sub(u.at) > uploadLife {
			return reply{}, refuse(http.StatusBadRequest, "The temporary attachment '%s' does not exist or has expired.", id)
		}
	}
	text, err := in.AdditionalComment.read()
	if err != nil {
		return reply{}, err
	}
	return created(c.attachAll(is, in, text)), nil
}

func (c *call) attachAll(is *issue, in attachInput, text rich) obj {
	var added []any
	names := ""
	for _, id := range in.TemporaryAttachmentIDs {
		a := c.w.attach(is, c.who.AccountID, c.w.uploads[id], in.Public)
		delete(c.w.uploads, id)
		added = append(added, c.deskAttachment(a))
		names += "[^" + a.name + "] "
	}
	if text.empty() {
		// Jira writes a comment that names the files when none was given. The
		// text is short, so it cannot exceed the limit.
		text, _ = fromWiki(names)
	}
	m := c.w.addComment(is, c.who.AccountID, text, in.Public, visibility(in.Public))
	out := obj{"comment": c.deskComment(is, m)}
	out["attachments"] = c.part(is, "attachment", added)
	return out
}
