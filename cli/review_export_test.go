package cli

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file of evidence is written whole, never over another one, and not at all where that fails.
func TestEvidenceIsWrittenAnew(t *testing.T) {
	name := filepath.Join(t.TempDir(), "RV-1.zip")
	broken := errors.New("it broke off")
	if err := writeAnew(name, "it", func(w io.Writer) error { _, err := io.WriteString(w, "PK"); return errors.Join(err, broken) }); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(name); !os.IsNotExist(err) {
		t.Errorf("a part of it is there: %v", err)
	}
	whole := func(w io.Writer) error { _, err := io.WriteString(w, "whole"); return err }
	if err := writeAnew(name, "it", whole); err != nil {
		t.Fatal(err)
	}
	if err := writeAnew(name, "it", whole); err == nil || !strings.Contains(err.Error(), "exists") {
		t.Errorf("it was written over: %v", err)
	}
}
