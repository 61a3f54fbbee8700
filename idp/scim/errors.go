package scim

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"latchkey/idp"
	"latchkey/idp/transport"
)

// The kinds of error that tell more than the status (RFC 7644, table 9).
const (
	kindFilter     = "invalidFilter"
	kindPath       = "invalidPath"
	kindNoTarget   = "noTarget"
	kindValue      = "invalidValue"
	kindMutability = "mutability"
	kindUniqueness = "uniqueness"
	kindTooMany    = "tooMany"
)

// refusal is an answer with an error, for those to whom its kind matters.
type refusal struct {
	status int
	kind   string // scimType; "" if none is said
	error
}

// Unwrap gives the sentence with its kind.
func (r *refusal) Unwrap() error { return r.error }

// refusedAs tells whether an error is a refusal of one of the kinds.
func refusedAs(err error, kinds ...string) bool {
	var r *refusal
	return errors.As(err, &r) && slices.Contains(kinds, r.kind)
}

// refusedWith tells whether an error is a refusal with one of the statuses.
func refusedWith(err error, statuses ...int) bool {
	var r *refusal
	return errors.As(err, &r) && slices.Contains(statuses, r.status)
}

// problem is the form of an error (RFC 7644, 3.12).
type problem struct {
	Schemas  []string `json:"schemas"`
	ScimType string   `json:"scimType"`
	Detail   string   `json:"detail"`
	Status   any      `json:"status"` // a text by the standard, a number with some
}

// isOne tells a SCIM error from whatever else has the form of an object, such as a gateway's word.
func (p problem) isOne() bool { return len(p.Schemas) > 0 || p.Detail != "" || p.Status != nil }

// classify turns an answer with an error into the kinds of idp, with a remedy.
func classify(status int, body []byte) error {
	var said problem
	readable := json.Unmarshal(body, &said) == nil && said.isOne()
	return &refusal{status, said.ScimType, explain(status, said, readable)}
}

func explain(status int, said problem, readable bool) error {
	detail := detailOf(said)
	switch {
	case status == http.StatusUnauthorized:
		return fmt.Errorf("the SCIM server refuses the credentials, renew the token or the password: %w", idp.ErrDenied)
	case status == http.StatusForbidden:
		return fmt.Errorf("the token may not do this%s, give it the right to read accounts and groups and to change members: %w", detail, idp.ErrDenied)
	case status == http.StatusNotFound && !readable:
		return fmt.Errorf("%w; it will be tried again", &idp.Unintelligible{What: "something that isn't the SCIM server knows nothing of this address: check the url under idp"})
	case status == http.StatusNotFound:
		return fmt.Errorf("the SCIM server does not know it, it was deleted or is of another directory: %w", idp.ErrNotFound)
	case status == http.StatusTooManyRequests:
		return &idp.RateLimited{After: time.Minute}
	case status == http.StatusNotImplemented || status == http.StatusMethodNotAllowed:
		return fmt.Errorf("the SCIM server does not support this%s: %w", detail, idp.ErrRefused)
	case said.ScimType == kindMutability:
		return fmt.Errorf("the SCIM server does not let this be changed%s, change it where it comes from: %w", detail, idp.ErrRefused)
	case status == http.StatusBadRequest && said.ScimType != "":
		return fmt.Errorf("the SCIM server does not take the request (%s%s): %w", said.ScimType, detail, idp.ErrRefused)
	}
	return fmt.Errorf("the SCIM server answered %d%s; it will be tried again", status, detail)
}

// detailOf is what the server says, short enough for a sentence.
func detailOf(said problem) string {
	const most = 200
	text := strings.Join(strings.Fields(said.Detail), " ")
	if text == "" {
		return ""
	}
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return " (it says: " + text + ")"
}

// foreign says what an answer is that a SCIM server never gives; "" if it is one of its. Servers send either of two
// media types. That the pace was too fast is believed of anybody.
func foreign(resp *http.Response) string {
	kind, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	empty := kind == "" && (resp.StatusCode < http.StatusMultipleChoices || resp.Header.Get("Www-Authenticate") != "")
	switch {
	case resp.StatusCode == http.StatusTooManyRequests, strings.Contains(kind, "json"), empty:
		return ""
	case resp.StatusCode >= http.StatusMultipleChoices && resp.StatusCode < http.StatusBadRequest:
		return "a redirection"
	case strings.Contains(kind, "html"):
		return "a web page"
	case resp.Header.Get("Www-Authenticate") != "" && resp.StatusCode == http.StatusUnauthorized:
		return ""
	}
	return "something else (" + cmp.Or(strings.TrimSpace(kind), "without a content type") + ")"
}

// unanswered is a failure without the server's word. The address stays out: it has people's names in it.
func unanswered(err error) error {
	return transport.Unanswered("the SCIM server", "the network and the url under idp", err)
}

// answeredOther is for a read that answers something else than was asked. It proves nothing about what was asked.
func answeredOther(directory, what, asked, answered string) error {
	return fmt.Errorf("%s: asked for the %s %s, the SCIM server answered %q: look for a proxy that keeps answers; it will be tried again", directory, what, asked, answered)
}
