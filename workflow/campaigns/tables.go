package campaigns

import (
	"context"
	"errors"
	"maps"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/campaigns/deciding"
	"latchkey/workflow/campaigns/enforcing"
	"latchkey/workflow/campaigns/publishing"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/campaigns/stages"
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
		return func(u *engine.Unit) error { return s.turned(u, r) }, nil
	}
}

func (s *Service) turned(u *engine.Unit, r catalog.Review) error {
	_, err := s.begin(u, access.Campaign{ID: newCampaignID(), Review: r, By: access.System()})
	var refused *access.Refusal
	if !errors.As(err, &refused) {
		return err
	}
	return notify.Announce(u, "campaign/late/"+r.ID, "", "An access review could not begin", refused.Sentence, "It begins at its next time, or when you begin it.")
}

// Handlers are the room's lines in the table of handlers.
func (s *Service) Handlers() map[string]engine.Handler {
	all := map[string]engine.Handler{ReadTask: {Do: s.read, Timeout: readTimeout, Restarts: true}}
	maps.Copy(all, s.stages.Handlers())
	maps.Copy(all, s.Deciding.Handlers())
	maps.Copy(all, s.Enforcing.Handlers())
	maps.Copy(all, s.publishing.Handlers())
	return all
}

// Effects are the room's lines in the table of effects.
func Effects() map[access.EffectKind]engine.EffectFunc {
	return enforcing.Effects()
}

// DueScans are the room's lines in the table of what falls due.
func (s *Service) DueScans() []engine.DueScan {
	return append([]engine.DueScan{{Kind: "campaign", Do: s.campaignDue}}, s.Enforcing.DueScans()...)
}

// campaignDue does what a campaign's time has come for.
func (s *Service) campaignDue(u *engine.Unit, id string) error {
	c, err := engine.Load(u, rows.Campaigns(), id)
	if err != nil {
		return err
	}
	if c.State == access.CampaignEnforcing {
		return s.Enforcing.RecheckSoon(u, c)
	}
	return s.stages.Due(u, c)
}

// Failures are the room's lines in the table of failure policies. Reading and removing are never given up: a directory may
// be away for a day.
func Failures() map[string]engine.Policy {
	p, out := notify.Visible(), map[string]engine.Policy{}
	p.Parking = engine.ParkSlow
	for kind := range purposes() {
		out[kind] = p
	}
	return out
}

// Purposes say what the room's tasks are for.
func Purposes() map[string]func(store.Tx, store.Task) string {
	out := map[string]func(store.Tx, store.Task) string{}
	for kind, what := range purposes() {
		out[kind] = func(store.Tx, store.Task) string { return what }
	}
	return out
}

// purposes say what each kind of task is for.
func purposes() map[string]string {
	all := map[string]string{ReadTask: "read who has which access, for a review"}
	maps.Copy(all, stages.Purposes())
	maps.Copy(all, deciding.Purposes())
	maps.Copy(all, enforcing.Purposes())
	maps.Copy(all, publishing.Purposes())
	return all
}
