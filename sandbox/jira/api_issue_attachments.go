package jira

import "net/http"

func postAttachments(c *call) (reply, error) {
	is, err := c.writeIssue()
	if err != nil {
		return reply{}, err
	}
	if err := c.may("CREATE_ATTACHMENTS", http.StatusForbidden, "You do not have permission to create attachments for this issue."); err != nil {
		return reply{}, err
	}
	files, err := c.uploads()
	if err != nil {
		return reply{}, err
	}
	are, limit := c.site.TakesFiles()
	if !are { // the description doesn't say of this call how it is refused; of the others about files it is 404
		return reply{}, refuse(http.StatusNotFound, "Attachments are disabled.")
	}
	for _, f := range files {
		if int64(len(f.Data)) > limit {
			return reply{}, refuse(http.StatusRequestEntityTooLarge, "The file '%s' exceeds the maximum size of %d bytes for attachments.", f.Name, limit)
		}
	}
	before := len(is.Attachments)
	for _, u := range files {
		c.site.Attach(is, c.who.AccountID, u, false)
	}
	return ok(c.attachments(is)[before:]), nil
}
