package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"latchkey/config"
)

// Backup is a backup that was made.
type Backup struct {
	File  string    `json:"file"`
	Bytes int64     `json:"bytes"`
	Made  time.Time `json:"made"` // when the copy was taken
	Inspected
}

// MakeBackup writes one consistent copy of the store to a file, asking the bot for it
// while one runs, opens it and checks all of it. The file is there once everything is
// durable, and never a part of it. One that is there already is replaced only if
// replace says so. A copy of a store whose log is not whole is kept: see Inspected.
func MakeBackup(ctx context.Context, c *config.Config, file string, replace bool) (Backup, error) {
	if storeFile(c) == "" {
		return Backup{}, fmt.Errorf("a store of the type %s is backed up with its own tools, such as pg_dump", c.Store.Type)
	}
	b := backing{to: file, replace: replace, carrier: backends().carrier(c.Store)}
	if err := b.mayWrite(c); err != nil {
		return Backup{}, err
	}
	admin, err := OpenAdmin(ctx, c)
	if err != nil {
		return Backup{}, err
	}
	made, err := b.make(ctx, admin)
	return made, errors.Join(err, admin.Close())
}

// backing is a backup on its way.
type backing struct {
	to      string
	replace bool
	carrier carrier
}

// mayWrite refuses a file that is not to be written, before anything is done.
func (b backing) mayWrite(c *config.Config) error {
	if info, err := os.Stat(filepath.Dir(b.to)); err != nil || !info.IsDir() {
		return fmt.Errorf("there is no folder %s to write the backup to: make it first", filepath.Dir(b.to))
	}
	to, err := filepath.Abs(b.to)
	if err != nil {
		return fmt.Errorf("where is %s: %w", b.to, err)
	}
	own, err := filepath.Abs(storeFile(c))
	if err != nil {
		return fmt.Errorf("where is %s: %w", storeFile(c), err)
	}
	if to == own || strings.HasPrefix(to, own+".") {
		return fmt.Errorf("%s belongs to the store itself: name another file", b.to)
	}
	info, err := os.Stat(b.to)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("look at %s: %w", b.to, err)
	case info.IsDir():
		return fmt.Errorf("%s is a folder: name a file in it", b.to)
	case !b.replace:
		return b.taken()
	}
	return nil
}

func (b backing) taken() error {
	return fmt.Errorf("%s is there already, and nothing was written: name another file, or add --replace", b.to)
}

// unfinishedBackup begins the names of folders in which backups are made.
const unfinishedBackup = ".unfinished-"

// make works in a folder beside the file, so that the file appears in one step.
func (b backing) make(ctx context.Context, admin *AdminClient) (Backup, error) {
	tidy(b.to + unfinishedBackup)
	work, err := os.MkdirTemp(filepath.Dir(b.to), filepath.Base(b.to)+unfinishedBackup+"*")
	if err != nil {
		return Backup{}, fmt.Errorf("write the backup: %w", err)
	}
	made, err := b.makeIn(ctx, work, admin)
	return made, errors.Join(err, os.RemoveAll(work))
}

// tidy removes folders that were left by commands that were killed: their names begin
// alike, and nobody has touched them for a day.
func tidy(name string) {
	left, _ := filepath.Glob(name + "*") // of a name that is no pattern nothing is left
	for _, dir := range left {
		if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > 24*time.Hour {
			_ = os.RemoveAll(dir) // it is looked for again the next time
		}
	}
}

func (b backing) makeIn(ctx context.Context, work string, admin *AdminClient) (Backup, error) {
	copied := filepath.Join(work, "backup")
	size, err := writeWhole(copied, func(w io.Writer) error { return admin.copy(ctx, w) })
	if err != nil {
		return Backup{}, fmt.Errorf("the backup could not be written, and there is none: %w", err)
	}
	out := Backup{File: b.to, Bytes: size}
	about, err := b.carrier.unpackFrom(copied, filepath.Join(work, "latchkey.db"))
	if err == nil {
		out.Made = about.Made
		out.Inspected, err = b.carrier.inspect(ctx, filepath.Join(work, "latchkey.db"), about, nil)
	}
	if err != nil {
		return Backup{}, fmt.Errorf("the backup was written and can't be relied upon, so it was thrown away: %w", err)
	}
	return out, b.put(copied)
}

// put gives the backup its name.
func (b backing) put(copied string) error {
	if !b.replace {
		err := os.Link(copied, b.to) // refuses a name that was taken meanwhile
		if errors.Is(err, fs.ErrExist) {
			return b.taken()
		}
		if err == nil {
			return keepNames(filepath.Dir(b.to))
		}
	}
	if err := os.Rename(copied, b.to); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	return keepNames(filepath.Dir(b.to))
}

// writeWhole writes a file that only its owner can read, to the disk itself.
func writeWhole(name string, fill func(io.Writer) error) (size int64, err error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, err
	}
	if err = fill(f); err == nil {
		err = f.Sync()
	}
	info, looked := f.Stat()
	if err = errors.Join(err, looked, f.Close()); err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// keepNames makes the names in a folder durable. Where folders can't be flushed, the
// system sees to it.
func keepNames(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("make the backup's name durable: %w", err)
	}
	err = d.Sync()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrInvalid) || errors.Is(err, fs.ErrPermission) {
		err = nil
	}
	return errors.Join(err, d.Close())
}
