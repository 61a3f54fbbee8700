package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// writeTo writes to a file that only its owner can read, or to out without a name. What a file held before stays until all
// of what takes its place is there.
func writeTo(name string, out io.Writer, fn func(io.Writer) error) (err error) {
	if name == "" {
		return fn(out)
	}
	info, err := os.Stat(name)
	if err == nil && !info.Mode().IsRegular() { // a pipe, say, or a terminal: there is nothing to keep
		return writeInto(name, fn)
	}
	if at, err := filepath.EvalSymlinks(name); err == nil {
		name = at
	}
	var failed error
	err = replaceFile(name, 0o600, func(w io.Writer) error {
		failed = fn(w)
		return failed
	})
	if err != nil && failed == nil {
		err = fmt.Errorf("write the export: %w", err)
	}
	return err
}

func writeInto(name string, fn func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	return errors.Join(fn(f), f.Close())
}

// replaceFile writes a file in one step: what is there stays until the new one is whole.
func replaceFile(path string, mode os.FileMode, fn func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	err = errors.Join(fn(f), f.Chmod(mode), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}

// writeAnew writes a file that isn't there yet, under its name only once all of it is there. what it is, an error says.
func writeAnew(name, what string, fn func(io.Writer) error) error {
	if _, err := os.Lstat(name); err == nil {
		return fmt.Errorf("write %s: %s is left as it is, name another file: %w", what, name, fs.ErrExist)
	}
	var failed error
	whole, err := os.MkdirTemp(filepath.Dir(name), "."+filepath.Base(name)+"-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", what, err)
	}
	made := filepath.Join(whole, "whole")
	err = replaceFile(made, 0o600, func(w io.Writer) error {
		failed = fn(w)
		return failed
	})
	if err == nil {
		err = giveName(made, name)
	}
	err = errors.Join(err, os.RemoveAll(whole))
	if err != nil && failed == nil {
		err = fmt.Errorf("write %s: %w", what, err)
	}
	return err
}

// giveName gives a file its name, and takes that from nobody: where there are links, not even from whoever was quicker.
func giveName(made, name string) error {
	err := os.Link(made, name)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, err := os.Lstat(name); err == nil {
		return fmt.Errorf("%s: %w", name, fs.ErrExist)
	}
	return os.Rename(made, name)
}

// seldom tells when it is time to say how far something is: not of what is done soon, and then every few seconds.
func seldom() (now func() bool) {
	last := time.Now()
	return func() bool {
		if time.Since(last) < 5*time.Second {
			return false
		}
		last = time.Now()
		return true
	}
}

// oneLine keeps what others wrote from drawing on the terminal.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 }), " ")
}
