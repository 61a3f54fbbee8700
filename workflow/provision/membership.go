package provision

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/workflow/people"
)

// membership is one person's place in one group, ready to be changed.
type membership struct {
	dir    idp.Directory
	group  idp.Group
	person idp.Person
	ref    catalog.GroupRef
}

// find finds the account and the group, and refuses groups nobody may change. What
// the grant has changed before is known by its ids: the address and the name may
// have been given to others since.
func (s *Service) find(ctx context.Context, g access.Grant, ref catalog.GroupRef) (membership, error) {
	dir, ok := s.dirs.Get(ref.Directory)
	if !ok {
		return membership{}, people.Rejected("The directory %q is not configured any more; add it under idp or change the role's groups", ref.Directory)
	}
	ent, _ := g.Entitlement(ref)
	at := membership{dir: dir, ref: ref}
	var err error
	if at.group, err = s.groups.find(ctx, dir, ref, ent.GroupID); err != nil {
		err = ifMissing(err, "group", idOf(ref, ent), at)
		return membership{}, people.DirectoryFailure(dir, fmt.Sprintf("Find the group %s", ref), err)
	}
	if at.person, err = s.account(ctx, dir, g.Person, ent.Account); err != nil {
		err = ifMissing(err, "account", "", at)
		return membership{}, people.DirectoryFailure(dir, fmt.Sprintf("Find the account of %s in %s", s.accounts.Contact(ctx, g.Person), dir.ID()), err)
	}
	return at, s.mayChange(ctx, at)
}

// mayChange refuses groups that nobody may change.
func (s *Service) mayChange(ctx context.Context, at membership) error {
	protected, err := s.meant.Protected(ctx, at.dir, at.group)
	switch {
	case err != nil:
		return people.DirectoryFailure(at.dir, fmt.Sprintf("Find out whether the group %s is protected", at.ref), err)
	case protected:
		return people.Rejected("The group %s is protected by the configuration, so Latchkey doesn't change it", at.ref)
	case !at.group.Governable:
		return people.Rejected("The group %s can't be changed by Latchkey: %s", at.ref, at.group.Why)
	}
	return nil
}

// idOf is the id by which a group is asked for; empty where it is by name.
func idOf(ref catalog.GroupRef, ent access.Entitlement) string {
	if ent.GroupID == "" && ref.ByID {
		return ref.Group
	}
	return ent.GroupID
}

// account is somebody's account: the one with the id, if one is known.
func (s *Service) account(ctx context.Context, d idp.Directory, who access.PersonID, id string) (idp.Person, error) {
	if id != "" {
		return idp.Person{ID: id, Email: s.accounts.Contact(ctx, who)}, nil
	}
	return s.accounts.Account(ctx, d, who)
}

// put adds the person and reads the membership back. sent tells, where that fails,
// that the person may be in the group all the same.
func (p membership) put(ctx context.Context) (sent bool, err error) {
	if err := p.dir.Add(ctx, p.group.ID, p.person.ID); err != nil {
		err = people.DirectoryFailure(p.dir, fmt.Sprintf("Add %s to %s", p.person.Email, p.ref), err)
		return !refused(err), err
	}
	there, err := p.isMember(ctx)
	if err == nil && !there {
		err = &access.Failure{Class: access.Transient, Sentence: fmt.Sprintf("%s accepted the addition to %s, but the person is not in the group yet", p.dir.ID(), p.ref)}
	}
	return true, err
}

// refused tells whether a change was certainly not made.
func refused(err error) bool {
	switch access.Classify(err).Class {
	case access.Denied, access.Rejected, access.Limited:
		return true
	}
	return false
}

// take removes the person and sees that they are gone.
func (p membership) take(ctx context.Context) error {
	if err := p.dir.Remove(ctx, p.group.ID, p.person.ID); err != nil {
		err = ifMissing(err, "group", p.group.ID, p)
		return people.DirectoryFailure(p.dir, fmt.Sprintf("Remove %s from %s", p.person.Email, p.ref), err)
	}
	there, err := p.isMember(ctx)
	if err == nil && there {
		err = p.back(ctx)
	}
	return err
}

// errBack: a removal was accepted, and the person is in the group all the same.
var errBack = errors.New("the person is still or again in the group")

// back says why a removal does not stick, as far as the directory tells.
func (p membership) back(ctx context.Context) error {
	text := fmt.Sprintf("%s accepted the removal of %s from %s, but they are still or again in the group", p.dir.ID(), p.person.Email, p.ref)
	if now, err := p.dir.Group(ctx, p.group.ID); err == nil && !now.Governable {
		return &access.Failure{Class: access.Rejected, Sentence: text + ". " + now.Why, Err: errBack}
	}
	return &access.Failure{Class: access.Transient, Sentence: text + ": look for a rule or a sync that puts them back, and stop it", Err: errBack}
}

// isMember reads the membership, the cheapest way the directory has. That there is
// no such account, or no such group, is not "no".
func (p membership) isMember(ctx context.Context) (bool, error) {
	c, able := idp.As[idp.MemberChecker](p.dir)
	if !able {
		members, err := p.members(ctx)
		return slices.ContainsFunc(members, func(m idp.Membership) bool { return m.PersonID == p.person.ID }), err
	}
	there, err := c.IsMember(ctx, p.group.ID, p.person.ID)
	switch {
	case err == nil:
		return there, nil
	case errors.Is(err, idp.ErrNoAccount):
		err = ifMissing(err, "account", p.person.ID, p)
	default:
		err = ifMissing(err, "group", p.group.ID, p)
	}
	return false, p.unread(err)
}

// members are all who are in the group.
func (p membership) members(ctx context.Context) ([]idp.Membership, error) {
	all, err := idp.Everybody(p.dir.Members(ctx, p.group.ID))
	if err != nil {
		return nil, p.unread(ifMissing(err, "group", p.group.ID, p))
	}
	return all, nil
}

func (p membership) unread(err error) error {
	return people.DirectoryFailure(p.dir, fmt.Sprintf("Read who is in %s", p.ref), err)
}
