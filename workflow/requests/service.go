package requests

import (
	"context"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/engine"
)

// Config is what the room is made of.
type Config struct {
	Units      *engine.Units
	Catalog    func() *catalog.Catalog
	People     People
	Authority  Authority
	Approvers  Approvers
	Attributes Attributes
	Stuck      StuckWork

	Delegations Delegations // nil: there are none
	// ReviewerLeft has somebody else answer what waits of access reviews for somebody who may not act any more; nil: there
	// are no reviews.
	ReviewerLeft func(u *engine.Unit, who access.PersonID) error

	// LapseAfter is how long a request for so long, made at a moment, waits for an answer;
	// zero for ever. nil: all wait for ever.
	LapseAfter func(wanted time.Duration, at time.Time) time.Duration
	BreakGlass time.Duration // how long a role can be taken in an emergency; zero for 4 hours
	JiraOnly   bool          // decisions made in Slack don't count
}

// Service takes what people do. It is safe for concurrent use.
type Service struct {
	byHand
	retries
	conversations
	outlook

	units      *engine.Units
	catalog    func() *catalog.Catalog
	people     People
	authority  Authority
	stages     stages
	attributes Attributes

	lapseAfter func(time.Duration, time.Time) time.Duration
	breakGlass time.Duration
	jiraOnly   bool
}

// longestBreakGlass is how long a role can be taken in an emergency at most,
// whatever else the role allows, unless the configuration says otherwise.
const longestBreakGlass = 4 * time.Hour

// New makes the room.
func New(c Config) *Service {
	if c.BreakGlass <= 0 {
		c.BreakGlass = longestBreakGlass
	}
	if c.LapseAfter == nil {
		c.LapseAfter = func(time.Duration, time.Time) time.Duration { return 0 }
	}
	return &Service{
		byHand: byHand{grants{c.Units, c.Authority}}, retries: retries{c.Units, c.Authority, c.Stuck},
		conversations: conversations{c.Units, c.Authority}, outlook: outlook{c.Units, c.Catalog, c.Authority, c.Attributes},
		units: c.Units, catalog: c.Catalog, people: c.People, authority: c.Authority,
		stages:     stages{units: c.Units, catalog: c.Catalog, people: c.People, authority: c.Authority, approvers: c.Approvers, delegations: c.Delegations, reviewerLeft: c.ReviewerLeft},
		attributes: c.Attributes, lapseAfter: c.LapseAfter, breakGlass: c.BreakGlass, jiraOnly: c.JiraOnly,
	}
}

// request is how a request stands now.
func (s *Service) request(ctx context.Context, id string) (access.Request, error) {
	return requestNow(ctx, s.units, id)
}

// moveRequest moves a request by an event, in a unit of its own (moveIn).
func (s *Service) moveRequest(ctx context.Context, id string, event func(*engine.Unit, access.Request) (access.Event, error)) error {
	return s.units.Update(ctx, func(u *engine.Unit) error { return moveIn(u, id, event) })
}
