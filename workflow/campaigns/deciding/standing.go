package deciding

import (
	"slices"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/people"
)

// standing is in whose place somebody answers rows at one moment.
type standing struct {
	by    access.PersonID
	lists []access.Worklist                   // whose rows they answer, their own first
	from  map[access.PersonID]access.PersonID // of a list: for whom they decide by a delegation; "": nobody
}

// stands finds in whose place somebody answers: for themselves, for those in whose place they were put, and for those
// who have them decide while they are away, as long as these may decide.
func (c reviewed) stands(by access.PersonID, at time.Time) (standing, error) {
	st := standing{by: by, from: map[access.PersonID]access.PersonID{}}
	if err := c.add(&st, by, ""); err != nil {
		return st, err
	}
	all, _, err := store.Sound(store.DelegationsTo(c.Tx, by))
	if err != nil {
		return st, err
	}
	for _, d := range store.Counting(all, at) {
		p, err := people.In(c.Tx, d.Delegator)
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

func (c reviewed) add(st *standing, who, from access.PersonID) error {
	all, _, err := store.Sound(store.WorklistsAsked(c.Tx, c.ID, rows.ListOf(c.Campaign), who))
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
	out := access.Worklist{Campaign: c.ID, Stage: rows.ListOf(c), Reviewer: st.by, Done: true}
	for _, w := range st.lists {
		out.Rows, out.Answered, out.Revoked, out.NotMine = out.Rows+w.Rows, out.Answered+w.Answered, out.Revoked+w.Revoked, out.NotMine+w.NotMine
		out.Elsewhere, out.Bulk, out.Took, out.Done = out.Elsewhere+w.Elsewhere, out.Bulk+w.Bulk, out.Took+w.Took, out.Done && w.Done
		if w.Reviewer == st.by {
			out.Opened, out.First, out.Last, out.Told, out.LastTold, out.Version = w.Opened, w.First, w.Last, w.Told, w.LastTold, w.Version
		}
	}
	return out
}
