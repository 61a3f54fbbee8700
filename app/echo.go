package app

import (
	"bytes"
	"io"
	"net/http"
	"strconv"

	"latchkey/config/value"
)

// echoLimit is how much of an answer is looked at: an error says less.
const echoLimit = 1 << 20

// echoless takes credentials out of what a service says when it refuses a call. What it says goes on into sentences, issues and
// messages, and there are services, and proxies before them, that repeat the headers of what they refuse.
type echoless struct {
	without func(string) string
	next    http.RoundTripper
}

// discreet has a service's answers repeat none of the secrets.
func discreet(secrets *value.Secrets, next http.RoundTripper) http.RoundTripper {
	return echoless{value.Without(secrets), next}
}

// RoundTrip implements http.RoundTripper.
func (e echoless) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := e.next.RoundTrip(req)
	if err != nil || resp.Body == nil {
		return resp, err
	}
	if resp.StatusCode < http.StatusBadRequest && !refusing(resp) {
		return resp, nil
	}
	said, err := io.ReadAll(io.LimitReader(resp.Body, echoLimit))
	if err != nil {
		resp.Body = putBack{io.MultiReader(bytes.NewReader([]byte(e.without(string(said)))), failing{err}), resp.Body}
		return resp, nil
	}
	clean := []byte(e.without(string(said)))
	resp.Body = putBack{io.MultiReader(bytes.NewReader(clean), resp.Body), resp.Body}
	if resp.ContentLength >= 0 {
		resp.ContentLength += int64(len(clean) - len(said))
		resp.Header.Set("Content-Length", strconv.FormatInt(resp.ContentLength, 10))
	}
	return resp, nil
}

// refusing tells whether an answer is one of Slack's, which says no with 200. Its beginning is enough to see that, and is put
// back.
func refusing(resp *http.Response) bool {
	const beginning = 64
	begin := make([]byte, beginning)
	n, err := io.ReadFull(resp.Body, begin)
	begin = begin[:n]
	again := io.Reader(bytes.NewReader(begin))
	if err == nil {
		again = io.MultiReader(again, resp.Body)
	} else if err != io.EOF && err != io.ErrUnexpectedEOF {
		again = io.MultiReader(again, failing{err})
	}
	resp.Body = putBack{again, resp.Body}
	return bytes.Contains(bytes.ReplaceAll(begin, []byte(" "), nil), []byte(`"ok":false`))
}

// putBack is a body of which the beginning was read.
type putBack struct {
	io.Reader
	io.Closer
}

// failing fails as the body that stood in its place.
type failing struct{ err error }

// Read implements io.Reader.
func (f failing) Read([]byte) (int, error) { return 0, f.err }
