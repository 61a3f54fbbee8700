package socket

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Opener asks Slack for a one-time WebSocket URL (apps.connections.open). It returns an *OpenError where Slack
// answered with a refusal; any other error counts as passing.
type Opener func(ctx context.Context) (url string, err error)

// ErrSocketModeOff is what Slack means by link_disabled.
var ErrSocketModeOff = errors.New("Socket Mode was switched off for this app: " +
	"switch it on under Settings > Socket Mode at api.slack.com/apps")

// OpenError is Slack's refusal to open a connection. Build one in an [Opener] of your own from the error code, or the
// HTTP status, that Slack gave.
type OpenError struct {
	Code       string        // Slack's error code, "" if there was none
	Status     int           // HTTP status, 0 if unknown
	RetryAfter time.Duration // from the Retry-After header of a 429, 0 if there was none
}

// Error names the cause and, where a person must act, the remedy.
func (e *OpenError) Error() string {
	switch remedy := e.remedy(); {
	case remedy != "":
		return fmt.Sprintf("Slack refuses to open a connection (%s): %s", e.cause(), remedy)
	case e.limited():
		return fmt.Sprintf("Slack asks to open connections less often (%s), retry after %v", e.cause(), e.RetryAfter)
	}
	return fmt.Sprintf("Slack did not open a connection (%s)", e.cause())
}

// Fatal tells whether trying again is pointless until somebody changes the configuration.
func (e *OpenError) Fatal() bool { return e.remedy() != "" }

func (e *OpenError) limited() bool {
	return e.Status == http.StatusTooManyRequests || e.Code == "ratelimited"
}

func (e *OpenError) cause() string {
	if e.Code != "" {
		return e.Code
	}
	return "HTTP " + strconv.Itoa(e.Status)
}

// remedy says what a person must do; "" means waiting may help. The codes are those of
// docs.slack.dev/reference/methods/apps.connections.open.
func (e *OpenError) remedy() string {
	switch e.Code {
	case "invalid_auth", "not_authed", "token_revoked", "token_expired":
		return "set slack.app_token to a valid app-level token (xapp-…) from Basic Information > App-Level Tokens, with the scope connections:write"
	case "not_allowed_token_type":
		return "slack.app_token must be an app-level token (xapp-…), not a bot token (xoxb-…)"
	case "missing_scope", "no_permission":
		return "give the app-level token the scope connections:write"
	case "account_inactive", "team_access_not_granted", "access_denied", "ekm_access_denied":
		return "the app is no longer allowed in this workspace: install it again"
	case "forbidden_team", "org_login_required":
		return "this workspace may not use the token: install the app there and use its own app-level token"
	case "insecure_request", "method_deprecated", "deprecated_endpoint":
		return "Slack no longer accepts this call: update Latchkey"
	}
	if strings.Contains(e.Code, "socket_mode") {
		return "Socket Mode is off for this app: switch it on under Settings > Socket Mode, or paste the output of latchkey manifest into the app's manifest"
	}
	if e.Code == "" && e.Status == http.StatusNotFound {
		return "there is no Slack API at slack.api_url: correct it (usually https://slack.com/api/)"
	}
	return ""
}

// OpenWith is an [Opener] that calls apps.connections.open under apiURL (https://slack.com/api/) with an app-level
// token, which Slack accepts in the Authorization header only. A nil client means http.DefaultClient.
func OpenWith(client *http.Client, apiURL, appToken string) Opener {
	if client == nil {
		client = http.DefaultClient
	}
	endpoint := strings.TrimSuffix(apiURL, "/") + "/apps.connections.open"
	return func(ctx context.Context) (string, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, http.NoBody)
		if err != nil {
			return "", fmt.Errorf("slack.api_url is not a URL: %w", err)
		}
		req.Header.Set("Authorization", "Bearer "+appToken)
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		resp, err := client.Do(req)
		if err != nil {
			return "", fmt.Errorf("apps.connections.open: %w", err)
		}
		defer resp.Body.Close()
		return readOpened(resp)
	}
}

const openedLimit = 1 << 20

func readOpened(resp *http.Response) (string, error) {
	body, err := io.ReadAll(io.LimitReader(resp.Body, openedLimit))
	if err != nil {
		return "", fmt.Errorf("apps.connections.open: reading the answer: %w", err)
	}
	var answer struct {
		OK    bool   `json:"ok"`
		URL   string `json:"url"`
		Error string `json:"error"`
	}
	decodeErr := json.Unmarshal(body, &answer)
	switch {
	case answer.Error != "" || resp.StatusCode != http.StatusOK:
		return "", &OpenError{Code: answer.Error, Status: resp.StatusCode, RetryAfter: retryAfter(resp.Header)}
	case decodeErr != nil:
		return "", fmt.Errorf("apps.connections.open: the answer is not Slack's JSON: %w", decodeErr)
	case !answer.OK || answer.URL == "":
		return "", errors.New("apps.connections.open: the answer holds no URL")
	}
	return answer.URL, nil
}

// retryAfter reads the header's seconds, the only form Slack sends.
func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

// fatal tells whether a human has to mend what err says.
func fatal(err error) bool {
	var refused *OpenError
	return errors.Is(err, ErrSocketModeOff) || errors.As(err, &refused) && refused.Fatal()
}

// withoutURL drops the URL a parse error quotes, because it holds the one-time ticket.
func withoutURL(err error) error {
	var quoted *url.Error
	if errors.As(err, &quoted) {
		return quoted.Err
	}
	return err
}
