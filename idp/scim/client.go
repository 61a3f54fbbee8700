package scim

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"latchkey/idp"
	"latchkey/idp/transport"
	"latchkey/limit"
)

const (
	// callTime bounds a call whose context has no deadline, waits for rate limits included.
	callTime = 2 * time.Minute
	// attemptTime bounds one exchange, from sending to the end of the answer.
	attemptTime = 45 * time.Second
	// mostAnswer is the most that is read of an answer: a group with a hundred thousand members.
	mostAnswer = 64 << 20
	// standardInFlight is what small servers bear.
	standardInFlight = 4

	mediaType = "application/scim+json"
)

// api calls one server.
type api struct {
	cfg  Config
	http *http.Client
}

// httpClient waits where the server wants it to (RFC 6585, 429 with Retry-After), and follows no redirections: they
// would carry the token elsewhere.
func httpClient(cfg Config) *http.Client {
	base := cfg.Transport
	if base == nil {
		base = &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: 90 * time.Second, MaxIdleConnsPerHost: 16}
	}
	return &http.Client{
		Transport: limit.New(limit.Config{
			Policy: limit.Told{}, Next: attempts{base}, Clock: cfg.Clock,
			InFlight: cmp.Or(max(cfg.InFlight, 0), standardInFlight), Among: cfg.Among, Priority: idp.PriorityOf, Repeat: true,
		}),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// attempts bounds each exchange and reads the answer whole, so that nothing waits for a slow one without an end.
type attempts struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (a attempts) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(req.Context(), attemptTime)
	defer cancel()
	resp, err := a.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer+1))
	_ = resp.Body.Close() // it was read
	switch {
	case err != nil:
		return nil, err
	case len(body) > mostAnswer:
		return nil, fmt.Errorf("the answer is longer than %d MB", mostAnswer>>20)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// CloseIdleConnections lets http.Client.CloseIdleConnections through.
func (a attempts) CloseIdleConnections() { transport.CloseIdle(a.next) }

// call is one call of the API.
type call struct {
	what   string     // what is tried, as in "read the group"
	method string     // GET if empty
	path   string     // below the base, escaped
	query  url.Values // of a GET
	body   any        // of a PATCH
	match  string     // the version that is to be changed; "": any
}

// do makes one call and decodes the answer into what into points to, nil for an answer that says nothing new: a
// change may be answered with the resource, a part of it, or nothing.
func (a *api) do(ctx context.Context, c call, into any) error {
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, callTime)
		defer cancel()
	}
	err := a.exchange(ctx, c, into)
	if err != nil {
		return fmt.Errorf("%s: cannot %s: %w", a.cfg.ID, c.what, err)
	}
	return nil
}

func (a *api) exchange(ctx context.Context, c call, into any) error {
	req, err := a.request(ctx, c)
	if err != nil {
		return err
	}
	resp, err := a.http.Do(req)
	if err != nil {
		return unanswered(err)
	}
	body, err := io.ReadAll(resp.Body) // it is in memory
	_ = resp.Body.Close()
	switch {
	case err != nil:
		return unanswered(err)
	case foreign(resp) != "":
		return fmt.Errorf("%w; it will be tried again", &idp.Unintelligible{What: fmt.Sprintf("%s answered instead of the SCIM server (status %d): check the url under idp, and what lies between here and there", foreign(resp), resp.StatusCode)})
	case resp.StatusCode >= http.StatusMultipleChoices:
		return classify(resp.StatusCode, body)
	case into == nil:
		return nil
	}
	if err := json.Unmarshal(body, into); err != nil {
		return fmt.Errorf("%w; it will be tried again", &idp.Unintelligible{What: "the SCIM server's answer can't be read (" + decodeFault(err) + ")"})
	}
	return nil
}

// decodeFault says why an answer can't be read, without quoting it.
func decodeFault(err error) string {
	var mistyped *json.UnmarshalTypeError
	if errors.As(err, &mistyped) {
		return fmt.Sprintf("%s is of the type %s", cmp.Or(mistyped.Field, "it"), mistyped.Value)
	}
	return "it is no JSON"
}

func (a *api) request(ctx context.Context, c call) (*http.Request, error) {
	var body io.Reader
	if c.body != nil {
		text, err := json.Marshal(c.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(text)
	}
	target := a.cfg.URL + c.path
	if len(c.query) > 0 {
		target += "?" + strings.ReplaceAll(c.query.Encode(), "+", "%20") // servers that don't decode a plus are met
	}
	req, err := http.NewRequestWithContext(ctx, cmp.Or(c.method, http.MethodGet), target, body)
	if err != nil {
		return nil, errors.New("the address under idp can't be called: correct url")
	}
	req.Header.Set("Accept", mediaType+", application/json")
	if body != nil {
		req.Header.Set("Content-Type", mediaType)
	}
	if c.match != "" {
		req.Header.Set("If-Match", c.match)
	}
	if a.cfg.Token != "" {
		req.Header.Set("Authorization", "Bearer "+a.cfg.Token)
	} else {
		req.SetBasicAuth(a.cfg.User, a.cfg.Password)
	}
	return req, nil
}
