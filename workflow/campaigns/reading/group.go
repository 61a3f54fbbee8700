package reading

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store/snapshot"
	"latchkey/workflow/campaigns/targets"
	"latchkey/workflow/people"
)

// group reads one group and writes it, with what proves that nobody is missing. Where accounts are on the list that aren't
// there, it is read once more: they may have been deleted meanwhile.
func (r *reading) group(ctx context.Context, t targets.Target) error {
	var before []access.Reading
	for {
		again, err := r.groupOnce(ctx, t, before)
		if err != nil || again == nil {
			return err
		}
		before = again
	}
}

// groupOnce is group, after earlier readings. What it returns are all of these, if it has to be read once more.
func (r *reading) groupOnce(ctx context.Context, t targets.Target, before []access.Reading) (again []access.Reading, err error) {
	g, members, proof, err := r.members(ctx, t.Ref)
	if err != nil {
		if proof, err = r.unread(ctx, t, proof, err); err != nil {
			return nil, err
		}
		members = listing{} // what came before it broke off is not the group
	}
	if t.Excluded != "" && proof.Failure != "" {
		return nil, nil // nobody decides on it, so nothing has to be known
	}
	k, all, err := r.about(ctx, t, g, members)
	if err != nil {
		return nil, err
	}
	proof.Readings, proof.File = append(before, proof.Readings...), r.fileOf(t, r.idsOf(all))
	strangers, err := r.strangers(ctx, k, all, &proof)
	switch {
	case err != nil:
		return nil, err
	case strangers > 0 && len(before) == 0:
		return proof.Readings, nil
	}
	return nil, r.proven(ctx, k, all, proof)
}

// idsOf are the ids of the accounts of some members.
func (r *reading) idsOf(all []*member) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, m := range all {
			if !yield(r.accounts.account(int(m.number)).id) {
				return
			}
		}
	}
}

// proven writes a group with what proves who is in it.
func (r *reading) proven(ctx context.Context, k *knowledge, all []*member, proof access.Population) error {
	body, err := json.Marshal(proof)
	if err != nil {
		return fmt.Errorf("the proof of %s: %w", k.Ref, err)
	}
	return r.write(ctx, k, all, body)
}

// members reads who is in a group.
func (r *reading) members(ctx context.Context, ref catalog.GroupRef) (idp.Group, listing, access.Population, error) {
	d, configured := r.directory(ref.Directory)
	if !configured {
		return idp.Group{}, listing{}, access.Population{}, people.Rejected("The group %s belongs to the directory %q, which is not configured", ref, ref.Directory)
	}
	g, err := r.Groups.Find(ctx, d, ref)
	if err != nil {
		return g, listing{}, access.Population{}, people.DirectoryFailure(d, fmt.Sprintf("Find the group %s", ref), err)
	}
	members, proof, err := r.extract(ctx, d, g)
	if err != nil {
		return g, listing{}, proof, people.DirectoryFailure(d, fmt.Sprintf("Read who is in %s", ref), err)
	}
	return g, members, proof, nil
}

// unread is the proof of a group that can't be read, with what was read of it. What may pass is tried again first.
func (r *reading) unread(ctx context.Context, t targets.Target, proof access.Population, err error) (access.Population, error) {
	f := access.Classify(err)
	passes := f.Class == access.Limited || f.Class == access.Transient && r.Patient
	if ctx.Err() != nil || passes {
		return proof, err
	}
	r.Logger.Warn("a group of a review can't be read", "review", r.Campaign.ID, "group", t.Ref, "error", err)
	proof.Directory, proof.Group, proof.Name = t.Ref.Directory, cmp.Or(proof.Group, t.Ref.Group), cmp.Or(proof.Name, t.Ref.Group)
	proof.Tool, proof.Failure = r.Version, f.Sentence
	return proof, nil
}

// write writes a group with its rows; without a proof, where only one person's membership was read.
func (r *reading) write(ctx context.Context, k *knowledge, all []*member, proof []byte) error {
	t, g := k.Target, k.group
	is := snapshot.Group{Ref: t.Ref, ID: g.ID, Name: g.Name, App: t.App.ID, Roles: t.RoleIDs(), Risk: t.Risk, Privileged: t.Privileged, Opens: t.Opens()}
	if err := r.to.BeginGroup(is); err != nil {
		return err
	}
	if err := r.rows(ctx, k, all); err != nil {
		return errors.Join(err, r.to.DropGroup(ctx))
	}
	return r.to.EndGroup(ctx, proof)
}

// knowledge is what is known of the memberships of one group.
type knowledge struct {
	fact
	why    explanations
	used   used
	listed *everyone
	before map[string]snapshot.Earlier // by account
	alike  bool                        // memberships of which nothing is known by itself say the same
}

// about finds out what has to be known of a group and its members before its rows are made.
func (r *reading) about(ctx context.Context, t targets.Target, g idp.Group, members listing) (*knowledge, []*member, error) {
	all, err := r.folk.meet(ctx, t.Ref.Directory, members)
	if err != nil {
		return nil, nil, err
	}
	why, err := r.grants.explained(ctx, t, g)
	if err != nil {
		return nil, nil, err
	}
	used, err := r.use.of(ctx, t, g)
	if err != nil {
		return nil, nil, err
	}
	listed, err := r.folk.lists.of(ctx, t.Ref.Directory)
	if err != nil {
		return nil, nil, err
	}
	k := &knowledge{fact: fact{Target: t, group: g}, why: why, used: used, listed: listed, before: r.before[g.ID]}
	k.concerned = r.apart.concerned(&k.fact)
	k.alike = !k.concerned && used.source == "" && t.Excluded == "" && !r.scope.personal()
	r.asks.begin()
	return k, all, nil
}

// is turns to one of the group's members.
func (k *knowledge) is(m *member, a *account) {
	k.member, k.account, k.grant, k.use, k.peers = m, a, k.why.of(a), k.used.of(a), k.listed.peers(m)
}

// ownKnown tells whether something is known of a membership by itself: what explains it, or what was decided of it.
func (k *knowledge) ownKnown(accounts *roster, m *member) bool {
	if len(k.why.people)+len(k.why.accounts)+len(k.before) == 0 {
		return false
	}
	a := accounts.account(int(m.number))
	_, decided := k.before[a.id]
	return decided || k.why.of(a) != explanation{}
}

// decided is what the latest review said of the membership.
func (k *knowledge) decided() snapshot.Earlier {
	if len(k.before) == 0 {
		return snapshot.Earlier{}
	}
	return k.before[k.account.id]
}
