package enforcing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/campaigns/rows"
	"latchkey/workflow/engine"
	"latchkey/workflow/people"
	"latchkey/workflow/provision"
)

// itemDue begins a removal: nobody can take the answer back any more. What belongs to a review that was cancelled meanwhile
// isn't carried out.
func (s *Service) itemDue(u *engine.Unit, id string) error {
	i, err := engine.Load(u, rows.Items(), id)
	if err != nil {
		return err
	}
	c, err := engine.Load(u, rows.Campaigns(), i.Campaign)
	if err != nil {
		return err
	}
	if c.State == access.CampaignCancelled {
		return settle(u, i, verdict{access.OutcomeVoid, "The review was cancelled before this was carried out."})
	}
	i, err = engine.Move(u, rows.Items(), i, i.Event(access.EventRowRevoking, access.System(), u.At))
	if err != nil {
		return err
	}
	if err := reportRevocation(u, c, i); err != nil {
		return err
	}
	return rows.Enqueue(u, RevokeTask, i.ID(), s.queueOf(i), store.Removals, rows.About{Campaign: i.Campaign, Row: i.Row})
}

// queueOf is the queue in which a row is taken away: that of its directory, as long as that is configured.
func (s *Service) queueOf(i access.ReviewItem) string {
	if _, configured := s.dirs.Get(i.Group.Directory); !configured {
		return engine.HouseQueue
	}
	return i.Group.Directory
}

const (
	// issueAgain is how soon it is looked again whether the issue of a revocation exists.
	issueAgain = time.Minute
	// otherAgain is how soon it is looked again whether the other row of the same access is answered, or whether what was
	// ending already has ended.
	otherAgain = 10 * time.Minute
)

// revoke takes away what a row says: the grants end that explain the membership, or the membership itself where none does.
func (s *Service) revoke(ctx context.Context, t store.Task) (engine.Outcome, error) {
	a, err := engine.ReadPayload[rows.About](t)
	if err != nil {
		return nil, err
	}
	var i access.ReviewItem
	err = s.units.View(ctx, func(tx store.Tx) error {
		i, err = store.ReviewItem(tx, a.Campaign, a.Row)
		return err
	})
	if err != nil || i.State != access.ItemRevoking {
		return nil, err
	}
	if len(i.Ends) > 0 {
		return s.awaitEnds(ctx, i)
	}
	at, err := s.look(ctx, i)
	if err != nil {
		return nil, err
	}
	if at.cannot != "" {
		return func(u *engine.Unit) error { return settleAnew(u, i, verdict{access.OutcomeManual, at.cannot}) }, nil
	}
	var p plan
	err = s.units.View(ctx, func(tx store.Tx) error {
		p, err = s.plan(tx, i, at.member)
		return err
	})
	if err == nil && p.waits != "" && t.ID == laterTask(i) { // the first task hands over to that one, in the unit in which it sees that it has to wait
		err = &access.Failure{Class: access.Limited, Nothing: true, After: p.again, Sentence: p.waits}
	}
	if err != nil {
		return nil, err
	}
	return func(u *engine.Unit) error { return s.carryOut(u, i, at.member) }, nil
}

// awaitEnds settles a row whose grants were ending already for another reason.
func (s *Service) awaitEnds(ctx context.Context, i access.ReviewItem) (engine.Outcome, error) {
	var v verdict
	err := s.units.View(ctx, func(tx store.Tx) (err error) {
		v, err = cameTo(func(id string) (access.Grant, error) { return store.Grant(tx, id) }, i)
		return err
	})
	if err == nil && v.outcome == "" {
		err = &access.Failure{Class: access.Limited, Nothing: true, After: otherAgain, Sentence: "What it ends isn't gone yet"}
	}
	if err != nil {
		return nil, err
	}
	return func(u *engine.Unit) error { return settleAnew(u, i, v) }, nil
}

