package requests

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// Message is what somebody says about a request, for everybody concerned.
type Message struct {
	Request string
	By      access.Actor
	Text    string
	// Origin is what it came of: a view, or where it stands already, as
	// "channel/ts" in Slack. The same again is not taken twice, and is not
	// repeated where it stands.
	Origin string
}

// heard refuses who says more than anybody can read.
func (m Message) heard(u *engine.Unit) error {
	left, in, err := u.Says(m.By, access.RequestSubject(m.Request))
	if err != nil || left >= 0 {
		return err
	}
	return access.Refuse(access.TooLate, "", "That's more than anybody can read: nothing more is taken from you here for "+catalog.FormatDuration(in)+" or less. Please put what matters into one message then.")
}

func (m Message) event(u *engine.Unit, r access.Request, kind access.EventKind, others []access.PersonID) access.Event {
	e := r.Event(kind, m.By, u.At)
	e.Reason, e.Approvers, e.Origin = strings.TrimSpace(m.Text), others, m.Origin
	return e
}

// conversations take what people say about a request while it is on its way.
type conversations struct {
	units     *engine.Units
	authority Authority
}

// Claim says that somebody is looking at a request, so that the others who were
// asked needn't. Only those who may decide it can.
func (c conversations) Claim(ctx context.Context, request string, by access.Actor) error {
	m := Message{Request: request, By: by}
	return c.units.LogRefusal(ctx, request, by, "claim", c.amongApprovers(ctx, m, access.EventClaimed))
}

// Ask takes a question from somebody who may decide. It is kept on the issue and
// said in the thread of every card; the request goes on waiting.
func (c conversations) Ask(ctx context.Context, m Message) error {
	return c.units.LogRefusal(ctx, m.Request, m.By, "ask", c.amongApprovers(ctx, m, access.EventQuestioned))
}

// amongApprovers takes what somebody says who may decide at this moment.
func (c conversations) amongApprovers(ctx context.Context, m Message, kind access.EventKind) error {
	r, err := requestNow(ctx, c.units, m.Request)
	if err != nil {
		return err
	}
	what := asItStands(string(kind), r)
	if err := c.units.RefusedLately(m.Request, m.By, what); err != nil {
		return err
	}
	eligible, err := c.speaking(ctx, r, m.By)
	if err != nil {
		return err
	}
	err = c.move(ctx, m.Request, func(u *engine.Unit, r access.Request) (access.Event, error) {
		if kind == access.EventClaimed && r.State == access.RequestPending && r.Stages[r.Stage].Claim.By != m.By.Person {
			return m.event(u, r, kind, eligible), claimsAgain(u, r, m.By)
		}
		return m.event(u, r, kind, eligible), m.heard(u)
	})
	return c.units.NoteRefusal(m.Request, m.By, what, err)
}

// speaking are those who may ask or say that they look at it. Neither decides
// anything, so those who were asked may, too, while it can't be found out who would
// be now.
func (c conversations) speaking(ctx context.Context, r access.Request, by access.Actor) ([]access.PersonID, error) {
	short, cancel := inBudget(ctx)
	defer cancel()
	found, err := c.authority.Established(short, r, by)
	if _, refused := access.AsRefusal(err); err != nil && !refused && ctx.Err() == nil && r.Stage < len(r.Stages) {
		return r.Stages[r.Stage].Asked, nil
	}
	return found.Who, err
}

// Comment takes what somebody concerned says: who asked, who gets the access,
// who was asked, and IT.
func (c conversations) Comment(ctx context.Context, m Message) error {
	err := c.move(ctx, m.Request, func(u *engine.Unit, r access.Request) (access.Event, error) {
		admins, err := c.authority.AdminsIn(u.Tx)
		if err == nil {
			err = m.heard(u)
		}
		return m.event(u, r, access.EventReplied, admins), err
	})
	return c.units.LogRefusal(ctx, m.Request, m.By, "say something", err)
}

func (c conversations) move(ctx context.Context, id string, event func(*engine.Unit, access.Request) (access.Event, error)) error {
	return c.units.Update(ctx, func(u *engine.Unit) error { return moveIn(u, id, event) })
}

// Hear takes a message from the thread that begins at a place in Slack. It is
// nothing to Latchkey, and ours is false, when no card stands there.
func (c conversations) Hear(ctx context.Context, channel, ts string, m Message) (ours bool, err error) {
	request, err := cardAt(ctx, c.units, channel, ts)
	if err != nil || request == "" {
		return false, err
	}
	m.Request = request
	return true, c.Comment(ctx, m)
}

// Concerns tells whether a card stands at a place in Slack, so that what is said
// in its thread concerns a request.
func (c conversations) Concerns(ctx context.Context, channel, ts string) (bool, error) {
	request, err := cardAt(ctx, c.units, channel, ts)
	return request != "", err
}

// cardAt is the request whose card stands at a place; "" if none does.
func cardAt(ctx context.Context, units *engine.Units, channel, ts string) (request string, err error) {
	err = units.View(ctx, func(tx store.Tx) error {
		card, err := store.CardAt(tx, channel, ts)
		request = card.Request
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("find the card of a thread: %w", err)
	}
	return request, nil
}

// longestLink is the longest address of a conversation that is kept.
const longestLink = 1000

// Link ties a request to the conversation it came up in. Those who asked, those
// who decide and IT can.
func (c conversations) Link(ctx context.Context, request, conversation string, by access.Actor) error {
	if u, err := url.Parse(conversation); err != nil || u.Scheme != "https" || u.Host == "" || len(conversation) > longestLink {
		return access.Refuse(access.Invalid, "request", "That conversation has no address to link to.")
	}
	caller, err := c.authority.Caller(ctx, by)
	if err != nil {
		return err
	}
	return c.units.Update(ctx, func(u *engine.Unit) error {
		r, err := requestIn(u, request)
		if err != nil {
			return err
		}
		if err := c.authority.May(caller, people.ActLink, people.Matter{App: r.App, Request: r}); err != nil || r.Conversation == conversation {
			return err
		}
		if err := (Message{Request: request, By: by}).heard(u); err != nil {
			return err
		}
		r.Conversation = conversation
		e := r.Event(access.EventNote, by, u.At)
		e.Note = "The request was linked to a conversation: " + conversation
		return engine.Begin(u, engine.Requests(), &r, e, access.Effect{Kind: access.EffectRecord}, access.Effect{Kind: access.EffectShowCards})
	})
}
