package snapshot

import (
	"context"
	"errors"
	"fmt"
	"math"

	"latchkey/store/snapshot/columns"
)

// AddRows adds rows to the group that is begun, in any order. Their accounts and
// reviewers were added before. An account that is in the group already is an error: a
// list that names somebody twice isn't one to review.
func (w *Writer) AddRows(ctx context.Context, rows ...Row) error {
	for i := range rows {
		r := &rows[i]
		if err := w.AddAlike(ctx, r, Alike{[]int{r.Account}, r.Reviewers, r.Second}); err != nil {
			return err
		}
	}
	return nil
}

// Alike are accounts whose memberships say the same.
type Alike struct {
	Accounts          []int
	Reviewers, Second []int // who is to decide on them, as in Row
}

// AddAlike adds rows of many accounts that say whatever like says, but for whose they are
// and who is to decide on them. It is AddRows for a fraction of the time.
func (w *Writer) AddAlike(ctx context.Context, like *Row, all ...Alike) error {
	if w.open == nil {
		return fmt.Errorf("snapshot of %s: no group is begun", w.campaign)
	}
	said := false
	for i := range all {
		for n := 0; n < len(all[i].Accounts); {
			err := w.say(like, &all[i], said)
			for said = err == nil; n < len(all[i].Accounts) && err == nil && !w.held.full(); n++ {
				err = w.addMember(all[i].Accounts[n])
			}
			if err != nil {
				return fmt.Errorf("snapshot of %s, %s, account number %d: %w", w.campaign, w.open.Ref, all[i].Accounts[max(0, n-1)], err)
			}
			if w.held.full() {
				if said, err = false, w.handOver(ctx, w.open, nil); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// say has the members who are added next say the same as a row. Once it was said, only who is asked may be others.
func (w *Writer) say(like *Row, of *Alike, said bool) error {
	err := errors.Join(w.identified(of.Reviewers), w.identified(of.Second))
	if err == nil && !said {
		err = w.checkRow(like)
	}
	switch {
	case err != nil:
		return err
	case !said:
		w.held.say(like)
	default:
		w.held.sayAgain()
	}
	w.held.ask(of.Reviewers, of.Second)
	return nil
}

// addMember adds a row that says what was said last.
func (w *Writer) addMember(account int) error {
	switch {
	case account < 0 || account >= w.people.count():
		return errors.New("nobody has that number")
	case w.open.added >= groupAtMost:
		return errors.New("the group has too many rows")
	case !w.open.seen.Add(account):
		return errors.New("it is listed twice")
	}
	w.held.member(account)
	w.open.added++
	return nil
}

// checkRow refuses what can't be kept of a row.
func (w *Writer) checkRow(r *Row) error {
	switch {
	case r.Peers.Some < 0 || r.Peers.All < 0:
		return errors.New("a share can't be less than nothing")
	case r.Peers.Some > math.MaxUint32 || r.Peers.All > math.MaxUint32:
		return errors.New("a share can't be of so many")
	case len(r.Conflicts) > listAtMost:
		return fmt.Errorf("more than %d conflicts or reviewers", listAtMost)
	}
	longest := max(len(r.Source), len(r.Grant), len(r.Request), len(r.Use.Source), len(r.Earlier.Decision), len(r.Earlier.Campaign), len(r.Recommendation), len(r.Reason), len(r.Excluded))
	if longest > textAtMost {
		return fmt.Errorf("a text of %d bytes is too long", longest)
	}
	return columns.Keepable(r.Since, r.Until, r.Use.At, r.Use.Reach)
}

// identified refuses reviewers who are nobody, and too many.
func (w *Writer) identified(stage []int) error {
	if len(stage) > listAtMost {
		return fmt.Errorf("more than %d conflicts or reviewers", listAtMost)
	}
	for _, n := range stage {
		if !w.people.identified(n) {
			return fmt.Errorf("the reviewer %d is nobody who was added with an id", n)
		}
	}
	return nil
}
