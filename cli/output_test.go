package cli

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestAFileStaysUntilTheNextOneIsWhole: an export that breaks off leaves what was there, and nothing beside it.
func TestAFileStaysUntilTheNextOneIsWhole(t *testing.T) {
	dir := t.TempDir()
	name, link := filepath.Join(dir, "export.json"), filepath.Join(dir, "link.json")
	broken := errors.New("it broke off")
	if err := os.WriteFile(name, []byte("before"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(name, link); err != nil {
		t.Fatal(err)
	}
	half := func(w io.Writer) error {
		_, err := io.WriteString(w, "half")
		return errors.Join(err, broken)
	}
	if err := writeTo(name, nil, half); !errors.Is(err, broken) {
		t.Error(err)
	}
	if err := writeTo(filepath.Join(dir, "new.json"), nil, half); !errors.Is(err, broken) {
		t.Error(err)
	}
	left, err := os.ReadDir(dir)
	if got, again := os.ReadFile(name); err != nil || again != nil || string(got) != "before" || len(left) != 2 {
		t.Errorf("%q, %d files", got, len(left))
	}
	if err := writeTo(link, nil, func(w io.Writer) error { _, err := io.WriteString(w, "whole"); return err }); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(name)
	if got, again := os.ReadFile(name); err != nil || again != nil || string(got) != "whole" || info.Mode().Perm() != 0o600 {
		t.Errorf("%q %v %v", got, info.Mode(), err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link is one no more")
	}
	var out bytes.Buffer
	if err := writeTo("", &out, func(w io.Writer) error { _, err := io.WriteString(w, "seen"); return err }); err != nil || out.String() != "seen" {
		t.Error(out.String(), err)
	}
	if err := writeTo(os.DevNull, nil, func(w io.Writer) error { _, err := io.WriteString(w, "gone"); return err }); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Fatal("the device was replaced")
	}
	if err := writeTo(filepath.Join(dir, "none", "x"), nil, half); err == nil {
		t.Error("there is no such folder")
	}
}
