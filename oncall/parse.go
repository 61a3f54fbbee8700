package oncall

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// ParseFile reads a schedule as a file has it, in YAML or JSON:
//
//	shifts:
//	  - {who: omar@acme.example, from: 2026-11-23T09:00:00+01:00, until: 2026-11-30T09:00:00+01:00}
//	  - {who: U0123ABCD}   # an account in Slack; without from and until: always
//
// Every fault of it is an error that names the shift and says what to write.
func ParseFile(text []byte) (Schedule, error) {
	var file struct {
		Shifts *[]struct{ Who, From, Until string }
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil {
		return nil, fmt.Errorf("it can't be read as a schedule (%w): write shifts: with {who, from, until} for each", err)
	}
	if file.Shifts == nil {
		return nil, errors.New("it has no shifts: write shifts: with {who, from, until} for each")
	}
	out := make(Schedule, 0, len(*file.Shifts))
	for i, s := range *file.Shifts {
		shift, err := shiftOf(s.Who, s.From, s.Until)
		if err != nil {
			return nil, fmt.Errorf("shift %d: %w", i+1, err)
		}
		out = append(out, shift)
	}
	return out, nil
}

// shiftOf is a shift as it is written.
func shiftOf(who, from, until string) (s Shift, err error) {
	s.Who = strings.TrimSpace(who)
	if !isAddress(s.Who) && !isSlackID(s.Who) {
		return s, fmt.Errorf("%q names nobody: write an e-mail address, or the id of an account in Slack, such as U0123ABCD", who)
	}
	if s.From, err = moment(from); err != nil {
		return s, err
	}
	if s.Until, err = moment(until); err != nil {
		return s, err
	}
	if !s.Until.IsZero() && !s.From.Before(s.Until) {
		return s, fmt.Errorf("until %s is not after from %s", until, from)
	}
	return s, nil
}

func moment(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, fmt.Errorf("%q is no moment: write it with its zone, for example 2026-11-23T09:00:00+01:00", text)
	}
	return at, nil
}

// answer is what the services say of who is on call. Which of them it is shows by what is
// there: oncalls is PagerDuty's (GET /oncalls), data Opsgenie's
// (GET /v2/schedules/{id}/on-calls, flat or not), shifts the form of the file.
type answer struct {
	OnCalls *[]struct {
		User       user
		Start, End *string
	}
	More bool
	Data *struct {
		OnCallRecipients   *[]string
		OnCallParticipants *[]participant
	}
	Shifts *json.RawMessage
}

type user struct{ Email, Summary string }

type participant struct{ Name, Type string }

// ParseAnswer reads what a service answers. What is no answer to that question, or is only
// a part of one, is an error.
func ParseAnswer(text []byte) (Schedule, error) {
	var a answer
	if err := json.Unmarshal(text, &a); err != nil {
		return nil, errors.New("it is not JSON that says who is on call")
	}
	switch {
	case a.OnCalls != nil && a.More:
		return nil, errors.New("it is only the first page of those who are on call: have the url name one schedule, and add limit=100")
	case a.OnCalls != nil:
		return a.pagerDuty()
	case a.Data != nil && (a.Data.OnCallRecipients != nil || a.Data.OnCallParticipants != nil):
		return a.opsgenie()
	case a.Shifts != nil:
		return ParseFile(text)
	}
	return nil, errors.New("it doesn't say who is on call: it has none of oncalls (PagerDuty), data.onCallRecipients (Opsgenie) and shifts")
}

func (a answer) pagerDuty() (out Schedule, err error) {
	for _, on := range *a.OnCalls {
		if on.User.Email == "" {
			return nil, fmt.Errorf("it names %q without an address: add include[]=users to the url", on.User.Summary)
		}
		s, err := shiftOf(on.User.Email, deref(on.Start), deref(on.End))
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

func (a answer) opsgenie() (out Schedule, err error) {
	var names []string
	if a.Data.OnCallRecipients != nil {
		names = *a.Data.OnCallRecipients
	}
	if a.Data.OnCallParticipants != nil {
		for _, p := range *a.Data.OnCallParticipants {
			if p.Type != "user" {
				return nil, fmt.Errorf("it names the %s %q, of which it can't be told who that is: add flat=true to the url", p.Type, p.Name)
			}
			names = append(names, p.Name)
		}
	}
	for _, name := range names {
		s, err := shiftOf(name, "", "")
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

func deref(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
