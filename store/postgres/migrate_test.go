package postgres

import (
	"path"
	"testing"
)

// The constant is the number of the last file.
func TestNewestIsTheLastStep(t *testing.T) {
	files, err := migrations.ReadDir("migrations")
	if err != nil || len(files) != newest {
		t.Fatalf("%d files and %d steps, %v", len(files), newest, err)
	}
	for _, f := range files {
		if path.Ext(f.Name()) != ".sql" {
			t.Errorf("%s is no migration", f.Name())
		}
	}
}
