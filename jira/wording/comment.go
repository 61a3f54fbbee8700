package wording

import (
	"net/url"

	"latchkey/access"
	"latchkey/jira/adf"
)

// Comment is a comment that belongs to no event.
func Comment(m access.IssueComment) adf.Document {
	var link []adf.Node
	if u, err := url.Parse(m.Link); err == nil && u.Scheme == "https" {
		link = adf.Link(m.Link)
	}
	return adf.New(adf.Paragraph(adf.Text(m.Title)), adf.Quote(m.Quote), adf.BulletList(m.Lines...), adf.Paragraph(link))
}
