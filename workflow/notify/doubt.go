package notify

import (
	"time"

	"latchkey/store"
	"latchkey/workflow/engine"
)

// Slack takes an edit whatever stands there: one that was sent earlier and arrives later
// puts an older card in the place of a newer one, and nothing tells. That is possible where
// an attempt was broken off, or was taken over by another process because its own stood
// still or had lost the database. So such a card is shown once more when nothing of the
// earlier attempt can be under way any more, whatever is thought to stand there.

// doubt is what is known, when a card begins to be shown, of what may stand there.
type doubt struct {
	since time.Time // as it was kept
	due   bool      // to show it now clears it up
	begun bool      // an earlier attempt may be under way
}

func doubtOf(kept store.Card, t store.Task, now time.Time) doubt {
	return doubt{kept.Doubt, !kept.Doubt.IsZero() && !kept.Doubt.After(now), t.Begun}
}

// after says what is in doubt of a card once it was shown.
func (d doubt) after(kept *store.Card, at time.Time) {
	switch {
	case d.begun:
		kept.Doubt = at.Add(engine.Settled)
	case d.due && kept.Doubt.Equal(d.since): // not anew meanwhile
		kept.Doubt = time.Time{}
	}
}

// doubtCard has a card shown once more that this process may have shown as it was before
// another one did. Whoever takes over what never stood anywhere knows that it was begun.
func doubtCard(u *engine.Unit, t store.Task) error {
	c, err := engine.ReadPayload[Card](t)
	if err != nil {
		return err
	}
	kept, err := keptCard(u.Tx, t.Subject, c)
	if err != nil || kept.Version == 0 {
		return err
	}
	kept.Doubt = u.At
	if err := engine.Save(u, engine.Cards(), &kept); err != nil {
		return err
	}
	return enqueueBy(u, t.Subject, c, u.At)
}
