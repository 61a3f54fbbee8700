package publishing

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"strings"

	"latchkey/access"
	"latchkey/evidence/pack"
	"latchkey/evidence/pack/verify"
	"latchkey/evidence/pack/write"
)

// spool is a file that is kept while it is on its way: packs may be larger than memory. Everything that is written goes
// through Write, so it isn't the file itself, which copies in ways of its own.
type spool struct {
	file *os.File
	hash hash.Hash
	size int64
	sum  access.Hash // once it is whole
}

func newSpool() (*spool, error) {
	f, err := os.CreateTemp("", "latchkey-review-")
	if err != nil {
		return nil, fmt.Errorf("keep the evidence of a review while it is on its way: %w", err)
	}
	return &spool{file: f, hash: sha256.New()}, nil
}

// Write implements io.Writer.
func (p *spool) Write(b []byte) (int, error) {
	n, err := p.file.Write(b)
	p.hash.Write(b[:n]) // never fails
	p.size += int64(n)
	return n, err
}

// whole notes that everything is written.
func (p *spool) whole() { p.sum = access.Hash(p.hash.Sum(nil)) }

func (p *spool) open() (io.ReadCloser, error) {
	return io.NopCloser(io.NewSectionReader(p.file, 0, p.size)), nil
}

// forget removes the file.
func (p *spool) forget() { _ = errors.Join(p.file.Close(), os.Remove(p.file.Name())) } // the folder of such files is emptied by the system

// make makes the pack of a campaign.
func (s *Service) make(ctx context.Context, c access.Campaign) (*spool, error) {
	p, err := newSpool()
	if err != nil {
		return nil, err
	}
	archive := write.NewArchive(p, s.units.Now())
	_, err = s.export.Write(ctx, c.ID, s.seal(), archive)
	if err = errors.Join(err, archive.Close()); err != nil {
		p.forget()
		return nil, err
	}
	p.whole()
	return p, nil
}

// seenPack is a pack as it was read back from an issue.
type seenPack struct {
	name string
	size int64
	sum  access.Hash // of its bytes
	id   string      // SHA-256 of its manifest, in hex, by which it is known
}

// readBack reads an attached file, and sees that it is the pack of a closed campaign, whole and signed by a key that counts.
func (s *Service) readBack(ctx context.Context, c access.Campaign, id string) (at seenPack, err error) {
	p, err := newSpool()
	if err != nil {
		return at, err
	}
	defer p.forget()
	if err := s.files.ReadFile(ctx, id, p); err != nil {
		return at, err
	}
	p.whole()
	at = seenPack{name: fileName(c), size: p.size, sum: p.sum}
	files, err := zip.NewReader(p.file, p.size)
	if err != nil {
		return at, notOurs(c, at.name, "it is no ZIP file")
	}
	v, err := verify.Pack(files, s.trust())
	switch {
	case err != nil:
		return at, notOurs(c, at.name, err.Error())
	case !v.Whole():
		return at, notOurs(c, at.name, strings.Join(v.Broken, " "))
	case v.Manifest.Campaign != c.ID || v.Manifest.Status != pack.Closed:
		return at, notOurs(c, at.name, "it is of another review, or of one that went on")
	}
	manifest, err := fs.ReadFile(files, pack.ManifestFile)
	sum := sha256.Sum256(manifest)
	at.id = hex.EncodeToString(sum[:])
	return at, err
}
