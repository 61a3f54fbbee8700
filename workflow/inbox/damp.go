package inbox

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/workflow/engine"
)

// What has the same cause is told to IT so often in such a time: that of a rule
// once, that of a person, who may do something else each time, a few times.
const (
	ruleToldIn   = 7 * 24 * time.Hour
	mostOfPerson = 3
	personToldIn = 24 * time.Hour
)

// An issue that lacks something is answered so often in such a time, however it is changed.
const (
	mostClarified = 10
	clarifiedIn   = 24 * time.Hour
)

// noticing is what becomes of one drift, among those of the same cause.
type noticing struct {
	what string // what the record says, with how often; empty: the issue was put back often enough
	tell bool   // IT hears of it
	more string // what else IT should know; may be empty
}

// noticed counts a drift and says what becomes of it. On one issue the same is put back
// and written down the first times, and then only to say how often it was.
func noticed(u *engine.Unit, request string, by access.Actor, d Drift) (noticing, error) {
	told, err := u.Repeats(by, access.RequestSubject(request), "drift|"+d.Cause)
	if err != nil || !told.Worth {
		return noticing{}, err
	}
	out := noticing{what: cmp.Or(told.Counted(strings.TrimRight(d.What, ".")), d.What), tell: true}
	if d.Cause == "" {
		return out, nil
	}
	most, within := mostOfPerson, personToldIn
	if d.By.App {
		most, within = 1, ruleToldIn
	}
	n, before, err := u.Counts("drift|"+d.Cause, within)
	out.tell = n <= most
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
