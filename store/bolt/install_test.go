package bolt

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"latchkey/store"
)

// laid puts a pretended store at a path: what stands in its files says which it is.
func laid(t *testing.T, path, what string) {
	t.Helper()
	if err := os.MkdirAll(path+".events", 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, filepath.Join(path+".events", "000000000001-000000000008")} {
		if err := os.WriteFile(name, []byte(what), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// lies fails the test unless this store is at a path, and nothing of another.
func lies(t *testing.T, path, what string) {
	t.Helper()
	for _, name := range []string{path, filepath.Join(path+".events", "000000000001-000000000008")} {
		raw, err := os.ReadFile(name)
		if what == "" && errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil || string(raw) != what {
			t.Errorf("%s is of %q, want %q (%v)", name, raw, what, err)
		}
	}
}

// Broken off after any of its steps, a restore is finished by whoever opens the store
// next: the new one is in its place, and the old one is kept whole.
func TestARestoreThatIsBrokenOffIsFinished(t *testing.T) {
	for _, aside := range []string{"", "old.db"} {
		for done := range 5 {
			dir := t.TempDir()
			path, from := filepath.Join(dir, "latchkey.db"), filepath.Join(dir, "new")
			if err := os.Mkdir(from, 0o700); err != nil {
				t.Fatal(err)
			}
			laid(t, filepath.Join(from, "latchkey.db"), "new")
			if aside != "" {
				laid(t, path, "old")
			}
			if err := writePlan(path, installing{"new", aside}); err != nil {
				t.Fatal(err)
			}
			steps := [][2]string{{from + "/latchkey.db.events", path + ".events"}, {from + "/latchkey.db", path}}
			if aside != "" {
				steps = append([][2]string{{path, dir + "/old.db"}, {path + ".events", dir + "/old.db.events"}}, steps...)
			}
			for _, s := range steps[:min(done, len(steps))] {
				if err := os.Rename(s[0], s[1]); err != nil {
					t.Fatal(err)
				}
			}
			if err := finishInstall(path); err != nil {
				t.Fatal(err)
			}
			lies(t, path, "new")
			if aside != "" {
				lies(t, filepath.Join(dir, aside), "old")
			}
			if there(from) || there(planOf(path)) {
				t.Error("something is left of it")
			}
		}
	}
}

func TestInstallRefusesWhatIsTaken(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "latchkey.db")
	put := func(aside string) error {
		from, err := os.MkdirTemp(dir, "new-*")
		if err != nil {
			t.Fatal(err)
		}
		laid(t, filepath.Join(from, "latchkey.db"), "new")
		if aside != "" {
			aside = filepath.Join(dir, aside)
		}
		return Install(from, path, aside)
	}
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := put(""); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a store is there: %v", err)
	}
	if err := put("old"); !errors.Is(err, store.ErrInUse) {
		t.Errorf("a store is open: %v", err)
	}
	if !InUse(path) {
		t.Error("an open store is not in use")
	}
	if err := s.Close(); err != nil || InUse(path) {
		t.Errorf("a closed store is in use, or %v", err)
	}
	laid(t, filepath.Join(dir, "old"), "older")
	if err := put("old"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("the name is taken: %v", err)
	}
	if err := put("before"); err != nil {
		t.Error(err)
	}
	lies(t, path, "new")
	kept, err := Open(filepath.Join(dir, "before"), Options{Timeout: time.Millisecond})
	if err == nil {
		err = kept.Close()
	}
	if err != nil {
		t.Errorf("the store that was kept aside can't be opened: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "new-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}
