package scim

import (
	"net/http"
	"testing"
)

// TestWhoseAnswerItIs: what a SCIM server never says is no answer of one, whatever its status.
func TestWhoseAnswerItIs(t *testing.T) {
	for _, c := range []struct {
		status          int
		kind, challenge string
		want            string
	}{
		{200, "application/scim+json", "", ""},
		{200, "application/json; charset=utf-8", "", ""},
		{204, "", "", ""},
		{200, "", "", ""},
		{404, "application/json", "", ""},
		{429, "text/html", "", ""},
		{401, "", `Bearer realm="x"`, ""},
		{401, "text/plain", "Basic", ""},
		{401, "text/plain", "", "something else (text/plain)"},
		{403, "text/plain", "Basic", "something else (text/plain)"},
		{404, "", "", "something else (without a content type)"},
		{503, "text/plain", "", "something else (text/plain)"},
		{502, "", "", "something else (without a content type)"},
		{200, "text/html; charset=utf-8", "", "a web page"},
		{403, "text/html", "", "a web page"},
		{401, "text/html", "Negotiate", "a web page"},
		{302, "text/html", "", "a redirection"},
		{307, "", "", "a redirection"},
		{400, "text/html", "", "a web page"},
	} {
		h := http.Header{}
		if c.kind != "" {
			h.Set("Content-Type", c.kind)
		}
		if c.challenge != "" {
			h.Set("Www-Authenticate", c.challenge)
		}
		if got := foreign(&http.Response{StatusCode: c.status, Header: h}); got != c.want {
			t.Errorf("%d %q %q: %q, want %q", c.status, c.kind, c.challenge, got, c.want)
		}
	}
}

func TestTheOtherLetterCase(t *testing.T) {
	for text, want := range map[string]string{"": "", "1042": "", "Ab1@x.com": "aB1@X.COM", "Äb": "ÄB", "[@{": "", "az": "AZ", "AZ": "az"} {
		if got := otherCase(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
