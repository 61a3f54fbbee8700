// Package publishing brings the evidence of a review to its people when it closes: it makes the pack, attaches it to
// the review's issue, reads it back there, and says in the IT channel, and to whoever began the review, what came of it
// and where the pack is. It attaches one pack, however often it is broken off on the way.
package publishing

import (
	"context"
	"io"

	"latchkey/access"
	"latchkey/evidence/note"
	"latchkey/store"
	"latchkey/workflow/campaigns/export"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
)

// Task is the kind of task that publishes the evidence of a campaign.
const Task = "review.publish"

// Soon has the evidence of a campaign published that was closed.
func Soon(u *engine.Unit, c access.Campaign) error {
	return rows.Enqueue(u, Task, c.ID, ledger.Queue, store.Notices, rows.About{Campaign: c.ID})
}

// Files are those of issues. Errors are *access.Failure.
type Files interface {
	// Attached lists the files of an issue, whoever attached them.
	Attached(ctx context.Context, issue access.Issue) ([]access.IssueFile, error)
	// ReadFile writes the bytes of an attached file, as they are there.
	ReadFile(ctx context.Context, id string, into io.Writer) error
	// Attach attaches a file, whose bytes open gives once for each attempt, and returns its id. It doesn't look whether it is
	// there. What is never taken wraps access.ErrNotAttachable.
	Attach(ctx context.Context, issue access.Issue, file access.IssueFile, open func() (io.ReadCloser, error)) (id string, err error)
}

// Config is what the room is made of.
type Config struct {
	Units  *engine.Units
	Export *export.Service
	Files  Files // nil: nothing is attached anywhere, and the evidence is written by hand alone
	Seal   func() export.Sealing
	Trust  func() note.Trust // whose signatures count
}

// Service publishes the evidence of reviews. It is safe for concurrent use.
type Service struct {
	units  *engine.Units
	export *export.Service
	files  Files
	seal   func() export.Sealing
	trust  func() note.Trust
}

// New makes the room.
func New(c Config) *Service { return &Service{c.Units, c.Export, c.Files, c.Seal, c.Trust} }

// Handlers are the room's lines in the table of handlers.
func (s *Service) Handlers() map[string]engine.Handler {
	return map[string]engine.Handler{Task: rows.Long(s.publish)}
}

// Purposes say what the room's tasks are for.
func Purposes() map[string]string {
	return map[string]string{Task: "attach the evidence of an access review to its issue"}
}
