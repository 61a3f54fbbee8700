package issue

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"latchkey/access"
	"latchkey/jira/rest"
)

// Files attaches files to issues and reads them back. It is safe for concurrent use.
type Files struct{ api *rest.Client }

// NewFiles makes what attaches files.
func NewFiles(api *rest.Client) Files { return Files{api} }

// attachment is one as Jira writes it in an issue's fields and after an upload.
type attachment struct {
	ID       string
	Filename string
	Size     int64
}

// Attached lists the files of an issue, whoever attached them. Jira takes several of one name.
func (f Files) Attached(ctx context.Context, issue access.Issue) ([]access.IssueFile, error) {
	var is struct {
		Fields struct{ Attachment *[]attachment }
	}
	k := rest.GetIssue("read which files the issue has", cmp.Or(issue.ID, issue.Key), "", url.Values{"fields": {"attachment"}})
	if err := f.api.Fetch(ctx, k, &is); err != nil {
		return nil, err
	}
	if is.Fields.Attachment == nil {
		return nil, rest.Fault("Jira doesn't say which files %s has: the field \"Attachment\" is hidden in the project's field configuration", issue.Key)
	}
	out := make([]access.IssueFile, len(*is.Fields.Attachment))
	for i, a := range *is.Fields.Attachment {
		out[i] = access.IssueFile{ID: a.ID, Name: a.Filename, Size: a.Size}
	}
	return out, nil
}

// ReadFile writes the bytes of an attached file, as Jira has them.
func (f Files) ReadFile(ctx context.Context, id string, into io.Writer) error {
	k := rest.Get("read an attached file", "rest/api/3/attachment/content/"+url.PathEscape(id), url.Values{"redirect": {"false"}}) // by itself Jira redirects to another host
	return f.api.Download(ctx, k, into)
}

// Attach attaches a file, whose bytes open gives once for each attempt, and returns its id. It
// doesn't look whether it is there already. Where the site takes no files, or none that is so
// large, the failure is access.Rejected and wraps access.ErrNotAttachable.
func (f Files) Attach(ctx context.Context, issue access.Issue, file access.IssueFile, open func() (io.ReadCloser, error)) (id string, err error) {
	if err := f.takes(ctx, file); err != nil {
		return "", err
	}
	k := rest.Call{Method: http.MethodPost, Path: rest.IssuePath(cmp.Or(issue.ID, issue.Key), "/attachments"), NonIdempotent: true, Needs: rest.AttachFiles, What: "attach a file to the issue"}
	var made []attachment
	err = f.api.Upload(ctx, k, rest.File{Name: file.Name, Type: "application/zip", Size: file.Size, Open: open}, &made)
	switch {
	case rest.StatusOf(err) == http.StatusRequestEntityTooLarge:
		return "", &access.Failure{Class: access.Rejected, Err: errors.Join(access.ErrNotAttachable, err),
			Sentence: fmt.Sprintf("Jira takes no file of %d bytes on this issue", file.Size)}
	case err != nil:
		return "", err
	case len(made) != 1 || made[0].ID == "":
		return "", f.api.Unreadable(k, errors.New("the answer names no attachment"))
	}
	return made[0].ID, nil
}

// takes refuses a file that the site doesn't take by its own settings.
func (f Files) takes(ctx context.Context, file access.IssueFile) error {
	var says struct {
		Enabled     bool
		UploadLimit int64
	}
	if err := f.api.Fetch(ctx, rest.Get("read whether files can be attached", "rest/api/3/attachment/meta", nil), &says); err != nil {
		return err
	}
	no := func(format string, args ...any) error {
		return &access.Failure{Class: access.Rejected, Err: access.ErrNotAttachable, Sentence: fmt.Sprintf(format, args...)}
	}
	switch {
	case !says.Enabled:
		return no("Files can't be attached on this Jira site: a Jira administrator has switched attachments off")
	case file.Size > says.UploadLimit:
		return no("The file has %d bytes, and this Jira site takes files of up to %d", file.Size, says.UploadLimit)
	}
	return nil
}
