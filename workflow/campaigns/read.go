package campaigns

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/campaigns/reading"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
)

// ReadTask is the kind of task that reads who is in the groups of a review.
const ReadTask = "campaign.read"

const (
	// readTimeout bounds one attempt. The list of a big company waits for its directory's limits; what is read whole by then is kept.
	readTimeout = 12 * time.Hour
	// readTries is after how many attempts a group that can't be read is written down as that, and the others are read.
	readTries = 3
)

// readTask is the payload of a ReadTask.
type readTask struct {
	Campaign string
	Snapshot string
	Drop     string       `json:",omitempty"` // the snapshot that was read before
	Start    bool         `json:",omitempty"` // it is to start once it is read
	By       access.Actor `json:",omitzero"`  // who started it
}

// readSoon has the groups of a campaign read.
func readSoon(u *engine.Unit, r readTask) error {
	body, err := engine.Payload(r)
	if err != nil {
		return err
	}
	_, err = u.Enqueue(store.Task{ID: "campaign/read/" + r.Snapshot, Queue: engine.HouseQueue, Kind: ReadTask, Priority: store.Notices, Payload: body})
	return err
}

// read carries a ReadTask out.
func (s *Service) read(ctx context.Context, t store.Task) (engine.Outcome, error) {
	task, err := engine.ReadPayload[readTask](t)
	if err != nil {
		return nil, err
	}
	c, err := s.Campaign(ctx, task.Campaign)
	if err != nil {
		return nil, err
	}
	if c.State != access.CampaignReading {
		return nil, snapshot.Delete(ctx, s.store, task.Snapshot) // it was cancelled
	}
	if task.Drop != "" {
		if err := snapshot.Delete(ctx, s.store, task.Drop); err != nil {
			return nil, err
		}
	}
	found, err := s.reader.Read(ctx, reading.Asked{Campaign: c, Snapshot: task.Snapshot, Patient: t.Attempts < readTries})
	if err != nil {
		return nil, err
	}
	return func(u *engine.Unit) error { return s.wasRead(u, task, found) }, nil
}

// Campaign is how a campaign stands.
func (s *Service) Campaign(ctx context.Context, id string) (c access.Campaign, err error) {
	err = s.units.View(ctx, func(tx store.Tx) error {
		c, err = store.Campaign(tx, id)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return c, access.Refuse(access.Unknown, "review", fmt.Sprintf("There is no review %q.", id))
	}
	return c, err
}

// wasRead moves a campaign whose groups were read, and starts it where nothing speaks against that.
func (s *Service) wasRead(u *engine.Unit, task readTask, f reading.Found) error {
	c, err := engine.Load(u, rows.Campaigns(), task.Campaign)
	if err != nil || c.State != access.CampaignReading {
		return err // it was cancelled meanwhile
	}
	e := c.Event(access.EventCampaignRead, access.System(), u.At)
	e.Review = &access.ReviewDetails{Snapshot: task.Snapshot, Hash: f.Hash, Counts: &f.Counts, Unproven: f.Unproven}
	if c, err = engine.Move(u, rows.Campaigns(), c, e); err != nil {
		return err
	}
	by := access.System()
	if task.Start {
		by = task.By
	}
	switch speaks := against(c); {
	case c.Small() && c.Counts.Rows == 0 && len(c.Unproven) == 0:
		return nothingToReview(u, c)
	case speaks == "" && (c.Review.Automatic || c.Small() || task.Start):
		return s.stages.Open(u, c, by)
	default:
		return s.tellDraft(u, c, speaks)
	}
}

// nothingToReview ends a small review of somebody who has nothing that it is about.
func nothingToReview(u *engine.Unit, c access.Campaign) error {
	e := c.Event(access.EventCampaignCancelled, access.System(), u.At)
	e.Reason, e.Review = "There is nothing to review.", &access.ReviewDetails{}
	if _, err := engine.Move(u, rows.Campaigns(), c, e); err != nil {
		return err
	}
	return ledger.Close(u, c.Issue)
}
