package publishing_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/evidence/note/notetest"
	"latchkey/store"
	"latchkey/workflow/campaigns/campaignstest"
	"latchkey/workflow/campaigns/publishing"
	"latchkey/workflow/engine"
)

// jira has the files of issues.
type jira struct {
	files []file
	lost  int   // uploads whose answer is lost
	never error // why none is taken
	bad   bool  // what is read back is something else
}

type file struct {
	issue, name string
	text        []byte
}

func (j *jira) Attached(_ context.Context, issue access.Issue) (out []access.IssueFile, err error) {
	for i, f := range j.files {
		if f.issue == issue.Key {
			out = append(out, access.IssueFile{ID: fmt.Sprint(i), Name: f.name, Size: int64(len(f.text))})
		}
	}
	return out, nil
}

func (j *jira) ReadFile(_ context.Context, id string, into io.Writer) error {
	for i, f := range j.files {
		if fmt.Sprint(i) == id {
			text := f.text
			if j.bad {
				text = bytes.Clone(text)
				text[len(text)/2] ^= 1
			}
			_, err := io.Copy(into, io.LimitReader(bytes.NewReader(text), int64(len(text)))) // as a client copies what comes
			return err
		}
	}
	return &access.Failure{Class: access.Rejected}
}

func (j *jira) Attach(_ context.Context, issue access.Issue, f access.IssueFile, open func() (io.ReadCloser, error)) (string, error) {
	if j.never != nil {
		return "", j.never
	}
	r, err := open()
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(r)
	if err != nil || int64(len(text)) != f.Size {
		return "", fmt.Errorf("%d bytes were said and %d sent: %w", f.Size, len(text), err)
	}
	j.files = append(j.files, file{issue.Key, f.Name, text})
	if j.lost > 0 {
		j.lost--
		return "", &access.Failure{Class: access.Unclear, Sentence: "the answer was lost"}
	}
	return fmt.Sprint(len(j.files) - 1), nil
}

// closed is a company whose review is closed, with Jira as it is spoiled.
func closed(t *testing.T, j *jira, spoil ...func(w *campaignstest.Company, id string)) (*campaignstest.Company, string) {
	t.Helper()
	w := campaignstest.NewCompany(t, func(w *campaignstest.Company) { w.Files = j })
	w.View(func(tx store.Tx) error {
		log, err := store.LogName(tx)
		w.Keys = notetest.Keys(log)
		return err
	})
	w.Holds("tom", "G-1", "editor", nil, "figma-editors")
	w.In("figma-editors", "maya")
	id := w.Opens(campaignstest.Review())
	w.Revoked(id, "tom", "figma-editors")
	for _, do := range spoil {
		do(w, id)
	}
	_, err := w.CloseNow(t.Context(), campaignstest.By("ivy"), id)
	w.OK(err)
	w.Later(time.Minute)
	w.Later(2 * time.Hour)
	if now := w.Now(id); now.State != access.CampaignClosed {
		t.Fatalf("the review is %s", now.State)
	}
	return w, id
}

// A review that is closed has its evidence at its issue, once, and its people are told.
func TestTheEvidenceReachesItsPeople(t *testing.T) {
	j := &jira{}
	w, id := closed(t, j)
	if len(j.files) != 1 || j.files[0].name != "access-review-"+id+".zip" || j.files[0].issue != w.Now(id).Issue.Key {
		t.Fatalf("%d files", len(j.files))
	}
	made := w.Events(id, access.EventPackMade)
	if len(made) != 1 || made[0].Review.Hash != w.Now(id).Pack || made[0].Actor != access.System() || !strings.Contains(made[0].Note, j.files[0].name) {
		t.Errorf("%+v", made)
	}
	if n := told(w, "is closed | 2 memberships: 0 kept by an answer, 1 revoked, 1 unchanged without an answer, 1 removed and seen to be gone. It is attached to "+j.files[0].issue); n != 2 { // IT, and Ivy, who began it
		t.Errorf("%d were told of %q", n, w.Notices)
	}
	if sum := fmt.Sprintf("SHA-256 %x", sha256.Sum256(j.files[0].text)); !strings.Contains(strings.Join(w.Written, "\n"), sum) {
		t.Errorf("%s isn't in what the issue says: %q", sum, w.Written)
	}
	if !slices.Contains(w.Closed, j.files[0].issue) {
		t.Errorf("closed are %q", w.Closed)
	}
	if !slices.Contains(w.Comments, j.files[0].issue+": The evidence of this review is attached.") {
		t.Errorf("%q", w.Comments)
	}
	w.Do(func(u *engine.Unit) error { return publishing.Soon(u, w.Now(id)) }) // such as by a store that is an older one
	w.Work()
	if len(j.files) != 1 {
		t.Errorf("it is attached %d times", len(j.files))
	}
}

// An upload that came through and whose answer is lost isn't made twice, and what is written down is what is there.
func TestAnUploadWhoseAnswerIsLost(t *testing.T) {
	j := &jira{lost: 1}
	w, id := closed(t, j)
	w.Later(time.Hour)
	if len(j.files) != 1 || w.Now(id).Pack == "" || len(w.Events(id, access.EventPackMade)) != 1 {
		t.Errorf("%d files, and %q is written down", len(j.files), w.Now(id).Pack)
	}
}

// Where the site takes no file that is said with the command that writes the evidence, and nothing is written down.
func TestASiteThatTakesNoFiles(t *testing.T) {
	j := &jira{never: &access.Failure{Class: access.Rejected, Err: access.ErrNotAttachable, Sentence: "Files can't be attached on this Jira site"}}
	w, id := closed(t, j)
	if w.Now(id).Pack != "" || len(w.Events(id, access.EventPackMade)) != 0 {
		t.Error("it is written down that there is one")
	}
	if n := told(w, "could not be attached to"); n != 2 || told(w, "latchkey review export "+id) != 2 {
		t.Errorf("%d were told of %q", n, w.Notices)
	}
}

// What has the pack's name and isn't the pack is left to a human, whether somebody else attached it or Jira changed it.
func TestWhatIsNotThePack(t *testing.T) {
	for name, c := range map[string]struct {
		j     *jira
		spoil func(j *jira) func(*campaignstest.Company, string)
	}{
		"somebody else's file": {&jira{}, func(j *jira) func(*campaignstest.Company, string) {
			return func(w *campaignstest.Company, id string) {
				j.files = append(j.files, file{w.Now(id).Issue.Key, "access-review-" + id + ".zip", []byte("hello")})
			}
		}},
		"bytes that changed": {&jira{bad: true}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var spoil []func(*campaignstest.Company, string)
			if c.spoil != nil {
				spoil = append(spoil, c.spoil(c.j))
			}
			w, id := closed(t, c.j, spoil...)
			if failed := w.Work(); w.Now(id).Pack != "" || len(c.j.files) != 1 || !slices.ContainsFunc(failed, func(s string) bool { return strings.Contains(s, "isn't the evidence of the review "+id) }) {
				t.Errorf("%d files; %q", len(c.j.files), failed)
			}
		})
	}
}

// told is how many notices say something.
func told(w *campaignstest.Company, what string) (n int) {
	for _, notice := range w.Notices {
		if strings.Contains(notice, what) {
			n++
		}
	}
	return n
}
