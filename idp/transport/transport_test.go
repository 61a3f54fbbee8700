package transport_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"latchkey/idp"
	"latchkey/idp/transport"
	"latchkey/limit"
)

// Each failure says who did not answer and what follows, and none says what was called.
func TestAFailureWithoutAWord(t *testing.T) {
	called := func(err error) error { return &url.Error{Op: "Get", URL: "https://acme.example/users/maya", Err: err} }
	for name, c := range map[string]struct {
		err  error
		want string
		is   error
	}{
		"too late":      {called(context.DeadlineExceeded), "Acme did not answer in time; it will be tried again", context.DeadlineExceeded},
		"nobody waited": {called(context.Canceled), "nobody waited for Acme's answer any more", context.Canceled},
		"unreachable":   {called(io.ErrUnexpectedEOF), "Acme could not be reached, check the network; it will be tried again", io.ErrUnexpectedEOF},
		"a web page":    {called(&idp.Unintelligible{What: "a web page answered"}), "a web page answered; it will be tried again", nil},
	} {
		err := transport.Unanswered("Acme", "the network", c.err)
		if !strings.HasPrefix(err.Error(), c.want) || c.is != nil && !errors.Is(err, c.is) || strings.Contains(err.Error(), "maya") {
			t.Errorf("%s: %v", name, err)
		}
	}
	var limited *idp.RateLimited
	if err := transport.Unanswered("Acme", "the network", called(&limit.Exceeded{After: time.Minute})); !errors.As(err, &limited) || limited.After != time.Minute {
		t.Errorf("over the limit: %v", err)
	}
}

type faulty struct{ err error }

func (f faulty) Read([]byte) (int, error) { return 0, f.err }
func (f faulty) Close() error             { return f.err }

// The time limit ends when the body does, or is let go of, and not before.
func TestATimeLimitEndsWithTheBody(t *testing.T) {
	for name, use := range map[string]func(io.ReadCloser) error{
		"read":       func(b io.ReadCloser) error { _, err := io.ReadAll(b); return err },
		"closed":     io.ReadCloser.Close,
		"not at all": func(io.ReadCloser) error { return nil },
	} {
		ctx, cancel := context.WithCancel(t.Context())
		if err := use(transport.Bounded(io.NopCloser(strings.NewReader("{}")), cancel)); err != nil || (ctx.Err() == nil) != (name == "not at all") {
			t.Errorf("%s: %v, %v", name, err, ctx.Err())
		}
		cancel()
	}
	broken := fmt.Errorf("broken")
	if err := transport.Bounded(faulty{broken}, func() {}).Close(); !errors.Is(err, broken) {
		t.Errorf("closed: %v", err)
	}
}

type idle struct {
	http.RoundTripper
	closed *bool
}

func (i idle) CloseIdleConnections() { *i.closed = true }

func TestIdleConnectionsAreClosedUnderATransport(t *testing.T) {
	closed := false
	transport.CloseIdle(idle{closed: &closed})
	transport.CloseIdle(http.RoundTripper(nil)) // has none
	if !closed {
		t.Error("they are still open")
	}
}
