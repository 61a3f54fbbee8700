package webapi

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
)

// defaultPause is how long to wait when Slack asks to wait without saying how long.
const defaultPause = 30 * time.Second

// Call says what was tried and what is known about it.
type Call struct {
	What   string // as in "show the card in Slack", for the sentence
	Scope  string // the scope the method needs
	Posted bool   // a lost answer may hide a message that was posted

	Personal bool // it was for a person, whose id stood for the direct message with them
}

// Failure classifies an error of the Web API. It is nil for nil.
func Failure(err error, c Call) error {
	if err == nil {
		return nil
	}
	f := classify(err, c)
	f.Err = err
	return f
}

func classify(err error, c Call) *access.Failure {
	var paced *access.Failure
	var limited *slack.RateLimitedError
	var answer slack.SlackErrorResponse
	var status slack.StatusCodeError
	switch {
	case errors.As(err, &paced): // by Pace: nothing was sent
		return &access.Failure{Class: paced.Class, After: paced.After, Sentence: paced.Sentence + ", so I couldn't " + c.What + " yet"}
	case errors.As(err, &limited):
		return &access.Failure{Class: access.Limited, After: limited.RetryAfter, Sentence: "Slack asked for a pause, so I couldn't " + c.What + " yet"}
	case errors.As(err, &answer):
		return classifyAnswer(answer, c)
	case errors.As(err, &status):
		return classifyStatus(status, c)
	}
	return classifyLost(err, c)
}

// classifyAnswer judges the error codes of docs.slack.dev/reference/methods.
func classifyAnswer(r slack.SlackErrorResponse, c Call) *access.Failure {
	switch r.Err {
	case "missing_scope":
		return &access.Failure{Class: access.Denied, Sentence: "I may not " + c.What + ": the Slack app lacks the scope " + scopeOf(r, c) + ". Add it to the app's manifest and reinstall the app"}
	case "no_permission", "access_denied", "accesslimited", "ekm_access_denied", "org_login_required", "team_access_not_granted", "enterprise_is_restricted", "two_factor_setup_required":
		return &access.Failure{Class: access.Denied, Sentence: "I may not " + c.What + ": the workspace's rules don't let the app (" + r.Err + "). Ask a workspace admin to allow it"}
	case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type":
		return &access.Failure{Class: access.Denied, Sentence: "I couldn't " + c.What + ": Slack doesn't accept the bot token (" + r.Err + "). Reinstall the app and put its new token into the configuration"}
	case "ratelimited", "rate_limited":
		return &access.Failure{Class: access.Limited, After: defaultPause, Sentence: "Slack asked for a pause, so I couldn't " + c.What + " yet"}
	case "fatal_error", "internal_error":
		return &access.Failure{Class: lost(c), Sentence: "Slack had a fault of its own, and it isn't certain whether I could " + c.What}
	case "service_unavailable", "request_timeout", "update_failed", "fetch_members_failed", "team_added_to_org":
		return &access.Failure{Class: access.Transient, Sentence: "Slack was busy, so I couldn't " + c.What + " yet"}
	}
	code := r.Err
	if c.Personal && code == "channel_not_found" {
		code = "user_not_found" // so Slack says that there is nobody to have a direct message with
	}
	return &access.Failure{Class: access.Rejected, Sentence: "I couldn't " + c.What + ": " + remedy(code)}
}

func scopeOf(r slack.SlackErrorResponse, c Call) string {
	if r.Needed != "" {
		return r.Needed
	}
	return c.Scope
}

// remedy says what a code means to the person who can act.
func remedy(code string) string {
	switch code {
	case "channel_not_found", "not_in_channel":
		return "the channel isn't there for me (" + code + "). Invite me to it with /invite"
	case "is_archived", "channel_is_archived":
		return "the channel is archived. Open it again, or name another one in the configuration"
	case "restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel", "restricted_action_non_threadable_channel":
		return "not everybody may post there (" + code + "). Let the app post in the channel's settings"
	case "messages_tab_disabled":
		return "direct messages to the app are switched off. Switch on the Messages tab in the app's settings"
	case "user_disabled", "user_not_found", "users_not_found":
		return "the Slack account is gone or deactivated (" + code + ")"
	case "user_not_visible":
		return "the app isn't shown that Slack account (" + code + "). Let it see the account, or look whether it is of another workspace"
	case "cannot_dm_bot":
		return "the account is a bot"
	}
	return "Slack refused it (" + code + "). Please report this"
}

func classifyStatus(s slack.StatusCodeError, c Call) *access.Failure {
	switch {
	case s.Code == http.StatusTooManyRequests:
		return &access.Failure{Class: access.Limited, After: defaultPause, Sentence: "Slack asked for a pause, so I couldn't " + c.What + " yet"}
	case s.Code >= 500:
		return &access.Failure{Class: lost(c), Sentence: "Slack answered with " + http.StatusText(s.Code) + " when I tried to " + c.What}
	}
	// Slack says no in the answer's text. A status such as 403 or 404 is somebody's between here and Slack, who may let
	// the next call through.
	return &access.Failure{Class: access.Denied, Sentence: "Slack answered with " + http.StatusText(s.Code) + " when I tried to " + c.What + ". Check slack.api_url, and what stands between here and Slack"}
}

// classifyLost is for calls without a readable answer. Only where no connection
// came about is it certain that nothing happened.
func classifyLost(err error, c Call) *access.Failure {
	var dial *net.OpError
	var certificate *tls.CertificateVerificationError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &dial) && dial.Op == "dial":
		return &access.Failure{Class: access.Transient, Sentence: "I couldn't reach Slack to " + c.What}
	case errors.As(err, &certificate):
		return &access.Failure{Class: access.Transient, Sentence: "What answers in Slack's place shows a certificate that isn't trusted here, so I couldn't " + c.What + ". Check the proxy in between, or install its certificate authority"}
	case errors.As(err, &syntax): // a web page, for example
		return &access.Failure{Class: lost(c), Sentence: "Something else than Slack's API answered when I tried to " + c.What + ". Check slack.api_url, and what lies between here and Slack"}
	case errors.Is(err, context.DeadlineExceeded):
		return &access.Failure{Class: lost(c), Sentence: "Slack didn't answer in time when I tried to " + c.What}
	}
	return &access.Failure{Class: lost(c), Sentence: "Slack's answer got lost when I tried to " + c.What}
}

func lost(c Call) access.Class {
	if c.Posted {
		return access.Unclear
	}
	return access.Transient
}

// Code is Slack's word for the error, "" if there is none.
func Code(err error) string {
	var answer slack.SlackErrorResponse
	if errors.As(err, &answer) {
		return answer.Err
	}
	return ""
}

// ViewShown forgives an answer to views.* that can't be decoded: only a success
// carries a view, and its empty state may come as a list, which the client
// library does not expect.
func ViewShown(err error) error {
	var odd *json.UnmarshalTypeError
	if errors.As(err, &odd) {
		return nil
	}
	return err
}
