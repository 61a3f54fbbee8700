package summary

import (
	"fmt"
	"strconv"

	"latchkey/evidence/pack"
)

// Figure is one of the numbers at the top.
type Figure struct {
	Name  string
	Value int
	Bad   bool
}

// Date is a line of the table of dates.
type Date struct{ What, At, Said string }

// Figures are the numbers at the top.
func (r *Review) Figures() []Figure {
	t, o := r.Summary, r.Summary.Outcomes
	undone := 0
	for result, n := range t.Removals {
		if result == pack.Manual || result == pack.Failed || result == pack.Waiting {
			undone += n
		}
	}
	all := []Figure{
		{"memberships reviewed", t.Rows, false},
		{"kept by answers", o.Kept, false},
		{"revoked by answers", o.Revoked, false},
		{"nobody answered", o.NoAnswer, o.NoAnswer > 0},
		{"no reviewer found", o.NoReviewer, o.NoReviewer > 0},
		{"gone before an answer", o.Gone, false},
		{"removals seen to be done", t.Removals[pack.Gone], false},
		{"removals not done", undone, undone > 0},
		{"privileged", t.Privileged, false},
	}
	if o.Open > 0 {
		all = append(all, Figure{"still open", o.Open, true})
	}
	return all
}

// Dates are what happened when.
func (r *Review) Dates() []Date {
	w, t := r.Campaign.Times, r.Summary.Timeliness
	slowest := ""
	if t.Slowest != nil {
		slowest = fmt.Sprintf("the slowest took %s from the order (%s)", long(t.Slowest.Hours), t.Slowest.Row)
	}
	due := ""
	if !w.Due.IsZero() && !t.LastDecision.IsZero() {
		due = "the last answer came in time"
		if t.LastDecision.After(w.Due) {
			due = "answers came later"
		}
	}
	return []Date{
		{"Draft", pack.Brief(w.Drafted), ""},
		{"Snapshot", pack.Brief(w.Snapshot), "every row is as of this moment; what changed afterwards is on the row"},
		{"Start", pack.Brief(w.Started), r.Campaign.Asked},
		{"Due", pack.Brief(w.Due), due},
		{"Last answer that counts", pack.Brief(t.LastDecision), ""},
		{"Last removal seen to be done", pack.Brief(t.LastRemoval), slowest},
		{"Last time removals were checked again", pack.Brief(t.LastCheck), ""},
		{"Closed", pack.Brief(w.Closed), r.inPeriod()},
	}
}

// inPeriod says whether all of it was in the period under review.
func (r *Review) inPeriod() string {
	switch t := r.Summary.Timeliness; {
	case r.Campaign.Period.To.IsZero():
		return ""
	case t.InPeriod:
		return "all of it in the period under review, which ends " + pack.Day(r.Campaign.Period.To)
	case later(later(t.LastDecision, t.LastRemoval), t.LastCheck).After(r.Campaign.Period.To):
		return fmt.Sprintf("%d whole days after the end of the period under review (%s)", t.DaysAfter, pack.Day(r.Campaign.Period.To))
	}
	return "the period under review ends " + pack.Day(r.Campaign.Period.To)
}

// long writes how long something took, given in hours.
func long(hours float64) string {
	switch {
	case hours < 1.0/60:
		return pack.Plain(hours*3600) + " seconds"
	case hours < 1:
		return pack.Plain(hours*60) + " minutes"
	}
	return pack.Plain(hours) + " hours"
}

// Results say what came of the removals, a few words each.
func (r *Review) Results() []string {
	var out []string
	for _, result := range []pack.Result{pack.Gone, pack.Ended, pack.Kept, pack.Manual, pack.Failed, pack.Waiting, pack.Void} {
		if n := r.Summary.Removals[result]; n > 0 {
			out = append(out, strconv.Itoa(n)+" "+pack.Spoken(result))
		}
	}
	if len(out) == 0 {
		return []string{"Nothing was revoked"}
	}
	return out
}
