package comments

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"latchkey/access"
)

// mostLines is how many answers of one comment are read. That there are more is said.
const mostLines = 50

// words is what a comment says, as far as it is meant for the review.
type words struct {
	Lines []line
	More  bool // lines beyond mostLines
	List  bool // whoever wrote it wants to read which rows wait for them
	After int  // of a list: the row behind which it begins
}

// line is one line that is meant as an answer.
type line struct {
	Row      int // 0: none can be read
	Decision access.ReviewDecision
	Reason   string
	Wrong    string // why it can't be taken as it is written; "" where it can
}

// meant tells whether any of a comment is.
func (w words) meant() bool { return w.List || len(w.Lines) > 0 }

// parse reads a comment. Lines that answer nothing are nobody's business: people talk on issues.
func parse(text string) (w words) {
	at := map[int]int{}
	for one := range strings.Lines(text) {
		fields := strings.Fields(strings.TrimLeft(strings.TrimSpace(one), "-*•– "))
		if after, asked := listing(fields); asked {
			w.List, w.After = true, after
			continue
		}
		l, meant := answer(fields)
		switch {
		case !meant:
			continue
		case len(w.Lines) == mostLines:
			w.More = true
			return w
		}
		if n, twice := at[l.Row]; twice && l.Row > 0 && w.Lines[n].Decision != l.Decision {
			w.Lines[n].Wrong = fmt.Sprintf("The comment says two things of row %d.", l.Row)
			continue
		} else if twice && l.Row > 0 {
			w.Lines[n].Reason = l.Reason
			continue
		}
		at[l.Row] = len(w.Lines)
		w.Lines = append(w.Lines, l)
	}
	return w
}

// listing reads “rows” and “rows after 17”.
func listing(fields []string) (after int, asked bool) {
	switch {
	case len(fields) == 0 || !strings.EqualFold(strings.TrimRight(fields[0], ".?!"), "rows"):
	case len(fields) == 1:
		return 0, true
	case len(fields) == 3 && strings.EqualFold(fields[1], "after"):
		after, ok := number(fields[2])
		return after, ok
	}
	return 0, false
}

// decision reads what a line begins with: “keep”, “revoke” or “not mine”. rest is what follows.
func decision(fields []string) (said access.ReviewDecision, rest []string) {
	switch {
	case len(fields) == 0:
	case strings.EqualFold(fields[0], "keep"):
		return access.DecisionKeep, fields[1:]
	case strings.EqualFold(fields[0], "revoke"):
		return access.DecisionRevoke, fields[1:]
	case len(fields) > 1 && strings.EqualFold(fields[0], "not") && strings.EqualFold(fields[1], "mine"):
		return access.DecisionNotMine, fields[2:]
	}
	return access.DecisionNone, nil
}

// answer reads “keep 3”, “revoke row 3”, “Revoke #3: has left the team”, “not mine 3: Bo looks after it”. A line that begins like
// that and goes on about something else is meant where a number follows, or where hardly anything does.
func answer(fields []string) (l line, meant bool) {
	said, rest := decision(fields)
	if said == access.DecisionNone {
		return l, false
	}
	l.Decision = said
	if len(rest) > 1 && strings.EqualFold(rest[0], "row") {
		rest = rest[1:]
	}
	behind := strings.Join(rest, " ")
	row, reason, colon := strings.Cut(behind, ":")
	n, ok := number(strings.TrimSpace(row))
	switch reason = strings.TrimSpace(reason); {
	case ok && utf8.RuneCountInString(reason) > access.MaxReason:
		l.Row, l.Wrong = n, fmt.Sprintf("The reason is too long: %d characters at the most.", access.MaxReason)
	case ok && (!colon || reason != ""):
		l.Row, l.Reason = n, reason
	case ok:
		l.Row, l.Wrong = n, "There is nothing behind the colon."
	default:
		if len(rest) > 0 {
			n, ok = number(strings.TrimRight(rest[0], ",.;"))
		}
		l.Row, l.Wrong = n, "It can't be read: a row's number, and a reason only behind a colon."
		return l, ok || len(rest) < 3
	}
	return l, true
}

// number reads the number of a row.
func number(s string) (int, bool) {
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "#"), 10, 31)
	if err != nil || n == 0 {
		return 0, false
	}
	return int(n), true
}
