package jira

import (
	"net/http"

	"latchkey/sandbox/jira/world"
)

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
		if !c.site.UploadUsable(id, c.who.AccountID) {
			return reply{}, refuse(http.StatusBadRequest, "The temporary attachment '%s' does not exist or has expired.", id)
		}
	}
	text, err := in.AdditionalComment.read()
	if err != nil {
		return reply{}, err
	}
	return created(c.attachAll(is, in, text)), nil
}

func (c *call) attachAll(is *world.LiveIssue, in attachInput, text world.RichText) obj {
	var added []any
	names := ""
	for _, id := range in.TemporaryAttachmentIDs {
		a := c.site.Attach(is, c.who.AccountID, c.site.TakeUpload(id), in.Public)
		added = append(added, c.deskAttachment(a))
		names += "[^" + a.Name + "] "
	}
	if text.Empty() {
		// Jira writes a comment that names the files when none was given. The
		// text is short, so it cannot exceed the limit.
		text, _ = world.FromWiki(names)
	}
	m := c.site.AddComment(is, c.who.AccountID, text, in.Public, world.VisibilityProperty(in.Public))
	out := obj{"comment": c.deskComment(is, m)}
	out["attachments"] = c.part(is, "attachment", added)
	return out
}
