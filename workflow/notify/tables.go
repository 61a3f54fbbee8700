package notify

import (
	"maps"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// readerships are those of the nouns that this room knows by itself.
func readerships() map[access.SubjectKind]Readership {
	return map[access.SubjectKind]Readership{
		access.SubjectRequest: {Cards: cardsOfRequest},
		access.SubjectGrant:   {Announce: announceGrant},
	}
}

// Effects are the room's lines in the table of effects. further are who reads
// about the nouns that other rooms know; what happens to a request within together is
// one edit of a card.
func Effects(further map[access.SubjectKind]Readership, together time.Duration) map[access.EffectKind]engine.EffectFunc {
	all, p := readerships(), pace{together}
	maps.Copy(all, further)
	return map[access.EffectKind]engine.EffectFunc{
		access.EffectShowCards: func(u *engine.Unit, e access.Event, _ access.Effect) error { return p.show(u, all, e) },
		access.EffectTell:      func(u *engine.Unit, e access.Event, _ access.Effect) error { return tell(u, all, e) },
		access.EffectTellStuck: tellStuck,
		access.EffectRemind:    remind,
	}
}

// Handlers are the room's lines in the table of handlers.
func (s *Service) Handlers() map[string]engine.Handler {
	return map[string]engine.Handler{
		cardTask:         {Do: s.showCard, Overtaken: doubtCard, Doubts: true},
		cardsTask:        {Do: s.lookAgain},
		threadTask:       {Do: s.tellThread},
		announcementTask: {Do: s.announce},
		stuckTask:        {Do: s.announceStuck},
		waitingTask:      {Do: s.tellWaiting},
		adminsTask:       {Do: s.reachAdmins},
		laterTask:        {Do: s.lookAgain},
		nudgeTask:        {Do: s.offer},
		digestTask:       {Do: s.digest},
	}
}

// Failures are the room's lines in the table of failure policies. That the admins
// can't be told either only the task says: there is no other way to tell.
func (s *Service) Failures() map[string]engine.Policy {
	return map[string]engine.Policy{
		cardTask:         {Tell: unshown, Recovered: resumed},
		cardsTask:        Visible(),
		threadTask:       Visible(),
		announcementTask: {Tell: unannounced},
		adminsTask:       {},
		laterTask:        Visible(),
		nudgeTask:        Visible(),
		digestTask:       Visible(),
		stuckTask:        {},
		waitingTask:      {},
	}
}

// Purposes say what the room's tasks are for.
func Purposes() map[string]func(store.Tx, store.Task) string {
	return map[string]func(store.Tx, store.Task) string{
		cardTask:         func(tx store.Tx, t store.Task) string { return "tell " + readerOf(tx, t) },
		cardsTask:        func(store.Tx, store.Task) string { return "tell those whom a request concerns how it stands" },
		threadTask:       func(store.Tx, store.Task) string { return "pass a message on in Slack" },
		announcementTask: func(store.Tx, store.Task) string { return "post an announcement in Slack" },
		stuckTask:        func(store.Tx, store.Task) string { return "tell the IT channel which removals are stuck" },
		waitingTask:      func(store.Tx, store.Task) string { return "tell somebody in Slack what waits for them" },
		adminsTask:       func(store.Tx, store.Task) string { return "tell the admins in Slack" },
		digestTask:       func(store.Tx, store.Task) string { return "tell somebody what happened since yesterday" },
		laterTask:        func(store.Tx, store.Task) string { return "tell who waits that it takes longer" },
		nudgeTask:        func(store.Tx, store.Task) string { return "offer a nudge to who waits" },
	}
}

func readerOf(tx store.Tx, t store.Task) string {
	c, err := engine.ReadPayload[Card](t)
	switch {
	case err == nil && c.Reader != "":
		p, err := people.In(tx, c.Reader)
		if err != nil {
			p = people.Stranger(c.Reader)
		}
		return p.Contact() + " in Slack"
	case err == nil && c.Address != "":
		return string(c.Address) + " in Slack"
	case err == nil && c.Channel != "":
		return c.Channel + " in Slack"
	}
	return "the IT channel"
}
