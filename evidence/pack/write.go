package pack

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"

	"latchkey/evidence"
	"latchkey/evidence/anchor"
	"latchkey/evidence/note"
)

// Version is the form of campaign.json and of the signed manifest. What it names is not
// renamed and doesn't change its meaning; what is new may be added.
const Version = "latchkey/campaign/v1"

// The files of a pack.
const (
	ReadmeFile     = "README.txt"
	ReportFile     = "report.html"
	PrintFile      = "report.pdf"
	JSONFile       = "campaign.json"
	SchemaFile     = "campaign.schema.json"
	DecisionsFile  = "decisions.csv"
	PopulationFile = "population.csv"
	RemovalsFile   = "removals.csv"
	EventsFile     = "events.jsonl"
	CheckpointFile = "checkpoint.txt"
	SumsFile       = "SHA256SUMS"    // the sum of each of the others, as sha256sum -c reads them
	ManifestFile   = "manifest.note" // signed: says the sum of SumsFile
)

// Write writes the pack of a campaign, and gives the SHA-256 of its manifest, in hex, by which
// the pack is known. Where it fails, what is written so far is no pack: it has no manifest.
func Write(ctx context.Context, c Campaign, sign evidence.Sign, to Files) (id string, err error) {
	return write(ctx, c, sign, to, limits{page: rowsPerPage, print: printedRows})
}

// limits are how many rows one HTML page holds, and how many are printed in full.
type limits struct{ page, print int }

func write(ctx context.Context, c Campaign, sign evidence.Sign, to Files, l limits) (id string, err error) {
	if err := c.check(); err != nil {
		return "", err
	}
	p := &press{ctx: ctx, c: c.whole(), to: to, limits: l}
	if err := p.checkpointed(); err != nil {
		return "", err
	}
	if err := p.count(); err != nil {
		return "", err
	}
	for _, f := range p.plan() {
		if f.write == nil {
			continue
		}
		if err := p.file(f.Name, f.write); err != nil {
			return "", fmt.Errorf("write %s: %w", f.Name, err)
		}
	}
	if err := p.rowPages(); err != nil {
		return "", fmt.Errorf("write the pages of rows: %w", err)
	}
	if err := p.seal(sign); err != nil {
		return "", err
	}
	return p.sums[len(p.sums)-1].hash, nil
}

// press makes the files of one pack.
type press struct {
	ctx context.Context
	c   Campaign
	to  Files
	limits
	head  anchor.Checkpoint // of the log; zero: none
	tally tally
	sums  []sum
}

// sum is what is known of a file once it is written.
type sum struct {
	name string
	hash string // SHA-256, in hex
}

// planned is a file that is to be written.
type planned struct {
	Name  string
	About string                // for the readme
	write func(io.Writer) error // nil: of several that are written together
}

// plan is the files in the order in which they are written, but for the last two.
func (p *press) plan() []planned {
	all := []planned{
		{ReadmeFile, "this", p.readme},
		{ReportFile, "the whole review, to read and to print; it runs no scripts and loads nothing", p.report},
		{PrintFile, "the same on paper", p.print},
		{JSONFile, "all of it for programs", p.json},
		{SchemaFile, "what each field of campaign.json means", p.schema},
		{DecisionsFile, "a line for each membership under review: what was known, what was decided, by whom", p.decisions},
		{PopulationFile, "a line for each group: how the list of its members was read, and that it is whole", p.population},
		{RemovalsFile, "a line for each membership that was revoked: what became of it", p.removals},
	}
	for n := range p.pages() {
		all = append(all, planned{pageName(n), "decisions, for report.html", nil})
	}
	if p.c.Events != nil {
		all = append(all, planned{EventsFile, "the events of the log that it is made of, with what proves that they are in it", p.events})
	}
	if p.c.Tool.Checkpoint != "" {
		all = append(all, planned{CheckpointFile, "the signed head of the log when this was made", p.checkpoint})
	}
	return all
}

