package access

import "time"

// Sentence says what is known of the use of a seat, from what, and how far back that reaches: absence proves nothing.
func (i Idleness) Sentence() string {
	reach := ""
	if !i.Reach.IsZero() {
		reach = ", which reach back to " + dayOf(i.Reach)
	}
	switch {
	case i.Source == "":
		return "Nothing is known of its use."
	case i.Last.IsZero():
		return "No use is on record in " + i.Source + reach + "."
	}
	return "Last used on " + dayOf(i.Last) + " by " + i.Source + reach + "."
}

// dayOf is a day as sentences have it, in UTC.
func dayOf(t time.Time) string { return t.UTC().Format(momentDay) }
