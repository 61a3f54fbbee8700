package notify

import (
	"time"

	"latchkey/store"
	"latchkey/workflow/engine"
)

// Slack takes an edit whatever stands there: one that was sent earlier and arrives later
// puts an older card in the place of a newer one, and nothing tells. That is possible where
// another process has taken the card over, because the one before stood still, had lost
// the database or died. So such a card is shown once more when nothing of the earlier
// attempt can be under way any more, whatever is thought to stand there.

// doubt is what is known, when a card begins to be shown, of what may stand there.
type doubt struct {
	since time.Time // as it was kept
	due   bool      // to show it now clears it up
}

func doubtOf(kept store.Card, now time.Time) doubt {
	return doubt{kept.Doubt, !kept.Doubt.IsZero() && !kept.Doubt.After(now)}
}

// shown clears the doubt of a card up, unless it has come up anew meanwhile.
func (d doubt) shown(kept *store.Card) {
	if d.due && kept.Doubt.Equal(d.since) {
		kept.Doubt = time.Time{}
	}
}

// doubtCard has a card shown once more from a moment on. What never stood anywhere is shown
// by whoever took it over, who doubts it, too.
func doubtCard(u *engine.Unit, t store.Task, from time.Time) error {
	c, err := engine.ReadPayload[Card](t)
	if err != nil {
		return err
	}
	kept, err := keptCard(u.Tx, t.Subject, c)
	if err != nil || kept.Version == 0 {
		return err
	}
	kept.Doubt = from
	if err := engine.Save(u, engine.Cards(), &kept); err != nil {
		return err
	}
	return enqueueBy(u, t.Subject, c, from)
}
