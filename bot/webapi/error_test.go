package webapi

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/bottest"
)

func TestFailuresAreClassified(t *testing.T) {
	said := func(code string) error { return slack.SlackErrorResponse{Err: code} }
	for name, c := range map[string]struct {
		err         error
		read, wrote access.Class // of a call that posts nothing, and of one that does
		says        string
	}{
		"limited":            {&slack.RateLimitedError{RetryAfter: time.Minute}, access.Limited, access.Limited, "pause"},
		"limited, no header": {slack.StatusCodeError{Code: 429}, access.Limited, access.Limited, "pause"},
		"limited, by code":   {said("ratelimited"), access.Limited, access.Limited, "pause"},
		"scope":              {slack.SlackErrorResponse{Err: "missing_scope", Needed: "im:write"}, access.Denied, access.Denied, "scope im:write"},
		"scope not named":    {said("missing_scope"), access.Denied, access.Denied, "scope chat:write"},
		"token":              {said("invalid_auth"), access.Denied, access.Denied, "Reinstall the app"},
		"channel":            {said("channel_not_found"), access.Rejected, access.Rejected, "/invite"},
		"archived":           {said("is_archived"), access.Rejected, access.Rejected, "archived"},
		"messages tab":       {said("messages_tab_disabled"), access.Rejected, access.Rejected, "Messages tab"},
		"blocks":             {said("invalid_blocks"), access.Rejected, access.Rejected, "invalid_blocks"},
		"half done":          {said("fatal_error"), access.Transient, access.Unclear, "isn't certain"},
		"busy":               {said("service_unavailable"), access.Transient, access.Transient, "busy"},
		"server error":       {slack.StatusCodeError{Code: 502}, access.Transient, access.Unclear, "Bad Gateway"},
		"wrong address":      {slack.StatusCodeError{Code: 404}, access.Denied, access.Denied, "slack.api_url"},
		"a proxy's no":       {slack.StatusCodeError{Code: 403}, access.Denied, access.Denied, "between here and Slack"},
		"the workspace":      {said("no_permission"), access.Denied, access.Denied, "Ask a workspace admin"},
		"not shown":          {said("user_not_visible"), access.Rejected, access.Rejected, "isn't shown that Slack account"},
		"read only":          {said("restricted_action_read_only_channel"), access.Rejected, access.Rejected, "not everybody may post there"},
		"timeout":            {context.DeadlineExceeded, access.Transient, access.Unclear, "in time"},
		"a web page":         {&json.SyntaxError{}, access.Transient, access.Unclear, "Something else than Slack's API answered"},
		"a proxy's own":      {&url.Error{Err: &tls.CertificateVerificationError{Err: errors.New("unknown authority")}}, access.Transient, access.Transient, "certificate"},
		"reset":              {&url.Error{Err: &net.OpError{Op: "read", Err: errors.New("reset")}}, access.Transient, access.Unclear, "got lost"},
		"refused connection": {&url.Error{Err: &net.OpError{Op: "dial", Err: errors.New("refused")}}, access.Transient, access.Transient, "couldn't reach"},
	} {
		for posted, want := range map[bool]access.Class{false: c.read, true: c.wrote} {
			err := Failure(fmt.Errorf("call: %w", c.err), Call{What: "show the card", Scope: "chat:write", Posted: posted})
			f := bottest.WantFailure(t, err, want)
			if !strings.Contains(f.Sentence, c.says) || !errors.Is(err, f.Err) || f.Class == access.Limited && f.After <= 0 {
				t.Errorf("%s: %+v", name, f)
			}
		}
	}
	if Failure(nil, Call{}) != nil {
		t.Error("no error became one")
	}
}

func TestOddViewAnswersAreForgiven(t *testing.T) {
	var v slack.ViewResponse
	err := json.Unmarshal([]byte(`{"ok":true,"view":{"id":"V1","state":{"values":[]}}}`), &v)
	if err == nil {
		t.Fatal("the client library copes by now: viewShown is not needed any more")
	}
	if ViewShown(err) != nil {
		t.Errorf("not forgiven: %v", err)
	}
	if ViewShown(slack.SlackErrorResponse{Err: "not_found"}) == nil {
		t.Error("a refusal was forgiven")
	}
}