// checkpointed reads the head of the log that the pack is made beside.
func (p *press) checkpointed() (err error) {
	signed := p.c.Tool.Checkpoint
	if signed == "" {
		return nil
	}
	text, _, _ := strings.Cut(signed, "\n\n")
	if p.head, err = anchor.ParseCheckpoint(text + "\n"); err != nil {
		return fmt.Errorf("the checkpoint of the log for the review %s can't be read: %w", p.c.ID, err)
	}
	return nil
}

func (p *press) checkpoint(w io.Writer) error {
	_, err := io.WriteString(w, p.c.Tool.Checkpoint)
	return err
}

// file writes a file and remembers its sum.
func (p *press) file(name string, write func(io.Writer) error) error {
	f, err := p.begin(name)
	if err != nil {
		return err
	}
	return errors.Join(write(f), p.finish(f))
}

// openFile is a file that is being written.
type openFile struct {
	*bufio.Writer
	name string
	to   io.Closer
	hash *hashing
}

func (p *press) begin(name string) (*openFile, error) {
	f, err := p.to.Create(name)
	if err != nil {
		return nil, err
	}
	h := &hashing{to: f, sum: sha256.New()}
	return &openFile{bufio.NewWriterSize(h, 1<<16), name, f, h}, nil
}

func (p *press) finish(f *openFile) error {
	err := errors.Join(f.Flush(), f.to.Close())
	p.sums = append(p.sums, sum{f.name, hex.EncodeToString(f.hash.sum.Sum(nil))})
	return err
}

// hashing hashes what it writes.
type hashing struct {
	to  io.Writer
	sum hash.Hash
}

func (h *hashing) Write(b []byte) (int, error) {
	n, err := h.to.Write(b)
	h.sum.Write(b[:n]) // never fails
	return n, err
}

// seal writes the sums of all files, and signs the sum of that.
func (p *press) seal(sign evidence.Sign) error {
	files := len(p.sums)
	err := p.file(SumsFile, func(w io.Writer) error {
		for _, s := range p.sums {
			if _, err := fmt.Fprintf(w, "%s  %s\n", s.hash, s.name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("write %s: %w", SumsFile, err)
	}
	text, err := note.Compose(note.Pack, p.manifest(files))
	if err != nil {
		return err
	}
	signed, err := sign(p.ctx, p.c.Tool.Log, note.Pack, text)
	if err != nil {
		return fmt.Errorf("sign the manifest of the pack: %w", err)
	}
	return p.file(ManifestFile, func(w io.Writer) error {
		_, err := io.WriteString(w, signed)
		return err
	})
}

// rows walks through all rows, and sees that they are those that were counted.
func (p *press) rows(do func(Row) error) error {
	n := 0
	for r, err := range p.c.Rows {
		if err == nil {
			err = p.ctx.Err()
		}
		if err == nil {
			err = do(r)
		}
		if err != nil {
			return err
		}
		n++
	}
	if n != p.tally.Rows {
		return fmt.Errorf("the campaign had %d rows at first and %d now: a pack has to be made from one view of the store", p.tally.Rows, n)
	}
	return nil
}

// check refuses what no honest pack can be made of. All faults are told at once.
func (c Campaign) check() error {
	var faults []error
	for _, f := range []struct {
		bad bool
		why string
	}{
		{c.ID == "" || strings.ContainsAny(c.ID, "\n\r"), "the campaign has no id"},
		{c.Rows == nil, "the campaign has no rows to walk through"},
		{c.Times.Made.IsZero(), "it isn't said when the pack is made"},
		{c.Times.Snapshot.IsZero(), "it isn't said as of which moment the rows are"},
		{c.Tool.Log == "", "it isn't said which log the campaign is in"},
		{len(c.Scope.Blind) == 0, "it isn't said what the review does not cover: every review leaves something out, such as apps outside the directories"},
	} {
		if f.bad {
			faults = append(faults, errors.New(f.why))
		}
	}
	keys := map[string]bool{}
	for _, g := range c.Groups {
		if g.Key == "" || keys[g.Key] {
			faults = append(faults, fmt.Errorf("the group %s of %s has the key %q, which has to be its own", g.ID, g.Directory, g.Key))
		}
		keys[g.Key] = true
	}
	if len(faults) > 0 {
		return fmt.Errorf("no evidence of the review %s can be written: %w", c.ID, errors.Join(faults...))
	}
	return nil
}
