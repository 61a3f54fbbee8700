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

	Waiting []Waiting `json:",omitempty"` // for them
}

// Announce arranges for a message to a person, or to the IT channel if to is
// empty. The same marker again, while the first waits, is nothing. Empty lines are
// left out.
func Announce(u *engine.Unit, marker string, to access.PersonID, title string, lines ...string) error {
	said := slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return l == "" })
	body, err := engine.Payload(message{To: to, Title: title, Lines: said})
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
	a := Announcement{Title: m.Title, Lines: m.Lines, Waiting: m.Waiting, Marker: t.ID, Again: t.Begun, Since: t.Created}
	if m.To != "" {
		a.To, err = s.people.Person(ctx, m.To)
		if people.Softly(err) != nil {
			return nil, err
		}
		if err != nil || a.To.Standing == access.Left {
			return nil, nil // nobody is there to read it
		}
	}
	return nil, s.messenger.Announce(ctx, a)
}
