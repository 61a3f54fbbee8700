package slack

import (
	"fmt"
	"time"
)

// trigger is the right to open one view in answer to one interaction.
// See docs.slack.dev/interactivity/handling-user-interaction.
type trigger struct {
	user    string
	view    string // the modal the interaction came from, if any
	expires time.Time
	used    bool
}

func (s *Server) newTrigger(userID, viewID string) string {
	now := time.Now()
	s.pruneTriggers(now)
	s.world.mint.n++
	id := fmt.Sprintf("%d.%d.%s", now.UnixMilli(), 1000000000000+s.world.mint.n, secret(16))
	s.triggers[id] = &trigger{user: userID, view: viewID, expires: now.Add(s.cfg.TriggerLife)}
	return id
}

// pruneTriggers forgets triggers that have been dead for long.
func (s *Server) pruneTriggers(now time.Time) {
	if len(s.triggers) < 10000 {
		return
	}
	for id, t := range s.triggers {
		if now.Sub(t.expires) > time.Minute {
			delete(s.triggers, id)
		}
	}
}

// lookTrigger checks a trigger without spending it.
func (s *Server) lookTrigger(id string) (*trigger, error) {
	t := s.triggers[id]
	switch {
	case t == nil:
		return nil, fail("invalid_trigger_id")
	case t.used:
		return nil, fail("exchanged_trigger_id")
	case time.Now().After(t.expires):
		return nil, fail("expired_trigger_id")
	}
	return t, nil
}
