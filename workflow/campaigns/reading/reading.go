package reading

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
	"latchkey/workflow/campaigns/targets"
	"latchkey/workflow/engine"
)

// StaleAfter is how old what was read of one snapshot may be: what is older is read anew.
const StaleAfter = 24 * time.Hour

// reading is one pass through the groups of a campaign.
type reading struct {
	*pass
	folk   *folk
	grants *grantsRead
	use    *usage
	before earlier
	apart  *apart
	asks   *asking
	scope  scope
	fresh  targets.Listed
	made   made
}

// Read reads who is in the groups of a campaign, and tells what was found. What was read whole is kept where it breaks
// off, and the next attempt goes on behind it.
func (s *Reader) Read(ctx context.Context, asked Asked) (Found, error) {
	ctx = idp.WithPriority(ctx, idp.Read) // behind everything that somebody waits for
	r := &reading{pass: &pass{Reader: s, Asked: asked, known: engine.Offered(ctx, s.Catalog), accounts: newRoster(), several: map[access.PersonID]struct{}{}}}
	err := r.all(ctx)
	if err != nil && !errors.Is(err, snapshot.ErrFinished) { // an earlier attempt finished it
		return Found{}, err
	}
	return s.found(ctx, asked.Snapshot)
}

// all reads every group and finishes the snapshot.
func (r *reading) all(ctx context.Context) error {
	if err := r.open(ctx); err != nil {
		return err
	}
	if err := r.prepare(ctx); err != nil {
		return err
	}
	read := r.everybody
	if r.Campaign.Small() {
		read = r.onePerson
	}
	err := read(ctx)
	if err == nil {
		r.forget()
		_, err = r.to.Finish(ctx, r.Units.Now())
	}
	if err != nil {
		_ = r.to.Settle() // what was read whole is kept; what goes wrong with that the next attempt reads anew
	}
	return err
}

// open begins the snapshot, or goes on with one. What was begun long ago is begun anew: it would be of two days.
func (r *reading) open(ctx context.Context) (err error) {
	r.to, err = snapshot.Begin(ctx, r.Store, r.Snapshot, r.Units.Now(), snapshot.Options{})
	if err != nil || r.Units.Now().Sub(r.to.Begun()) < StaleAfter {
		return err
	}
	if err := snapshot.Delete(ctx, r.Store, r.Snapshot); err != nil {
		return err
	}
	r.to, err = snapshot.Begin(ctx, r.Store, r.Snapshot, r.Units.Now(), snapshot.Options{})
	return err
}

// prepare finds out what has to be known before the first group is read.
func (r *reading) prepare(ctx context.Context) (err error) {
	r.Groups.Pin(ctx)
	above := newChart(r.pass)
	r.folk = newFolk(r.pass, above)
	r.asks = newAsking(r.pass, above)
	r.use = newUsage(r.pass)
	r.grants = &grantsRead{pass: r.pass}
	if r.scope, err = r.meant(ctx); err != nil {
		return err
	}
	if r.before, err = r.decidedBefore(ctx); err != nil {
		return err
	}
	r.apart, err = r.conflicting(ctx)
	return err
}

// forget lets go what rows were made of: to finish a snapshot takes memory, too.
func (r *reading) forget() {
	r.accounts, r.several, r.whose = newRoster(), nil, nil
	r.folk, r.grants, r.use, r.before, r.apart, r.asks, r.made = nil, nil, nil, nil, nil, nil, made{}
}

// everybody reads the groups that are not written yet.
func (r *reading) everybody(ctx context.Context) error {
	if err := r.listed(ctx); err != nil {
		return err
	}
	written := map[catalog.GroupRef]bool{}
	for _, g := range r.to.Groups() {
		written[g.Ref] = true
	}
	for _, t := range targets.Of(r.known, r.Campaign.Review.Scope, r.fresh) {
		if written[t.Ref] {
			continue
		}
		if err := r.goesOn(ctx); err != nil {
			return err
		}
		if err := r.group(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// listed finds out of which apps without a directory a list was imported lately.
func (r *reading) listed(ctx context.Context) (err error) {
	if r.Imported != nil {
		r.fresh, err = r.Imported.Fresh(ctx)
	}
	return err
}

// goesOn breaks a reading off whose campaign was cancelled meanwhile: the next attempt sees that and clears up.
func (r *reading) goesOn(ctx context.Context) error {
	var c access.Campaign
	err := r.Units.View(ctx, func(tx store.Tx) (err error) {
		c, err = store.Campaign(tx, r.Campaign.ID)
		return err
	})
	if err != nil {
		return fmt.Errorf("whether the review %s goes on: %w", r.Campaign.ID, err)
	}
	if c.State != access.CampaignReading {
		return &access.Failure{Class: access.Transient, Sentence: "The review " + c.ID + " was cancelled while it was read"}
	}
	return nil
}
