package workflow

import (
	"context"

	"latchkey/access"
	"latchkey/store"
)

// noticePayload is a plain message that belongs to no request.
type noticePayload struct {
	To    access.PersonID // empty for the IT channel
	Title string
	Lines []string
}

func noticeTask(marker string, n noticePayload) store.Task {
	return store.Task{ID: "notice/" + marker, Queue: slackQueue, Kind: showNotice, Priority: store.Notices, Payload: payload(n)}
}

// announce posts a notice, once.
func (s *Service) announce(ctx context.Context, t store.Task) (outcome, error) {
	p, err := read[noticePayload](t)
	if err != nil {
		return nil, err
	}
	n := Notice{Title: p.Title, Lines: p.Lines, Marker: t.ID, Again: t.Begun}
	if p.To != "" {
		if n.To, err = s.people.byEmail(ctx, p.To); softly(err) != nil {
			return nil, err
		}
		if err != nil || n.To.Standing == access.Left {
			return nil, nil // nobody is there to read it
		}
	}
	return nil, s.ports.Messenger.Announce(ctx, n)
}

// tellIT announces a failure that belongs to no request. A notice that can't
// be posted is only logged: there is no other way to tell.
func (st *step) tellIT(t store.Task, f *access.Failure) error {
	if t.Kind == showNotice {
		return nil
	}
	return st.enqueue(noticeTask("failed/"+t.ID, noticePayload{
		Title: "Latchkey can't do one of its regular duties", Lines: []string{f.Sentence, "It is tried again at its next turn."},
	}))
}
