package notify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// waitsFor is the payload of the task that tells somebody of all that waits for them.
type waitsFor struct{ Person access.PersonID }

const (
	mostADay  = 3         // messages about what waits, to one person
	notBefore = time.Hour // such a message says anew what the one before said already
)

// remind arranges that those who are waited for are told so, each in one message about
// all that waits for them. Who is asked in a channel reads it there.
func remind(u *engine.Unit, e access.Event, _ access.Effect) error {
	if e.Grant == "" {
		r, err := u.Request(e.Request)
		if err != nil || !r.Questioned && u.Catalog.Channel(r.App, r.Role) != "" {
			return err
		}
	}
	for _, who := range e.Approvers {
		if err := TellWaiting(u, who, u.At); err != nil {
			return err
		}
	}
	return nil
}

// TellWaiting arranges that somebody is told what waits for them, all of it in one message, from a moment on: in their
// working hours, and not too often. What doesn't wait any more by then isn't told.
func TellWaiting(u *engine.Unit, who access.PersonID, from time.Time) error {
	body, err := engine.Payload(waitsFor{who})
	if err != nil {
		return err
	}
	// one that waits for the end of a leave looks anew: they may be back sooner
	return u.EnqueueBy(store.Task{ID: "waiting/" + string(who), Queue: Queue, Kind: waitingTask, Priority: store.Notices, Payload: body}, from)
}

// tellWaiting tells somebody what waits for them at this moment, in their working hours
// and not too often.
func (s *Service) tellWaiting(ctx context.Context, t store.Task) (engine.Outcome, error) {
	w, err := engine.ReadPayload[waitsFor](t)
	if err != nil {
		return nil, err
	}
	p, err := s.people.Person(people.Alone(ctx), w.Person)
	if err != nil || p.Standing == access.Left {
		return nil, people.Softly(err)
	}
	hours, now := s.hours(p), s.units.Now()
	if at := hours.Next(now); at.After(now) {
		return nil, later(now, at, "is told in their working hours")
	}
	var all []Waiting
	var told store.Tally
	err = s.units.View(ctx, func(tx store.Tx) error {
		if told, err = toldOn(tx, w.Person, now, hours.Zone); err == nil {
			all, err = s.waitingFor(tx, p)
		}
		return err
	})
	switch {
	case err != nil || len(all) == 0 || !anew(all, told, now):
		return nil, err
	case told.Count >= mostADay:
		return nil, later(now, hours.Next(tomorrow(now, hours.Zone)), "was told often enough today")
	}
	return func(u *engine.Unit) error {
		t := told
		t.Count, t.Last = t.Count+1, u.At
		if err := store.PutTally(u.Tx, &t); err != nil {
			return err
		}
		return announceWaiting(u, w.Person, all, hours.Zone)
	}, nil
}

// later lets a task wait.
func later(now, until time.Time, why string) error {
	return &access.Failure{Class: access.Limited, Nothing: true, After: until.Sub(now), Sentence: "Who it is for " + why}
}

// anew tells whether there is anything to say that was not just said.
func anew(all []Waiting, told store.Tally, now time.Time) bool {
	return now.Sub(told.Last) >= notBefore || slices.ContainsFunc(all, func(w Waiting) bool { return w.Since.After(told.Last) })
}

// toldOn is how often somebody was told of what waits for them on the day that it is
// where they are.
func toldOn(tx store.Tx, who access.PersonID, now time.Time, zone *time.Location) (store.Tally, error) {
	id := "waiting|" + string(who)
	t, err := store.LoadTally(tx, id)
	if errors.Is(err, store.ErrNotFound) {
		t, err = store.Tally{ID: id}, nil
	}
	if !sameDay(t.Since, now, zone) {
		t.Count, t.Since = 0, now
	}
	return t, err
}

func sameDay(a, b time.Time, zone *time.Location) bool {
	y, m, d := in(a, zone).Date()
	y2, m2, d2 := in(b, zone).Date()
	return y == y2 && m == m2 && d == d2
}

// tomorrow is when the next day begins.
func tomorrow(now time.Time, zone *time.Location) time.Time {
	y, m, d := in(now, zone).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, in(now, zone).Location())
}

func in(t time.Time, zone *time.Location) time.Time {
	if zone == nil {
		return t.UTC()
	}
	return t.In(zone)
}

