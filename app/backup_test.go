package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/config"
	"latchkey/store"
	"latchkey/store/bolt"
)

// storeConfig is a configuration whose store lies at path.
func storeConfig(t *testing.T, path string) *config.Config {
	t.Helper()
	c, err := config.Load("../config.yaml", func(string) (string, bool) { return "", false }, Backends())
	if err != nil {
		t.Fatal(err)
	}
	c.Store.Settings = bolt.Settings{Path: path}
	return c
}

// filledStore makes a store with so many events, most of them in stretches.
func filledStore(t *testing.T, path string, events int) {
	t.Helper()
	s, err := bolt.Open(path, bolt.Options{NoSync: true, Stretch: 256})
	if err == nil {
		err = store.BeginLog(t.Context(), s, "acme.test")
	}
	if err != nil {
		t.Fatal(err)
	}
	logEvents(t, s, events)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func logEvents(t *testing.T, s store.Store, events int) {
	t.Helper()
	for done := 0; done < events; done += 100 {
		err := s.Update(t.Context(), func(tx store.Tx) error {
			for n := range min(100, events-done) {
				e := access.Event{Kind: access.EventNote, At: time.Now(), Request: fmt.Sprint("AR-", n), Note: strings.Repeat("note ", 20), Actor: access.System()}
				if _, err := store.Append(tx, e); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// restoredEvents puts a backup in an empty place and tells how many events it has; every
// page, event and root was read for that.
func restoredEvents(t *testing.T, file string) (int, error) {
	t.Helper()
	got, err := RestoreBackup(t.Context(), storeConfig(t, filepath.Join(t.TempDir(), "latchkey.db")), file, false)
	return got.Events, err
}

// killAt is the environment variable that makes the test binary one that makes a
// backup and is killed once it has written so many bytes of it; "end" kills it before
// the file gets its name.
const killAt = "LATCHKEY_BACKUP_KILLED_AT"

// doomed is the child: it kills itself, as kill -9 would, at an exact moment.
func doomed(t *testing.T, at string) {
	c := storeConfig(t, os.Getenv("LATCHKEY_BACKUP_STORE"))
	admin, err := OpenAdmin(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	copied := admin.copy
	admin.copy = func(ctx context.Context, w io.Writer) error {
		limit, err := strconv.Atoi(at)
		if err != nil {
			limit = 1 << 60
		}
		err = copied(ctx, writerFunc(func(p []byte) (int, error) {
			if limit -= len(p); limit < 0 {
				die()
			}
			return w.Write(p)
		}))
		return err
	}
	b := backing{to: os.Getenv("LATCHKEY_BACKUP_TO"), replace: true, carrier: backends().carrier(c.Store)}
	if at == "end" {
		check := b.carrier.check
		b.carrier.check = func(path string) error { defer die(); return check(path) }
	}
	if _, err := b.make(t.Context(), admin); err != nil {
		t.Fatal(err)
	}
	if err := admin.Close(); err != nil {
		t.Fatal(err)
	}
}

func die() { _ = syscall.Kill(os.Getpid(), syscall.SIGKILL) }

// Killed at any moment, a backup leaves the one from before, whole.
func TestABackupThatIsKilledLeavesTheOneBefore(t *testing.T) {
	if at := os.Getenv(killAt); at != "" {
		doomed(t, at)
		return
	}
	dir := t.TempDir()
	path, to := filepath.Join(dir, "latchkey.db"), filepath.Join(dir, "nightly")
	filledStore(t, path, 1000)
	made, err := MakeBackup(t.Context(), storeConfig(t, path), to, false)
	if err != nil || made.Events != 1000 {
		t.Fatalf("%+v, %v", made, err)
	}
	s, err := bolt.Open(path, bolt.Options{})
	if err != nil {
		t.Fatal(err)
	}
	logEvents(t, s, 500)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{"0", "1000", strconv.FormatInt(made.Bytes/2, 10), strconv.FormatInt(made.Bytes, 10), "end"} {
		child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
		child.Env = append(os.Environ(), killAt+"="+at, "LATCHKEY_BACKUP_STORE="+path, "LATCHKEY_BACKUP_TO="+to)
		out, err := child.CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			t.Fatalf("the child was not killed at %s: %v\n%s", at, err, out)
		}
		if n, err := restoredEvents(t, to); n != 1000 || err != nil {
			t.Errorf("killed at %s: %d events, %v", at, n, err)
		}
	}
	made, err = MakeBackup(t.Context(), storeConfig(t, path), to, true)
	if err != nil || made.Events != 1500 {
		t.Errorf("the next one: %+v, %v", made, err)
	}
	if n, err := restoredEvents(t, to); n != 1500 || err != nil {
		t.Errorf("the next one: %d events, %v", n, err)
	}
}

// What a backup is made of can't be read: it says so, and no file is there.
func TestABackupThatFailsLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	path, to := filepath.Join(dir, "latchkey.db"), filepath.Join(dir, "nightly")
	filledStore(t, path, 1000)
	c := storeConfig(t, path)
	b := backing{to: to, carrier: backends().carrier(c.Store)}
	full := errors.New("no space left on device")
	for name, copied := range map[string]func(context.Context, io.Writer) error{
		"the disk is full":      func(context.Context, io.Writer) error { return full },
		"half of it came":       func(_ context.Context, w io.Writer) error { _, err := w.Write(make([]byte, 4096)); return err },
		"nothing came, no word": func(context.Context, io.Writer) error { return nil },
	} {
		if made, err := b.make(t.Context(), &AdminClient{copy: copied}); err == nil {
			t.Errorf("%s: %+v", name, made)
		}
		left, err := filepath.Glob(to + "*")
		if err != nil || len(left) > 0 {
			t.Errorf("%s: left behind %q, %v", name, left, err)
		}
	}
}

// movedOut fills a store until two stretches of its log are in files of their own, and
// names them. The second is begun once the first is on record.
func movedOut(t *testing.T, path string, events int) (files []string) {
	t.Helper()
	filledStore(t, path, events)
	s, err := bolt.Open(path, bolt.Options{NoSync: true, Stretch: 256})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for len(files) < 2 {
		if logEvents(t, s, 100); t.Context().Err() != nil {
			t.Fatal("the old events stay in the main file")
		}
		if files, err = filepath.Glob(path + ".events/????????????-????????????"); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// A log that isn't whole is copied as it is, and said to be so; it isn't restored.
func TestABackupOfADamagedLog(t *testing.T) {
	dir := t.TempDir()
	path, to := filepath.Join(dir, "latchkey.db"), filepath.Join(dir, "nightly")
	stretches := movedOut(t, path, 1000)
	raw, err := os.ReadFile(stretches[0])
	if err != nil {
		t.Fatal(err)
	}
	i := strings.LastIndex(string(raw), "note note")
	raw[i] ^= 1
	if err := os.WriteFile(stretches[0], raw, 0o600); err != nil {
		t.Fatal(err)
	}
	made, err := MakeBackup(t.Context(), storeConfig(t, path), to, false)
	if err != nil || !strings.Contains(made.Broken, "was altered after it was written") {
		t.Errorf("%+v, %v", made, err)
	}
	empty := filepath.Join(t.TempDir(), "latchkey.db")
	if _, err := RestoreBackup(t.Context(), storeConfig(t, empty), to, false); err == nil || !strings.Contains(err.Error(), "not whole") {
		t.Errorf("restored: %v", err)
	}
	left, err := filepath.Glob(empty + "*")
	if err != nil || len(left) > 0 {
		t.Errorf("left behind %q, %v", left, err)
	}
}

// The store knows that it was restored, and from what.
func TestARestoredStoreHoldsNewAccessBack(t *testing.T) {
	dir := t.TempDir()
	path, to := filepath.Join(dir, "latchkey.db"), filepath.Join(dir, "nightly")
	filledStore(t, path, 300)
	made, err := MakeBackup(t.Context(), storeConfig(t, path), to, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := RestoreBackup(t.Context(), storeConfig(t, path), to, false); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("in the place of another: %v", err)
	}
	got, err := RestoreBackup(t.Context(), storeConfig(t, path), to, true)
	if err != nil || got.Aside == "" || got.Root != made.Root {
		t.Fatalf("%+v, %v", got, err)
	}
	for name, want := range map[string]bool{path: true, got.Aside: false} {
		s, err := bolt.Open(name, bolt.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var h store.Quarantine
		err = s.View(t.Context(), func(tx store.Tx) (err error) {
			h, err = store.LoadQuarantine(tx, store.QuarantineRestored)
			return err
		})
		switch is := err == nil; {
		case is != want:
			t.Errorf("%s is held: %v", name, is)
		case want && (h.Size != 300 || h.Head.String() != made.Head || h.Log != made.Log || !h.Backup.Equal(made.Made)):
			t.Errorf("it is held as %+v of %+v", h, made)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// Who may read the store may read its backup, and nobody else.
func TestABackupIsItsOwnersAlone(t *testing.T) {
	dir := t.TempDir()
	path, to := filepath.Join(dir, "latchkey.db"), filepath.Join(dir, "nightly")
	filledStore(t, path, 10)
	if _, err := MakeBackup(t.Context(), storeConfig(t, path), to, false); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(to)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}
