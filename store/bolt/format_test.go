package bolt_test

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"latchkey/store/bolt"
)

// A file of an earlier layout is refused, and left as it is. The sample was
// written by the last version that used it.
func TestEarlierLayoutIsRefused(t *testing.T) {
	packed, err := os.Open("testdata/layout2.db.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	before, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "latchkey.db")
	if err := os.WriteFile(path, before, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = bolt.Open(path, bolt.Options{})
	want := "the store " + path + " has layout 2, this latchkey reads layout 4 and can't take over another one: start the release that wrote it, or name a new file under store.path"
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
		t.Errorf("the file was changed, %v", err)
	}
	if _, err := os.Stat(path + ".events"); !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a folder for events was made: %v", err)
	}
}