// waitingFor is what waits for somebody, the oldest first, but for requests that needn't be
// decided just now.
func (s *Service) waitingFor(tx store.Tx, who access.Person) (out []Waiting, err error) {
	all, err := query.WaitingFor(tx, s.catalog(), who, s.units.Now())
	if err != nil {
		return nil, err
	}
	for _, w := range all {
		if w.Idle {
			continue
		}
		told, err := s.told(tx, w)
		if err != nil {
			return nil, err
		}
		out = append(out, told)
	}
	slices.SortStableFunc(out, func(a, b Waiting) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Text, b.Text)) })
	return out, nil
}

// told is how one thing is told.
func (s *Service) told(tx store.Tx, w query.Waiting) (Waiting, error) {
	what, issue := s.whatOf(w.Request), w.Request.Issue
	if w.For == query.WaitsForAnswer {
		issue.URL = issue.CustomerURL()
		return Waiting{Text: "A question about " + what, Issue: issue, Since: w.Since}, nil
	}
	if w.For == query.WaitsForRows {
		return waitingRows(w, s.units.Now()), nil
	}
	if w.For == query.WaitsForSeat {
		return s.waitingSeat(w), nil
	}
	about, text := w.Request.Requester, "%s asks for %s"
	switch {
	case w.For == query.WaitsForReview:
		text = "Was it right that %s took %s in an emergency?"
	case w.For == query.WaitsForTask && w.Grant.Revoking:
		about, text = w.Grant.Person, "Remove %s from %s"
	case w.For == query.WaitsForTask:
		about, text = w.Grant.Person, "Give %s access to %s"
	}
	p, err := people.In(tx, about)
	return Waiting{Text: fmt.Sprintf(text, catalog.Isolated(p.Display()), what), Issue: issue, Since: w.Since, Task: w.For != query.WaitsForDecision}, err
}

// waitingRows are the rows of a review that wait, and until when.
func waitingRows(w query.Waiting, now time.Time) Waiting {
	text, name := several(w.Rows, "row", "rows")+" of the review “"+catalog.Isolated(w.Campaign.Review.Name)+"”", "until "
	if w.Campaign.Due.IsZero() {
		return Waiting{Text: text + ", which nobody else answered in time", Since: w.Since, Task: true, Campaign: w.Campaign.ID}
	}
	if now.After(w.Campaign.Due) {
		name = "due since "
	}
	return Waiting{Text: text + ", " + name + access.FullMoment(w.Campaign.Due), Since: w.Since, Task: true, Campaign: w.Campaign.ID}
}

// waitingSeat is a seat about which they are asked, and until when they have to answer.
func (s *Service) waitingSeat(w query.Waiting) Waiting {
	r, what := w.Seat, catalog.Isolated(access.Grant{App: w.Seat.App, Role: w.Seat.Role}.Label(s.catalog()))
	text := "Do you still need " + what + "? The time to answer is up"
	if r.State == access.ReclaimAsked {
		text = "Do you still need " + what + "? You have until " + access.FullMoment(r.Until) + " to say so"
	}
	out := Waiting{Text: text, Since: w.Since, Task: true, Seat: r.ID}
	if r.Rule.Issue == catalog.OriginalIssue { // one of its own IT alone can open
		out.Issue = r.Issue
		out.Issue.URL = r.Issue.CustomerURL()
	}
	return out
}

func several(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

func (s *Service) whatOf(r access.Request) string {
	if r.Unlisted != "" {
		return r.Unlisted
	}
	return access.Grant{App: r.App, Role: r.Role}.Label(s.catalog())
}

// announceWaiting arranges for the message.
func announceWaiting(u *engine.Unit, to access.PersonID, all []Waiting, zone *time.Location) error {
	noun := "request"
	if slices.ContainsFunc(all, func(w Waiting) bool { return w.Task }) {
		noun = "task"
	}
	title := "1 " + noun + " waits for you: " + all[0].Text
	if len(all) > 1 {
		title = fmt.Sprintf("%d %ss wait for you, the oldest since %s", len(all), noun, in(all[0].Since, zone).Format("2 January"))
	}
	body, err := engine.Payload(message{To: to, Title: title, Waiting: all})
	if err != nil {
		return err
	}
	_, err = u.Enqueue(store.Task{
		ID: "notice/waiting/" + string(to) + "/" + strconv.FormatInt(u.At.UnixMilli(), 36), Queue: Queue, Kind: announcementTask, Priority: store.Notices, Payload: body,
	})
	return err
}
