package google

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	admin "google.golang.org/api/admin/directory/v1"
	reports "google.golang.org/api/admin/reports/v1"
	cloudidentity "google.golang.org/api/cloudidentity/v1"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/option"

	"latchkey/idp"
	"latchkey/idp/transport"
)

const (
	// callTime bounds a call whose context has no deadline, waits for quotas included.
	callTime = 2 * time.Minute
	// attemptTime bounds one exchange with Google, from sending to the end of the answer.
	attemptTime = 45 * time.Second
)

// api calls Google for one customer, as the configuration says.
type api struct {
	cfg     Config
	base    *http.Client // for tokens
	tokens  *tokens
	admin   *admin.Service
	reports *reports.Service
	cloud   *cloudidentity.Service
}

func newAPI(ctx context.Context, cfg Config) (*api, error) {
	attempt := attempts{cfg.Transport}
	a := &api{cfg: cfg, base: &http.Client{Transport: attempt}}
	var by signer = newPlatformSigner(cfg, a.base)
	if cfg.Key != "" {
		key, err := newKeySigner(cfg.Key)
		if err != nil {
			return nil, err
		}
		by = key
	}
	a.tokens = &tokens{cfg: cfg, signer: by, http: a.base, of: map[string]token{}, turns: map[string]chan struct{}{}}
	client := &http.Client{Transport: authorized{a.tokens, limiter(cfg, attempt)}}
	at := func(own string) []option.ClientOption {
		return []option.ClientOption{option.WithHTTPClient(client), option.WithEndpoint(cmp.Or(cfg.URL, own) + "/"), option.WithUserAgent("latchkey")}
	}
	var err1, err2, err3 error
	a.admin, err1 = admin.NewService(ctx, at(adminURL)...)
	a.reports, err2 = reports.NewService(ctx, at(adminURL)...)
	a.cloud, err3 = cloudidentity.NewService(ctx, at(cloudURL)...)
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, fmt.Errorf("the clients of Google's APIs can't be set up, correct the configuration: %w", err)
	}
	return a, nil
}

type scopeKey struct{}

// authorized gives each call a token of the scope that its context names.
type authorized struct {
	tokens *tokens
	next   http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (a authorized) RoundTrip(req *http.Request) (*http.Response, error) {
	scope, _ := req.Context().Value(scopeKey{}).(string)
	text, err := a.tokens.get(req.Context(), scope)
	if err != nil {
		if req.Body != nil {
			_ = req.Body.Close() // a RoundTripper must close it
		}
		return nil, err
	}
	with := req.Clone(req.Context())
	with.Header.Set("Authorization", "Bearer "+text)
	return a.next.RoundTrip(with)
}

// attempts bounds each exchange and refuses answers that aren't Google's.
type attempts struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (a attempts) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(req.Context(), attemptTime)
	resp, err := a.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	resp.Body = transport.Bounded(resp.Body, cancel)
	if what := foreign(resp); what != "" {
		_ = resp.Body.Close() // nothing in it is read
		return nil, &idp.Unintelligible{What: fmt.Sprintf("%s answered instead of Google's API (status %d): check the url under idp, and what lies between here and there", what, resp.StatusCode)}
	}
	if null(resp) {
		_ = resp.Body.Close() // there is nothing in it
		return nil, &idp.Unintelligible{What: "Google's answer is nothing at all, as JSON's null: look for a proxy that keeps answers"}
	}
	return kept(resp)
}

// null tells whether an answer is JSON's null, which the library hands on as an answer that isn't there.
func null(resp *http.Response) bool {
	if resp.StatusCode != http.StatusOK {
		return false
	}
	body := bufio.NewReader(resp.Body)
	start, _ := body.Peek(16) // one that breaks off breaks off for whoever reads it
	resp.Body = struct {
		io.Reader
		io.Closer
	}{body, resp.Body}
	return bytes.Equal(bytes.TrimSpace(start), []byte("null"))
}

type bodyKey struct{}

// keeping has the body of a good answer kept as it was received, the latest where a call is repeated.
func keeping(ctx context.Context, body *[]byte) context.Context {
	return context.WithValue(ctx, bodyKey{}, body)
}

// kept keeps the body for whoever wants it.
func kept(resp *http.Response) (*http.Response, error) {
	to, _ := resp.Request.Context().Value(bodyKey{}).(*[]byte)
	if to == nil || resp.StatusCode != http.StatusOK {
		return resp, nil
	}
	raw, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close() // it was read
	if err != nil {
		return nil, err
	}
	*to, resp.Body = raw, io.NopCloser(bytes.NewReader(raw))
	return resp, nil
}

// CloseIdleConnections lets http.Client.CloseIdleConnections through.
func (a attempts) CloseIdleConnections() { transport.CloseIdle(a.next) }

// foreign says what an answer is that Google's APIs never give: they send JSON, or nothing together with a success.
// "" if it is one of Google's. That the pace was too fast is believed of anybody.
func foreign(resp *http.Response) string {
	kind, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	switch {
	case resp.StatusCode == http.StatusTooManyRequests, strings.Contains(kind, "json"), kind == "" && resp.StatusCode < http.StatusBadRequest:
		return ""
	case strings.Contains(kind, "html"):
		return "a web page"
	}
	return "something else (" + cmp.Or(strings.TrimSpace(kind), "without a content type") + ")"
}

// call makes one call in time with a token of one scope, with a fresh one if Google refuses it, and classifies the
// failure. What says what was tried, as in "read the group".
func (a *api) call(ctx context.Context, scope, what string, f func(context.Context) error) error {
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, callTime)
		defer cancel()
	}
	ctx = context.WithValue(ctx, scopeKey{}, scope)
	err := f(ctx)
	if said := (*googleapi.Error)(nil); errors.As(err, &said) && said.Code == http.StatusUnauthorized {
		a.cfg.Logger.WarnContext(ctx, "Google refuses the access token: signing in again", "directory", a.cfg.ID)
		a.tokens.drop(scope)
		err = f(ctx)
	}
	if err != nil {
		return fmt.Errorf("%s: cannot %s: %w", a.cfg.ID, what, classify(err))
	}
	return nil
}
