package notify

import (
	"context"
	"errors"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// alarmEvery is how often the admins hear that the IT channel can't be written to, as
// long as something has to be told there.
const alarmEvery = 24 * time.Hour

// instead is what the IT channel could not be told, and why. Without a message it is
// the card of what the task is about.
type instead struct {
	Why      string
	Message  *message `json:",omitempty"`
	Revision int      `json:",omitempty"` // of the card
}

// tellAdmins arranges that the admins are told directly what a task could not tell the
// IT channel. Who they are is found out by a task of its own.
func tellAdmins(u *engine.Unit, t store.Task, i instead) error {
	body, err := engine.Payload(i)
	if err != nil {
		return err
	}
	_, err = u.Enqueue(store.Task{ID: "admins/" + t.ID, Queue: Queue, Kind: adminsTask, Subject: t.Subject, Priority: store.Notices, Payload: body})
	return err
}

// reachAdmins tells each of the admins.
func (s *Service) reachAdmins(ctx context.Context, t store.Task) (engine.Outcome, error) {
	i, err := engine.ReadPayload[instead](t)
	if err != nil {
		return nil, err
	}
	admins, err := s.people.Admins(ctx)
	if err != nil {
		return nil, err
	}
	if len(admins) == 0 {
		return nil, people.Rejected("The IT channel can't be written to (%s), and none of people.admins was found in Slack to be told instead: put either right", i.Why)
	}
	return func(u *engine.Unit) error {
		first, err := timeForAlarm(u)
		if err != nil {
			return err
		}
		for _, who := range admins {
			if err := i.tell(u, t, who, first); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// tell tells one admin; first: and why it isn't told in the channel.
func (i instead) tell(u *engine.Unit, t store.Task, who access.PersonID, first bool) error {
	if first {
		if err := alarm(u, who, i.Why); err != nil {
			return err
		}
	}
	if i.Message != nil {
		return Announce(u, t.ID+"/"+string(who), who, i.Message.Title, i.Message.Lines...)
	}
	return pace{}.enqueue(u, t.Subject, Card{Audience: ToIT.posting(i.Revision), Reader: who})
}

// Duties are what the room does by the calendar: a channel that IT is told in can be
// archived, renamed or closed at any time, and is missed only when it is needed.
func (s *Service) Duties() []engine.Duty {
	return []engine.Duty{{Name: "it-channel", Line: "30 * * * *", Do: s.lookAtITChannel}}
}

// lookAtITChannel tells the admins that it can't be written to. What time puts right
// is nothing to tell.
func (s *Service) lookAtITChannel(ctx context.Context, _ store.Task) (engine.Outcome, error) {
	err := s.messenger.Ready(ctx)
	if err == nil || !refused(access.Classify(err)) {
		return nil, nil
	}
	admins, unknown := s.people.Admins(ctx)
	if unknown != nil {
		return nil, unknown
	}
	return func(u *engine.Unit) error {
		if first, err := timeForAlarm(u); err != nil || !first {
			return err
		}
		for _, who := range admins {
			if err := alarm(u, who, access.Classify(err).Sentence); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// alarm tells an admin that the IT channel can't be written to.
func alarm(u *engine.Unit, who access.PersonID, why string) error {
	return Announce(u, "it-channel/"+string(who), who, "IT can't be told in its channel", why,
		"Until that is put right, I tell the admins directly what needs a human.")
}

// timeForAlarm tells whether it is time to say once more that the channel can't be used,
// and takes note that it is being said.
func timeForAlarm(u *engine.Unit) (bool, error) {
	n, _, err := u.Counts("it channel can't be used", alarmEvery)
	return n == 1, err
}

// askDirectly asks those who may decide now, each in a direct message, because the
// channel in which they are asked can't be written to: in the same revision as there.
func askDirectly(u *engine.Unit, about access.Subject, revision int) error {
	if about.Kind != access.SubjectRequest {
		return nil
	}
	r, err := u.Request(about.ID)
	if err != nil || r.State != access.RequestPending || r.Stage >= len(r.Stages) {
		return err
	}
	return pace{}.enqueue(u, about, each(ToApprover.posting(revision), r.Stages[r.Stage].Asked)...)
}

// unwritable tells whether a card, in any revision so far, waits for a human because
// its channel can't be written to.
func unwritable(u *engine.Unit, about access.Subject, c Card) (bool, error) {
	base, newest := c.Audience.Parts()
	if base != ToChannel {
		return false, nil
	}
	for n := 1; n <= max(newest, 1); n++ {
		c.Audience = base.posting(n)
		t, err := u.Tx.Task(cardTaskID(about, c))
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil || t.State == store.Stuck {
			return err == nil, err
		}
	}
	return false, nil
}
