package entra

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"latchkey/idp"
)

// signIn makes a fresh credential, and with it forgets a token that is kept for an hour even if Graph refuses it. A
// secret that stands in a file is read anew.
func (a *api) signIn() error {
	c, err := newCredential(a.cfg, a.login)
	if err != nil {
		return err
	}
	a.credential.Store(&c)
	return nil
}

// newCredential names every setting that matters: azidentity takes what is not named from the environment, where other
// tools on the machine may have left theirs. It does not try again: whoever asked does, with all that it waits for.
func newCredential(cfg Config, way http.RoundTripper) (azcore.TokenCredential, error) {
	options := azcore.ClientOptions{
		Cloud:     cloud.Configuration{ActiveDirectoryAuthorityHost: clouds()[cfg.Cloud].login + "/"},
		Transport: transporter{way}, Retry: policy.RetryOptions{MaxRetries: -1}, Telemetry: policy.TelemetryOptions{Disabled: true},
	}
	switch {
	case cfg.ManagedIdentity:
		o := &azidentity.ManagedIdentityCredentialOptions{ClientOptions: azcore.ClientOptions{Telemetry: policy.TelemetryOptions{Disabled: true}}}
		if cfg.ClientID != "" {
			o.ID = azidentity.ClientID(cfg.ClientID)
		}
		return azidentity.NewManagedIdentityCredential(o)
	case cfg.Certificate != "":
		certificates, key, err := azidentity.ParseCertificates([]byte(strings.ReplaceAll(cfg.Certificate, `\n`, "\n")), nil)
		if err != nil {
			return nil, errors.New("the certificate can't be read: it has to be the certificate and its unencrypted RSA key, both in PEM form")
		}
		return azidentity.NewClientCertificateCredential(cfg.Tenant, cfg.ClientID, certificates, key, &azidentity.ClientCertificateCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
	}
	secret := cfg.Secret()
	if secret == "" {
		return nil, errors.New("the client secret is empty: set it")
	}
	return azidentity.NewClientSecretCredential(cfg.Tenant, cfg.ClientID, secret, &azidentity.ClientSecretCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: true})
}

// transporter is a way to the vendor as azidentity wants it.
type transporter struct{ way http.RoundTripper }

// Do implements policy.Transporter.
func (t transporter) Do(req *http.Request) (*http.Response, error) { return t.way.RoundTrip(req) }

// token is a token for Graph, from memory while it is good.
func (a *api) token(ctx context.Context) (string, error) {
	c := *a.credential.Load()
	t, err := c.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{clouds()[a.cfg.Cloud].graph + "/.default"}})
	if err == nil {
		return t.Token, nil
	}
	if gone := context.Cause(ctx); gone != nil {
		err = gone
	}
	return "", refusedSignIn(err)
}

// claims are what a token says. Microsoft calls that its own affair; what it says of an application is all the same the
// only list there is of what it was given.
type claims struct {
	Tenant string   `json:"tid"`
	Roles  []string `json:"roles"`
}

// may tells whether a permission was given.
func (c claims) may(permission string) bool { return slices.Contains(c.Roles, permission) }

func (a *api) claims(ctx context.Context) (claims, error) {
	token, err := a.token(ctx)
	if err != nil {
		return claims{}, fmt.Errorf("%s: cannot sign in: %w", a.cfg.ID, err)
	}
	parts := strings.Split(token, ".")
	var said claims
	if len(parts) != 3 {
		return claims{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || json.Unmarshal(raw, &said) != nil {
		return claims{}, nil // a token of another form tells nothing
	}
	return said, nil
}

// badCredentials is a denial that has nothing to do with what was asked for.
type badCredentials struct{ error }

// Unwrap gives the denial.
func (e badCredentials) Unwrap() error { return e.error }

// signInRemedies are what to do about the codes of the token endpoint (learn.microsoft.com, "Microsoft Entra
// authentication and authorization error codes").
func signInRemedies() map[int]string {
	return map[int]string{
		7000215: "the client secret is wrong: set the secret's value, not its id",
		7000222: "the client secret has expired: make another under App registrations > Certificates & secrets, and set it",
		700016:  "the tenant has no such application: check client_id and tenant, and that an administrator has consented",
		700038:  "client_id is no id of an application: copy it from App registrations",
		7000229: "the tenant has no such application: an administrator has to consent to it there",
		90002:   "there is no such tenant: check tenant, and cloud",
		900023:  "tenant is neither a tenant's id nor a domain: copy it from the Entra admin center under Overview",
		700027:  "the application doesn't know the certificate: upload it under App registrations > Certificates & secrets",
		500011:  "Microsoft Graph is not known in the tenant: check cloud",
		53003:   "a Conditional Access policy blocks the application: let it in from where Latchkey runs",
	}
}

// refusedSignIn turns what azidentity returns into the kinds of idp. Its own text holds the whole answer, so it stays out.
func refusedSignIn(err error) error {
	var failed *azidentity.AuthenticationFailedError
	if !errors.As(err, &failed) || failed.RawResponse == nil {
		return unanswered(err)
	}
	resp := failed.RawResponse
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		return &idp.RateLimited{After: time.Minute}
	case resp.StatusCode >= http.StatusInternalServerError:
		return fmt.Errorf("Entra's sign-in service answered %d, it will be tried again", resp.StatusCode)
	}
	var said struct {
		Codes []int `json:"error_codes"`
	}
	body, _ := runtime.Payload(resp) // without one the status says enough
	_ = json.Unmarshal(body, &said)
	code, remedy := 0, "check tenant, client_id and what Latchkey signs in with"
	if len(said.Codes) > 0 {
		code = said.Codes[0]
	}
	if known := signInRemedies()[code]; known != "" {
		remedy = known
	}
	return badCredentials{fmt.Errorf("Entra refuses the application (AADSTS%d): %s: %w", code, remedy, idp.ErrDenied)}
}
