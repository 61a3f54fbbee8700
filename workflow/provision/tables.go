package provision

import (
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/membership"
)

// Effects are the room's lines in the table of effects.
func Effects() map[access.EffectKind]engine.EffectFunc {
	return map[access.EffectKind]engine.EffectFunc{
		access.EffectAddMember: func(u *engine.Unit, e access.Event, eff access.Effect) error {
			return membership.Enqueue(u, e, *eff.Group, addTask, store.Additions)
		},
		access.EffectRemoveMember: func(u *engine.Unit, e access.Event, eff access.Effect) error {
			return membership.Enqueue(u, e, *eff.Group, removeTask, store.Removals)
		},
		access.EffectDropAdds: dropAdditions,
	}
}

// Handlers are the room's lines in the table of handlers. compare has groups compared with
// the grants soon: where a process put somebody in or took them out that had been taken for
// dead, that may have come after what others did since.
func (s *Service) Handlers(compare func(u *engine.Unit, t store.Task, from time.Time) error) map[string]engine.Handler {
	return map[string]engine.Handler{addTask: {Do: s.add, Overtaken: compare}, removeTask: {Do: s.remove, Overtaken: compare}, sessionsTask: {Do: s.end}}
}

const (
	// A removal is tried again soon after a directory is back, whatever it went through.
	removalBackoff = 5 * time.Second
	// A removal that is refused is tried again all the same, but not hastily.
	refusedBackoff = 2 * time.Minute
)

// Failures are the room's lines in the table of failure policies. An addition
// that can't be made is parked in its grant, which is then visibly stuck. A
// removal is never given up. visible shows what else doesn't work.
func (s *Service) Failures(visible engine.Policy) map[string]engine.Policy {
	return map[string]engine.Policy{
		addTask:      {Parking: engine.ParkNoun, Tell: s.stuck},
		removeTask:   {Parking: engine.ParkSlow, Backoff: removalBackoff, Slow: refusedBackoff, Soon: sticks, Tell: s.stuck},
		sessionsTask: visible,
	}
}

// Queues are the queues the room's tasks wait in: one for each directory.
func (s *Service) Queues() []string {
	out := make([]string, len(s.dirs))
	for i, d := range s.dirs {
		out[i] = d.ID()
	}
	return out
}

// Purposes say what the room's tasks are for.
func Purposes() map[string]func(store.Tx, store.Task) string {
	return map[string]func(store.Tx, store.Task) string{
		addTask:      membership.Purpose("put somebody into"),
		removeTask:   membership.Purpose("take somebody out of"),
		sessionsTask: func(_ store.Tx, t store.Task) string { return "end the sessions of somebody whose access was revoked" },
	}
}
