package reading

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"

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
		members = nil // what came before it broke off is not the group
	}
	if t.Excluded != "" && proof.Failure != "" {
		return nil, nil // nobody decides on it, so nothing has to be known
	}
	found, err := r.rowsIn(ctx, t, g, members)
	if err != nil {
		return nil, err
	}
	proof.Readings = append(before, proof.Readings...)
	strangers, err := r.strangers(ctx, t.Ref.Directory, g, members, &proof)
	if err == nil && strangers > 0 && len(before) == 0 {
		return proof.Readings, nil
	}
	if err != nil {
		return nil, err
	}
	return nil, r.write(ctx, t, g, found, proof)
}

// members reads who is in a group.
func (r *reading) members(ctx context.Context, ref catalog.GroupRef) (idp.Group, []idp.Membership, access.Population, error) {
	d, configured := r.directory(ref.Directory)
	if !configured {
		return idp.Group{}, nil, access.Population{}, people.Rejected("The group %s belongs to the directory %q, which is not configured", ref, ref.Directory)
	}
	g, err := r.Groups.Find(ctx, d, ref)
	if err != nil {
		return g, nil, access.Population{}, people.DirectoryFailure(d, fmt.Sprintf("Find the group %s", ref), err)
	}
	members, proof, err := r.extract(ctx, d, g)
	if err != nil {
		return g, nil, proof, people.DirectoryFailure(d, fmt.Sprintf("Read who is in %s", ref), err)
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

// write writes a group with its rows.
func (r *reading) write(ctx context.Context, t targets.Target, g idp.Group, found []snapshot.Row, proof access.Population) error {
	body, err := json.Marshal(proof)
	if err != nil {
		return fmt.Errorf("the proof of %s: %w", t.Ref, err)
	}
	return r.keep(ctx, t, g, found, body)
}

// keep writes a group with its rows; without a proof, where only one person's membership was read.
func (r *reading) keep(ctx context.Context, t targets.Target, g idp.Group, found []snapshot.Row, proof []byte) error {
	is := snapshot.Group{Ref: t.Ref, ID: g.ID, Name: g.Name, App: t.App.ID, Roles: t.RoleIDs(), Risk: t.Risk, Privileged: t.Privileged, Opens: t.Opens()}
	if err := r.to.BeginGroup(is); err != nil {
		return err
	}
	if err := r.to.AddRows(ctx, found...); err != nil {
		return errors.Join(err, r.to.DropGroup(ctx))
	}
	return r.to.EndGroup(ctx, proof)
}

// rowsIn are the rows of a group that the review is about.
func (r *reading) rowsIn(ctx context.Context, t targets.Target, g idp.Group, members []idp.Membership) ([]snapshot.Row, error) {
	all, err := r.folk.meet(ctx, t.Ref.Directory, members)
	if err != nil {
		return nil, err
	}
	why, err := r.grants.explained(ctx, t, g)
	if err != nil {
		return nil, err
	}
	used, err := r.use.of(ctx, t, g)
	if err != nil {
		return nil, err
	}
	peers := r.folk.lists.peersIn(t.Ref.Directory, all)
	out := make([]snapshot.Row, 0, len(all))
	for _, a := range all {
		f := fact{Target: t, group: g, account: a, grant: why.of(a), use: used.of(a.id), peers: peers.of(a)}
		row, in, err := r.row(ctx, f)
		if err != nil {
			return nil, err
		}
		if in {
			out = append(out, row)
		}
	}
	return out, nil
}

// row is a membership as it is written; in is false where the review isn't about it.
func (r *reading) row(ctx context.Context, f fact) (row snapshot.Row, in bool, err error) {
	if !r.scope.includes(f, r.to.Begun()) {
		return row, false, nil
	}
	row = snapshot.Row{
		Account: f.account.number, Source: f.grant.source, Grant: f.grant.id, Request: f.grant.request, Since: f.grant.since, Until: f.grant.until,
		Use: f.use, Peers: f.peers, Earlier: r.before.of(f), Excluded: r.scope.excluded(f),
	}
	if row.Conflicts, err = r.apart.of(ctx, f); err != nil {
		return row, false, err
	}
	recommended, because := access.Recommend(r.factsOf(f, row), r.to.Begun())
	row.Recommendation, row.Reason = string(recommended), string(because)
	if row.Excluded == "" {
		row.Reviewers, row.Second, err = r.asks.of(ctx, f)
	}
	return row, true, err
}

// factsOf is what a recommendation goes by.
func (r *reading) factsOf(f fact, row snapshot.Row) access.RowFacts {
	facts := access.RowFacts{
		Left: f.account.left, Conflict: len(row.Conflicts) > 0, Birthright: row.Source == access.SourceBirthright, Explained: row.Grant != "" && row.Source != access.SourceAdopted,
		Moved: r.Campaign.Occasion == access.OnMoved, Revoked: row.Earlier.Decision == string(access.DecisionRevoke),
		Since: row.Since, Used: row.Use.At, Reach: row.Use.Reach, UsageOff: !r.Campaign.Review.CountsUsage(f.App.ID), Peers: row.Peers.Percent(),
	}
	return facts
}
