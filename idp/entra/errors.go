package entra

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"latchkey/idp"
	"latchkey/idp/transport"
)

// Graph's error codes that tell more than the status. A code may also be empty.
const (
	codeNoIdentity = "Authorization_IdentityNotFound"
	codeUnlicensed = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
)

// answered is a refusal of Graph's: what it said, and of what kind it is.
type answered struct {
	status        int
	code, message string
	error
}

// Unwrap gives the kind.
func (e *answered) Unwrap() error { return e.error }

// refused reads a refusal and classifies it, with a remedy. Status comes first; of the text, nothing but that something
// is there already can't be told otherwise.
func refused(resp *http.Response, body []byte) error {
	var said struct {
		Error struct{ Code, Message string }
	}
	_ = json.Unmarshal(body, &said) // without one the status says enough
	e := &answered{status: resp.StatusCode, code: said.Error.Code, message: said.Error.Message}
	request := resp.Header.Get("request-id")
	switch {
	case e.code == codeNoIdentity:
		e.error = fmt.Errorf("nobody has consented to the application in this tenant: have an administrator grant consent under App registrations > API permissions: %w", idp.ErrDenied)
	case e.status == http.StatusUnauthorized:
		e.error = badCredentials{fmt.Errorf("Graph refuses the token (request %s), check client_id and what Latchkey signs in with: %w", request, idp.ErrDenied)}
	case e.code == codeUnlicensed:
		e.error = fmt.Errorf("the tenant has no Entra ID P1 or P2 licence, so it keeps no sign-ins to look at: %w", idp.ErrDenied)
	case e.status == http.StatusForbidden:
		e.error = fmt.Errorf("the application may not do this (%s, request %s): grant it the permission under App registrations > API permissions, with an administrator's consent: %w", e.code, request, idp.ErrDenied)
	case e.status == http.StatusNotFound:
		e.error = fmt.Errorf("Entra does not know what it was asked about, it was deleted or is of another tenant: %w", idp.ErrNotFound)
	case e.status == http.StatusTooManyRequests:
		e.error = &idp.RateLimited{After: time.Minute}
	default:
		e.error = fmt.Errorf("Graph answered %d (%s, request %s), it will be tried again", e.status, e.code, request)
	}
	return e
}

// unanswered is a failure without Graph's word.
func unanswered(err error) error {
	return transport.Unanswered("Entra", "network and the health of Microsoft 365", err)
}
