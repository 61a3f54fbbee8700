package digest

import (
	"fmt"
	"strings"
	"time"

	"latchkey/access"
)

// Adds says how an app's seats add up to what the directory lists.
func (a App) Adds() string {
	var parts []string
	for _, s := range access.SeatStandings() {
		if n := a.Standings[s]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, word(s)))
		}
	}
	if len(parts) == 0 {
		return "nobody has a seat."
	}
	return fmt.Sprintf("%s = %s.", count(a.Accounts, "seat"), strings.Join(parts, " + "))
}

// Word is what is said of how a seat stands.
func (s Seat) Word() string { return word(s.Standing) }

// word is what a standing is called before people.
func word(s access.SeatStanding) string {
	switch s {
	case access.SeatAsked:
		return "asked"
	case access.SeatResting:
		return "idle, asked lately"
	case access.SeatAway:
		return "idle, on leave"
	case access.SeatLeftOut:
		return "exempt"
	case access.SeatUnexplained:
		return "without a grant"
	case access.SeatOfLeaver:
		return "of leavers"
	}
	return string(s)
}

// LastUse is what is known of the use of a seat, and from what.
func (s Seat) LastUse() string {
	switch {
	case s.Seen.Source == "":
		return "use not known"
	case s.Seen.Last.IsZero():
		return "no use since " + s.Seen.Reach.UTC().Format(time.DateOnly) + ", by " + s.Seen.Source
	}
	return "used " + s.Seen.Last.UTC().Format(time.DateOnly) + ", by " + s.Seen.Source
}

// Stands says how a question about an idle seat stands, for IT.
func Stands(r access.Reclaim) string {
	switch r.State {
	case access.ReclaimAsked:
		return "asked; without an answer it is taken away " + moment(r.Until)
	case access.ReclaimPostponed:
		return "put off; asked again " + moment(r.Until)
	case access.ReclaimChecking:
		if r.Unread != "" {
			return "the time is up, and nothing is taken away: " + r.Unread
		}
		return "the time is up; its use is looked at again"
	case access.ReclaimRemoving, access.ReclaimReturning:
		return "being removed"
	case access.ReclaimNeeded:
		return "still needed: " + r.Why
	case access.ReclaimInUse:
		return "used again"
	case access.ReclaimExempt:
		return "left out: " + r.Why
	case access.ReclaimCancelled:
		return "not asked any more: " + r.Why
	}
	if !r.Restored.IsZero() {
		return "given back to its holder " + moment(r.Restored)
	}
	return became(r)
}

// became is what became of the access.
func became(r access.Reclaim) string {
	switch r.Outcome {
	case access.ReclaimGone:
		return "seen to be gone " + moment(r.Settled)
	case access.ReclaimDowngraded:
		return "seen to be gone " + moment(r.Settled) + ", a lower role in its place"
	case access.ReclaimManual:
		return "removed by hand: " + r.Why
	case access.ReclaimShared:
		return "kept: other access needs it"
	}
	return "there was nothing to remove any more"
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }
