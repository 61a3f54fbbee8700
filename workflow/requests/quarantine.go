package requests

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// BeginQuarantine holds new access back until EndQuarantine, and tells IT. The same cause again is
// nothing.
func BeginQuarantine(u *engine.Unit, h store.Quarantine, lines ...string) error {
	_, err := store.LoadQuarantine(u.Tx, h.Cause)
	if err == nil || !errors.Is(err, store.ErrNotFound) {
		return err
	}
	h.Since = u.At
	if err := store.PutQuarantine(u.Tx, &h); err != nil {
		return err
	}
	return notify.Announce(u, "quarantine/"+h.Cause+"/"+u.At.Format(moment), "", "New access waits", append([]string{h.Why}, lines...)...)
}

// moment tells one quarantine of a cause from another.
const moment = "20060102150405.000"

// EndQuarantine ends what BeginQuarantine began: that is an event, IT are told, and what waited
// goes on unless something else stops it. A quarantine that isn't there is nothing.
func EndQuarantine(u *engine.Unit, cause string, by access.Actor, note string) error {
	_, err := store.LoadQuarantine(u.Tx, cause)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	var damaged *store.Damaged
	if err != nil && !errors.As(err, &damaged) {
		return err
	}
	if err := store.DropQuarantine(u.Tx, cause); err != nil {
		return err
	}
	e, err := u.Append(access.Event{Kind: access.EventQuarantineEnded, At: u.At, Actor: by, Subject: access.LogSubject(), Origin: cause, Note: note})
	if err != nil {
		return err
	}
	lines := []string{note}
	if p, held, err := store.PausedBy(u.Tx, u.At); err != nil {
		return err
	} else if held {
		lines = append(lines, "It still waits: "+p.Reason)
	}
	if err := notify.Announce(u, "quarantine/"+e.ID, "", "New access goes on", lines...); err != nil {
		return err
	}
	return enqueueDeferred(u)
}

// QuarantineRestored quarantines a store that was restored from a backup, whatever kept it before:
// nobody is added until it is known what happened since the copy was taken.
func QuarantineRestored(u *engine.Unit, copied time.Time) (err error) {
	h := store.Quarantine{Cause: store.QuarantineRestored, Backup: copied}
	if h.Log, err = store.LogName(u.Tx); err != nil {
		return err
	}
	if h.Size, h.Head, err = store.LogEnd(u.Tx); err != nil {
		return err
	}
	h.Why = "Latchkey's store was restored from a backup of " + access.FullMoment(h.Backup) + ", and what happened since is being compared."
	if err := store.DropQuarantine(u.Tx, h.Cause); err != nil {
		return err
	}
	return BeginQuarantine(u, h,
		fmt.Sprintf("It holds %d events. Access that it knows of ends on time. Access that was given since is not known here.", h.Size),
		"It goes on by itself once the store was compared with what was anchored outside, or when an admin has looked and says so: latchkey restore --accept")
}

// Accept takes a restored store as it is, on the word of an admin: new access goes on.
func (l *Controls) Accept(ctx context.Context, by access.Actor) (was store.Quarantine, err error) {
	caller, err := l.authority.CallerNow(ctx, by)
	if err != nil {
		return was, err
	}
	err = l.units.Update(ctx, func(u *engine.Unit) error {
		if err := l.authority.May(caller, people.ActPause, people.Matter{}); err != nil {
			return err
		}
		if _, err := store.LoadQuarantine(u.Tx, store.QuarantineOlder); err == nil {
			return access.Refuse(access.TooLate, "", "This store is not only a copy: Jira knows more than it does. Stop Latchkey and run latchkey recover --forward, which brings it up.")
		}
		if was, err = store.LoadQuarantine(u.Tx, store.QuarantineRestored); errors.Is(err, store.ErrNotFound) {
			return access.Refuse(access.TooLate, "", "This store was not restored from a backup, or was accepted already: nothing waits for it.")
		}
		if err != nil {
			return err
		}
		who, err := actorName(u.Tx, by)
		if err != nil {
			return err
		}
		if err := accept(u, was.Backup); err != nil {
			return err
		}
		return EndQuarantine(u, store.QuarantineRestored, by, fmt.Sprintf("%s takes the store as it is. It was restored from a backup of %s, in which the log ended with event %d, leaf %s.",
			who, access.FullMoment(was.Backup), was.Size, was.Head))
	})
	return was, l.units.LogRefusal(ctx, "", by, "accept a restored store", err)
}

// accept notes that the store may not know of what happened since the copy was taken.
func accept(u *engine.Unit, copied time.Time) error {
	a, err := store.Accepted(u.Tx)
	if err != nil {
		return err
	}
	a.At, a.Backup = u.At, copied
	return store.PutAccepted(u.Tx, &a)
}
