package okta

import (
	"cmp"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v3"
	sdk "github.com/okta/okta-sdk-golang/v2/okta"

	"latchkey/idp"
	"latchkey/idp/transport"
)

const (
	// callTime bounds a call whose context has no deadline, waits for rate limits included.
	callTime = 2 * time.Minute

	// attemptTime bounds one exchange with Okta, from sending to the end of the answer; a query of the
	// System Log may take 30 seconds (developer.okta.com, "System Log query").
	attemptTime = 45 * time.Second
	tokenPath   = "/oauth2/v1/token"
)

// api calls one org through the SDK, as the configuration says.
type api struct {
	cfg    Config
	http   *http.Client
	client atomic.Pointer[sdk.Client]
}

// signIn makes a fresh SDK client, and with it forgets an OAuth token that the SDK keeps for an hour even
// if Okta refuses it.
func (a *api) signIn(ctx context.Context) error {
	settings, err := a.settings()
	if err != nil {
		return err
	}
	_, client, err := sdk.NewClient(ctx, settings...)
	if err != nil {
		return fmt.Errorf("the Okta client cannot be set up, correct the configuration: %w", err)
	}
	a.client.Store(client)
	return nil
}

// settings names every setting that matters. The SDK takes whatever is not named here from ~/.okta/okta.yaml,
// .okta.yaml and the environment, where other tools on the machine may have left theirs.
func (a *api) settings() ([]sdk.ConfigSetter, error) {
	all := []sdk.ConfigSetter{
		sdk.WithOrgUrl(a.cfg.URL),
		sdk.WithHttpClientPtr(a.http),
		sdk.WithCache(false),
		sdk.WithRequestTimeout(0),      // every context has a deadline
		sdk.WithRateLimitMaxRetries(0), // the limiter waits
		sdk.WithRateLimitMaxBackOff(1),
		sdk.WithUserAgentExtra("latchkey"),
		sdk.WithTestingDisableHttpsCheck(strings.HasPrefix(a.cfg.URL, "http://")),
		sdk.WithToken(a.cfg.Token),
		sdk.WithClientId(a.cfg.ClientID),
		sdk.WithClientAssertion(""),
		sdk.WithScopes(a.cfg.Scopes),
		sdk.WithPrivateKey(""),
		sdk.WithPrivateKeyId(a.cfg.KeyID),
	}
	if a.cfg.Token != "" {
		return append(all, sdk.WithAuthorizationMode("SSWS")), nil
	}
	signer, err := newSigner(a.cfg.PrivateKey, a.cfg.KeyID)
	if err != nil {
		return nil, err
	}
	return append(all, sdk.WithAuthorizationMode("PrivateKey"), sdk.WithPrivateKeySigner(signer)), nil
}

// newSigner reads the key itself because the SDK takes PKCS#1 only, while Okta's console hands out PKCS#8.
func newSigner(text, keyID string) (jose.Signer, error) {
	key, err := parseKey(text)
	if err != nil {
		return nil, err
	}
	options := &jose.SignerOptions{}
	if keyID != "" {
		options = options.WithHeader("kid", keyID)
	}
	return jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, options)
}

func parseKey(text string) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(strings.ReplaceAll(text, `\n`, "\n")))
	if block == nil {
		return nil, errors.New("the private key is not in PEM form: copy it whole, with its BEGIN and END lines")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("the private key can not be read: use an unencrypted RSA key in PKCS#1 or PKCS#8 form")
	}
	key, isRSA := parsed.(*rsa.PrivateKey)
	if !isRSA {
		return nil, errors.New("the private key is not an RSA key: Okta's Go SDK signs with RS256 only, so make an RSA key for the app")
	}
	return key, nil
}

// httpClient has no timeout of its own: it would also count the waits for the rate limit.
func httpClient(cfg Config) *http.Client {
	base := cfg.Transport
	if base == nil {
		base = &http.Transport{Proxy: http.ProxyFromEnvironment, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: 90 * time.Second, MaxIdleConnsPerHost: 16}
	}
	attempt := attempts{base}
	return &http.Client{Transport: router{token: attempt, api: limiter(cfg, attempt)}}
}

// router lets token requests and sign-ins pass by the limiter: the SDK makes token requests without a context, so
// nothing would end their wait.
type router struct {
	token attempts
	api   http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (r router) RoundTrip(req *http.Request) (*http.Response, error) {
	if strings.HasPrefix(req.URL.Path, "/oauth2/v1/") {
		return r.token.RoundTrip(req)
	}
	return r.api.RoundTrip(req)
}

// attempts bounds each exchange and hides io.EOF from the SDK, which would repeat the call for ever.
type attempts struct{ next http.RoundTripper }

var errNoAnswer = errors.New("okta closed the connection without an answer")

// RoundTrip implements http.RoundTripper.
func (a attempts) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(req.Context(), attemptTime)
	resp, err := a.next.RoundTrip(req.WithContext(ctx))
	if err != nil {
		cancel()
		if errors.Is(err, io.EOF) {
			return nil, errNoAnswer
		}
		return nil, err
	}
	resp.Body = transport.Bounded(resp.Body, cancel)
	if !followable(resp.Header) {
		_ = resp.Body.Close() // nothing in it is read
		return nil, &idp.Unintelligible{What: "Okta's answer has a Link header that can't be read: look for a proxy that rewrites it"}
	}
	if what := foreign(resp); what != "" {
		_ = resp.Body.Close() // nothing in it is read
		return nil, &idp.Unintelligible{What: fmt.Sprintf("%s answered instead of Okta's API (status %d): check the url under idp, and what lies between here and there", what, resp.StatusCode)}
	}
	return resp, nil
}

// followable tells whether all links of an answer can be read: the SDK follows a nil pointer where one can't.
func followable(h http.Header) bool {
	return !slices.ContainsFunc(h.Values("Link"), func(link string) bool {
		target, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(link), "<"), ">")
		_, err := url.Parse(target)
		return err != nil
	})
}

// foreign says what an answer is that Okta's API never gives: it always sends JSON, or nothing together with a
// success or with the header in which OAuth says what is wrong. "" if it is one of Okta's. That the pace was too
// fast is believed of anybody.
func foreign(resp *http.Response) string {
	kind, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		return ""
	case strings.Contains(kind, "html"):
		return "a web page"
	case strings.Contains(kind, "json"), resp.Header.Get("Www-Authenticate") != "", kind == "" && resp.StatusCode < http.StatusBadRequest:
		return ""
	}
	return "something else (" + cmp.Or(strings.TrimSpace(kind), "without a content type") + ")"
}

// CloseIdleConnections lets http.Client.CloseIdleConnections through.
func (r router) CloseIdleConnections() { transport.CloseIdle(r.token.next) }

// call makes one SDK call in time, signs in afresh if an OAuth token was revoked, and classifies the
// failure. What says what was tried, as in "read the group".
func (a *api) call(ctx context.Context, what string, f func(context.Context, *sdk.Client) (*sdk.Response, error)) error {
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, callTime)
		defer cancel()
	}
	resp, err := f(ctx, a.client.Load())
	if err != nil && a.cfg.Token == "" && statusOf(resp) == http.StatusUnauthorized && !lacksFeature(err) {
		a.cfg.Logger.WarnContext(ctx, "Okta refuses the access token: signing in again", "directory", a.cfg.ID)
		if err := a.signIn(ctx); err != nil {
			return err
		}
		resp, err = f(ctx, a.client.Load())
	}
	if err != nil {
		return fmt.Errorf("%s: cannot %s: %w", a.cfg.ID, what, classify(resp, err))
	}
	return nil
}
