package backstop

import (
	"context"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/membership"
	"latchkey/workflow/people"
)

// Service has directories told when they are to end memberships by themselves. It is safe for
// concurrent use.
type Service struct {
	units  *engine.Units
	dirs   people.Directories
	places *membership.Finder
}

// New makes the room.
func New(units *engine.Units, dirs people.Directories, places *membership.Finder) *Service {
	return &Service{units: units, dirs: dirs, places: places}
}

// task is the kind of task that tells a directory when it is to end a membership by itself. It follows what it is
// about, in the same transaction, and holds nothing up: access is given, extended and ended without it.
const task = "grant.backstop"

// Effects are the room's lines in the table of effects.
func Effects() map[access.EffectKind]engine.EffectFunc {
	return map[access.EffectKind]engine.EffectFunc{access.EffectBackstop: moved}
}

// Handlers are the room's lines in the table of handlers.
func (s *Service) Handlers() map[string]engine.Handler {
	return map[string]engine.Handler{task: {Do: s.do}}
}

const (
	backoff        = 5 * time.Second // as soon as a directory is back
	refusedBackoff = 2 * time.Minute // again all the same, but not hastily
)

// Failures are the room's lines in the table of failure policies: telling a directory of
// another end is never given up. visible shows that it doesn't work.
func Failures(visible engine.Policy) map[string]engine.Policy {
	return map[string]engine.Policy{
		task: {Parking: engine.ParkSlow, Backoff: backoff, Slow: refusedBackoff, Tell: visible.Tell, Recovered: visible.Recovered},
	}
}

// Purposes say what the room's tasks are for.
func Purposes() map[string]func(store.Tx, store.Task) string {
	return map[string]func(store.Tx, store.Task) string{task: func(tx store.Tx, t store.Task) string {
		return membership.Purpose("tell the directory when to end a membership of")(tx, t) + " by itself"
	}}
}

// moved has the directories of a grant told of another end.
func moved(u *engine.Unit, e access.Event, _ access.Effect) error {
	g, err := u.Grant(e.Grant)
	if err != nil {
		return err
	}
	for _, ent := range g.Entitlements {
		if ent.State != access.EntitlementHeld {
			continue
		}
		// As urgent as a removal: an end that isn't moved in time takes away what is valid.
		if err := membership.Enqueue(u, e, ent.Group, task, store.Removals); err != nil {
			return err
		}
	}
	return nil
}

// Tell has a directory told when a membership ends that a grant gave, if it can end memberships by itself.
func (s *Service) Tell(u *engine.Unit, g access.Grant, ref catalog.GroupRef) error {
	if _, able := s.expirer(ref.Directory); !able {
		return nil
	}
	return membership.Enqueue(u, g.Event(access.EventBackstop, access.System(), u.At), ref, task, store.Additions)
}

func (s *Service) expirer(directory string) (idp.Expirer, bool) {
	dir, known := s.dirs.Get(directory)
	if !known {
		return nil, false
	}
	return idp.As[idp.Expirer](dir)
}

// Itself is what is said of a removal where the directory was to end the membership by itself by now, and the person isn't
// in the group any more; "" otherwise.
func (s *Service) Itself(ctx context.Context, g access.Grant, at membership.Place) string {
	ent, _ := g.Entitlement(at.Ref)
	if ent.Backstop.IsZero() || s.units.Now().Before(ent.Backstop) {
		return ""
	}
	if there, err := at.IsMember(ctx); err != nil || there {
		return ""
	}
	return fmt.Sprintf("They were not in it any more when Latchkey came to remove them: %s was told to end it by itself on %s.", membership.Title(at.Ref.Directory), moment(ent.Backstop))
}
