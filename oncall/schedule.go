package oncall

import (
	"slices"
	"strings"
	"time"
)

// Shift is a time for which somebody is on call.
type Shift struct {
	Who   string    // an address, or the id of an account in Slack
	From  time.Time // zero: always was
	Until time.Time // not any more from then on; zero: for good
}

// at tells whether it is the shift of a moment.
func (s Shift) at(t time.Time) bool {
	return !t.Before(s.From) && (s.Until.IsZero() || t.Before(s.Until))
}

// Schedule is who is on call when.
type Schedule []Shift

// At are those who are on call at a moment, each once, in the schedule's order. It may be
// nobody.
func (s Schedule) At(t time.Time) (who []string) {
	for _, shift := range s {
		if shift.at(t) && !slices.Contains(who, shift.Who) {
			who = append(who, shift.Who)
		}
	}
	return who
}

// isSlackID tells the id of an account in Slack.
func isSlackID(text string) bool {
	if len(text) < 7 || len(text) > 21 || text[0] != 'U' && text[0] != 'W' {
		return false
	}
	return !strings.ContainsFunc(text, func(r rune) bool { return (r < 'A' || r > 'Z') && (r < '0' || r > '9') })
}

// isAddress tells what can be an e-mail address.
func isAddress(text string) bool {
	name, host, ok := strings.Cut(text, "@")
	return ok && name != "" && host != "" && !strings.ContainsAny(host, "@") && !strings.ContainsAny(text, " \t\r\n<>,;")
}
