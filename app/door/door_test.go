package door

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func open(t *testing.T, place string, h House) net.Listener {
	t.Helper()
	l, err := Open([]string{place}, h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// Two replicas of one store on one machine are both found, and nobody takes the bot of another store for theirs, also where both are
// configured by one file.
func TestEachBotHasADoorOfItsOwn(t *testing.T) {
	place := t.TempDir()
	ours, staging := House{"db:5432/latchkey", "/etc/latchkey/config.yaml"}, House{"db:5432/staging", "/etc/latchkey/config.yaml"}
	first, second := open(t, place, ours), open(t, place, ours)
	other := open(t, place, staging)
	if found := Find([]string{place}, ours); len(found) != 2 || found[0] == found[1] {
		t.Errorf("of two bots %v are found", found)
	}
	if found := Find([]string{place}, staging); len(found) != 1 || found[0] != other.Addr().String() {
		t.Errorf("of the other store %v is found", found)
	}
	unsaid := House{Config: ours.Config}
	if found := Find([]string{place}, unsaid); len(found) != 3 {
		t.Errorf("whoever can't name the store finds %v by the file", found)
	}
	info, err := os.Stat(first.Addr().String())
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket: %v, %v", info, err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if found := Find([]string{place}, ours); len(found) != 1 || found[0] != second.Addr().String() {
		t.Errorf("once one has stopped %v are found", found)
	}
}

// What a killed bot leaves is passed over at once, and removed by one that starts later.
func TestAnOldDoorGoes(t *testing.T) {
	place, h := t.TempDir(), House{"db/latchkey", "c"}
	l := open(t, place, h).(*net.UnixListener)
	l.SetUnlinkOnClose(false)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	left := l.Addr().String()
	if found := Find([]string{place}, h); len(found) != 0 {
		t.Errorf("nobody is there, and %v are found", found)
	}
	_ = open(t, place, h)
	if _, err := os.Stat(left); err != nil {
		t.Errorf("one that may just be being made is gone: %v", err)
	}
	old := time.Now().Add(-2 * settled)
	if err := os.Chtimes(left, old, old); err != nil {
		t.Fatal(err)
	}
	_ = open(t, place, h)
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("it is still there: %v", err)
	}
}

// A folder that others can write to, or that leads elsewhere, is neither used nor believed.
func TestNobodyElseIsBelieved(t *testing.T) {
	h := House{"db/latchkey", "c"}
	open(t, t.TempDir(), h)
	for name, make := range map[string]func(dir string) error{
		"open to others": func(dir string) error {
			if err := os.Mkdir(dir, 0o700); err != nil {
				return err
			}
			return os.Chmod(dir, 0o777)
		},
		"a link": func(dir string) error { return os.Symlink(t.TempDir(), dir) },
		"a file": func(dir string) error { return os.WriteFile(dir, nil, 0o600) },
	} {
		place := t.TempDir()
		dir := folder(place, os.Geteuid())
		if err := make(dir); err != nil {
			t.Fatal(err)
		}
		if l, err := Open([]string{place}, h); err == nil || !strings.Contains(err.Error(), "remove it") {
			t.Errorf("%s: %v, %v", name, l, err)
		}
		if name == "open to others" {
			l, err := net.Listen("unix", filepath.Join(dir, h.name()+"0.sock"))
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
		}
		if found := Find([]string{place}, h); len(found) != 0 {
			t.Errorf("%s: %v is believed", name, found)
		}
	}
}

// Where nothing can be written, or the path is longer than a socket's may be, the next place serves.
func TestTheNextPlaceServes(t *testing.T) {
	long, place, h := filepath.Join(t.TempDir(), strings.Repeat("long", 20)), t.TempDir(), House{"db/latchkey", "c"}
	if err := os.Mkdir(long, 0o700); err != nil {
		t.Fatal(err)
	}
	all := []string{filepath.Join(place, "nothing"), long, place}
	l, err := Open(all, h)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if !strings.HasPrefix(l.Addr().String(), folder(place, os.Geteuid())) {
		t.Errorf("it listens at %s", l.Addr())
	}
	if found := Find(all, h); len(found) != 1 {
		t.Errorf("found: %v", found)
	}
	if _, err := Open(all[:2], h); err == nil || !strings.Contains(err.Error(), "longer than") {
		t.Errorf("without one: %v", err)
	}
}
