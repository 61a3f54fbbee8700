package modals

import (
	"context"
	"encoding/json"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/cards"
	"latchkey/bot/payload"
	"latchkey/bot/respond"
	"latchkey/bot/route"
	"latchkey/catalog"
	"latchkey/clock"
	"latchkey/workflow/people"
)

const (
	callbackLeaveOut = "seat_left_out" // never changed
	leaveOutTitle    = "Leave a seat out"
)

// SeatKeepers take what those say of idle seats who look after the apps.
type SeatKeepers interface {
	// Exempt leaves a seat out of which its holder was asked; until zero: for good.
	Exempt(ctx context.Context, by access.Actor, id string, until time.Time, why string) (access.Reclaim, error)
	// LeaveOut leaves a seat out, whether its holder was asked or not.
	LeaveOut(ctx context.Context, by access.Actor, who access.PersonID, app string, until time.Time, why string) (access.Reclaim, error)
	// Askable ends that it is left out.
	Askable(ctx context.Context, by access.Actor, id string) (access.Reclaim, error)
}

// SeatNames knows who is who.
type SeatNames interface {
	Allow(ctx context.Context, by access.Actor, act people.Act, about people.Matter) error
	Names(ctx context.Context, who []access.PersonID) map[access.PersonID]access.Person
}

// SeatKeeping has IT and the owners of apps leave seats out, and have them asked about again.
type SeatKeeping struct {
	respond *respond.Responder
	catalog func() *catalog.Catalog
	seats   Seats
	keep    SeatKeepers
	people  SeatNames
}

func (m *SeatKeeping) routes() route.Table {
	return route.Table{
		Clicks: map[route.Key]route.Click{
			route.Anywhere(cards.ActionSeatExempt): func(_ context.Context, in payload.Interaction, a payload.Action) error {
				m.open(in, func(context.Context) (leftOutSeat, error) { return leftOutSeat{Case: a.Value}, nil })
				return nil
			},
			route.Anywhere(cards.ActionSeatAskable): m.askable,
		},
		Submissions: map[string]route.Submission{callbackLeaveOut: m.submitted},
	}
}

// leftOutSeat is what a form is about: a question, or somebody's seat of an app.
type leftOutSeat struct {
	Case string          `json:"c,omitempty"`
	Who  access.PersonID `json:"w,omitempty"`
	App  string          `json:"a,omitempty"`
}

// OpenFor opens the form about somebody's seat of an app.
func (m *SeatKeeping) OpenFor(user, trigger, app string, find func(context.Context) (access.Person, error)) {
	m.open(payload.Interaction{User: payload.Ref{ID: user}, Trigger: trigger}, func(ctx context.Context) (leftOutSeat, error) {
		p, err := find(ctx)
		return leftOutSeat{Who: p.ID, App: app}, err
	})
}

func (m *SeatKeeping) open(in payload.Interaction, which func(context.Context) (leftOutSeat, error)) {
	const what = "open the form that leaves a seat out"
	m.respond.Fill(in, what, leaveOutTitle, func(ctx context.Context) (v slack.ModalViewRequest, err error) {
		by, err := m.respond.Actor(ctx, in, "", what)
		if err != nil {
			return v, err
		}
		t, err := which(ctx)
		if err != nil {
			return v, err
		}
		who, name := t.Who, ""
		if app, there := m.catalog().App(t.App); there {
			name = app.Name
		}
		app := t.App
		if t.Case != "" {
			r, err := m.seats.Get(ctx, t.Case)
			if err != nil || !r.Answers() {
				return blocks.Notice(leaveOutTitle, r.State.Unmoved()), err
			}
			who, app, name = r.Person, r.App, cards.RoleName(m.catalog(), catalog.RoleRef{App: r.App, Role: r.Role})
		}
		if err := m.people.Allow(ctx, by, people.ActExemptSeat, people.Matter{App: app, Holder: access.Person{ID: who}}); err != nil {
			return v, m.respond.LogRefusal(ctx, "", by, what, err)
		}
		return leaveOutView(t, cards.NameOf(m.people.Names(ctx, []access.PersonID{who}), who), name), nil
	})
}

func leaveOutView(t leftOutSeat, who, what string) slack.ModalViewRequest {
	text := "*" + blocks.Escape(who, blocks.MaxName) + "* keeps *" + blocks.Escape(what, 2*blocks.MaxName) + "*, used or not, and isn't asked about it."
	until := slack.NewInputBlock(blockUntil, blocks.Plain("Until", blocks.MaxHint), blocks.Plain("Without a day it is for good.", blocks.MaxHint), slack.NewDatePickerBlockElement(actionDay))
	until.Optional = true
	v := blocks.Modal(leaveOutTitle, "Leave it out", "Cancel", blocks.Section(text), focusedReasonInput("Why?", "The record shows it, and whoever holds it reads it if they were asked.", "On parental leave until March"), until)
	about, _ := json.Marshal(t)
	v.CallbackID, v.PrivateMetadata = callbackLeaveOut, string(about)
	return v
}

func (m *SeatKeeping) submitted(ctx context.Context, in payload.Interaction) ([]byte, error) {
	var t leftOutSeat
	if err := json.Unmarshal([]byte(in.View.Metadata), &t); err != nil {
		return nil, err
	}
	p, err := m.respond.Person(ctx, in, "", "leave a seat out")
	if err == nil {
		by := respond.Clicker(in)
		by.Person = p.ID
		err = m.leaveOut(ctx, by, t, in, clock.Zone(p.TimeZone))
	}
	field := blockReason
	if refusal, is := access.AsRefusal(err); is && refusal.Field == blockUntil {
		field = blockUntil
	}
	return m.respond.Committed(ctx, "", field, err)
}

func (m *SeatKeeping) leaveOut(ctx context.Context, by access.Actor, t leftOutSeat, in payload.Interaction, zone *time.Location) (err error) {
	until := time.Time{}
	if day := in.View.State.Values.Date(blockUntil, actionDay); day != "" {
		if until, err = time.ParseInLocation(time.DateOnly, day, zone); err != nil {
			return access.Refuse(access.Invalid, blockUntil, "Please choose a day.")
		}
	}
	if t.Case != "" {
		_, err = m.keep.Exempt(ctx, by, t.Case, until, reasonIn(in))
		return err
	}
	_, err = m.keep.LeaveOut(ctx, by, t.Who, t.App, until, reasonIn(in))
	return err
}

// askable ends that a seat is left out.
func (m *SeatKeeping) askable(ctx context.Context, in payload.Interaction, a payload.Action) error {
	by, err := m.respond.Actor(people.Alone(ctx), in, "", "have a seat not be left out any more")
	if err == nil {
		_, err = m.keep.Askable(ctx, by, a.Value)
	}
	if err == nil {
		m.respond.Tell(in, "It isn't left out any more. While nobody uses it, its holder is asked about it.")
		return nil
	}
	return m.respond.Explain(in, err)
}
