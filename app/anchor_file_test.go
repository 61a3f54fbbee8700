package app

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"latchkey/access"
)

// A file of anchors only grows; an attempt of unknown outcome is looked for, and what
// was not finished is no note.
func TestAnchorFile(t *testing.T) {
	f := anchorFile{filepath.Join(t.TempDir(), "anchors")}
	if found, err := f.Anchors(t.Context()); err != nil || len(found) != 0 {
		t.Errorf("before the first: %v, %v", found, err)
	}
	at := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for _, id := range []string{"1", "2"} {
		for _, again := range []bool{false, true} {
			if _, err := f.PostAnchor(t.Context(), access.AnchorNote{ID: id, At: at, Post: []byte(`{"checkpoint":"c` + id + `"}`)}, again); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.append([]byte(`{"id":"3","post":{"chec`)); err != nil {
		t.Fatal(err)
	}
	found, err := f.Anchors(t.Context())
	if err != nil || len(found) != 2 || string(found[1].Post) != `{"checkpoint":"c2"}` || found[1].Where != "file "+f.path {
		t.Errorf("read back: %+v, %v", found, err)
	}
	if info, err := os.Stat(f.path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its mode: %v, %v", info, err)
	}
	nowhere := anchorFile{filepath.Join(t.TempDir(), "no", "anchors")}
	if _, err := nowhere.PostAnchor(t.Context(), access.AnchorNote{ID: "1"}, false); access.Classify(err).Class != access.Transient {
		t.Errorf("a folder that isn't there: %v", err)
	}
}
