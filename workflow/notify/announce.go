package notify

import (
	"context"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// message is an announcement that waits to be posted.
type message struct {
	To    access.PersonID // empty for the IT channel
	Title string
	Lines []string

	Urgent  bool      `json:",omitempty"` // those of IT are called who have to act
	Waiting []Waiting `json:",omitempty"` // for them

	Question *Question `json:",omitempty"` // to IT
	Picture  *Picture  `json:",omitempty"`
}

// Announce arranges for a message to a person, or to the IT channel if to is
// empty. The same marker again, while the first waits, is nothing. Empty lines are
// left out.
func Announce(u *engine.Unit, marker string, to access.PersonID, title string, lines ...string) error {
	return enqueueMessage(u, marker, message{To: to, Title: title, Lines: lines})
}

// Call is Announce for the IT channel that calls those who have to act, at whatever hour.
func Call(u *engine.Unit, marker, title string, lines ...string) error {
	return enqueueMessage(u, marker, message{Title: title, Lines: lines, Urgent: true})
}

// Ask is Announce to the IT channel of something that is answered there.
func Ask(u *engine.Unit, marker string, q Question, title string, lines ...string) error {
	return enqueueMessage(u, marker, message{Title: title, Lines: lines, Question: &q})
}

// Show is Announce for the IT channel with a picture in it.
func Show(u *engine.Unit, marker string, p Picture, title string, lines ...string) error {
	return enqueueMessage(u, marker, message{Title: title, Lines: lines, Picture: &p})
}

func enqueueMessage(u *engine.Unit, marker string, m message) error {
	m.Lines = slices.DeleteFunc(slices.Clone(m.Lines), func(l string) bool { return l == "" })
	body, err := engine.Payload(m)
	if err != nil {
		return err
	}
	_, err = u.Enqueue(store.Task{ID: "notice/" + marker, Queue: Queue, Kind: announcementTask, Priority: store.Notices, Payload: body})
	return err
}

// alertEvery is how long IT is not told the same again.
const alertEvery = 24 * time.Hour

// Alert tells the IT channel, unless it was told the same lately: whoever sees it, and
// however often Latchkey was started meanwhile.
func Alert(u *engine.Unit, marker, title string, lines ...string) error {
	n, _, err := u.Counts("alert|"+marker, alertEvery)
	if err != nil || n > 1 {
		return err
	}
	return Announce(u, marker, "", title, lines...)
}

// announce posts an announcement, once.
func (s *Service) announce(ctx context.Context, t store.Task) (engine.Outcome, error) {
	m, err := engine.ReadPayload[message](t)
	if err != nil {
		return nil, err
	}
	a := Announcement{Title: m.Title, Lines: m.Lines, Urgent: m.Urgent, Waiting: m.Waiting, Question: m.Question, Picture: m.Picture, Marker: t.ID, Again: t.Begun, Since: t.Created}
	if m.To != "" {
		a.To, err = s.people.Person(people.Alone(ctx), m.To)
		if people.Softly(err) != nil {
			return nil, err
		}
		if err != nil || a.To.Standing == access.Left {
			return nil, nil // nobody is there to read it
		}
	}
	return nil, s.messenger.Announce(ctx, a)
}