// seen is how a row's membership is at this moment.
type seen struct {
	member bool
	cannot string // why Latchkey can't change it, in words; "": it can
}

// look reads in the directory whether the membership is there, and whether it can be changed.
func (s *Service) look(ctx context.Context, i access.ReviewItem) (seen, error) {
	if i.Group.Directory == access.ImportedDirectory {
		return s.lookAtList(ctx, i)
	}
	dir, there := s.dirs.Get(i.Group.Directory)
	if !there {
		return seen{cannot: fmt.Sprintf("The directory %q isn't configured any more.", i.Group.Directory)}, nil
	}
	if i.Person == "" {
		return seen{cannot: "It isn't known whose the account " + i.Account + " is."}, nil
	}
	ctx = idp.WithPriority(ctx, idp.Removal)
	group, err := dir.Group(ctx, i.GroupID)
	if errors.Is(err, idp.ErrNotFound) {
		return seen{}, nil // the group was deleted, and everybody's place in it with it
	}
	if err != nil {
		return seen{}, people.DirectoryFailure(dir, fmt.Sprintf("Read the group %s", i.Group), err)
	}
	switch protected, err := s.groups.Protected(ctx, dir, group); {
	case err != nil:
		return seen{}, err
	case protected:
		return seen{cannot: "The group is protected by the configuration, so Latchkey doesn't change it."}, nil
	case !group.Governable:
		return seen{cannot: "Latchkey can't change who is in the group: " + group.Why}, nil
	}
	member, err := isMember(ctx, dir, i)
	return seen{member: member}, err
}

// isMember reads whether a row's account is in its group, the cheapest way the directory has. A group or an account that
// isn't there any more has no members, or is none.
func isMember(ctx context.Context, dir idp.Directory, i access.ReviewItem) (bool, error) {
	there, err := false, error(nil)
	if c, able := idp.As[idp.MemberChecker](dir); able {
		there, err = c.IsMember(ctx, i.GroupID, i.Account)
	} else {
		var all []idp.Membership
		all, err = idp.Everybody(dir.Members(ctx, i.GroupID))
		there = slices.ContainsFunc(all, func(m idp.Membership) bool { return m.PersonID == i.Account })
	}
	if errors.Is(err, idp.ErrNotFound) || errors.Is(err, idp.ErrNoAccount) {
		return false, nil
	}
	if err != nil {
		return false, people.DirectoryFailure(dir, fmt.Sprintf("Read who is in %s", i.Group), err)
	}
	return there, nil
}

// plan is how a row is to be taken away.
type plan struct {
	ends   []access.Grant // those that end
	joins  []string       // grants that are ending already
	adopts bool           // the membership is explained by no grant
	is     verdict        // nothing is to be done: what becomes of the row
	waits  string         // why it has to wait; "": it needn't
	again  time.Duration
}

// plan finds what is to end. The row is about the membership: so all that explains it ends, but for what was approved
// after the review was read, and what another row keeps.
func (s *Service) plan(tx store.Tx, i access.ReviewItem, member bool) (plan, error) {
	c, err := s.rows.In(tx, i.Campaign)
	if err != nil {
		return plan{}, err
	}
	held, damage, err := store.Sound(store.OpenGrantsOf(tx, i.Person))
	if err != nil {
		return plan{}, err
	}
	if len(damage) > 0 {
		return plan{}, &access.Failure{Class: access.Rejected, Err: damage, Sentence: fmt.Sprintf("A grant of %s can't be read back, so it isn't known what explains their place in %s: restore it from a backup, then retry", i.Person, i.Group)}
	}
	var p plan
	var kept []string
	for _, g := range held {
		if !opens(g, i) {
			continue
		}
		switch why, waits, err := keeps(c, g, i); {
		case err != nil:
			return p, err
		case g.Revoking:
			p.joins = append(p.joins, g.ID)
		case waits:
			return plan{waits: why, again: otherAgain}, nil
		case why != "":
			kept = append(kept, why)
		case cannotEnd(g) != "":
			return plan{is: verdict{access.OutcomeManual, cannotEnd(g)}}, nil
		default:
			p.ends = append(p.ends, g)
		}
	}
	return p.rest(i, member, kept), nil
}

