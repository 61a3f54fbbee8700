package write

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"

	"latchkey/evidence"
	"latchkey/evidence/note"
	"latchkey/evidence/pack"
	"latchkey/evidence/pack/csv"
	"latchkey/evidence/pack/pdf"
	"latchkey/evidence/pack/report"
	"latchkey/evidence/pack/summary"
)

// Pack writes the pack of a campaign, and gives the SHA-256 of its manifest, in hex, by which
// the pack is known. Where it fails, what is written so far is no pack: it has no manifest.
func Pack(ctx context.Context, c pack.Campaign, sign evidence.Sign, to Files) (id string, err error) {
	return write(ctx, c, sign, to, limits{page: report.RowsPerPage, print: pdf.PrintedRows})
}

// limits are how many rows one HTML page holds, and how many are printed in full.
type limits struct{ page, print int }

func write(ctx context.Context, c pack.Campaign, sign evidence.Sign, to Files, l limits) (id string, err error) {
	r, err := summary.Count(ctx, c)
	if err != nil {
		return "", err
	}
	p := &press{ctx: ctx, r: r, to: to, limits: l}
	if p.report, err = report.New(r, l.page); err != nil {
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
	if err := p.report.WritePages(ctx, p.begin); err != nil {
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
	r   *summary.Review
	to  Files
	limits
	report *report.Report
	events int // that were written
	sums   []sum
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
		{pack.ReadmeFile, "this", p.readme},
		{pack.ReportFile, "the whole review, to read and to print; it runs no scripts and loads nothing", p.html},
		{pack.PrintFile, "the same on paper", p.pdf},
		{pack.JSONFile, "all of it for programs", p.json},
		{pack.SchemaFile, "what each field of campaign.json means", p.schema},
		{pack.DecisionsFile, "a line for each membership under review: what was known, what was decided, by whom", p.sheet(csv.Decisions)},
		{pack.PopulationFile, "a line for each group: how the list of its members was read, and that it is whole", p.sheet(csv.Population)},
		{pack.RemovalsFile, "a line for each membership that was revoked: what became of it", p.sheet(csv.Removals)},
	}
	for _, name := range p.report.PageNames() {
		all = append(all, planned{name, "decisions, for report.html", nil})
	}
	if p.r.Campaign.Events != nil {
		all = append(all, planned{pack.EventsFile, "the events of the log that it is made of, with what proves that they are in it", p.eventLines})
	}
	if p.r.Campaign.Tool.Checkpoint != "" {
		all = append(all, planned{pack.CheckpointFile, "the signed head of the log when this was made", p.checkpoint})
	}
	return all
}

func (p *press) html(w io.Writer) error { return p.report.Write(p.ctx, w) }

func (p *press) pdf(w io.Writer) error { return pdf.Write(p.ctx, p.r, p.limits.print, w) }

// sheet writes a table for spreadsheets.
func (p *press) sheet(of func(context.Context, *summary.Review, io.Writer) error) func(io.Writer) error {
	return func(w io.Writer) error { return of(p.ctx, p.r, w) }
}

func (p *press) checkpoint(w io.Writer) error {
	_, err := io.WriteString(w, p.r.Campaign.Tool.Checkpoint)
	return err
}

// file writes a file and remembers its sum.
func (p *press) file(name string, write func(io.Writer) error) error {
	f, err := p.begin(name)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

// openFile is a file that is being written.
type openFile struct {
	*bufio.Writer
	name string
	to   io.Closer
	hash *hashing
	of   *press
}

// begin begins a file. Its sum is known once it is closed.
func (p *press) begin(name string) (io.WriteCloser, error) {
	f, err := p.to.Create(name)
	if err != nil {
		return nil, err
	}
	h := &hashing{to: f, sum: sha256.New()}
	return &openFile{bufio.NewWriterSize(h, 1<<16), name, f, h, p}, nil
}

// Close implements io.Closer.
func (f *openFile) Close() error {
	err := errors.Join(f.Flush(), f.to.Close())
	f.of.sums = append(f.of.sums, sum{f.name, hex.EncodeToString(f.hash.sum.Sum(nil))})
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
	err := p.file(pack.SumsFile, func(w io.Writer) error {
		for _, s := range p.sums {
			if _, err := fmt.Fprintf(w, "%s  %s\n", s.hash, s.name); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("write %s: %w", pack.SumsFile, err)
	}
	text, err := note.Compose(note.Pack, p.manifest(files))
	if err != nil {
		return err
	}
	signed, err := sign(p.ctx, p.r.Campaign.Tool.Log, note.Pack, text)
	if err != nil {
		return fmt.Errorf("sign the manifest of the pack: %w", err)
	}
	return p.file(pack.ManifestFile, func(w io.Writer) error {
		_, err := io.WriteString(w, signed)
		return err
	})
}
