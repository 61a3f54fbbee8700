package reading

import (
	"context"
	"runtime"

	"latchkey/access"
	"latchkey/store/snapshot"
)

// made is the row that is made. Those who follow one another in a group are, mostly, of one department, and all there is to say
// of their memberships is the same, but for who is asked: it is found out once, and written for all of them.
type made struct {
	row      snapshot.Row
	like     *member // of whom nothing else can be said than of others like them; nil for somebody who stands alone
	all      []snapshot.Alike
	accounts []int // of all, one after the other; not so many that it would have to grow
}

// hurriesNot is after how many members it is looked whether somebody else has to do something.
const hurriesNot = 64

// madeAtOnce is how many rows are handed over together: few, so that they are still in the processor's cache then.
const madeAtOnce = 256

// rows makes the rows of a group that the review is about.
func (r *reading) rows(ctx context.Context, k *knowledge, all []*member) error {
	r.folk.lists.count(all)
	made := &r.made
	*made = madeIn(made)
	for i, m := range all {
		if i%hurriesNot == 0 {
			runtime.Gosched() // as in gathered.Add
		}
		if len(made.accounts) < madeAtOnce && made.like != nil && r.sameSaid(k, made.like, m) {
			made.add(m, r.asks.only(m), nil)
			continue
		}
		if err := r.handOver(ctx); err != nil {
			return err
		}
		if err := r.make(ctx, k, m); err != nil {
			return err
		}
	}
	return r.handOver(ctx)
}

// madeIn is nothing that is made yet, in room that is used again.
func madeIn(room *made) made {
	if room.accounts == nil {
		room.accounts = make([]int, 0, madeAtOnce)
	}
	return made{all: room.all[:0], accounts: room.accounts[:0]}
}

// add adds somebody of whose membership the same is said.
func (made *made) add(m *member, first, second []int) {
	made.accounts = append(made.accounts, int(m.number))
	if last := len(made.all) - 1; last >= 0 && sameRoom(made.all[last].Reviewers, first) && sameRoom(made.all[last].Second, second) {
		made.all[last].Accounts = made.accounts[len(made.accounts)-1-len(made.all[last].Accounts):]
		return
	}
	made.all = append(made.all, snapshot.Alike{Accounts: made.accounts[len(made.accounts)-1:], Reviewers: first, Second: second})
}

// sameRoom tells whether two lists are one and the same.
func sameRoom(a, b []int) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// make makes the row of a member, if the review is about it.
func (r *reading) make(ctx context.Context, k *knowledge, m *member) error {
	made := &r.made
	k.is(m, r.accounts.account(int(m.number)))
	if made.row, made.like = (snapshot.Row{}), nil; !r.scope.includes(&k.fact, r.to.Begun()) {
		return nil
	}
	if err := r.row(ctx, k, &made.row); err != nil {
		return err
	}
	made.add(m, made.row.Reviewers, made.row.Second)
	if k.alike && !k.ownKnown(&r.accounts, m) {
		made.like = m
	}
	return nil
}

// sameSaid tells whether the same is to be said of two memberships, of the first of which nothing is known by itself.
func (r *reading) sameSaid(k *knowledge, like, m *member) bool {
	return m.department == like.department && m.left == like.left && r.asks.only(m) != nil && !k.ownKnown(&r.accounts, m)
}

// handOver hands what was made over.
func (r *reading) handOver(ctx context.Context) error {
	err := r.to.AddAlike(ctx, &r.made.row, r.made.all...)
	r.made = madeIn(&r.made)
	r.asks.forget()
	return err
}

// row is a membership as it is written.
func (r *reading) row(ctx context.Context, k *knowledge, row *snapshot.Row) (err error) {
	f := &k.fact
	row.Account, row.Source, row.Grant, row.Request, row.Since, row.Until = int(f.member.number), f.grant.source, f.grant.id, f.grant.request, f.grant.since, f.grant.until
	row.Use, row.Peers, row.Earlier, row.Excluded = f.use, f.peers, k.decided(), r.scope.excluded(f)
	if row.Conflicts, err = r.apart.of(ctx, f); err != nil {
		return err
	}
	recommended, because := access.Recommend(r.factsOf(f, row), r.to.Begun())
	row.Recommendation, row.Reason = string(recommended), string(because)
	if row.Excluded == "" {
		row.Reviewers, row.Second, err = r.asks.of(ctx, f)
	}
	return err
}

// factsOf is what a recommendation goes by.
func (r *reading) factsOf(f *fact, row *snapshot.Row) access.RowFacts {
	return access.RowFacts{
		Left: f.member.left, Conflict: len(row.Conflicts) > 0, Birthright: row.Source == access.SourceBirthright, Explained: row.Grant != "" && row.Source != access.SourceAdopted,
		Moved: r.Campaign.Occasion == access.OnMoved, Revoked: row.Earlier.Decision == string(access.DecisionRevoke),
		Since: row.Since, Used: row.Use.At, Reach: row.Use.Reach, UsageOff: !r.Campaign.Review.CountsUsage(f.App.ID), Peers: row.Peers.Percent(),
	}
}
