//go:build linux

package bolt

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"latchkey/store"
)

// fill stores records of a megabyte until there is no room, and says how many
// were acknowledged.
func fill(s *Store, from int) (int, error) {
	for n := from; n < from+100; n++ {
		if err := putLarge(s, n); err != nil {
			return n, err
		}
	}
	return from + 100, nil
}

func putLarge(s *Store, n int) error {
	body := []byte(strings.Repeat(fmt.Sprintf("%08d", n), 1<<17))
	return s.Update(context.Background(), func(tx store.Tx) error {
		_, err := tx.Put(store.Record{Kind: "a", ID: fmt.Sprintf("%03d", n), Body: body})
		return err
	})
}

// inventory fails unless exactly n records are there and whole, and the pages
// of the file are consistent.
func inventory(s *Store, n int) error {
	err := s.View(context.Background(), func(tx store.Tx) error {
		rows, err := tx.Find("a", "", "", 1000)
		for i, r := range rows {
			if want := strings.Repeat(fmt.Sprintf("%08d", i), 1<<17); string(r.Body) != want {
				return fmt.Errorf("record %s is not what was put", r.ID)
			}
		}
		if len(rows) != n && err == nil {
			return fmt.Errorf("%d records, want %d", len(rows), n)
		}
		return err
	})
	btx, beginErr := s.db.Begin(true)
	if beginErr != nil {
		return errors.Join(err, beginErr)
	}
	for bad := range btx.Check() {
		err = errors.Join(err, bad)
	}
	return errors.Join(err, btx.Rollback())
}

func TestFullByBound(t *testing.T) {
	s := openTemp(t, Options{NoSync: true, MaxBytes: 24 << 20})
	n, err := fill(s, 0)
	if !errors.Is(err, store.ErrFull) || n == 0 {
		t.Fatalf("after %d: %v", n, err)
	}
	if !strings.Contains(err.Error(), "free some disk space") {
		t.Errorf("the sentence says no remedy: %v", err)
	}
	if err := inventory(s, n); err != nil {
		t.Error(err)
	}
}

// limited makes this test binary the process whose files can't grow.
const limited = "LATCHKEY_BOLT_LIMITED"

// TestFullByDisk lets the system refuse writes in the middle of a commit. A
// limit on file sizes does that to one process, so a child suffers it.
func TestFullByDisk(t *testing.T) {
	if path := os.Getenv(limited); path != "" {
		if err := suffer(path); err != nil {
			t.Fatal(err)
		}
		return
	}
	path := filepath.Join(t.TempDir(), "latchkey.db")
	child := exec.Command(os.Args[0], "-test.run=^TestFullByDisk$", "-test.v")
	child.Env = append(os.Environ(), limited+"="+path)
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	lines := bufio.NewScanner(strings.NewReader(string(out)))
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "refused ") {
			return
		}
	}
	t.Fatalf("the child met no limit:\n%s", out)
}

// suffer fills the file to a limit twice, with more room in between, and looks
// at what is there each time and after opening it again.
func suffer(path string) error {
	signal.Ignore(syscall.SIGXFSZ)
	s, err := Open(path, Options{})
	if err != nil {
		return err
	}
	n := 0
	for _, limit := range []uint64{8 << 20, 20 << 20} {
		if err := limitFiles(limit); err != nil {
			return err
		}
		before := n
		if n, err = fill(s, n); !errors.Is(err, store.ErrFull) || n == before {
			return fmt.Errorf("from %d to %d with a limit of %d: %w", before, n, limit, err)
		}
		fmt.Println("refused", err)
		if err := inventory(s, n); err != nil {
			return err
		}
	}
	if err := s.Close(); err != nil {
		return err
	}
	if s, err = Open(path, Options{}); err != nil {
		return err
	}
	return errors.Join(inventory(s, n), s.Close())
}

func limitFiles(size uint64) error {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &l); err != nil {
		return err
	}
	l.Cur = size
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &l)
}

// A disk that fails for another reason than room, and works again: nothing that was
// acknowledged is lost, and the store goes on in the same process.
func TestADiskThatComesBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "latchkey.db")
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	n, err := 0, error(nil)
	for ; n < 3 && err == nil; n++ {
		err = putLarge(s, n)
	}
	if err != nil {
		t.Fatal(err)
	}
	point(t, path, os.O_RDONLY)
	if err := putLarge(s, n); !errors.Is(err, store.ErrUnwritable) {
		t.Errorf("on a disk that takes nothing: %v", err)
	}
	if err := inventory(s, n); err != nil {
		t.Errorf("reading doesn't go on: %v", err)
	}
	point(t, path, os.O_RDWR)
	s.resting.Load().over.Store(true) // the pause
	if err := putLarge(s, n); err != nil {
		t.Errorf("on a disk that is back: %v", err)
	}
	if err := errors.Join(inventory(s, n+1), s.Close()); err != nil {
		t.Error(err)
	}
	if s, err = Open(path, Options{}); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(inventory(s, n+1), s.Close()); err != nil {
		t.Errorf("opened again: %v", err)
	}
}

// point has this process's descriptors of a file opened in another way.
func point(t *testing.T, path string, flag int) {
	t.Helper()
	f, err := os.OpenFile(path, flag, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		var fd int
		to, err := os.Readlink("/proc/self/fd/" + one.Name())
		if _, bad := fmt.Sscan(one.Name(), &fd); err != nil || bad != nil || to != path || fd == int(f.Fd()) {
			continue
		}
		if err := syscall.Dup3(int(f.Fd()), fd, 0); err != nil {
			t.Fatal(err)
		}
	}
}
