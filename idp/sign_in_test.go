package idp_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/idp"
)

// TestASignInIsWorthWhatTheDirectorySaysOfIt and nothing that it doesn't say.
func TestASignInIsWorthWhatTheDirectorySaysOfIt(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		is   idp.Authentication
		want string // a part of what is missing; "" if nothing is
	}{
		"as asked for":        {idp.Authentication{At: now.Add(-time.Minute), Level: "phr", Methods: []string{"pwd", "mfa"}}, ""},
		"at no moment":        {idp.Authentication{Level: "phr", Methods: []string{"mfa"}}, "doesn't say when"},
		"a little ahead":      {idp.Authentication{At: now.Add(time.Minute), Level: "phr", Methods: []string{"mfa"}}, ""},
		"far ahead":           {idp.Authentication{At: now.Add(time.Minute + time.Second), Level: "phr", Methods: []string{"mfa"}}, "still to come"},
		"just fresh enough":   {idp.Authentication{At: now.Add(-6 * time.Minute), Level: "phr", Methods: []string{"mfa"}}, ""},
		"not fresh":           {idp.Authentication{At: now.Add(-6*time.Minute - time.Second), Level: "phr", Methods: []string{"mfa"}}, "at 08:53 UTC on 23 November"},
		"of another level":    {idp.Authentication{At: now, Level: "pwd", Methods: []string{"mfa"}}, "as sure as it has to be"},
		"of no level":         {idp.Authentication{At: now, Methods: []string{"mfa"}}, "as sure as it has to be"},
		"without that factor": {idp.Authentication{At: now, Level: "phr", Methods: []string{"pwd"}}, "mfa"},
		"by no method":        {idp.Authentication{At: now, Level: "phr"}, "mfa"},
	} {
		got := c.is.Insufficient(now, 5*time.Minute, []string{"phr", "phrh"}, []string{"mfa"})
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if got := (idp.Authentication{At: now}).Insufficient(now, 0, nil, nil); got != "" {
		t.Errorf("where no level and no method is asked for: %q", got)
	}
}