// rest is the plan where nothing is to end.
func (p plan) rest(i access.ReviewItem, member bool, kept []string) plan {
	switch {
	case len(p.ends)+len(p.joins) > 0:
	case len(kept) > 0:
		p.is = verdict{access.OutcomeShared, kept[0]}
	case !member:
		p.is = verdict{access.OutcomeEnded, "It wasn't there any more when it was to be removed."}
	case i.Group.Directory == access.ImportedDirectory && i.Issue.Key != "":
		p.is = removedByHand(i)
	case i.Issue.Key == "":
		p.waits, p.again = "The issue that says why it is removed isn't there yet, and no grant explains the access", issueAgain
	default:
		p.adopts = true
	}
	return p
}

// opens tells whether a grant is, or may be, a reason for a row's membership.
func opens(g access.Grant, i access.ReviewItem) bool {
	if i.Group.Directory == access.ImportedDirectory {
		return g.Manual && g.App == i.App && g.Role == i.Role && (g.Live() || g.Revoking)
	}
	e, is := g.Entitlement(i.Group)
	return is && (e.Account == "" || e.Account == i.Account) && (g.Live() || g.Revoking)
}

// unseen tells whether a grant was made since the review began to be read, which may take hours, and isn't the one that the
// row shows: whoever answered the row knew nothing of it.
func unseen(c rows.Opened, g access.Grant, i access.ReviewItem) bool {
	return g.ID != i.Grant && g.Created.After(c.Rows.From.Header().Begun)
}

// keeps says why a grant isn't ended by a row: it was approved after the review was read or is only being given, or
// another row of the same access is kept. While that one isn't answered, this one waits.
func keeps(c rows.Opened, g access.Grant, i access.ReviewItem) (why string, waits bool, err error) {
	switch {
	case g.State == access.GrantWaiting, g.State == access.GrantProvisioning, unseen(c, g, i):
		return fmt.Sprintf("It stays for %s, which was approved or given since the review was read.", reasonOf(g)), false, nil
	case len(g.Entitlements) < 2:
		return "", false, nil
	}
	for row, err := range c.Rows.About(i.Person) {
		if err != nil {
			return "", false, err
		}
		if row.Number == i.Row || row.Excluded != "" {
			continue
		}
		if _, same := g.Entitlement(row.Group); !same {
			continue
		}
		switch now := c.AsItStands(row); {
		case now.Decision == access.DecisionKeep:
			return fmt.Sprintf("It stays for %s, which row %d of the same review keeps.", reasonOf(g), row.Number), false, nil
		case now.State == access.ItemOpen && c.State == access.CampaignOpen:
			return fmt.Sprintf("Row %d is about the same access and isn't answered yet", row.Number), true, nil
		}
		if v, _ := row.Became(c.Campaign); v == access.DecisionKeep {
			return fmt.Sprintf("It stays for %s, which row %d of the same review keeps.", reasonOf(g), row.Number), false, nil
		}
	}
	return "", false, nil
}

// reasonOf names a grant to people.
func reasonOf(g access.Grant) string {
	if g.Request != "" {
		return "the request " + g.Request
	}
	return "the grant " + g.ID
}

// cannotEnd says why Latchkey doesn't end a grant by itself; "" where it can.
func cannotEnd(g access.Grant) string {
	switch {
	case g.Source == access.SourceBirthright:
		return fmt.Sprintf("It comes by the birthright %s, which would give it again: change that, or whom it is about.", g.Birthright)
	case g.Disputed:
		return "It isn't certain whether the record of this access is the newest: IT has to look at it first."
	}
	return ""
}

