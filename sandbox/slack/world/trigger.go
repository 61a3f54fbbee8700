package world

import (
	"fmt"
	"time"

	"latchkey/sandbox/slack/kit"
)

// Trigger is the right to open one view in answer to one interaction.
// See docs.slack.dev/interactivity/handling-user-interaction.
type Trigger struct {
	User    string
	View    string // the modal the interaction came from, if any
	expires time.Time
	used    bool
}

// NewTrigger mints the right to open a view in answer to what a person did, in
// a modal or elsewhere.
func (s *State) NewTrigger(userID, viewID string) string {
	now := time.Now()
	s.pruneTriggers(now)
	id := fmt.Sprintf("%d.%d.%s", now.UnixMilli(), 1000000000000+s.Serial(), kit.Secret(16))
	s.triggers[id] = &Trigger{User: userID, View: viewID, expires: now.Add(s.cfg.TriggerLife)}
	return id
}

// SetTriggerLife changes how long the triggers to come are good.
func (s *State) SetTriggerLife(d time.Duration) { s.cfg.TriggerLife = d }

// pruneTriggers forgets triggers that have been dead for long.
func (s *State) pruneTriggers(now time.Time) {
	if len(s.triggers) < 10000 {
		return
	}
	for id, t := range s.triggers {
		if now.Sub(t.expires) > time.Minute {
			delete(s.triggers, id)
		}
	}
}

// LookTrigger checks a trigger without spending it.
func (s *State) LookTrigger(id string) (*Trigger, error) {
	t := s.triggers[id]
	switch {
	case t == nil:
		return nil, Refusal("invalid_trigger_id")
	case t.used:
		return nil, Refusal("exchanged_trigger_id")
	case time.Now().After(t.expires):
		return nil, Refusal("expired_trigger_id")
	}
	return t, nil
}

// Spend uses the trigger up.
func (t *Trigger) Spend() { t.used = true }

// Refusal is an error by Slack's code for it.
type Refusal string

// Error is the code.
func (r Refusal) Error() string { return string(r) }
