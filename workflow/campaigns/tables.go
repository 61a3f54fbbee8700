package campaigns

import (
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
)

// longest is how long a task that goes through all rows of a campaign may take. It is broken off when the process is asked
// to stop, and begun anew at the next start.
const longest = 30 * time.Minute

// Effects are the room's lines in the table of effects.
func Effects() map[access.EffectKind]engine.EffectFunc {
	return map[access.EffectKind]engine.EffectFunc{access.EffectSettleReview: settleEnded}
}

// deciding are the handlers of what happens from the start of a campaign to its end.
func (s *Service) deciding() map[string]engine.Handler {
	long := func(do engine.HandlerFunc) engine.Handler {
		return engine.Handler{Do: do, Timeout: longest, Restarts: true}
	}
	return map[string]engine.Handler{TurnTask: long(s.turn), TellTask: long(s.tell), LateTask: long(s.lateReviewers), RecheckTask: long(s.recheck), RevokeTask: {Do: s.revoke}}
}

// DueScans are the room's lines in the table of what falls due.
func (s *Service) DueScans() []engine.DueScan {
	return []engine.DueScan{{Kind: "campaign", Do: s.campaignDue}, {Kind: "review_item", Do: s.itemDue}}
}

// revocations says what follows when the issue of a revocation exists.
func revocations() map[string]ledger.Reported {
	return map[string]ledger.Reported{ThenRevocation: revocationOpened}
}

// decidingPurposes say what those tasks are for.
func decidingPurposes() map[string]func(store.Tx, store.Task) string {
	always := func(what string) func(store.Tx, store.Task) string {
		return func(store.Tx, store.Task) string { return what }
	}
	return map[string]func(store.Tx, store.Task) string{
		TurnTask: always("end a stage of an access review"), TellTask: always("tell reviewers what waits for them"), LateTask: always("ask others where reviewers are late"),
		RevokeTask: always("take away what an access review revoked"), RecheckTask: always("look whether what an access review removed is still gone"),
	}
}
