package inbox

import (
	"fmt"
	"time"

	"latchkey/workflow/engine"
)

// What has the same cause is told to IT so often in such a time: that of a rule
// once, that of a person, who may do something else each time, a few times. An
// issue that is changed back and back again is left as it is after a few times.
const (
	ruleToldIn   = 7 * 24 * time.Hour
	mostOfPerson = 3
	personToldIn = 24 * time.Hour
	mostPutBack  = 3
	putBackIn    = 24 * time.Hour
)

// noticing is what becomes of one drift, among those of the same cause.
type noticing struct {
	leave bool   // the issue was put back often enough
	tell  bool   // IT hears of it
	more  string // what else IT should know; may be empty
}

// noticed counts a drift and says what becomes of it.
func noticed(u *engine.Unit, request string, d Drift) (noticing, error) {
	if d.Cause == "" {
		return noticing{tell: true}, nil
	}
	here, _, err := u.Counts("drift|"+d.Cause+"|"+request, putBackIn)
	if err != nil {
		return noticing{}, err
	}
	most, within := mostOfPerson, personToldIn
	if d.By.App {
		most, within = 1, ruleToldIn
	}
	n, before, err := u.Counts("drift|"+d.Cause, within)
	out := noticing{leave: here > mostPutBack, tell: n <= most}
	switch {
	case before > most:
		out.more = fmt.Sprintf("It happened %d more times before this and was not told.", before-most)
	case d.By.App:
		out.more = "The same on other requests is put back, too, and not told again for a week. If it is a rule of the desk, let it leave out this request type."
	case n == most:
		out.more = "More of the same is put back, too, and not told again today."
	}
	return out, err
}
