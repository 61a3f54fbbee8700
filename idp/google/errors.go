package google

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"google.golang.org/api/googleapi"

	"latchkey/idp"
	"latchkey/idp/transport"
)

// answered is what Google said to a call that failed.
type answered struct {
	status          int
	reason, message string
	err             error // of the kinds of idp, or another one that is cured by trying again
}

// Error is the sentence.
func (a *answered) Error() string { return a.err.Error() }

// Unwrap gives the kind.
func (a *answered) Unwrap() error { return a.err }

// saying is what Google said of a failure; nil if it said nothing.
func saying(err error) *answered {
	var a *answered
	errors.As(err, &a)
	return a
}

// badCredentials tells whether a denial has nothing to do with what was asked for.
func badCredentials(err error) bool {
	a := saying(err)
	return errors.As(err, new(*refusedToken)) || a != nil && a.status == http.StatusUnauthorized
}

// classify turns what the library returns into the kinds of idp, with a remedy.
func classify(err error) error {
	var said *googleapi.Error
	if !errors.As(err, &said) {
		return unanswered(err)
	}
	a := &answered{status: said.Code, message: said.Message}
	if len(said.Errors) > 0 {
		a.reason = said.Errors[0].Reason
	}
	a.err = a.kind()
	return a
}

// kind is what an answer means, by its status, and where that is not enough by its reason.
func (a *answered) kind() error {
	switch {
	case tooFast(a.status, a.reason):
		return &idp.RateLimited{After: time.Minute}
	case a.status == http.StatusUnauthorized:
		return fmt.Errorf("Google refuses the access token: check the service account's key and the administrator it acts for: %w", idp.ErrDenied)
	case a.status == http.StatusForbidden:
		return fmt.Errorf("Google doesn't allow it (%s): give the administrator that Latchkey acts for the privilege back, and see that the API is enabled in the service account's project; accounts and groups of other organisations can't be looked at at all: %w", a.message, idp.ErrDenied)
	case a.status == http.StatusNotFound:
		return fmt.Errorf("Google does not know %s: %w", unknown(a.message), idp.ErrNotFound)
	case a.status == http.StatusPreconditionFailed && strings.Contains(a.message, "not complete"):
		return errors.New("Google is still making the account; it will be tried again")
	case a.status == http.StatusPreconditionFailed, a.status == http.StatusBadRequest && (a.reason == "conditionNotMet" || a.reason == "failedPrecondition"):
		return fmt.Errorf("Google doesn't change this group (%s): change what fills it, or use a group of its own: %w", a.message, idp.ErrRefused)
	}
	return fmt.Errorf("Google answered %d (%s: %s), it will be tried again", a.status, a.reason, a.message)
}

// tooFast tells a refusal of the pace from one of a right: they share a status.
func tooFast(status int, reason string) bool {
	return status == http.StatusTooManyRequests ||
		status == http.StatusForbidden && slices.Contains([]string{"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded"}, reason)
}

// reasonOf reads the reason from the body of an answer that failed.
func reasonOf(body []byte) string {
	var said struct {
		Error struct {
			Errors []struct{ Reason string }
		}
	}
	if json.Unmarshal(body, &said) != nil || len(said.Error.Errors) == 0 {
		return ""
	}
	return said.Error.Errors[0].Reason
}

// unknown says what Google does not know: it names the kind of key.
func unknown(message string) string {
	switch {
	case strings.Contains(message, "userKey"), strings.Contains(message, "memberKey"):
		return "the account: it was deleted, or is of another organisation"
	case strings.Contains(message, "groupKey"):
		return "the group: it was deleted, or is of another organisation"
	}
	return "what it was asked about: it was deleted, or is of another organisation"
}

// noKey tells whether Google says that a key is none: neither an id nor an address that it knows.
func noKey(err error) bool {
	a := saying(err)
	return a != nil && a.status == http.StatusBadRequest && (a.reason == "invalid" || a.reason == "required")
}

// unanswered is a failure without Google's word.
func unanswered(err error) error {
	var refused *refusedToken
	if errors.As(err, &refused) {
		return fmt.Errorf("%w: %w", refused, idp.ErrDenied)
	}
	return transport.Unanswered("Google", "network and www.google.com/appsstatus", err)
}
