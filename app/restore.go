package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"latchkey/clock"
	"latchkey/config"
	"latchkey/store"
	"latchkey/workflow"
)

// Restored is a store that was put in place from a backup.
type Restored struct {
	Store string    `json:"store"`
	Made  time.Time `json:"made"`            // when the copy was taken
	Aside string    `json:"aside,omitempty"` // where the store is that was there before
	Inspected
}

// RestoreBackup puts the store of a backup in its place, all of it or nothing, once it
// was opened and checked. A store that is there already is kept aside if replace says
// so; otherwise nothing is done. What was restored may be older than the world: until
// that is settled, nobody is added (store.QuarantineRestored).
func RestoreBackup(ctx context.Context, c *config.Config, file string, replace bool) (Restored, error) {
	path := storeFile(c)
	if path == "" {
		return Restored{}, fmt.Errorf("a store of the type %s is restored with its own tools, such as pg_restore", c.Store.Type)
	}
	r := restoring{config: c, path: path, file: file, carrier: backends().carrier(c.Store)}
	if err := r.mayInstall(ctx, replace); err != nil {
		return Restored{}, err
	}
	tidy(path + unfinishedRestore)
	work, err := os.MkdirTemp(filepath.Dir(path), filepath.Base(path)+unfinishedRestore+"*")
	if err != nil {
		return Restored{}, fmt.Errorf("restore the store: %w", err)
	}
	out, err := r.unpack(ctx, work)
	if err != nil {
		return Restored{}, errors.Join(err, os.RemoveAll(work))
	}
	if err := r.carrier.install(work, path, r.aside); err != nil {
		return Restored{}, fmt.Errorf("put the store in its place: %w", err)
	}
	return out, nil
}

// unfinishedRestore begins the names of folders in which stores are unpacked.
const unfinishedRestore = ".restoring-"

// restoring is a restore on its way.
type restoring struct {
	config     *config.Config
	path, file string
	aside      string // what is there now gets this name; "" where nothing is
	carrier    carrier
}

// mayInstall refuses, before anything is done, where nothing may be put.
func (r *restoring) mayInstall(ctx context.Context, replace bool) error {
	if askBot(ctx, r.config) != nil || r.carrier.inUse(r.path) {
		return fmt.Errorf("a bot runs on %s, or a command is at work there: stop it first", r.path)
	}
	if _, err := os.Stat(r.file); err != nil {
		return fmt.Errorf("there is no backup to read at %s: %w", r.file, err)
	}
	for _, name := range []string{r.path, r.path + ".events"} {
		_, err := os.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if !replace {
			return fmt.Errorf("%s is there already, and nothing was changed: name an empty place under store.path, or add --replace, which keeps the old one aside", name)
		}
		r.aside = r.path + ".before-" + time.Now().UTC().Format("20060102-150405")
	}
	return nil
}

// unpack makes the store of the backup in a folder and looks at all of it.
func (r *restoring) unpack(ctx context.Context, work string) (Restored, error) {
	unpacked := filepath.Join(work, filepath.Base(r.path))
	about, err := r.carrier.unpackFrom(r.file, unpacked)
	if err != nil {
		return Restored{}, fmt.Errorf("%s can't be restored, and nothing was changed: %w", r.file, err)
	}
	out := Restored{Store: r.path, Made: about.Made, Aside: r.aside}
	out.Inspected, err = r.carrier.inspect(ctx, unpacked, about, func(s store.Store) error { return r.quarantine(ctx, s, about) })
	if err == nil && out.Broken != "" {
		err = fmt.Errorf("its log is not whole: %s; take an older backup, or rebuild the store with latchkey recover", out.Broken)
	}
	if err != nil {
		return Restored{}, fmt.Errorf("%s can't be relied upon, so nothing was changed: %w", r.file, err)
	}
	return out, nil
}

// quarantine keeps anybody from being added by the restored store.
func (r *restoring) quarantine(ctx context.Context, s store.Store, about store.Archived) error {
	flow, err := workflow.New(workflow.Config{
		Store: s, Catalog: catalogOf(r.config), Clock: clock.System{}, Logger: slog.New(slog.DiscardHandler), Owner: processName(),
	}, workflow.Ports{})
	if err != nil {
		return err
	}
	return flow.Recovery.Restored(ctx, about.Made)
}
