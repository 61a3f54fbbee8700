package google

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/google"
)

const (
	grantJWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	// assertionLife is how long an assertion may be used; Google takes an hour at most.
	assertionLife = 10 * time.Minute
	// renewBefore is how long before its end a token is taken for over.
	renewBefore = time.Minute
	// mostAnswer is how much of an answer of the token endpoint is read.
	mostAnswer = 1 << 20
)

// signer signs assertions as a service account.
type signer interface {
	// account is the service account's address, and where its assertions are exchanged.
	account() (email, exchange string)
	sign(ctx context.Context, claims []byte) (string, error)
}

// keyFile is what a service account's JSON key holds that matters.
type keyFile struct {
	Type        string `json:"type"`
	ClientEmail string `json:"client_email"`
	ClientID    string `json:"client_id"`
	PrivateKey  string `json:"private_key"`
	KeyID       string `json:"private_key_id"`
	TokenURI    string `json:"token_uri"`
}

// keySigner signs with a key of its own.
type keySigner struct {
	file keyFile
	by   jose.Signer
}

// newKeySigner reads a JSON key. Nothing of it gets into an error.
func newKeySigner(text string) (*keySigner, error) {
	var file keyFile
	if err := json.Unmarshal([]byte(text), &file); err != nil {
		return nil, errors.New("the key is not the JSON file of a service account: save the file that Google Cloud's console hands out, whole")
	}
	if file.Type != "service_account" || file.ClientEmail == "" || file.PrivateKey == "" {
		return nil, errors.New("the key is of another sort: make a key of type JSON for a service account under IAM & Admin > Service Accounts")
	}
	if file.TokenURI == "" {
		file.TokenURI = tokenURL
	}
	if at, err := url.Parse(file.TokenURI); err != nil || secure(at.Scheme+"://"+at.Host) != nil {
		return nil, errors.New("the token_uri in the key is not https: download the key anew")
	}
	key, err := parseKey(file.PrivateKey)
	if err != nil {
		return nil, err
	}
	by, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, (&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", file.KeyID))
	if err != nil {
		return nil, errors.New("the private key in the key file can't sign: make a new one")
	}
	return &keySigner{file, by}, nil
}

func parseKey(text string) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("the private_key in the key file is not in PEM form: save the file whole")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, isRSA := parsed.(*rsa.PrivateKey)
	if err != nil || !isRSA {
		return nil, errors.New("the private_key in the key file can't be read: make a new key of type JSON")
	}
	return key, nil
}

func (k *keySigner) account() (email, exchange string) { return k.file.ClientEmail, k.file.TokenURI }

func (k *keySigner) sign(_ context.Context, claims []byte) (string, error) {
	signed, err := k.by.Sign(claims)
	if err != nil {
		return "", errors.New("the service account's key can't sign: make a new one")
	}
	return signed.CompactSerialize()
}

// platformSigner has Google sign with the key that it keeps for a service account: by the identity that the platform
// gives this program, so that no key lies about (IAM Service Account Credentials, signJwt).
type platformSigner struct {
	email, iam, exchange string
	identity             func(context.Context) (oauth2.TokenSource, error)
	http                 *http.Client
}

func newPlatformSigner(cfg Config, client *http.Client) *platformSigner {
	p := &platformSigner{email: cfg.ServiceAccount, iam: iamURL, exchange: tokenURL, http: client}
	if cfg.URL != "" {
		p.iam, p.exchange = cfg.URL, cfg.URL+"/token"
	}
	p.identity = func(ctx context.Context) (oauth2.TokenSource, error) {
		if cfg.Platform != nil {
			return cfg.Platform, nil
		}
		found, err := google.FindDefaultCredentials(ctx, "https://www.googleapis.com/auth/cloud-platform")
		if err != nil {
			return nil, err
		}
		return found.TokenSource, nil
	}
	return p
}

func (p *platformSigner) account() (email, exchange string) { return p.email, p.exchange }

func (p *platformSigner) sign(ctx context.Context, claims []byte) (string, error) {
	source, err := p.identity(context.WithValue(ctx, oauth2.HTTPClient, p.http))
	if err != nil {
		return "", &refusedToken{code: "no_identity", said: "this machine has no identity of Google's"}
	}
	own, err := source.Token()
	if err != nil {
		return "", fmt.Errorf("the platform gives no identity, check its metadata server; it will be tried again")
	}
	body, err := json.Marshal(map[string]string{"payload": string(claims)})
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.iam+"/v1/projects/-/serviceAccounts/"+url.PathEscape(p.email)+":signJwt", bytes.NewReader(body))
	if err != nil {
		return "", errors.New("the service account's address can't be used: correct service_account")
	}
	req.Header.Set("Content-Type", "application/json")
	own.SetAuthHeader(req)
	var answer struct {
		SignedJWT string `json:"signedJwt"`
		Error     struct{ Status string }
	}
	status, err := exchange(p.http, req, &answer)
	switch {
	case err != nil:
		return "", err
	case status == http.StatusOK && answer.SignedJWT != "":
		return answer.SignedJWT, nil
	case status >= http.StatusInternalServerError:
		return "", fmt.Errorf("Google did not sign (status %d); it will be tried again", status)
	}
	return "", &refusedToken{code: "signjwt", said: answer.Error.Status}
}

