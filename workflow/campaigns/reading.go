package campaigns

import (
	"context"
	"errors"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/engine"
)

// ReadTask is the kind of task that reads who is in the groups of a review.
const ReadTask = "campaign.read"

const (
	// readTimeout bounds one attempt. The list of a big company waits for its directory's limits; what is read whole by then is kept.
	readTimeout = 12 * time.Hour
	// readTries is after how many attempts a group that can't be read is written down as that, and the others are read.
	readTries = 3
	// staleAfter is how old what was read of one snapshot may be: what is older is read anew.
	staleAfter = 24 * time.Hour
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

// reading is one pass through the groups of a campaign.
type reading struct {
	*Service
	task     readTask
	patient  bool // a group that can't be read now is a reason to try again
	campaign access.Campaign
	known    *catalog.Catalog
	to       *snapshot.Writer
	folk     *folk
	grants   grantsRead
	use      *usage
	before   earlier
	apart    *apart
	asks     *asking
	scope    scope
}

// read carries a ReadTask out. What was read whole is kept where it breaks off, and the next attempt goes on behind it.
func (s *Service) read(ctx context.Context, t store.Task) (engine.Outcome, error) {
	task, err := engine.ReadPayload[readTask](t)
	if err != nil {
		return nil, err
	}
	ctx = idp.WithPriority(ctx, idp.Read) // behind everything that somebody waits for
	r := &reading{Service: s, task: task, patient: t.Attempts < readTries, known: engine.Offered(ctx, s.catalog)}
	if r.campaign, err = s.Campaign(ctx, task.Campaign); err != nil {
		return nil, err
	}
	if r.campaign.State != access.CampaignReading {
		return nil, snapshot.Delete(ctx, s.store, task.Snapshot) // it was cancelled
	}
	if task.Drop != "" {
		if err := snapshot.Delete(ctx, s.store, task.Drop); err != nil {
			return nil, err
		}
	}
	hash, err := r.all(ctx)
	if err != nil {
		return nil, err
	}
	found, err := r.found(ctx)
	if err != nil {
		return nil, err
	}
	return func(u *engine.Unit) error { return s.wasRead(u, task, hash, found) }, nil
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

// all reads every group and finishes the snapshot. It gives the snapshot's hash.
func (r *reading) all(ctx context.Context) (string, error) {
	err := r.open(ctx)
	if errors.Is(err, snapshot.ErrFinished) {
		return r.hash(ctx)
	}
	if err != nil {
		return "", err
	}
	if err := r.prepare(ctx); err != nil {
		return "", err
	}
	if r.campaign.Small() {
		err = r.onePerson(ctx)
	} else {
		err = r.everybody(ctx)
	}
	if err != nil {
		return "", err
	}
	h, err := r.to.Finish(ctx, r.units.Now())
	return fmt.Sprintf("%x", h.Hash[:]), err
}

// open begins the snapshot, or goes on with one. What was begun long ago is begun anew: it would be of two days.
func (r *reading) open(ctx context.Context) (err error) {
	r.to, err = snapshot.Begin(ctx, r.store, r.task.Snapshot, r.units.Now(), snapshot.Options{})
	if err != nil || r.units.Now().Sub(r.to.Begun()) < staleAfter {
		return err
	}
	if err := snapshot.Delete(ctx, r.store, r.task.Snapshot); err != nil {
		return err
	}
	r.to, err = snapshot.Begin(ctx, r.store, r.task.Snapshot, r.units.Now(), snapshot.Options{})
	return err
}

// hash is that of a snapshot that an earlier attempt finished.
func (r *reading) hash(ctx context.Context) (hash string, err error) {
	err = r.units.View(ctx, func(tx store.Tx) error {
		from, err := snapshot.Open(tx, r.task.Snapshot)
		if err == nil {
			h := from.Header().Hash
			hash = fmt.Sprintf("%x", h[:])
		}
		return err
	})
	return hash, err
}

// prepare finds out what has to be known before the first group is read.
func (r *reading) prepare(ctx context.Context) (err error) {
	r.groups.Pin(ctx)
	r.folk = newFolk(r)
	r.asks = newAsking(r)
	r.use = newUsage(r)
	r.grants = grantsRead{}
	if r.scope, err = r.meant(ctx); err != nil {
		return err
	}
	if r.before, err = r.decidedBefore(ctx); err != nil {
		return err
	}
	r.apart, err = r.conflicting(ctx)
	return err
}

// everybody reads the groups that are not written yet.
func (r *reading) everybody(ctx context.Context) error {
	written := map[catalog.GroupRef]bool{}
	for _, g := range r.to.Groups() {
		written[g.Ref] = true
	}
	for _, t := range targets(r.known, r.campaign.Review.Scope) {
		if written[t.ref] {
			continue
		}
		if c, err := r.Campaign(ctx, r.campaign.ID); err != nil || c.State != access.CampaignReading {
			return errors.Join(err, errOver(c))
		}
		if err := r.group(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// errOver breaks a reading off whose campaign was cancelled meanwhile: the next attempt sees that and clears up.
func errOver(c access.Campaign) error {
	return &access.Failure{Class: access.Transient, Sentence: "The review " + c.ID + " was cancelled while it was read"}
}