// carryOut takes away what a row says, as far as it is still so.
func (s *Service) carryOut(u *engine.Unit, i access.ReviewItem, member bool) error {
	i, err := engine.Load(u, rows.Items(), i.ID())
	if err != nil || i.State != access.ItemRevoking || len(i.Ends) > 0 {
		return err
	}
	p, err := s.plan(u.Tx, i, member)
	switch {
	case err != nil:
		return err
	case p.waits != "":
		return s.revokeLater(u, i, p.again)
	case p.is.outcome != "":
		if err := settle(u, i, p.is); err != nil || p.is != removedByHand(i) {
			return err
		}
		return askHands(u, i)
	}
	if p.adopts {
		g, err := adopted(u, i)
		if err != nil {
			return err
		}
		p.ends = append(p.ends, g)
	}
	return s.endAll(u, i, p)
}

// laterTask names the task that looks again at a removal that has to wait.
func laterTask(i access.ReviewItem) string { return RevokeTask + "/" + i.ID() + "/again" }

// revokeLater has a removal looked at again that has to wait for something else.
func (s *Service) revokeLater(u *engine.Unit, i access.ReviewItem, after time.Duration) error {
	body, err := engine.Payload(rows.About{Campaign: i.Campaign, Row: i.Row})
	if err != nil {
		return err
	}
	_, err = u.EnqueueFor(store.Task{ID: laterTask(i), Queue: s.queueOf(i), Kind: RevokeTask, Subject: access.CampaignSubject(i.Campaign), Priority: store.Removals, Payload: body}, u.At.Add(after))
	return err
}

// adopted is the grant that explains a membership that none explained, so that it is removed, read back and, if need be,
// stuck like any other. Its record is the issue of the revocation.
func adopted(u *engine.Unit, i access.ReviewItem) (access.Grant, error) {
	return provision.Adopt(u, access.Adoption{
		Person: i.Person, Found: access.Found{App: i.App, Role: i.Role, Groups: []catalog.GroupRef{i.Group}}, For: catalog.Forever, By: access.System(),
		Why: fmt.Sprintf("Nobody had asked for it, and the review %s revoked it in row %d. Recorded in %s.", i.Campaign, i.Row, i.Issue.Key),
	}, i.Issue, provision.Seen{Group: i.Group, Account: i.Account, GroupID: i.GroupID})
}

// endAll ends the grants of a row, and notes on it which those are.
func (s *Service) endAll(u *engine.Unit, i access.ReviewItem, p plan) error {
	e := i.Event(access.EventRowRevoking, access.System(), u.At)
	e.Review.Ends = slices.Clone(p.joins)
	for _, g := range p.ends {
		e.Review.Ends = append(e.Review.Ends, g.ID)
	}
	i, err := engine.Move(u, rows.Items(), i, e)
	if err != nil {
		return err
	}
	by, reason := revokedBy(i)
	for _, g := range p.ends {
		g, err := u.Grant(g.ID)
		if err != nil {
			return err
		}
		end := g.Event(access.EventEnding, by, u.At)
		end.End, end.Reason, end.Note = access.EndReviewed, reason, fmt.Sprintf("By the access review %s, row %d.", i.Campaign, i.Row)
		if _, err := u.MoveGrant(g, end); err != nil {
			return fmt.Errorf("end %s: %w", g.ID, err)
		}
	}
	if len(p.ends) == 0 { // what was ending already tells nobody of this row
		return s.revokeLater(u, i, 0)
	}
	return nil
}

// revokedBy is who revoked a row, in whose words; Latchkey itself where nobody answered.
func revokedBy(i access.ReviewItem) (access.Actor, string) {
	for _, a := range slices.Backward(i.Answers) {
		if a.Decision == access.DecisionRevoke && i.Grounds == access.ByAnswers {
			return a.By, a.Reason
		}
	}
	return access.System(), ""
}
