package storetest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"latchkey/store"
)

// target is the environment variable that makes the test binary a writer.
const target = "LATCHKEY_STORETEST_TARGET"

// Target tells whether this process is the child of Kill, so that the test that calls
// Kill need not make ready what only its parent needs.
func Target() bool { return os.Getenv(target) != "" }

// Kill checks that what was acknowledged survives kill -9. It starts the test
// binary anew as a child that writes to the store at where and acknowledges
// each update on its standard output, kills it at a random moment, opens the
// store and looks. It does so a few times on the same store. The test that
// calls Kill must do nothing before in the child: see Target.
func Kill(t *testing.T, where string, open func(where string) (store.Store, error)) {
	if at := os.Getenv(target); Target() {
		s, err := open(at)
		if err != nil {
			t.Fatal(err)
		}
		writeForever(s)
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	acked := map[string]bool{}
	for range 4 {
		killOnce(t, where, random.IntN(400), acked)
		s, err := open(where)
		if err != nil {
			t.Fatalf("open after the kill: %v", err)
		}
		survived(t, s, acked)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// killOnce lets a child write until it has acknowledged enough.
func killOnce(t *testing.T, where string, enough int, acked map[string]bool) {
	child := exec.Command(os.Args[0], "-test.run=^"+strings.ReplaceAll(t.Name(), "/", "$/^")+"$")
	child.Env = append(os.Environ(), target+"="+where)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	n := listen(out, acked, func(n int) {
		if n == enough {
			_ = child.Process.Kill() // Wait tells whether it worked
		}
	})
	if err := child.Wait(); err == nil || n < enough {
		t.Fatalf("the child ended by itself after %d updates: %v", n, err)
	}
}

// listen collects acknowledgements until the child is gone, what stood in the
// pipe when it died included, and counts them.
func listen(out io.Reader, acked map[string]bool, heard func(n int)) int {
	n := 0
	heard(n)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		id, ok := strings.CutPrefix(lines.Text(), "ack ")
		if !ok {
			continue
		}
		acked[id] = true
		n++
		heard(n)
	}
	return n
}

// survived checks that all acknowledged updates are there, and each whole.
func survived(t *testing.T, s store.Store, acked map[string]bool) {
	t.Helper()
	there := find(t, s, "all", "", "", 1_000_000)
	left(t, s, there...)
	found := map[string]bool{}
	for _, id := range there {
		found[id] = true
	}
	for id := range acked {
		if !found[id] {
			t.Errorf("%s was acknowledged and is gone", id)
		}
	}
}

// writeForever is the child: several writers, until somebody kills it. Should
// nobody, it ends when nobody listens.
func writeForever(s store.Store) {
	crowd(8, func(i int) {
		for n := range 1_000_000 {
			id := fmt.Sprintf("%d-%d-%06d", os.Getpid(), i, n)
			err := s.Update(context.Background(), func(tx store.Tx) error { return everything(tx, id) })
			if err == nil {
				_, err = fmt.Println("ack " + id)
			}
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		}
	})
	os.Exit(0)
}
