package campaigns

import (
	"context"
	"errors"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// DutyPrefix begins the names of the room's duties in the calendar: one for each review that has a line of its own.
const DutyPrefix = "review/"

// Duties are the room's lines in the table of duties.
func (s *Service) Duties() (out []engine.Duty) {
	for _, r := range s.reviews() {
		if r.Line != "" {
			out = append(out, engine.Duty{Name: DutyPrefix + r.ID, Line: r.Line, Do: s.turn(r.ID)})
		}
	}
	return out
}

// turn begins a run of a review because its time has come. While the run before goes on, none begins: IT hears of it.
func (s *Service) turn(id string) engine.DutyFunc {
	return func(ctx context.Context, _ store.Task) (engine.Outcome, error) {
		r, err := s.configured(id)
		if err != nil {
			return nil, nil // it isn't configured any more
		}
		return func(u *engine.Unit) error { return turned(u, r) }, nil
	}
}

func turned(u *engine.Unit, r catalog.Review) error {
	_, err := begin(u, access.Campaign{ID: newCampaignID(), Review: r, By: access.System()})
	var refused *access.Refusal
	if !errors.As(err, &refused) {
		return err
	}
	return notify.Announce(u, "campaign/late/"+r.ID, "", "An access review could not begin", refused.Sentence, "It begins at its next time, or when you begin it.")
}

// Handlers are the room's lines in the table of handlers.
func (s *Service) Handlers() map[string]engine.Handler {
	long := func(do engine.HandlerFunc) engine.Handler {
		return engine.Handler{Do: do, Timeout: longest, Restarts: true}
	}
	return map[string]engine.Handler{
		ReadTask:  {Do: s.read, Timeout: readTimeout, Restarts: true},
		StageTask: long(s.stageOver), TellTask: long(s.tell), LateTask: long(s.lateReviewers), RecheckTask: long(s.recheck), RevokeTask: {Do: s.revoke}, BackTask: {Do: s.begin},
	}
}

// longest is how long a task that goes through all rows of a campaign may take. It is broken off when the process is asked
// to stop, and begun anew at the next start.
const longest = 30 * time.Minute

// Effects are the room's lines in the table of effects.
func Effects() map[access.EffectKind]engine.EffectFunc {
	return map[access.EffectKind]engine.EffectFunc{access.EffectSettleReview: settleEnded}
}

// DueScans are the room's lines in the table of what falls due.
func (s *Service) DueScans() []engine.DueScan {
	return []engine.DueScan{{Kind: "campaign", Do: s.campaignDue}, {Kind: "review_item", Do: s.itemDue}}
}

// Failures are the room's lines in the table of failure policies. Reading and removing are never given up: a directory may
// be away for a day.
func Failures() map[string]engine.Policy {
	p := notify.Visible()
	p.Parking = engine.ParkSlow
	return map[string]engine.Policy{ReadTask: p, StageTask: p, TellTask: p, LateTask: p, RevokeTask: p, RecheckTask: p, BackTask: p}
}

// Purposes say what the room's tasks are for.
func Purposes() map[string]func(store.Tx, store.Task) string {
	always := func(what string) func(store.Tx, store.Task) string {
		return func(store.Tx, store.Task) string { return what }
	}
	return map[string]func(store.Tx, store.Task) string{
		ReadTask: always("read who has which access, for a review"), StageTask: always("end a stage of an access review"),
		TellTask: always("tell reviewers what waits for them"), LateTask: always("ask others where reviewers are late"),
		BackTask:   always("give back what an access review took away"),
		RevokeTask: always("take away what an access review revoked"), RecheckTask: always("look whether what an access review removed is still gone"),
	}
}
