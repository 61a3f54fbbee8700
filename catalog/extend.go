package catalog

import (
	"fmt"
	"strings"
	"time"
)

// Reapprove says when more time for a running grant needs a new approval.
type Reapprove string

// When an extension is approved anew.
const (
	ReapproveNever  Reapprove = "never"  // the approval by a person holds, as often as Extend.MaxTimes allows
	ReapproveAlways Reapprove = "always" // every extension is asked for
	ReapproveAfter  Reapprove = "after"  // the approval holds until the access was held for Extend.After
)

// Extend is a role's policy for more time. The zero value asks anew each time.
type Extend struct {
	MaxTimes  int // how often one approval carries an extension
	Reapprove Reapprove
	After     time.Duration // with ReapproveAfter
}

// ParseReapprove reads "never", "always" or "after 90d".
func ParseReapprove(s string) (Reapprove, time.Duration, error) {
	word, rest, _ := strings.Cut(strings.TrimSpace(s), " ")
	switch r := Reapprove(word); {
	case rest == "" && (r == ReapproveNever || r == ReapproveAlways):
		return r, 0, nil
	case r == ReapproveAfter:
		after, err := ParseDuration(rest)
		if err == nil && after > 0 {
			return r, after, nil
		}
	}
	return "", 0, fmt.Errorf("%q does not say when an extension is approved anew: write never, always, or for example after 90d", s)
}
