package okta

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"

	"latchkey/idp"
	"latchkey/idp/transport"
)

// Okta's error codes that tell more than the status (developer.okta.com, "Error codes").
const (
	codeToken       = "E0000011"
	codeForbidden   = "E0000006"
	codeNotFound    = "E0000007"
	codeFeature     = "E0000015"
	codeUserStatus  = "E0000038"
	codeTooMany     = "E0000047"
	codeUnsupported = "E0000060"
)

// badCredentials is a denial that has nothing to do with what was asked for.
type badCredentials struct{ error }

// Unwrap gives the denial.
func (e badCredentials) Unwrap() error { return e.error }

// notLicensed is a denial of a feature that the org's plan doesn't have, or not for the token's owner: Okta says the
// same of both, with status 401 or 403. It has nothing to do with the credentials.
type notLicensed struct{ error }

// Unwrap gives the denial.
func (e notLicensed) Unwrap() error { return e.error }

// lacksFeature tells whether Okta says so.
func lacksFeature(err error) bool {
	var said *sdk.Error
	return errors.As(err, &said) && said.ErrorCode == codeFeature
}

// statusOf is the HTTP status, 0 without an answer: the SDK then returns a nil response.
func statusOf(resp *sdk.Response) int {
	if resp == nil || resp.Response == nil {
		return 0
	}
	return resp.StatusCode
}

// classify turns what the SDK returns into the kinds of idp, with a remedy. Status comes first, because
// the SDK leaves out the error code where Okta answers with a WWW-Authenticate header.
func classify(resp *sdk.Response, err error) error {
	var said *sdk.Error
	if !errors.As(err, &said) {
		return unanswered(err)
	}
	status, code := statusOf(resp), said.ErrorCode
	switch {
	case said.ErrorMessage != "": // the token endpoint's form of error
		return badCredentials{fmt.Errorf("Okta refuses the OAuth client (%s: %s), check its key, scopes and DPoP setting: %w", said.ErrorMessage, said.ErrorDescription, idp.ErrDenied)}
	case code == codeFeature:
		return notLicensed{fmt.Errorf("the org's plan in Okta doesn't have this, or the token's owner may not use it (%s): ask Okta which plan has it, or give the admin role that may: %w", codeFeature, idp.ErrDenied)}
	case status == http.StatusUnauthorized || code == codeToken:
		return badCredentials{fmt.Errorf("Okta refuses the credentials, renew the API token or the client's key: %w", idp.ErrDenied)}
	case code == codeUserStatus:
		return fmt.Errorf("the account's status in Okta forbids it, reactivate the account first: %w", idp.ErrRefused)
	case code == codeUnsupported || status == http.StatusNotImplemented:
		return fmt.Errorf("Okta does not support this for this group, change it where it is mastered: %w", idp.ErrRefused)
	case status == http.StatusForbidden || code == codeForbidden:
		return fmt.Errorf("the token's owner may not do this (%s), give the admin role or scope back: %w", said.ErrorSummary, idp.ErrDenied)
	case status == http.StatusNotFound || code == codeNotFound:
		return fmt.Errorf("Okta does not know %s: %w", unknown(said.ErrorSummary), idp.ErrNotFound)
	case status == http.StatusTooManyRequests || code == codeTooMany:
		return &idp.RateLimited{After: time.Minute}
	}
	return fmt.Errorf("Okta answered %d (%s), it will be tried again: %w", status, code, err)
}

// unknown says what Okta does not know: it names the kind behind the id.
func unknown(summary string) string {
	switch {
	case strings.Contains(summary, "(User)"):
		return "the account: it was deleted, or is of another org"
	case strings.Contains(summary, "(UserGroup)"), strings.Contains(summary, "(Group)"):
		return "the group: it was deleted, or is of another org"
	}
	return "what it was asked about: it was deleted, or is of another org"
}

// unanswered is a failure without Okta's word. The URL that the HTTP client puts into its errors stays
// out: that of the token endpoint contains a signed assertion.
func unanswered(err error) error {
	return transport.Unanswered("Okta", "network and status.okta.com", err)
}
