package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/clock"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// digestHour is when a day's news is told, by the clock of who reads it; what is late for
// it, as nobody was there to tell it, is told until lateHour.
const (
	digestHour = 9
	lateHour   = 18
)

// reader names whose news a task tells.
type reader struct{ Person access.PersonID }

// enqueueDigest has it looked from a moment on whether it is time for somebody's news.
func enqueueDigest(u *engine.Unit, who access.PersonID, from time.Time) error {
	body, err := engine.Payload(reader{who})
	if err != nil {
		return err
	}
	_, err = u.EnqueueFor(store.Task{ID: "digest/" + string(who), Queue: Queue, Kind: digestTask, Priority: store.Notices, Payload: body}, from)
	return err
}

// nextDigest is the first time after a moment at which a day's news is told in a zone; in
// UTC where that isn't known.
func nextDigest(after time.Time, zone string) time.Time {
	at := clock.Zone(zone)
	day := after.In(at)
	next := time.Date(day.Year(), day.Month(), day.Day(), digestHour, 0, 0, 0, at)
	if !next.After(after) {
		next = time.Date(day.Year(), day.Month(), day.Day()+1, digestHour, 0, 0, 0, at)
	}
	return next.UTC()
}

// digestAt is when the news since a moment is told, as it is now: at nine, or on the same day
// after that.
func digestAt(since, now time.Time, zone string) time.Time {
	at := nextDigest(since, zone)
	if hour := now.In(clock.Zone(zone)).Hour(); at.Before(now) && (hour < digestHour || hour >= lateHour) {
		return nextDigest(now, zone)
	}
	return at
}

// digest tells somebody all that waits for it in one message, once it is time to. Where
// they are by then counts: people travel, and clocks are changed.
func (s *Service) digest(ctx context.Context, t store.Task) (engine.Outcome, error) {
	r, err := engine.ReadPayload[reader](t)
	if err != nil {
		return nil, err
	}
	var waiting []store.Card
	err = s.units.View(ctx, func(tx store.Tx) (err error) {
		waiting, _, err = store.Sound(store.CardsWaiting(tx, string(r.Person)))
		return err
	})
	if err != nil || len(waiting) == 0 {
		return nil, err
	}
	since := waiting[0].HeldAt
	for _, c := range waiting {
		if c.HeldAt.Before(since) {
			since = c.HeldAt
		}
	}
	zone := s.people.Known(ctx, r.Person).TimeZone
	return func(u *engine.Unit) error {
		if at := digestAt(since, u.At, zone); u.At.Before(at) {
			return enqueueDigest(u, r.Person, at)
		}
		return tellDigest(u, r.Person)
	}, nil
}

// tellDigest tells what waits by now, each request as it came out last.
func tellDigest(u *engine.Unit, who access.PersonID) error {
	waiting, _, err := store.Sound(store.CardsWaiting(u.Tx, string(who)))
	if err != nil {
		return err
	}
	latest := map[string]store.Card{}
	var order []string
	for _, c := range waiting {
		known, there := latest[c.Request]
		if !there {
			order = append(order, c.Request)
		}
		if !there || c.HeldAt.After(known.HeldAt) {
			latest[c.Request] = c
		}
		if c.Waits = false; err == nil {
			err = engine.Save(u, engine.Cards(), &c)
		}
	}
	var lines []string
	for _, request := range order {
		line, unknown := digestLine(u, who, latest[request])
		if unknown != nil && !errors.Is(unknown, store.ErrNotFound) {
			return unknown
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	if err != nil || len(lines) == 0 {
		return err
	}
	title := lines[0]
	if len(lines) > 1 {
		title = fmt.Sprintf("%d requests of yours came further since yesterday", len(lines))
	}
	return Announce(u, "digest/"+string(who)+"/"+u.At.Format("2006-01-02T15"), who, title,
		append(lines, "You get one message a day. My Home tab is where you can change that.")...)
}

// digestLine is one request's news in a sentence; empty if it is none any more.
func digestLine(u *engine.Unit, who access.PersonID, c store.Card) (string, error) {
	r, err := u.Request(c.Request)
	if err != nil {
		return "", err
	}
	if over, err := overtaken(u, r, c); err != nil || over {
		return "", err
	}
	whom := "you"
	if r.Beneficiary != who {
		p, err := people.In(u.Tx, r.Beneficiary)
		if err != nil {
			return "", err
		}
		whom = p.Display()
	}
	return fmt.Sprintf("%s: %s for %s (%s)", digestWord(News(c.Held)), WhatOf(u, r), whom, r.Label()), nil
}

// overtaken tells whether something has happened since a card was held that makes its news
// untrue: what came after it was told at once, or the access it is about is being taken away.
func overtaken(u *engine.Unit, r access.Request, c store.Card) (bool, error) {
	story, err := u.Story(access.RequestSubject(r.ID))
	if err != nil {
		return false, err
	}
	p := postingsOf(r, story, u.Catalog.Channel(r.App, r.Role), u.At)
	switch News(c.Held) {
	case NewsApproved, NewsIn, NewsMended, NewsExtended, NewsStuck:
		return p.grant.revoking || p.outdated(cardOf(c)), nil
	}
	return p.outdated(cardOf(c)), nil
}

func digestWord(n News) string {
	switch n {
	case NewsApproved:
		return "Approved, and on its way"
	case NewsTakenOn:
		return "Approved"
	case NewsIn, NewsMended:
		return "There"
	case NewsCancelled:
		return "Cancelled"
	case NewsLapsed:
		return "Nobody answered"
	case NewsExtended:
		return "Extended"
	case NewsStuck:
		return "Not there yet, and IT has been told"
	}
	return "Ended"
}
