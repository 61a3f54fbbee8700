package anchor

import (
	"context"
	"log/slog"

	"latchkey/evidence"
	"latchkey/evidence/note"
	"latchkey/workflow/engine"
)

// Config is what the room is made of.
type Config struct {
	Units  *engine.Units
	Clock  engine.Clock
	Logger *slog.Logger
	Sign   evidence.Sign               // nil: nothing is anchored
	Trust  func() note.Trust           // nil: nobody's signatures count
	Lacks  func(context.Context) error // why nothing can be signed now; nil: nothing speaks against it
	Places Places
	Line   string // when the daily note is made; empty for never

	Replaced bool // the store stands where a newer one stood
	// Survey notes which requests Jira has more of, by what was changed there since the
	// store stood as it does: those younger than any anchor, too. nil: nobody can tell.
	Survey func(context.Context) error
	Found  func() // hears that something speaks against the log; nil: nobody does
}

// outside is where notes are posted and read back.
type outside struct {
	units   *engine.Units
	trust   func() note.Trust
	issues  Issues
	archive Archive
	channel Channel
	files   []File
	witness []Witness

	noIssue absences // issues for notes that should be there
}

// Service anchors the log. It is safe for concurrent use.
type Service struct {
	gate
	outside *outside

	units *engine.Units
	clock engine.Clock
	log   *slog.Logger
	sign  evidence.Sign
	lacks func(context.Context) error
	line  string

	replaced bool
	found    func()
	changed  func(context.Context) error

	absent  absences // notes that should be outside
	against absences // what once spoke against this log
}

// Furnish makes a room of one that units of work ask already, before anything works.
func (s *Service) Furnish(c Config) {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Trust == nil {
		c.Trust = func() note.Trust { return note.Trust{} }
	}
	if c.Lacks == nil {
		c.Lacks = func(context.Context) error { return nil }
	}
	if c.Found == nil {
		c.Found = func() {}
	}
	if c.Survey == nil {
		c.Survey = func(context.Context) error { return nil }
	}
	p := c.Places
	s.outside = &outside{units: c.Units, trust: c.Trust, issues: p.Issues, archive: p.Archive, channel: p.Channel, files: p.Files, witness: p.Witnesses}
	s.units, s.clock, s.log, s.sign, s.lacks, s.line, s.replaced = c.Units, c.Clock, c.Logger, c.Sign, c.Lacks, c.Line, c.Replaced
	s.found, s.changed = c.Found, c.Survey
	s.compared.Store(p.Archive == nil) // there is nothing to compare with
}
