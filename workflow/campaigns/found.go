package campaigns

import (
	"context"
	"encoding/json"
	"fmt"

	"latchkey/access"
	"latchkey/store"
	"latchkey/store/snapshot"
	"latchkey/workflow/engine"
)

// found is what a snapshot comes to.
type found struct {
	counts   access.RowCounts
	unproven []string
}

// found counts what was written, and judges it: what stands in the snapshot counts, and not what was meant to.
func (r *reading) found(ctx context.Context) (out found, err error) {
	err = r.units.View(ctx, func(tx store.Tx) error {
		from, err := snapshot.Open(tx, r.task.Snapshot)
		if err != nil {
			return err
		}
		out, err = counted(from)
		return err
	})
	return out, err
}

// counted goes through a snapshot once.
func counted(from *snapshot.Reader) (out found, err error) {
	out.counts, err = countRows(from)
	if err != nil {
		return out, err
	}
	for g, err := range from.Groups() {
		if err != nil {
			return out, err
		}
		p, err := proofOf(g)
		if err != nil {
			return out, err
		}
		if g.Proof != nil && !p.Proven() { // of one person's memberships there is no population
			out.unproven = append(out.unproven, p.Problem())
		}
	}
	return out, nil
}

// countRows counts those rows on which somebody decides.
func countRows(from *snapshot.Reader) (c access.RowCounts, err error) {
	left, privileged, err := marked(from)
	if err != nil {
		return c, err
	}
	seen := map[int]bool{}
	for row, err := range from.Rows(0) {
		if err != nil {
			return c, err
		}
		if row.Excluded != "" {
			continue
		}
		c.Rows++
		seen[row.Account] = true
		if left[row.Account] {
			c.Left++
		}
		if privileged[row.Group] {
			c.Privileged++
		}
		if len(row.Reviewers) == 0 {
			c.Alone++
		}
	}
	c.People, c.Groups = len(seen), from.Header().Groups
	c.Reviewers, err = countReviewers(from)
	return c, err
}

// countReviewers counts those who are asked in any stage.
func countReviewers(from *snapshot.Reader) (int, error) {
	asked := map[access.PersonID]bool{}
	for stage := range 2 {
		for one, err := range inStage(from, stage).Reviewers() {
			if err != nil {
				return 0, err
			}
			asked[one.ID] = true
		}
	}
	delete(asked, "")
	return len(asked), nil
}

// marked are the accounts of people who have left, and the groups that are privileged.
func marked(from *snapshot.Reader) (left map[int]bool, privileged map[int]bool, err error) {
	left, privileged = map[int]bool{}, map[int]bool{}
	for p, err := range from.People() {
		if err != nil {
			return nil, nil, err
		}
		if p.Status == access.Left {
			left[p.Number] = true
		}
	}
	for g, err := range from.Groups() {
		if err != nil {
			return nil, nil, err
		}
		privileged[g.Number] = g.Privileged
	}
	return left, privileged, nil
}

// proofOf is what is known of who was read of a group.
func proofOf(g snapshot.Group) (p access.Population, err error) {
	if g.Proof == nil {
		return p, nil
	}
	if err := json.Unmarshal(g.Proof, &p); err != nil {
		return p, fmt.Errorf("the proof of %s: %w", g.Ref, err)
	}
	return p, nil
}

// wasRead moves a campaign whose groups were read, and starts it where nothing speaks against that.
func (s *Service) wasRead(u *engine.Unit, task readTask, hash string, f found) error {
	c, err := engine.Load(u, campaigns(), task.Campaign)
	if err != nil || c.State != access.CampaignReading {
		return err // it was cancelled meanwhile
	}
	e := c.Event(access.EventCampaignRead, access.System(), u.At)
	e.Review = &access.ReviewDetails{Snapshot: task.Snapshot, Hash: hash, Counts: &f.counts, Unproven: f.unproven}
	if c, err = engine.Move(u, campaigns(), c, e); err != nil {
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
		return s.open(u, c, by)
	default:
		return s.tellDraft(u, c, speaks)
	}
}

// nothingToReview ends a small review of somebody who has nothing that it is about.
func nothingToReview(u *engine.Unit, c access.Campaign) error {
	e := c.Event(access.EventCampaignCancelled, access.System(), u.At)
	e.Reason, e.Review = "There is nothing to review.", &access.ReviewDetails{}
	_, err := engine.Move(u, campaigns(), c, e)
	return err
}
