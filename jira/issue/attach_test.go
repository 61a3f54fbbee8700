package issue_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/jira/jiratest"
	sandbox "latchkey/sandbox/jira"
)

// attaching is a desk with an issue, and a file for it.
func attaching(t *testing.T) (*jiratest.Desk, access.Issue, string) {
	t.Helper()
	d := jiratest.New(t)
	at, err := d.Client.Issues.OpenReport(t.Context(), aReport(d.Clock.Now()), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return d, at, "PK\x03\x04 " + strings.Repeat("\x00\xff", 9000)
}

func attach(t *testing.T, d *jiratest.Desk, at access.Issue, content string) (string, error) {
	t.Helper()
	return d.Client.Files.Attach(t.Context(), at, access.IssueFile{Name: `pack "1".zip`, Size: int64(len(content))}, func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil })
}

func TestWhatIsAttachedIsReadBack(t *testing.T) {
	d, at, content := attaching(t)
	if all, err := d.Client.Files.Attached(t.Context(), at); err != nil || len(all) != 0 {
		t.Fatalf("%v, %v", all, err)
	}
	id, err := attach(t, d, at, content)
	if err != nil {
		t.Fatal(err)
	}
	all, err := d.Client.Files.Attached(t.Context(), at)
	if err != nil || len(all) != 1 || all[0] != (access.IssueFile{ID: id, Name: `pack "1".zip`, Size: int64(len(content))}) {
		t.Errorf("%+v, %v", all, err)
	}
	var back bytes.Buffer
	if err := d.Client.Files.ReadFile(t.Context(), id, &back); err != nil || back.String() != content {
		t.Errorf("%d bytes of %d, %v", back.Len(), len(content), err)
	}
	jiratest.Failure(t, d.Client.Files.ReadFile(t.Context(), "1", io.Discard), access.Rejected)
}

// Why a file isn't attached is said, and whether it is worth a second try.
func TestWhatJiraDoesNotTake(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*jiratest.Desk)
		class access.Class
		never bool
		says  string
	}{
		"attachments are off": {func(d *jiratest.Desk) { d.Site.SetAttachments(false, 0) }, access.Rejected, true, "switched attachments off"},
		"it is too large":     {func(d *jiratest.Desk) { d.Site.SetAttachments(true, 17) }, access.Rejected, true, "takes files of up to 17"},
		"no permission":       {func(d *jiratest.Desk) { d.Site.Permit("CREATE_ATTACHMENTS", false) }, access.Denied, false, "permission to create attachments"},
		"the issue is full": {func(d *jiratest.Desk) {
			d.Site.AddFault(sandbox.Fault{Method: "POST", Path: "/rest/api/3/issue/{issueIdOrKey}/attachments", Status: http.StatusRequestEntityTooLarge})
		}, access.Rejected, true, "takes no file of"},
		"Jira fails meanwhile": {func(d *jiratest.Desk) {
			d.Site.AddFault(sandbox.Fault{Method: "POST", Path: "/rest/api/3/issue/{issueIdOrKey}/attachments", Status: http.StatusBadGateway, After: true})
		}, access.Unclear, false, "may or may not have happened"},
	} {
		t.Run(name, func(t *testing.T) {
			d, at, content := attaching(t)
			c.spoil(d)
			_, err := attach(t, d, at, content)
			f := jiratest.Failure(t, err, c.class)
			if errors.Is(err, access.ErrNotAttachable) != c.never || !strings.Contains(f.Sentence, c.says) {
				t.Errorf("never: %t; %s", !c.never, f.Sentence)
			}
		})
	}
}

// A file that can't be opened is sent to nobody, and one that is cut off on the way isn't taken for whole.
func TestFilesThatBreakOff(t *testing.T) {
	d, at, content := attaching(t)
	_, err := d.Client.Files.Attach(t.Context(), at, access.IssueFile{Name: "x.zip", Size: 4}, func() (io.ReadCloser, error) { return nil, errors.New("the disk is gone") })
	if err == nil || !strings.Contains(err.Error(), "the disk is gone") || len(d.Issue(at.Key).Attachments) != 0 {
		t.Errorf("%v", err)
	}
	_, err = d.Client.Files.Attach(t.Context(), at, access.IssueFile{Name: "x.zip", Size: int64(len(content) + 1)}, func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(content)), nil })
	if err == nil || len(d.Issue(at.Key).Attachments) != 0 {
		t.Errorf("a file that is shorter than was said is attached: %v", err)
	}
}
