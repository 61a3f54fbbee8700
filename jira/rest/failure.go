package rest

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/limit"
)

// Waits when Jira names none.
const (
	limitedWait = 5 * time.Second
	UnclearWait = 5 * time.Second
	longestWait = time.Hour // a Retry-After beyond this is taken for a mistake
)

// refused classifies an answer that is not a success.
func (c *Client) refused(k Call, resp *http.Response, body []byte) error {
	e := answered(k, resp, body, c.cfg.Token)
	f := &access.Failure{Err: e, Sentence: "Jira could not " + k.What}
	after := retryAfter(resp.Header, c.cfg.Now())
	switch status := resp.StatusCode; {
	case status == http.StatusTooManyRequests:
		f.Class, f.After = access.Limited, orDefault(after, limitedWait)
		f.Sentence = fmt.Sprintf("Jira asks Latchkey to wait %s before it may %s; it will go on by itself", f.After, k.What)
	case e.Page && status >= 400 && status != http.StatusUnauthorized:
		c.paged(f, k, status, titleOf(redact(body, c.cfg.Token)), after)
	case status == http.StatusNotImplemented:
		f.Class = access.Rejected
		f.Sentence += ": the site does not offer this call. Check that jira.url points to a Jira Cloud site"
	case status >= 500, status == http.StatusRequestTimeout, status == http.StatusTooEarly:
		c.troubled(f, k, after)
	case status == http.StatusConflict:
		f.Class = access.Transient
		f.Sentence += " because somebody changed the issue at the same moment; Latchkey will try again"
	case status == http.StatusUnauthorized:
		f.Class = access.Denied
		f.Sentence = "Jira does not accept Latchkey's token any more: create a new API token for " + c.AccountName() + " and set jira.token to it; or correct jira.email, if the token is another account's"
	case status == http.StatusForbidden:
		f.Class, f.Sentence = access.Denied, c.forbidden(k, e)
	case status < 400:
		f.Class = access.Denied
		f.Sentence = "Jira sent Latchkey to another address instead of answering: set jira.url to the site's own address" + redirectTarget(resp)
	default:
		f.Class, f.Sentence = access.Rejected, f.Sentence+": "+c.reason(e)
	}
	return f
}

// troubled is trouble on Jira's side. What is not idempotent may have
// happened all the same.
func (c *Client) troubled(f *access.Failure, k Call, after time.Duration) {
	switch {
	case k.NonIdempotent:
		f.Class, f.After = access.Unclear, orDefault(after, UnclearWait)
		f.Sentence = "Jira failed while it was asked to " + k.What + ", so this may or may not have happened; Latchkey will look before it tries again"
	case after > 0:
		f.Class, f.After = access.Limited, after
		f.Sentence += " because it is overloaded; Latchkey will try again by itself"
	default:
		f.Class = access.Transient
		f.Sentence += " because it has trouble of its own; Latchkey will try again"
	}
}

func (c *Client) forbidden(k Call, e *Error) string {
	if e.Detail() == "" {
		return fmt.Sprintf("Jira did not let Latchkey %s: make %s an agent of the service project (it needs a Jira Service Management licence)", k.What, c.AccountName())
	}
	return fmt.Sprintf("Jira did not let Latchkey %s: %s. Give %s the permission in project %s", k.What, strings.TrimRight(e.Detail(), "."), c.AccountName(), c.cfg.Project)
}

// reason is Jira's word for a 4xx, or ours when it has none.
func (c *Client) reason(e *Error) string {
	switch {
	case e.Detail() != "":
		return e.Detail()
	case e.Status == http.StatusRequestEntityTooLarge:
		return "the issue has as many of that as Jira allows on one issue"
	case e.Status == http.StatusNotFound:
		return fmt.Sprintf("it isn't there, or %s may not see it", c.AccountName())
	default:
		return fmt.Sprintf("it answered %d without a reason", e.Status)
	}
}

