package jira

func postAttachments(c *call) (reply, error) {
	is, err := c.writeIssue()
	if err != nil {
		return reply{}, err
	}
	files, err := c.uploads()
	if err != nil {
		return reply{}, err
	}
	before := len(is.Attachments)
	for _, u := range files {
		c.site.Attach(is, c.who.AccountID, u, false)
	}
	return ok(c.attachments(is)[before:]), nil
}
