package engine

import (
	"time"

	"latchkey/access"
	"latchkey/store"
)

// tellSoon tells a human at once where the policy says so.
func (f failure) tellSoon() (told bool, err error) {
	if f.policy.Soon == nil || f.cause.Class == access.Limited || !f.tells {
		return false, nil
	}
	if told, err = f.policy.Soon(f.Unit, f.task, f.cause); err != nil || !told {
		return false, err
	}
	return true, f.tell()
}

// tell makes the trouble visible to a human.
func (f failure) tell() error {
	if f.policy.Tell == nil || !f.tells {
		return nil
	}
	return f.policy.Tell(f.Unit, f.task, f.cause)
}

// park stops a task that can't work as it is asked. It stays, and holds up what
// has to come after it, until a human asks to try again; or it goes, and its noun
// shows the trouble; or it is one that is never given up and goes on slowly. What
// was denied may work any time, when the token or the right is there again: it
// stays, and is tried again by itself.
func (f failure) park(told bool) error {
	if !told {
		if err := f.tell(); err != nil {
			return err
		}
	}
	denied := f.cause.Class == access.Denied && f.task.Kind != DutyTask // a duty has its next turn
	switch {
	case f.policy.Parking == ParkSlow, f.policy.Parking == ParkNoun && denied:
		f.task.NotBefore = f.asked.Add(f.policy.Slow)
	case f.policy.Parking == ParkNoun && f.tells:
		f.touch(queueTopic(f.task.Queue))
		return f.Tx.Done(f.task.ID, f.task.Owner)
	case denied:
		f.task.Attempts = max(f.task.Attempts, f.policy.Attempts) // it was told: see recovered
		f.task.State, f.task.NotBefore = store.Stuck, f.asked.Add(resumeAfter(f.task.Attempts-f.policy.Attempts))
	default:
		f.task.State, f.task.NotBefore = store.Stuck, time.Time{}
	}
	return f.requeue()
}
