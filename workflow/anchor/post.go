package anchor

import (
	"context"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// PostTask is the kind of task that posts a note in one place.
const PostTask = "anchor.post"

// posting is the payload of a PostTask.
type posting struct {
	Note  string
	Place string
}

func enqueue(u *engine.Unit, p place, note string) error {
	body, err := engine.Payload(posting{note, p.name})
	if err != nil {
		return err
	}
	_, err = u.Enqueue(store.Task{
		ID: "anchor/" + p.name + "/" + note, Queue: p.queue, Kind: PostTask, Priority: store.Notices, Lane: "anchor/" + p.name, Payload: body,
	})
	return err
}

// post is the handler of PostTask. Notes of one place are posted in their order.
func (s *Service) post(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[posting](t)
	if err != nil {
		return nil, err
	}
	at, known := s.outside.placeNamed(p.Place)
	if !known {
		return nil, nil // it is not configured any more
	}
	var a store.Anchor
	if err := s.units.View(ctx, func(tx store.Tx) (err error) {
		a, err = store.LoadAnchor(tx, p.Note)
		return err
	}); err != nil {
		return nil, people.Rejected("The note %s can't be read back, so it can't be posted: %v", p.Note, err)
	}
	if s.barred.Load() {
		return nil, &access.Failure{Class: access.Limited, After: time.Minute, Sentence: "Nothing is anchored while it is not certain which log this is"}
	}
	done, err := at.post(ctx, a, t.Begun)
	if err != nil {
		return nil, err
	}
	return func(u *engine.Unit) error { return s.posted(u, at, p.Note, done, !t.Begun) }, nil
}

// posted notes where a note stands now. fresh: it was posted at this moment.
func (s *Service) posted(u *engine.Unit, p place, note string, done posted, fresh bool) error {
	a, err := store.LoadAnchor(u.Tx, note)
	if err != nil {
		return err
	}
	if a.Posted == nil {
		a.Posted = map[string]time.Time{}
	}
	a.Posted[p.name] = done.at
	if done.at.IsZero() {
		a.Posted[p.name] = u.At
	}
	now, err := store.LoadAnchoring(u.Tx)
	if err != nil {
		return err
	}
	switch {
	case done.checkpoint != "":
		a.Checkpoint = done.checkpoint
		if now.Witnessed == nil {
			now.Witnessed = map[string]uint64{}
		}
		now.Witnessed[p.witness] = a.Size
		err = store.PutAnchoring(u.Tx, &now)
	case p.name == "jira":
		now.Comments++
		err = store.PutAnchoring(u.Tx, &now)
	}
	if err == nil {
		err = store.PutAnchor(u.Tx, &a)
	}
	if err != nil || !fresh || p.witness != "" {
		return err
	}
	return clockApart(u, p, done.at)
}

// clockSlack is how far two clocks may be apart before somebody has to look.
const clockSlack = 10 * time.Minute

// clockApart tells IT, once a day, that this machine's clock is not another's. Nothing
// else follows: the order of events does not depend on a clock.
func clockApart(u *engine.Unit, p place, there time.Time) error {
	off := u.At.Sub(there)
	if there.IsZero() || off.Abs() <= clockSlack {
		return nil
	}
	word := "behind"
	if off > 0 {
		word = "ahead of"
	}
	return notify.Alert(u, "anchor/clock", "This machine's clock is wrong",
		fmt.Sprintf("It is %s %s the clock of %s: %s here, %s there.", off.Abs().Round(time.Minute), word, p.called, u.At.Format("15:04 MST"), there.UTC().Format("15:04 MST")),
		"Access ends by this clock. The order of the log does not depend on it, but its times do: set the clock right.")
}
