package app

import (
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"strings"

	"latchkey/config/value"
)

// current sends calls with a token as it is now in the place of the one that the
// client above was made with: a token that stands in a file can be replaced there,
// and no start is needed.
type current struct {
	token value.Secret
	next  http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (c current) RoundTrip(req *http.Request) (*http.Response, error) {
	old, now := c.token.Reveal(), c.token.Current()
	if old == "" || now == old {
		return c.next.RoundTrip(req)
	}
	req = req.Clone(req.Context())
	if was := req.Header.Get("Authorization"); was != "" {
		req.Header.Set("Authorization", replaced(was, old, now))
	}
	if err := inForm(req, old, now); err != nil {
		return nil, err
	}
	return c.next.RoundTrip(req)
}

// replaced is an Authorization header with another token.
func replaced(header, old, now string) string {
	kind, credentials, _ := strings.Cut(header, " ")
	if raw, err := base64.StdEncoding.DecodeString(credentials); err == nil && kind == "Basic" {
		user, password, _ := strings.Cut(string(raw), ":")
		if password != old {
			return header
		}
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+now))
	}
	if credentials != old {
		return header
	}
	return kind + " " + now
}

// inForm replaces the token where it is a value of the form that is sent, as most
// of Slack's calls have it.
func inForm(req *http.Request, old, now string) error {
	if req.Body == nil || !strings.HasPrefix(req.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return nil
	}
	raw, err := io.ReadAll(req.Body)
	_ = req.Body.Close() // it was read
	if err != nil {
		return err
	}
	text := string(raw)
	if form, err := url.ParseQuery(text); err == nil && form.Get("token") == old {
		form.Set("token", now)
		text = form.Encode()
	}
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
	req.ContentLength = int64(len(text))
	req.Body, err = req.GetBody()
	return err
}
