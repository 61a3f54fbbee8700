package wording

import (
	"latchkey/access"
	"latchkey/jira/adf"
)

// Report is what an issue says that belongs to no request.
func Report(r access.IssueReport) adf.Document { return adf.New(reportBlocks(r)...) }

func reportBlocks(r access.IssueReport) []adf.Node {
	blocks := []adf.Node{adf.Paragraph(adf.Strong(r.Title))}
	if len(r.Lines) > 0 {
		blocks = append(blocks, adf.Paragraph(adf.Text(r.Lines[0])), adf.BulletList(r.Lines[1:]...))
	}
	return append(blocks, adf.Paragraph(adf.Text("Report "+r.ID+", made at "+Moment(r.At)+", recorded by Latchkey.")))
}
