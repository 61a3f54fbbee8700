package campaigns

import (
	"errors"
	"maps"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
)

// worklists is how a worklist is kept.
func worklists() engine.Noun[access.Worklist] {
	return engine.Noun[access.Worklist]{
		Kind: "worklist", ID: func(w access.Worklist) string { return w.ID() }, Put: store.PutWorklist,
		Load: func(tx store.Tx, id string) (access.Worklist, error) {
			campaign, stage, who, err := access.ParseWorklistID(id)
			if err != nil {
				return access.Worklist{}, err
			}
			return store.Worklist(tx, campaign, stage, who)
		},
	}
}

// counting brings worklists up to date with what is said in one unit of work. A click writes no more of how far a
// campaign is than these: so answers of different people never meet in one record.
type counting struct {
	u       *engine.Unit
	changed map[string]access.Worklist
}

func counts(u *engine.Unit) *counting { return &counting{u, map[string]access.Worklist{}} }

// of is the worklist of somebody for a row as it stands; an empty one where there is none yet.
func (n *counting) of(i access.ReviewItem, who access.PersonID) (access.Worklist, error) {
	id := access.WorklistID(i.Campaign, i.List(), who)
	if w, known := n.changed[id]; known {
		return w, nil
	}
	w, err := engine.Load(n.u, worklists(), id)
	if errors.Is(err, store.ErrNotFound) {
		return access.Worklist{Campaign: i.Campaign, Stage: i.List(), Reviewer: who}, nil
	}
	return w, err
}

// row counts what a row has come to. Where it changed hands, each has what is theirs.
func (n *counting) row(before, now access.ReviewItem) error {
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

func (n *counting) count(i access.ReviewItem, who access.PersonID, was, is access.Share) error {
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
func (n *counting) heard(i access.ReviewItem, who access.PersonID, a Answer) error {
	w, err := n.of(i, who)
	if err == nil {
		n.changed[w.ID()] = w.Heard(a.Took, n.u.At)
	}
	return err
}

// save stores what has changed.
func (n *counting) save() error {
	for _, id := range slices.Sorted(maps.Keys(n.changed)) {
		w := n.changed[id]
		if err := engine.Save(n.u, worklists(), &w); err != nil {
			return err
		}
		n.changed[id] = w
	}
	return nil
}

// standing is in whose place somebody answers rows at one moment.
type standing struct {
	by    access.PersonID
	lists []access.Worklist                   // whose rows they answer, their own first
	from  map[access.PersonID]access.PersonID // of a list: for whom they decide by a delegation; "": nobody
}

// stands finds in whose place somebody answers: for themselves, for those in whose place they were put, and for those
// who have them decide while they are away, as long as these may decide.
func (c open) stands(by access.PersonID, at time.Time) (standing, error) {
	st := standing{by: by, from: map[access.PersonID]access.PersonID{}}
	if err := c.add(&st, by, ""); err != nil {
		return st, err
	}
	all, _, err := store.Sound(store.DelegationsTo(c.tx, by))
	if err != nil {
		return st, err
	}
	for _, d := range store.Counting(all, at) {
		p, err := people.In(c.tx, d.Delegator)
		if err != nil {
			return st, err
		}
		if p.Departed() || p.MayAct() != nil {
			continue
		}
		if err := c.add(&st, d.Delegator, d.Delegator); err != nil {
			return st, err
		}
	}
	return st, nil
}

func (c open) add(st *standing, who, from access.PersonID) error {
	all, _, err := store.Sound(store.WorklistsAsked(c.tx, c.ID, list(c.Campaign), who))
	for _, w := range all {
		if slices.ContainsFunc(st.lists, func(o access.Worklist) bool { return o.Reviewer == w.Reviewer }) {
			continue
		}
		if st.from[w.Reviewer] = from; w.Reviewer == st.by {
			st.lists = slices.Insert(st.lists, 0, w)
		} else {
			st.lists = append(st.lists, w)
		}
	}
	return err
}

// whose are those as whose answers theirs count.
func (st standing) whose() (out []access.PersonID) {
	for _, w := range st.lists {
		out = append(out, w.Reviewer)
	}
	return out
}

// among are those of some reviewers as whose their answers count. Whoever was replaced isn't among them any more.
func (st standing) among(reviewers []access.PersonID) []access.PersonID {
	whose := st.whose()
	return slices.DeleteFunc(slices.Clone(reviewers), func(p access.PersonID) bool { return !slices.Contains(whose, p) })
}

// inPlaceOf is as whose an answer to a row counts; empty for their own, or where they answer for nobody whom it waits for.
func (st standing) inPlaceOf(i access.ReviewItem) access.PersonID {
	for _, who := range st.whose() {
		if !slices.Contains(i.Reviewers, who) {
			continue
		}
		if who == st.by {
			return ""
		}
		return who
	}
	return ""
}

// together is all that waits for them.
func (st standing) together(c access.Campaign) access.Worklist {
	out := access.Worklist{Campaign: c.ID, Stage: list(c), Reviewer: st.by, Done: true}
	for _, w := range st.lists {
		out.Rows, out.Answered, out.Revoked, out.NotMine = out.Rows+w.Rows, out.Answered+w.Answered, out.Revoked+w.Revoked, out.NotMine+w.NotMine
		out.Elsewhere, out.Bulk, out.Took, out.Done = out.Elsewhere+w.Elsewhere, out.Bulk+w.Bulk, out.Took+w.Took, out.Done && w.Done
		if w.Reviewer == st.by {
			out.Opened, out.First, out.Last, out.Told, out.LastTold, out.Version = w.Opened, w.First, w.Last, w.Told, w.LastTold, w.Version
		}
	}
	return out
}
