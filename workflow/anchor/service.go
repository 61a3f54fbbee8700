package anchor

import (
	"log/slog"
	"sync/atomic"

	"latchkey/evidence/note"
	"latchkey/workflow/engine"
)

// Config is what the room is made of.
type Config struct {
	Units     *engine.Units
	Clock     engine.Clock
	Logger    *slog.Logger
	Signer    Signer // nil: nothing is anchored
	Trust     note.Trust
	PublicKey string // as everybody may know it

	Issues    Issues
	Archive   Archive
	Channel   Channel
	Files     []File
	Witnesses []Witness

	Instance uint64 // of this start of Latchkey
	Line     string // when the daily note is made; empty for never
}

// Service anchors the log. It is safe for concurrent use.
type Service struct {
	units    *engine.Units
	clock    engine.Clock
	log      *slog.Logger
	signer   Signer
	trust    note.Trust
	public   string
	issues   Issues
	archive  Archive
	channel  Channel
	files    []File
	witness  []Witness
	instance uint64
	line     string

	compared atomic.Bool // since this start
	older    atomic.Bool // some stories are not to be gone on with: see Frozen
	barred   atomic.Bool // nothing is written into the record: see MayRecord
}

// New makes the room.
func New(c Config) *Service {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Service{
		units: c.Units, clock: c.Clock, log: c.Logger, signer: c.Signer, trust: c.Trust, public: c.PublicKey,
		issues: c.Issues, archive: c.Archive, channel: c.Channel, files: c.Files, witness: c.Witnesses,
		instance: c.Instance, line: c.Line,
	}
	s.compared.Store(c.Archive == nil) // there is nothing to compare with
	return s
}