func redirectTarget(resp *http.Response) string {
	if to, err := resp.Location(); err == nil && to.Host != "" {
		return " (it points to " + to.Scheme + "://" + to.Host + ")"
	}
	return ""
}

// AccountName is the bot's account as people know it.
func (c *Client) AccountName() string {
	if c.cfg.Email == "" {
		return "Latchkey's account"
	}
	return c.cfg.Email
}

// unanswered classifies a call that got no complete answer.
func (c *Client) unanswered(k Call, err error) error {
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err // the outer one spells out the query, which may name people
	}
	f := &access.Failure{Class: access.Transient, Err: err,
		Sentence: "Jira can't be reached to " + k.What + "; Latchkey will try again"}
	if unknown := new(net.DNSError); errors.As(err, &unknown) && unknown.IsNotFound {
		f.Sentence += ". The name " + unknown.Name + " isn't known: check jira.url"
	}
	var paced *access.Failure
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &paced): // by Pace: nothing was sent
		f.Class, f.After = paced.Class, paced.After
		f.Sentence = paced.Sentence + ", so Latchkey could not " + k.What + " yet; it will go on by itself"
	case errors.As(err, &certificate):
		f.Class = access.Denied
		f.Sentence = "The certificate of jira.url can't be trusted: check the address, or install the certificate authority on this machine"
	case k.NonIdempotent && !neverSent(err):
		f.Class, f.After = access.Unclear, UnclearWait
		f.Sentence = "Jira did not answer when it was asked to " + k.What + ", so this may or may not have happened; Latchkey will look before it tries again"
	case errors.Is(err, context.Canceled):
		f.Sentence = "Latchkey was stopped while it asked Jira to " + k.What
	}
	return f
}

// neverSent tells whether the call failed before anything reached Jira.
func neverSent(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	return errors.As(err, &dns) || errors.As(err, &op) && op.Op == "dial"
}

// Unreadable classifies a good answer that is not what the API promises. Mostly
// something stands between Latchkey and Jira.
func (c *Client) Unreadable(k Call, err error) error {
	if k.NonIdempotent {
		return &access.Failure{Class: access.Unclear, After: UnclearWait, Err: err,
			Sentence: "Jira's answer can't be read, so Latchkey will look whether it did " + k.What}
	}
	return &access.Failure{Class: access.Denied, Err: err,
		Sentence: "What answers at jira.url isn't Jira's API: check the address, and that no proxy or login page stands before it"}
}

// anonymous is for answers that Jira gave to nobody in particular because it did
// not accept the token. They look like successes without content.
func (c *Client) anonymous(k Call) error {
	return &access.Failure{Class: access.Denied, Err: &Error{Status: http.StatusUnauthorized, Method: k.Method, Path: k.Path},
		Sentence: "Jira answered as if nobody were signed in: create a new API token for " + c.AccountName() + " and set jira.token to it"}
}

func (c *Client) rejected(k Call, err error) error {
	return &access.Failure{Class: access.Rejected, Sentence: "Latchkey could not ask Jira to " + k.What, Err: err}
}

// retryAfter reads the header as seconds or as a date; 0 when there is none.
func retryAfter(h http.Header, now time.Time) time.Duration {
	wait, _ := limit.RetryAfter(h, now) // none named is no wait
	return min(wait, longestWait)
}

func orDefault(d, standard time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return standard
}

// Fault is a problem that a human must solve, found by Latchkey itself.
func Fault(format string, args ...any) error {
	return &access.Failure{Class: access.Rejected, Sentence: fmt.Sprintf(format, args...)}
}

// StatusOf is the HTTP status of a refusal; 0 when Jira did not answer. A web page
// is no answer of Jira's: its 404 does not mean that something isn't there.
func StatusOf(err error) int {
	var e *Error
	if errors.As(err, &e) && !e.Page {
		return e.Status
	}
	return 0
}
