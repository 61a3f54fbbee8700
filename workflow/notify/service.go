package notify

import (
	"context"
	"log/slog"
	"maps"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/query"
)

// People knows who somebody is.
type People interface {
	// Person is who somebody is at this moment; a refusal if they can't be found.
	Person(ctx context.Context, who access.PersonID) (access.Person, error)
	// Known is Person for showing: it always has something to say.
	Known(ctx context.Context, who access.PersonID) access.Person
	HasLeft(ctx context.Context, who access.PersonID) (bool, error)
	Forget(who access.PersonID)
}

// Cases tells what there is to tell about a request.
type Cases interface {
	Case(ctx context.Context, request string) (access.Case, error)
	Background(ctx context.Context, c access.Case) (query.Background, error)
}

// Loader gathers what a card of a subject shows, as of now.
type Loader func(ctx context.Context, id string, c Card) (Content, error)

// Config is what the room is made of.
type Config struct {
	Units     *engine.Units
	Messenger Messenger
	People    People
	Cases     Cases
	Loaders   map[access.SubjectKind]Loader // of nouns that other rooms know
	Logger    *slog.Logger
}

// Service tells people where things stand. It is safe for concurrent use.
type Service struct {
	units     *engine.Units
	messenger Messenger
	people    People
	loaders   map[access.SubjectKind]Loader
	log       *slog.Logger
}

// New makes the room.
func New(c Config) *Service {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	loaders := map[access.SubjectKind]Loader{access.SubjectRequest: requestLoader(c.Cases)}
	maps.Copy(loaders, c.Loaders)
	return &Service{units: c.Units, messenger: c.Messenger, people: c.People, loaders: loaders, log: c.Logger}
}

// Queue is the queue the room's tasks wait in.
const Queue = "slack"

// The kinds of task.
const (
	cardTask         = "card.show"
	threadTask       = "thread.tell"
	announcementTask = "notice.show"
)

// Effects are the room's lines in the table of effects. further are who reads
// about the nouns that other rooms know.
func Effects(further map[access.SubjectKind]Readership) map[access.EffectKind]engine.EffectFunc {
	all := readerships()
	maps.Copy(all, further)
	return map[access.EffectKind]engine.EffectFunc{
		access.EffectShowCards: func(u *engine.Unit, e access.Event, _ access.Effect) error { return show(u, all, e) },
		access.EffectTell:      tell,
	}
}

// Handlers are the room's lines in the table of handlers.
func (s *Service) Handlers() map[string]engine.Handler {
	return map[string]engine.Handler{
		cardTask:         {Do: s.showCard},
		threadTask:       {Do: s.tellThread},
		announcementTask: {Do: s.announce},
	}
}

// Failures are the room's lines in the table of failure policies. That an
// announcement can't be posted only the task says: there is no other way to tell.
func (s *Service) Failures() map[string]engine.Policy {
	return map[string]engine.Policy{
		cardTask:         Visible(),
		threadTask:       Visible(),
		announcementTask: {},
	}
}

// Purposes say what the room's tasks are for.
func Purposes() map[string]func(store.Task) string {
	return map[string]func(store.Task) string{
		cardTask:         func(t store.Task) string { return "tell " + readerOf(t) },
		threadTask:       func(store.Task) string { return "pass a message on in Slack" },
		announcementTask: func(store.Task) string { return "post an announcement in Slack" },
	}
}

func readerOf(t store.Task) string {
	c, err := engine.ReadPayload[Card](t)
	switch {
	case err == nil && c.Reader != "":
		return string(c.Reader) + " in Slack"
	case err == nil && c.Channel != "":
		return c.Channel + " in Slack"
	}
	return "the IT channel"
}
