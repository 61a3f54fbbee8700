package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// LookTask is the kind of task that reads an account which a log has named.
const LookTask = "account.look"

// settles is how long after it was told of a deletion an account must not be found, at least.
const settles = 30 * time.Second

// hinted is the payload of a LookTask.
type hinted struct {
	Directory string
	Account   string
	Deleted   bool `json:",omitempty"` // the log says that the account is no more
}

// hint arranges for the accounts to be read which a log has named: each once of a sort for
// what happened within a second. What happened later is another look: one that is under way may have read the account before.
func hint(u *engine.Unit, directory string, changes []idp.AccountChange) error {
	for _, c := range changes {
		h := hinted{Directory: directory, Account: c.AccountID, Deleted: c.Kind == idp.AccountDeleted}
		body, err := engine.Payload(h)
		if err != nil {
			return err
		}
		id := fmt.Sprintf("account/%s/%s/%s/%d", directory, c.AccountID, sort(c.Kind), c.At.Unix())
		t := store.Task{ID: id, Queue: directory, Kind: LookTask, Priority: urgency(c.Kind), Payload: body}
		if _, err := u.Enqueue(t); err != nil {
			return err
		}
	}
	return nil
}

// sort has who may have left looked at beside whatever waits to be looked at with no hurry.
func sort(k idp.ChangeKind) string {
	if k == idp.AccountClosed || k == idp.AccountDeleted {
		return string(k)
	}
	return "changed"
}

// urgency has leavers go before everybody else, and behind what is ending already.
func urgency(k idp.ChangeKind) store.Priority {
	if k == idp.AccountClosed || k == idp.AccountDeleted {
		return store.Removals + 1
	}
	return store.Notices
}

// look carries a LookTask out.
func (s *Service) look(ctx context.Context, t store.Task) (engine.Outcome, error) {
	h, err := engine.ReadPayload[hinted](t)
	if err != nil {
		return nil, err
	}
	d, known := s.dirs.Get(h.Directory)
	if !known {
		return nil, nil // it isn't configured any more
	}
	if t.Priority < store.Additions {
		ctx = idp.WithPriority(ctx, idp.Addition) // behind removals, before whoever looks around
	}
	who, err := s.people.Whose(ctx, h.Directory, h.Account)
	if err != nil {
		return nil, err
	}
	if who != "" {
		s.people.Forget(who)
	}
	account, err := d.Person(ctx, h.Account)
	switch {
	case errors.Is(err, idp.ErrNotFound):
		return nil, s.notFound(ctx, t, h, who)
	case err != nil:
		return nil, people.DirectoryFailure(d, "Read an account in "+h.Directory+" of which its log tells something new", err)
	}
	if who != "" && account.Status == idp.Left {
		if err := s.left(ctx, h.Directory, who); err != nil {
			return nil, err
		}
	}
	return nil, s.listener.Seen(ctx, h.Directory, account, who)
}

// notFound is for an account that isn't found by its id. That alone proves nothing. Where the log says that it was
// deleted, and it is still not found when the directory has had its time to settle, two say the same.
func (s *Service) notFound(ctx context.Context, t store.Task, h hinted, who access.PersonID) error {
	d, _ := s.dirs.Get(h.Directory)
	wait := settles
	if lagging, able := idp.As[idp.Lagging](d); able {
		wait = max(wait, lagging.ReadLag())
	}
	switch rest := t.Created.Add(wait).Sub(s.units.Now()); {
	case !h.Deleted || who == "":
		return nil
	case rest > 0:
		return &access.Failure{Class: access.Limited, After: rest, Sentence: "An account was deleted; it is looked once more whether it is gone"}
	}
	return s.left(ctx, h.Directory, who)
}

// left does what follows when an account is closed by which somebody is known: nothing, if another directory says who
// has left.
func (s *Service) left(ctx context.Context, directory string, who access.PersonID) error {
	if speaks, err := s.people.Speaks(ctx, directory, who); err != nil || !speaks {
		return err
	}
	return s.leavers.Left(ctx, who)
}
