package inbox

import (
	"errors"
	"fmt"
	"time"

	"latchkey/store"
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
	here, _, err := counted(u, "drift|"+d.Cause+"|"+request, putBackIn)
	if err != nil {
		return noticing{}, err
	}
	most, within := mostOfPerson, personToldIn
	if d.By.App {
		most, within = 1, ruleToldIn
	}
	n, before, err := counted(u, "drift|"+d.Cause, within)
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

// counted counts something, and tells how often it was seen in this stretch of time,
// and in the one that it ends, if it is the first of a new one.
func counted(u *engine.Unit, id string, within time.Duration) (n, before int, err error) {
	t, err := store.LoadTally(u.Tx, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		t = store.Tally{ID: id, Since: u.At}
	case err != nil:
		return 0, 0, err
	case u.At.Sub(t.Since) >= within:
		before, t.Count, t.Since = t.Count, 0, u.At
	}
	t.Count, t.Last = t.Count+1, u.At
	return t.Count, before, store.PutTally(u.Tx, &t)
}
