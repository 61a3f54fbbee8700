package entra

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
	"sync/atomic"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"

	"latchkey/idp"
	"latchkey/idp/transport"
)

const (
	// callTime bounds a call whose context has no deadline, waits for rate limits included.
	callTime = 2 * time.Minute
	// attemptTime bounds one exchange with Graph, from sending to the end of the answer.
	attemptTime = 45 * time.Second
	// mostAnswered is more than any answer of Graph's holds: a page of 999 objects.
	mostAnswered = 32 << 20
)

// api calls one tenant as the configuration says.
type api struct {
	cfg        Config
	http       *http.Client      // to Graph
	login      http.RoundTripper // to the token endpoint
	credential atomic.Pointer[azcore.TokenCredential]
}

// newAPI has calls of Graph pass the limiter, and those for tokens pass it by: nothing would end their wait.
func newAPI(cfg Config) *api {
	base := cfg.Transport
	if base == nil {
		base = &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: 90 * time.Second, MaxIdleConnsPerHost: 16}
	}
	attempt := attempts{base, cfg.APIURL}
	return &api{cfg: cfg, login: attempt, http: &http.Client{Transport: limiter(cfg, attempt), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// attempts bounds each exchange, and sends it to a sandbox if there is one.
type attempts struct {
	next   http.RoundTripper
	apiURL string
}

// RoundTrip implements http.RoundTripper.
func (a attempts) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(req.Context(), attemptTime)
	out := req.WithContext(ctx)
	if to, err := url.Parse(a.apiURL); a.apiURL != "" && err == nil {
		out = req.Clone(ctx)
		out.Host = req.URL.Host
		out.URL.Scheme, out.URL.Host = to.Scheme, to.Host
	}
	resp, err := a.next.RoundTrip(out)
	if err != nil {
		cancel()
		return nil, err
	}
	resp.Request = req // azidentity looks at where it came from
	resp.Body = transport.Bounded(resp.Body, cancel)
	if what := foreign(resp); what != "" {
		_ = resp.Body.Close() // nothing in it is read
		return nil, &idp.Unintelligible{What: fmt.Sprintf("%s answered instead of Microsoft Graph (status %d): check what lies between here and there", what, resp.StatusCode)}
	}
	return resp, nil
}

// CloseIdleConnections lets http.Client.CloseIdleConnections through.
func (a attempts) CloseIdleConnections() { transport.CloseIdle(a.next) }

// foreign says what an answer is that Graph never gives: it sends JSON, or nothing. That the pace was too fast is
// believed of anybody. "" if it is one of Graph's.
func foreign(resp *http.Response) string {
	kind, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		return ""
	case strings.Contains(kind, "html"):
		return "a web page"
	case strings.Contains(kind, "json"), kind == "":
		return ""
	}
	return "something else (" + strings.TrimSpace(kind) + ")"
}

// exchange is a call of Graph.
type exchange struct {
	method   string // GET if empty
	path     string // below the version, such as "/users"
	query    url.Values
	link     string // a whole link that Graph gave, in place of path and query
	body     any
	eventual bool // an advanced query, answered by an index that trails
	minimal  bool // what didn't change is left out
}

// url is the whole address of a call. A link that Graph gave is followed as it is, on its host and nowhere else: a token
// goes with it.
func (a *api) url(x exchange) (string, error) {
	base := clouds()[a.cfg.Cloud].graph + "/v1.0"
	if x.link != "" {
		if !strings.HasPrefix(x.link, base+"/") {
			return "", errors.New("Graph's answer leads to another host: look for a proxy that rewrites answers")
		}
		return x.link, nil
	}
	if len(x.query) == 0 {
		return base + x.path, nil
	}
	return base + x.path + "?" + strings.NewReplacer("+", "%20", "%24", "$").Replace(x.query.Encode()), nil
}

// call makes one call in time, signs in afresh if a token was revoked, and classifies the failure. What says what was
// tried, as in "read the group"; into is filled from the answer.
func (a *api) call(ctx context.Context, what string, x exchange, into any) error {
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, callTime)
		defer cancel()
	}
	err := a.exchange(ctx, x, into)
	if bad := (badCredentials{}); errors.As(err, &bad) {
		a.cfg.Logger.WarnContext(ctx, "Entra refuses the access token: signing in again", "directory", a.cfg.ID)
		if err = a.signIn(); err == nil {
			err = a.exchange(ctx, x, into)
		}
	}
	if err != nil {
		return fmt.Errorf("%s: cannot %s: %w", a.cfg.ID, what, err)
	}
	return nil
}

func (a *api) exchange(ctx context.Context, x exchange, into any) error {
	if err := context.Cause(ctx); err != nil {
		return unanswered(err)
	}
	req, err := a.request(ctx, x)
	if err != nil {
		return err
	}
	resp, err := a.http.Do(req)
	if err != nil {
		return unanswered(err)
	}
	defer func() { _ = resp.Body.Close() }() // it was read
	raw, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswered))
	if err != nil {
		return unanswered(err)
	}
	if resp.StatusCode >= http.StatusMultipleChoices {
		return refused(resp, raw)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("Graph's answer can't be read, it will be tried again: %w", err)
	}
	return nil
}

func (a *api) request(ctx context.Context, x exchange) (*http.Request, error) {
	address, err := a.url(x)
	if err != nil {
		return nil, err
	}
	token, err := a.token(ctx)
	if err != nil {
		return nil, err
	}
	var body io.Reader
	if x.body != nil {
		raw, err := json.Marshal(x.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, cmp.Or(x.method, http.MethodGet), address, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "latchkey")
	if x.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if x.eventual {
		req.Header.Set("ConsistencyLevel", "eventual")
	}
	if x.minimal {
		req.Header.Set("Prefer", "return=minimal")
	}
	return req, nil
}
