package deciding

import (
	"errors"
	"maps"
	"slices"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// Counting brings worklists up to date with what is said in one unit of work. A click writes no more of how far a
// campaign is than these: so answers of different people never meet in one record.
type Counting struct {
	u       *engine.Unit
	changed map[string]access.Worklist
}

// Counts begins to count in a unit of work. What is counted is stored by Save.
func Counts(u *engine.Unit) *Counting { return &Counting{u, map[string]access.Worklist{}} }

// of is the worklist of somebody for a row as it stands; an empty one where there is none yet.
func (n *Counting) of(i access.ReviewItem, who access.PersonID) (access.Worklist, error) {
	id := access.WorklistID(i.Campaign, i.List(), who)
	if w, known := n.changed[id]; known {
		return w, nil
	}
	w, err := engine.Load(n.u, rows.Worklists(), id)
	if errors.Is(err, store.ErrNotFound) {
		return access.Worklist{Campaign: i.Campaign, Stage: i.List(), Reviewer: who}, nil
	}
	return w, err
}

// row counts what a row has come to. Where it changed hands, each has what is theirs.
func (n *Counting) row(before, now access.ReviewItem) error {
	who := slices.Concat(before.Reviewers, now.Reviewers)
	slices.Sort(who)
	for _, one := range slices.Compact(who) {
		was, is := before.Share(one), now.Share(one)
		if before.List() != now.List() { // it left the one list and came to the other
			if err := n.count(before, one, was, access.Share{}); err != nil {
				return err
			}
			was = access.Share{}
		}
		if err := n.count(now, one, was, is); err != nil {
			return err
		}
	}
	return nil
}

func (n *Counting) count(i access.ReviewItem, who access.PersonID, was, is access.Share) error {
	if was == is {
		return nil
	}
	w, err := n.of(i, who)
	if err == nil {
		n.changed[w.ID()] = w.Count(was, is)
	}
	return err
}

// heard notes that somebody's row was answered.
func (n *Counting) heard(i access.ReviewItem, who access.PersonID, a Answer) error {
	w, err := n.of(i, who)
	if err == nil {
		n.changed[w.ID()] = w.Heard(a.Took, n.u.At)
	}
	return err
}

// Save stores what has changed.
func (n *Counting) Save() error {
	shown := map[string]bool{}
	for _, id := range slices.Sorted(maps.Keys(n.changed)) {
		w := n.changed[id]
		if err := n.show(w.Campaign, shown); err != nil {
			return err
		}
		if err := engine.Save(n.u, rows.Worklists(), &w); err != nil {
			return err
		}
		n.changed[id] = w
	}
	return nil
}

// show has the card of a campaign show how far it is by now.
func (n *Counting) show(campaign string, shown map[string]bool) error {
	if shown[campaign] {
		return nil
	}
	shown[campaign] = true
	c, err := engine.Load(n.u, rows.Campaigns(), campaign)
	if err != nil {
		return err
	}
	return notify.CampaignSoon(n.u, c)
}
