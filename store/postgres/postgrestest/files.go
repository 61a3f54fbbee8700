package postgrestest

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Holds tells whether a text stands anywhere in the files of the server's tables, whether
// anything refers to it or not. The log that it writes ahead is none of them.
func (s *Server) Holds(t *testing.T, text string) bool {
	t.Helper()
	if err := s.ask(context.Background(), `CHECKPOINT`); err != nil {
		t.Fatal(err)
	}
	is := false
	look := func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // the server has thrown it away meanwhile
		}
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(name)
		is = is || bytes.Contains(raw, []byte(text))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	if err := errors.Join(filepath.WalkDir(filepath.Join(s.data(), "base"), look), filepath.WalkDir(filepath.Join(s.dir, "elsewhere"), look)); err != nil {
		t.Fatal(err)
	}
	return is
}

// Elsewhere makes a tablespace.
func (s *Server) Elsewhere(t *testing.T, name string) {
	t.Helper()
	where := filepath.Join(s.dir, "elsewhere", name)
	err := os.MkdirAll(where, 0o700)
	if err == nil && s.as != nil {
		err = errors.Join(os.Chown(filepath.Dir(where), int(s.as.Uid), int(s.as.Gid)), os.Chown(where, int(s.as.Uid), int(s.as.Gid)))
	}
	if err == nil {
		err = s.ask(context.Background(), `CREATE TABLESPACE `+name+` LOCATION '`+where+`'`)
	}
	if err != nil {
		t.Fatal(err)
	}
}
