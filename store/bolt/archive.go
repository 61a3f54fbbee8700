package bolt

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"latchkey/store"
)

// An archive is a tar file: the main file, the stretches that belong to it, and at
// the end a list of all of them with their sums. An archive that was cut off has no
// list, so nobody takes a part for the whole.
const (
	archiveMain    = "latchkey.db"
	archiveEvents  = "latchkey.db.events"
	archiveList    = "latchkey-backup.json"
	archiveVersion = 1
	listLimit      = 64 << 20 // bytes: some hundred thousand stretches
)

// contents is the list at the end of an archive.
type contents struct {
	Version int `json:"version"`
	store.Archived
	Files []archived `json:"files"`
}

// archived is one file of an archive.
type archived struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
	Sum  string `json:"sha256"`
}

// Archive implements store.Archiver. The copy is the state of the last commit: a
// transaction of bbolt that only reads holds on to its pages while they are copied,
// and no stretch that belongs to it is ever taken away.
func (s *Store) Archive(ctx context.Context, w io.Writer, at time.Time) error {
	btx, err := s.db.Begin(false)
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return store.ErrClosed
	}
	if err != nil {
		return fmt.Errorf("can't read the store %s: %w", s.path, err)
	}
	defer func() { _ = btx.Rollback() }() // reading changes nothing, so there is nothing to fail
	a := &archive{ctx: ctx, tar: tar.NewWriter(w), at: at}
	err = a.write(s, btx)
	if ended := ctx.Err(); ended != nil {
		err = ended // bbolt passes some errors on as text only
	}
	if err != nil {
		return fmt.Errorf("copy the store %s: %w", s.path, err)
	}
	return nil
}

// archive is one on its way.
type archive struct {
	ctx  context.Context
	tar  *tar.Writer
	at   time.Time
	list contents
}

func (a *archive) write(s *Store, btx *bbolt.Tx) error {
	log := newTx(newBatch(btx, s.stretches, false)).eventLog
	a.list.Version, a.list.Made, a.list.Events = archiveVersion, a.at.UTC(), log.size()
	if err := a.add(archiveMain, btx.Size(), func(w io.Writer) error { _, err := btx.WriteTo(w); return err }); err != nil {
		return err
	}
	for k, raw := range log.scan(sealed, nil, nil) {
		of, err := unpackStretch(k, raw)
		if err != nil {
			return err
		}
		if err := a.addStretch(s.stretches, of); err != nil {
			return err
		}
	}
	if err := a.end(); err != nil {
		return err
	}
	return a.tar.Close()
}

// addStretch adds the file of a stretch, as it is when it is opened: one that is
// written anew meanwhile takes its place under another descriptor.
func (a *archive) addStretch(all *stretches, of stretch) error {
	f, err := os.Open(all.path(of))
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		err = checkStretch(f, of)
	}
	if err == nil {
		err = a.add(path.Join(archiveEvents, stretchName(of)), info.Size(), func(w io.Writer) error { _, err := io.Copy(w, f); return err })
	}
	return errors.Join(err, f.Close())
}

// add adds one file and notes its sum.
func (a *archive) add(name string, size int64, fill func(io.Writer) error) error {
	if err := a.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, ModTime: a.at.Truncate(time.Second)}); err != nil {
		return err
	}
	sum := sha256.New()
	if err := fill(&cancelled{a.ctx, io.MultiWriter(a.tar, sum)}); err != nil {
		return err
	}
	a.list.Files = append(a.list.Files, archived{name, size, sumOf(sum)})
	return nil
}

func sumOf(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// end adds the list.
func (a *archive) end() error {
	raw, err := json.MarshalIndent(a.list, "", "  ")
	if err != nil {
		return err
	}
	if err := a.tar.WriteHeader(&tar.Header{Name: archiveList, Mode: 0o600, Size: int64(len(raw)), ModTime: a.at.Truncate(time.Second)}); err != nil {
		return err
	}
	_, err = a.tar.Write(raw)
	return err
}

// cancelled is a writer that nobody waits for any more once ctx has ended.
type cancelled struct {
	ctx context.Context
	w   io.Writer
}

func (c *cancelled) Write(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.w.Write(p)
}
