package bolt

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"latchkey/store"
)

// A store is a file and a folder, and no file system changes two names at once. So
// what is going to be done is written down first, in a file beside them: from then on
// it is done, by whoever opens the store next if need be.

// installing is what that file says.
type installing struct {
	From  string `json:"from"`            // the folder with the new store, beside the old one
	Aside string `json:"aside,omitempty"` // what the old one is called from now on
}

// planOf is where it is written down.
func planOf(path string) string { return path + ".installing" }

// Install puts the store that lies in a folder beside path, under path's own name, in
// the place of the one at path, which is called aside then: all of it or nothing. An
// aside of "" says that there is none. Nobody may have either of them open. The
// folder is Install's from then on: when it fails, it is gone, or the next who opens the
// store finishes what was begun.
func Install(from, path, aside string) (err error) {
	letGo, err := mayInstall(path, aside)
	if err != nil {
		return errors.Join(err, os.RemoveAll(from))
	}
	defer func() { err = errors.Join(err, letGo()) }()
	if err := writePlan(path, installing{filepath.Base(from), baseOf(aside)}); err != nil {
		return errors.Join(err, os.RemoveAll(from))
	}
	return finishInstall(path)
}

// mayInstall refuses what would take the place of something, and keeps others from
// opening the store that is there.
func mayInstall(path, aside string) (letGo func() error, err error) {
	if taken := there(path) || there(path+".events"); taken != (aside != "") {
		return nil, fmt.Errorf("%s: %w", path, isTaken(taken))
	}
	if aside != "" && (there(aside) || there(aside+".events")) {
		return nil, fmt.Errorf("%s: %w", aside, fs.ErrExist)
	}
	return lockStore(path)
}

func isTaken(taken bool) error {
	if taken {
		return fs.ErrExist
	}
	return fs.ErrNotExist
}

func baseOf(path string) string {
	if path == "" {
		return ""
	}
	return filepath.Base(path)
}

// there tells whether something has the name; what can't be looked at is there.
func there(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// lockStore keeps others from opening the store at path, if there is one that can be
// opened at all.
func lockStore(path string) (letGo func() error, err error) {
	letGo = func() error { return nil }
	if !there(path) {
		return letGo, nil
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, Timeout: time.Second})
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return nil, &inUse{path}
	case err != nil:
		return letGo, nil // it is broken, which may be why another one is put in its place
	}
	return db.Close, nil
}

// writePlan makes the plan durable.
func writePlan(path string, p installing) error {
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(planOf(path))+"-*")
	if err != nil {
		return err
	}
	_, err = f.Write(raw)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), planOf(path))
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return keepName(planOf(path))
}

// finishInstall does what is left of a plan, if there is one. Each step leaves behind
// that it was done, so that it can be broken off anywhere.
func finishInstall(path string) error {
	raw, err := os.ReadFile(planOf(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var p installing
	if err == nil {
		err = json.Unmarshal(raw, &p)
	}
	if err == nil {
		err = p.carryOut(path)
	}
	if err == nil {
		err = os.Remove(planOf(path))
	}
	if err != nil {
		return fmt.Errorf("a restore into %s was broken off and can't be finished: free some disk space, or look at who may write there, and start again: %w", path, err)
	}
	return keepName(path)
}

func (p installing) carryOut(path string) error {
	dir := filepath.Dir(path)
	from := filepath.Join(dir, p.From)
	file := filepath.Join(from, filepath.Base(path))
	if !there(file) {
		return os.RemoveAll(from)
	}
	if p.Aside != "" {
		aside := filepath.Join(dir, p.Aside)
		if err := move(path, aside); err != nil {
			return err
		}
		if there(file + ".events") { // otherwise the new one is in its place already
			if err := move(path+".events", aside+".events"); err != nil {
				return err
			}
		}
	}
	if err := move(file+".events", path+".events"); err != nil {
		return err
	}
	if err := move(file, path); err != nil {
		return err
	}
	return errors.Join(keepName(path), os.RemoveAll(from))
}

// move gives something another name; if it isn't there, that was done.
func move(from, to string) error {
	if !there(from) {
		return nil
	}
	return os.Rename(from, to)
}

// InUse tells whether a process has the store at path open.
func InUse(path string) bool {
	letGo, err := lockStore(path)
	if err == nil {
		_ = letGo() // it was only to see
	}
	return errors.Is(err, store.ErrInUse)
}
