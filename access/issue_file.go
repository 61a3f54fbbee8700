package access

import "errors"

// ErrNotAttachable: the issue takes no file, or none like this one. Trying again changes nothing
// until somebody changes the site.
var ErrNotAttachable = errors.New("the file can't be attached")

// IssueFile is a file that is to be attached to an issue, or that is.
type IssueFile struct {
	ID   string // of the attachment; empty while it is none
	Name string
	Size int64 // in bytes
	Sum  Hash  // SHA-256 of its bytes; zero of an attachment whose bytes were not read
}
