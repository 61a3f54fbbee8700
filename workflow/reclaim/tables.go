package reclaim

import (
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// Duties are the room's lines in the table of duties.
func (s *Service) Duties() []engine.Duty {
	return []engine.Duty{{Name: Duty, Line: s.line, Do: s.turn}}
}

// checkTimeout bounds reading the use of an app once more: its records are read to their end.
const checkTimeout = 10 * time.Minute

// Handlers are the room's lines in the table of handlers.
func (s *Service) Handlers() map[string]engine.Handler {
	return map[string]engine.Handler{CheckTask: {Do: s.check, Timeout: checkTimeout, Restarts: true}, LowerTask: {Do: s.beginLower}, BackTask: {Do: s.beginBack}}
}

// Effects are the room's lines in the table of effects.
func Effects() map[access.EffectKind]engine.EffectFunc {
	return map[access.EffectKind]engine.EffectFunc{access.EffectSettleReclaim: settleEnded}
}

// DueScans are the room's lines in the table of what falls due.
func (s *Service) DueScans() []engine.DueScan { return []engine.DueScan{{Kind: "reclaim", Do: s.due}} }

// Failures are the room's lines in the table of failure policies. Looking is never given up: a directory may be away for days.
func Failures() map[string]engine.Policy {
	p := notify.Visible()
	p.Parking = engine.ParkSlow
	return map[string]engine.Policy{CheckTask: p, LowerTask: p, BackTask: p}
}

// Purposes say what the room's tasks are for.
func Purposes() map[string]func(store.Tx, store.Task) string {
	always := func(what string) func(store.Tx, store.Task) string {
		return func(store.Tx, store.Task) string { return what }
	}
	return map[string]func(store.Tx, store.Task) string{
		CheckTask: always("look whether an idle seat is used, before anything is taken away"),
		LowerTask: always("give a lower role in the place of one that nobody uses"),
		BackTask:  always("give back what was taken away because nobody used it"),
	}
}
