package traffic_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"latchkey/sandbox/traffic"
)

type way func(*http.Request) (*http.Response, error)

func (w way) RoundTrip(r *http.Request) (*http.Response, error) { return w(r) }

// What goes over the wire is kept, and reaches both ends all the same.
func TestWhatGoesOverTheWireIsKept(t *testing.T) {
	echo := way(func(r *http.Request) (*http.Response, error) {
		if r.Body == nil {
			return nil, errors.New("nothing was sent")
		}
		sent, err := io.ReadAll(r.Body)
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader("got " + string(sent)))}, err
	})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://acme.example", strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	e, err := traffic.Copied(echo, req)
	if err != nil || string(e.Sent) != "hello" || string(e.Got) != "got hello" {
		t.Fatalf("%q, %q, %v", e.Sent, e.Got, err)
	}
	if again, err := io.ReadAll(e.Response.Body); err != nil || string(again) != "got hello" {
		t.Errorf("read once more: %q, %v", again, err)
	}
	req.Body = nil
	if _, err := traffic.Copied(echo, req); err == nil {
		t.Error("a failure is no exchange")
	}
}