// exchange makes a call outside the APIs and reads its JSON.
func exchange(client *http.Client, req *http.Request, into any) (status int, err error) {
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer))
	if err != nil {
		return 0, err
	}
	if err := json.Unmarshal(raw, into); err != nil && resp.StatusCode < http.StatusInternalServerError {
		return resp.StatusCode, errors.New("the token endpoint's answer can't be read; it will be tried again")
	}
	return resp.StatusCode, nil
}

// tokens are the access tokens of one customer, one for each scope: one scope that isn't granted fails a token whole.
type tokens struct {
	cfg    Config
	signer signer
	http   *http.Client

	mu    sync.Mutex
	of    map[string]token         // by scope
	turns map[string]chan struct{} // one fetch at a time for each scope
}

type token struct {
	text string
	ends time.Time
}

// get is a token for one scope. Whoever waits for somebody else's fetch waits no longer than their context lasts.
func (t *tokens) get(ctx context.Context, scope string) (string, error) {
	turn := t.turn(scope)
	select {
	case turn <- struct{}{}:
		defer func() { <-turn }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if known := t.kept(scope); known.ends.After(t.cfg.Clock.Now().Add(renewBefore)) {
		return known.text, nil
	}
	fresh, err := t.fetch(ctx, scope)
	if err != nil {
		return "", err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.of[scope] = fresh
	return fresh.text, nil
}

// turn is held by whoever looks after a scope's token.
func (t *tokens) turn(scope string) chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.turns[scope] == nil {
		t.turns[scope] = make(chan struct{}, 1)
	}
	return t.turns[scope]
}

func (t *tokens) kept(scope string) token {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.of[scope]
}

// drop forgets a token that Google refuses.
func (t *tokens) drop(scope string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.of, scope)
}

// fetch exchanges an assertion for a token (RFC 7523): as the service account, for the administrator that is acted for.
func (t *tokens) fetch(ctx context.Context, scope string) (token, error) {
	now := t.cfg.Clock.Now()
	email, at := t.signer.account()
	claims, err := json.Marshal(map[string]any{
		"iss": email, "sub": t.cfg.Subject, "scope": scope, "aud": at, "iat": now.Unix(), "exp": now.Add(assertionLife).Unix(),
	})
	if err != nil {
		return token{}, err
	}
	assertion, err := t.signer.sign(ctx, claims)
	if err != nil {
		return token{}, t.told(err, scope)
	}
	form := url.Values{"grant_type": {grantJWT}, "assertion": {assertion}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, at, strings.NewReader(form.Encode()))
	if err != nil {
		return token{}, errors.New("the token_uri in the key can't be used: download the key anew")
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var answer struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int64  `json:"expires_in"`
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	status, err := exchange(t.http, req, &answer)
	switch {
	case err != nil:
		return token{}, err
	case status == http.StatusOK && answer.AccessToken != "":
		return token{answer.AccessToken, now.Add(time.Duration(answer.ExpiresIn) * time.Second)}, nil
	case status >= http.StatusInternalServerError || status == http.StatusTooManyRequests:
		return token{}, fmt.Errorf("Google's token endpoint answered %d; it will be tried again", status)
	}
	return token{}, t.told(&refusedToken{code: answer.Error, said: answer.Description}, scope)
}

// told adds to a refusal what it was about.
func (t *tokens) told(err error, scope string) error {
	if refused := new(refusedToken); errors.As(err, &refused) {
		email, _ := t.signer.account()
		client := ""
		if k, isKey := t.signer.(*keySigner); isKey {
			client = k.file.ClientID
		}
		refused.scope, refused.subject, refused.account, refused.client = scope, t.cfg.Subject, email, client
	}
	return err
}

// refusedToken says that Google gives no token.
type refusedToken struct {
	code, said                      string // in Google's words
	scope, subject, account, client string
}

// notGranted tells that the scope isn't delegated to the service account.
func (r *refusedToken) notGranted() bool {
	return r.code == "unauthorized_client" || r.code == "access_denied"
}

// Error says why, and what to do.
func (r *refusedToken) Error() string {
	who := r.account
	if r.client != "" {
		who += " (client ID " + r.client + ")"
	}
	switch r.code {
	case "unauthorized_client", "access_denied":
		return fmt.Sprintf("Google doesn't let the service account %s have the scope %s: enter it in the Admin console under Security > Access and data control > API controls > Domain-wide delegation, beside those that stand there; it may take a day to count", who, r.scope)
	case "invalid_grant":
		return fmt.Sprintf("Google refuses the service account %s acting for %s (%s): check that this administrator is there and not suspended, that the key was not deleted or disabled, and the clock of this machine", who, r.subject, r.said)
	case "no_identity":
		return "the platform gives this program no identity of Google's: run it as a workload with a service account, or use a key"
	case "signjwt":
		return fmt.Sprintf("Google doesn't sign for the service account %s (%s): give the platform's identity the role Service Account Token Creator on it, and enable the IAM Service Account Credentials API", who, r.said)
	}
	return fmt.Sprintf("Google gives the service account %s no token (%s: %s): check its key and its domain-wide delegation", who, r.code, r.said)
}
