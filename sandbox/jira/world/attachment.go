package world

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// MaxAttachments is the number of files of one upload (platform API, "Add attachment", 413).
const MaxAttachments = 60

// usualAttachmentLimit is how many bytes a file may have on a new site: 1 GB
// (support.atlassian.com, "Configure file attachments").
const usualAttachmentLimit = 1_000_000_000

// TakesFiles tells whether files can be attached at all, and how large they may be.
func (s *State) TakesFiles() (are bool, limit int64) {
	return !s.Settings.NoAttachments, cmp.Or(s.Settings.AttachmentLimit, usualAttachmentLimit)
}

// SetAttachments is what an administrator says about files: whether the site takes any, and
// how large they may be; 0: as a new site has it.
func (w *World) SetAttachments(on bool, limit int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.state.Settings.NoAttachments, w.state.Settings.AttachmentLimit = !on, limit
}

// LiveAttachment is a file at an issue; public ones are seen by customers.
type LiveAttachment struct {
	ID             int
	Name, MimeType string
	Author         string
	Created        time.Time
	Data           []byte
	Public         bool
}

// Upload is a temporary file on the way to a request.
type Upload struct {
	Name, MimeType, Owner string
	Data                  []byte
	At                    time.Time
}

// uploadLife is how long a temporary file can be used.
const uploadLife = time.Hour

// Attach puts a file to an issue and logs it.
func (s *State) Attach(is *LiveIssue, author string, u *Upload, public bool) *LiveAttachment {
	a := &LiveAttachment{ID: next(&s.seq.attachment), Name: u.Name, MimeType: u.MimeType, Author: author,
		Created: s.Now(), Data: u.Data, Public: public}
	is.Attachments = append(is.Attachments, a)
	s.LogChange(is, author, nil, ChangedField{Field: "Attachment", FieldID: "attachment", Kind: "jira", To: strconv.Itoa(a.ID), ToString: a.Name})
	return a
}

// FindAttachment finds a file by its id, with the issue it is at.
func (s *State) FindAttachment(id string) (*LiveIssue, *LiveAttachment) {
	for _, is := range s.InOrder {
		for _, a := range is.Attachments {
			if strconv.Itoa(a.ID) == id {
				return is, a
			}
		}
	}
	return nil, nil
}

// Detach takes a file away and logs it.
func (s *State) Detach(is *LiveIssue, a *LiveAttachment, author string) {
	is.Attachments = slices.DeleteFunc(is.Attachments, func(o *LiveAttachment) bool { return o == a })
	s.LogChange(is, author, nil, ChangedField{Field: "Attachment", FieldID: "attachment", Kind: "jira", From: strconv.Itoa(a.ID), FromString: a.Name})
}

// AddUpload keeps a temporary file and returns its id.
func (s *State) AddUpload(u *Upload) string {
	id := "temp" + strconv.Itoa(next(&s.seq.upload))
	s.uploads[id] = u
	return id
}

// UploadUsable tells whether a person may use a temporary file, which expires.
func (s *State) UploadUsable(id, accountID string) bool {
	u := s.uploads[id]
	return u != nil && u.Owner == accountID && s.Now().Sub(u.At) <= uploadLife
}

// TakeUpload returns a temporary file, which is used up by it.
func (s *State) TakeUpload(id string) *Upload {
	u := s.uploads[id]
	delete(s.uploads, id)
	return u
}
