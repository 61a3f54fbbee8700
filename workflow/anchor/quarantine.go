package anchor

import (
	"context"
	"fmt"

	"latchkey/access"
	"latchkey/evidence/anchor"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/requests"
)

// finding is a unit of work that holds new access back. Whoever shows how the log stands
// hears of it if nothing was held before.
func (s *Service) finding(ctx context.Context, work func(*engine.Unit) error) error {
	known := s.held(ctx)
	err := s.units.Update(ctx, work)
	if err == nil && !known {
		s.found()
	}
	return err
}

// quarantine holds new access back because of how the log stands.
func (s *Service) quarantine(ctx context.Context, cause string, c anchor.Comparison) error {
	return s.finding(ctx, func(u *engine.Unit) error {
		log, err := store.LogName(u.Tx)
		if err != nil {
			return err
		}
		h := store.Quarantine{Cause: cause, Why: waits(cause), Log: log, Size: c.Size, Instance: c.Latest}
		if c.Size > 0 {
			leaves, err := u.Tx.Leaves(c.Size-1, 1)
			if err != nil {
				return err
			}
			h.Head = leaves[0]
		}
		return requests.BeginQuarantine(u, h, append([]string{whyHeld(cause, c)}, remedies(h)...)...)
	})
}

// waits is why new access waits, for everybody.
func waits(cause string) string {
	switch cause {
	case store.QuarantineOlder:
		return "Latchkey's store is older than its record in Jira, and IT was told."
	case store.QuarantineFork:
		return "Latchkey's store and what is known of it elsewhere differ, and IT was told."
	}
	return "Another Latchkey works on the same record, and IT was told."
}

// whyHeld says what was seen.
func whyHeld(cause string, c anchor.Comparison) string {
	switch cause {
	case store.QuarantineOlder:
		if c.Size == 0 {
			return fmt.Sprintf("Latchkey's store is empty, and %s knows of %s.", c.Anchor.Where, counted(c.Anchor.Size))
		}
		return fmt.Sprintf("Latchkey's store is older than what is anchored of it: it has %s, and %s knows of %d.", counted(c.Size), c.Anchor.Where, c.Anchor.Size)
	case store.QuarantineFork:
		where := "a witness"
		if c.Anchor != nil {
			where = fmt.Sprintf("%s, %s", c.Anchor.Where, access.FullMoment(c.Anchor.Dated()))
		}
		return "Latchkey's log has another history than what is anchored of it (" + where + ")."
	}
	return "Another Latchkey works on the same log: it was started later, and was seen in " + c.Where + "."
}

// remedies say what follows, and in the end what can be done.
func remedies(h store.Quarantine) []string {
	switch h.Cause {
	case store.QuarantineOlder:
		if h.Size == 0 {
			return []string{"Nothing that was given before is known here, so it would never end.", "Stop Latchkey, move the store away and run latchkey recover: it rebuilds the store from Jira. Then start it again."}
		}
		return []string{
			"What it knows of ends on time. What Jira knows more about is left as it is.",
			"Stop Latchkey and run latchkey recover --forward: it brings the store up from Jira. Then start it again.",
		}
	case store.QuarantineFork:
		return []string{
			"Somebody has changed the store, or it is not the right one. Access that it knows of ends on time; nothing is written into Jira.",
			"latchkey evidence verify names what differs. Put the right store in its place, or move this one away and run latchkey recover.",
		}
	}
	return []string{
		"Two that share a key or tokens write two histories. Access that is known here ends on time; nothing is written into Jira from here.",
		"Stop one of the two. If this one is to go on, start it again then.",
	}
}
