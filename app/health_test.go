package app

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/bot/socket"
	"latchkey/clock/clocktest"
	"latchkey/workflow"
)

// bulletin is IT, as the health tells it: of an outage once, and once that it is over.
type bulletin struct {
	said    []workflow.Alarm
	out     map[string]bool
	resumed []string
	err     error
}

func (b *bulletin) Alarm(_ context.Context, a workflow.Alarm) error {
	if b.err != nil || a.Outage != "" && b.out[a.Outage] != a.Over {
		return b.err
	}
	b.out[a.Outage] = !a.Over
	b.said = append(b.said, a)
	return nil
}

func (b *bulletin) Resume(queue string) { b.resumed = append(b.resumed, queue) }

// ward is a health over Slack and Jira, which do as the errors say.
type ward struct {
	*health
	*bulletin
	clock       *clocktest.Clock
	slack, jira error
}

func newWard() *ward { return anotherWard(&bulletin{out: map[string]bool{}}) }

// anotherWard is one that begins anew, with an IT that knows what it was told.
func anotherWard(it *bulletin) *ward {
	w := &ward{bulletin: it, clock: clocktest.New(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))}
	w.health = newHealth(newOutages(), []service{
		{name: slackService, called: "Slack", hello: func(context.Context) error { return w.slack }},
		{name: "jira", called: "Jira", hello: func(context.Context) error { return w.jira }, notes: func() []string { return []string{"Closed is called Archived"} }},
	}, w.clock, slog.New(slog.DiscardHandler), w.bulletin)
	return w
}

// look looks at both.
func (w *ward) look(t *testing.T) {
	t.Helper()
	for _, s := range w.services {
		w.health.look(t.Context(), s)
	}
}

func TestWhatAHumanHasToMendIsToldOnce(t *testing.T) {
	w := newWard()
	w.jira = &access.Failure{Class: access.Denied, Sentence: "Jira does not accept the token: make a new one"}
	for range 3 {
		w.look(t)
		w.clock.Advance(time.Minute)
	}
	if len(w.said) != 1 || w.said[0].InJira || w.said[0].NotInSlack || !strings.Contains(strings.Join(w.said[0].Lines, " "), "make a new one. Access ends on time") {
		t.Errorf("IT reads %+v", w.said)
	}
	if o := w.list(); len(o) != 1 || o[0].stuck().ID != "service/jira" || !strings.Contains(o[0].stuck().Why, "make a new one") {
		t.Errorf("stuck are %+v", o)
	}
	w.jira = nil
	w.look(t)
	w.look(t)
	if len(w.said) != 3 || w.said[1].Title != "Something has another name in Jira" || w.said[2].Title != "Jira works again" || len(w.list()) != 0 {
		t.Errorf("IT reads %+v", w.said)
	}
	if len(w.resumed) != 1 || w.resumed[0] != "jira" {
		t.Errorf("resumed are %v", w.resumed)
	}
}

// A start during an outage tells nobody of it again, and the start after it tells that
// it is over.
func TestAnOutageThatOutlastsTheProcess(t *testing.T) {
	w := newWard()
	refused := &access.Failure{Class: access.Denied, Sentence: "Jira does not accept the token"}
	w.jira = refused
	w.look(t)
	w = anotherWard(w.bulletin)
	w.jira = refused
	w.look(t)
	if len(w.said) != 1 {
		t.Errorf("IT reads %+v", w.said)
	}
	w = anotherWard(w.bulletin)
	w.look(t)
	if len(w.said) != 3 || w.said[2].Title != "Jira works again" {
		t.Errorf("IT reads %+v", w.said)
	}
	w.jira = refused
	w.look(t)
	if len(w.said) != 4 {
		t.Errorf("the next outage: IT reads %+v", w.said)
	}
}

func TestWhatPassesIsToldWhenItLasts(t *testing.T) {
	w := newWard()
	w.jira = errors.New("no route to host")
	w.look(t)
	if len(w.said) != 0 || len(w.list()) != 1 {
		t.Errorf("at once: %+v", w.said)
	}
	w.clock.Advance(alarmAfter)
	w.look(t)
	if len(w.said) != 1 {
		t.Errorf("after %s: %+v", alarmAfter, w.said)
	}
}

func TestWhereSlackIsWhatFailsITReadsItInJira(t *testing.T) {
	w := newWard()
	w.slack = &access.Failure{Class: access.Denied, Sentence: "Slack doesn't accept the token"}
	w.jira = &access.Failure{Class: access.Denied, Sentence: "The form has changed"}
	w.look(t)
	if len(w.said) != 2 || !w.said[0].InJira || !w.said[0].NotInSlack || !w.said[1].InJira || w.said[1].NotInSlack {
		t.Errorf("IT reads %+v", w.said)
	}
}

// What can't be told yet is told at the next look.
func TestAnAlarmThatFailsIsRaisedAgain(t *testing.T) {
	w := newWard()
	w.jira, w.err = &access.Failure{Class: access.Denied, Sentence: "No token"}, errors.New("the disk is full")
	w.look(t)
	w.err = nil
	w.look(t)
	if len(w.said) != 1 {
		t.Errorf("IT reads %+v", w.said)
	}
}

// A look that panics is a service that doesn't work, and ends nothing.
func TestALookThatPanics(t *testing.T) {
	w := newWard()
	w.look(t)
	w.health.look(t.Context(), service{name: "okta", called: "the directory okta", hello: func(context.Context) error { panic("nil map") }})
	if o := w.list(); len(o) != 1 || o[0].service.title() != "The directory okta" {
		t.Errorf("stuck are %+v", o)
	}
	if !w.Look("jira") || w.Look("nothing") {
		t.Error("Look doesn't know the services")
	}
}

func TestWhyNobodyIsHeard(t *testing.T) {
	for _, c := range []struct {
		now  socket.State
		want access.Class // none: all is well
	}{
		{socket.State{}, ""},
		{socket.State{Connected: 1, LastError: errors.New("gone")}, ""},
		{socket.State{LastError: errors.New("no route")}, access.Transient},
		{socket.State{LastError: &socket.OpenError{Code: "token_revoked"}}, access.Denied},
		{socket.State{LastError: socket.ErrSocketModeOff}, access.Denied},
	} {
		err := notListening(c.now)
		if err == nil && c.want != "" || err != nil && access.Classify(err).Class != c.want {
			t.Errorf("%+v: %v", c.now, err)
		}
	}
}
