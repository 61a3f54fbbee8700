package socket

import (
	"errors"
	"net"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// tape is a connection that remembers each write.
type tape struct {
	net.Conn
	writes []string
	fail   error
}

func (t *tape) SetWriteDeadline(time.Time) error { return nil }

func (t *tape) Write(b []byte) (int, error) {
	t.writes = append(t.writes, string(b))
	return len(b), t.fail
}

func TestCorkJoinsWrites(t *testing.T) {
	under := &tape{}
	c := &corked{Conn: under}
	write := func(s string) {
		t.Helper()
		if n, err := c.Write([]byte(s)); n != len(s) || err != nil {
			t.Errorf("Write(%q) = %d, %v", s, n, err)
		}
	}
	write("a")
	for range 2 {
		c.cork()
		write("b")
		write("c")
		if err := c.uncork(time.Now()); err != nil {
			t.Errorf("uncork: %v", err)
		}
		if err := c.uncork(time.Now()); err != nil {
			t.Errorf("uncork of nothing: %v", err)
		}
	}
	write("d")
	if diff := cmp.Diff([]string{"a", "bc", "bc", "d"}, under.writes); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
	under.fail = errors.New("broken pipe")
	c.cork()
	write("e")
	if err := c.uncork(time.Now()); !errors.Is(err, under.fail) {
		t.Errorf("uncork = %v, want %v", err, under.fail)
	}
}

// TestBatchIsOneTake shows that a burst reaches the writer whole, which is what makes corking pay.
func TestBatchIsOneTake(t *testing.T) {
	o := newOutbox()
	for _, id := range []string{"a", "b", "c"} {
		if !o.put(message{id: id}) {
			t.Fatalf("put(%q) refused", id)
		}
	}
	if batch, more := o.take(nil); len(batch) != 3 || !more {
		t.Errorf("take = %d messages, %v; want 3 and more to come", len(batch), more)
	}
	o.put(message{id: "d"})
	o.shut()
	if o.put(message{id: "e"}) {
		t.Error("a shut outbox takes messages")
	}
	if batch, more := o.take(nil); len(batch) != 1 || more {
		t.Errorf("take = %d messages, %v; want the last 1", len(batch), more)
	}
}
