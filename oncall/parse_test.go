package oncall

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWhoIsOnCallAtAMoment(t *testing.T) {
	s, err := ParseFile([]byte(`
shifts:
  - {who: omar@acme.example, from: 2026-11-16T09:00:00+01:00, until: 2026-11-23T09:00:00+01:00}
  - {who: priya@acme.example, from: 2026-11-23T09:00:00+01:00, until: 2026-11-30T09:00:00+01:00}
  - {who: U0123ABCD}
  - {who: U0123ABCD, from: 2026-11-16T09:00:00Z}
`))
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string][]string{
		"2026-11-16T07:59:59Z": {"U0123ABCD"},
		"2026-11-16T08:00:00Z": {"omar@acme.example", "U0123ABCD"},
		"2026-11-23T07:59:59Z": {"omar@acme.example", "U0123ABCD"},
		"2026-11-23T08:00:00Z": {"priya@acme.example", "U0123ABCD"}, // the one begins as the other ends
		"2026-12-24T00:00:00Z": {"U0123ABCD"},
	} {
		when, _ := time.Parse(time.RFC3339, at)
		if got := s.At(when); !slices.Equal(got, want) {
			t.Errorf("at %s: %v, want %v", at, got, want)
		}
	}
}

func TestAFileWithoutShiftsIsNobody(t *testing.T) {
	if s, err := ParseFile([]byte("shifts: []")); err != nil || len(s.At(time.Now())) != 0 {
		t.Errorf("got %v, %v", s, err)
	}
}

func TestFaultsOfAFile(t *testing.T) {
	for text, want := range map[string]string{
		"":                           "can't be read",
		"{}":                         "has no shifts",
		"shift: []":                  "can't be read",
		"shifts: [{whom: a@b.c}]":    "can't be read",
		"shifts: [{}]":               `shift 1: "" names nobody`,
		"shifts: [{who: omar}]":      `"omar" names nobody`,
		"shifts: [{who: S0123ABCD}]": `"S0123ABCD" names nobody`,
		"shifts: [{who: 'a@b@c'}]":   "names nobody",
		"shifts: [{who: a@b.c, from: 2026-11-16}]":                                                      `"2026-11-16" is no moment`,
		"shifts: [{who: a@b.c, until: 2026-11-16T09:00:00}]":                                            "with its zone",
		"shifts: [{who: a@b.c}, {who: a@b.c, from: 2026-11-16T09:00:00Z, until: 2026-11-16T09:00:00Z}]": "shift 2: until",
	} {
		if s, err := ParseFile([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v; want %s", text, s, err, want)
		}
	}
}

func TestWhatServicesAnswer(t *testing.T) {
	at := time.Date(2026, 11, 17, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"pagerduty": {`{"oncalls":[{"user":{"id":"P1","type":"user","email":"omar@acme.example","summary":"Omar"},"escalation_level":1,"start":"2026-11-16T09:00:00Z","end":"2026-11-23T09:00:00Z"},
			{"user":{"email":"omar@acme.example"},"escalation_level":2,"start":null,"end":null},{"user":{"email":"priya@acme.example"},"start":"2026-11-18T09:00:00Z","end":null}],"limit":25,"offset":0,"more":false,"total":null}`, []string{"omar@acme.example"}},
		"pagerduty, nobody": {`{"oncalls":[],"more":false}`, nil},
		"opsgenie, flat":    {`{"data":{"_parent":{"id":"d875","name":"ops","enabled":true},"onCallRecipients":["omar@acme.example","priya@acme.example"]},"took":0.1,"requestId":"r"}`, []string{"omar@acme.example", "priya@acme.example"}},
		"opsgenie":          {`{"data":{"onCallParticipants":[{"id":"u","name":"omar@acme.example","type":"user"}]}}`, []string{"omar@acme.example"}},
		"opsgenie, nobody":  {`{"data":{"onCallRecipients":[]}}`, nil},
		"shifts":            {`{"shifts":[{"who":"U0123ABCD","from":"2026-11-16T09:00:00Z"}]}`, []string{"U0123ABCD"}},
	} {
		s, err := ParseAnswer([]byte(c.text))
		if got := s.At(at); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v; want %v", name, got, err, c.want)
		}
	}
}

// What isn't an answer is never nobody.
func TestNoAnswerIsNotNobody(t *testing.T) {
	for text, want := range map[string]string{
		"":                           "not JSON",
		"<html>Sign in</html>":       "not JSON",
		"null":                       "doesn't say who",
		"[]":                         "not JSON",
		"{}":                         "doesn't say who",
		`{"data":{}}`:                "doesn't say who",
		`{"oncalls":null}`:           "doesn't say who",
		`{"oncalls":[],"more":true}`: "first page",
		`{"error":{"message":"no"}}`: "doesn't say who",
		`{"shifts":"omar"}`:          "can't be read",
		`{"oncalls":[{"user":{"summary":"Omar"}}]}`:                                 "include[]=users",
		`{"oncalls":[{"user":{"email":"omar@acme.example"},"start":"yesterday"}]}`:  "no moment",
		`{"data":{"onCallParticipants":[{"name":"Platform","type":"escalation"}]}}`: "flat=true",
		`{"data":{"onCallRecipients":["omar"]}}`:                                    "names nobody",
	} {
		if s, err := ParseAnswer([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v; want %s", text, s, err, want)
		}
	}
}
