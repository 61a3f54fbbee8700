package jira

import (
	"context"
	"strings"
	"time"

	"latchkey/access"
)

// OpenReport makes the issue that tells of what Latchkey changed without anybody
// asking, in Latchkey's own name, and returns where it is. since is as with Open:
// an issue that an earlier attempt may have made is looked for first.
func (c *Client) OpenReport(ctx context.Context, r access.IssueReport, since time.Time) (access.Issue, error) {
	s, err := c.site(ctx)
	if err != nil {
		return access.Issue{}, err
	}
	found, err := c.recover(ctx, s, r.ID, since)
	if err != nil {
		return access.Issue{}, err
	}
	if found.key == "" {
		if found, err = c.post(ctx, s, r.ID, s.form.report(r), ""); err != nil {
			return access.Issue{}, err
		}
	}
	c.tried.drop(r.ID)
	c.markReport(ctx, r, found)
	return access.Issue{ID: found.id, Key: found.key, URL: s.link(found.key)}, nil
}

// reportMark begins what stands where the state of a request stands on others.
const reportMark = "latchkey/report/v1\n"

func isReport(r access.IssueRecord) bool { return strings.HasPrefix(r.State, reportMark) }

// markReport says on the issue, for machines, that it belongs to no request. It
// only spares a question when a store is recovered, so it may fail.
func (c *Client) markReport(ctx context.Context, r access.IssueReport, at made) {
	if err := c.putRecord(ctx, at.id, access.IssueRecord{State: reportMark + r.ID + "\n"}); err != nil {
		c.cfg.Logger.WarnContext(ctx, "The issue of a report is open, but not marked as one.", "issue", at.key, "report", r.ID, "error", err)
	}
}

// report fills in the form for a report. Its own fields say what they can; one
// that has to be chosen gets its first choice.
func (f form) report(r access.IssueReport) map[string]any {
	said := map[string]string{fieldApp: "Latchkey", fieldRole: "-", fieldDuration: "-", fieldReason: r.Title}
	out := f.filled(headed(r.Title, r.ID), newDoc(reportBlocks(r)...), said)
	for _, id := range f.custom {
		field := f.fields[id]
		if _, filled := out[id]; !filled && field.Required && len(field.ValidValues) > 0 {
			out[id] = map[string]string{"id": field.ValidValues[0].Value}
		}
	}
	return out
}

func reportBlocks(r access.IssueReport) []node {
	blocks := []node{paragraph(strong(r.Title))}
	if len(r.Lines) > 0 {
		blocks = append(blocks, paragraph(plain(r.Lines[0])), bullets(r.Lines[1:]...))
	}
	return append(blocks, paragraph(plain("Report "+r.ID+", made at "+moment(r.At)+", recorded by Latchkey.")))
}
