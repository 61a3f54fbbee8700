package app

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"latchkey/config/value"
)

// answering is a service that gives the same answer to everybody.
type answering struct {
	status int
	body   io.Reader
}

func (a answering) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: a.status, Header: http.Header{}, ContentLength: -1, Body: io.NopCloser(a.body)}, nil
}

// TestRefusalsRepeatNoSecret, and what is no refusal passes as it is.
func TestRefusalsRepeatNoSecret(t *testing.T) {
	secrets := &value.Secrets{}
	secrets.Keep("hush-hush-token")
	broken := errors.New("the line went dead")
	long := strings.Repeat("x", 100)
	for _, c := range []struct {
		status int
		body   io.Reader
		want   string
		err    error
	}{
		{403, strings.NewReader("no right: SSWS hush-hush-token"), "no right: SSWS [redacted]", nil},
		{401, strings.NewReader(`{"message":"Basic bWF5YTpodXNoLWh1c2g="}`), `{"message":"Basic [redacted]"}`, nil},
		{200, strings.NewReader(`{"ok":false,"error":"` + long + ` hush-hush-token"}`), `{"ok":false,"error":"` + long + ` [redacted]"}`, nil},
		{200, strings.NewReader(`{"ok":true,"url":"wss://x/?ticket=1234567"}`), `{"ok":true,"url":"wss://x/?ticket=1234567"}`, nil},
		{200, strings.NewReader(long + "hush-hush-token"), long + "hush-hush-token", nil}, // somebody's words
		{204, strings.NewReader(""), "", nil},
		{500, io.MultiReader(strings.NewReader("hush-hush-token"), failing{broken}), "[redacted]", broken},
		{200, io.MultiReader(strings.NewReader("short"), failing{broken}), "short", broken},
		{200, io.MultiReader(strings.NewReader(long), failing{broken}), long, broken},
	} {
		resp, err := discreet(secrets, answering{c.status, c.body}).RoundTrip(nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(resp.Body)
		if string(got) != c.want || !errors.Is(err, c.err) {
			t.Errorf("%d: %q, %v, want %q", c.status, got, err, c.want)
		}
	}
}
