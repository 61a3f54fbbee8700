package jira

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
		id := c.site.AddUpload(u)
		out = append(out, obj{"temporaryAttachmentId": id, "fileName": u.Name})
	}
	return created(obj{"temporaryAttachments": out}), nil
}
