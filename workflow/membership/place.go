package membership

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

// Place is one person's place in one group, ready to be changed.
type Place struct {
	Dir    idp.Directory
	Group  idp.Group
	Person idp.Person
	Ref    catalog.GroupRef
}

// Put adds the person and reads the membership back. sent tells, where that fails,
// that the person may be in the group all the same.
func (p Place) Put(ctx context.Context) (sent bool, err error) {
	if err := p.Dir.Add(ctx, p.Group.ID, p.Person.ID); err != nil {
		err = people.DirectoryFailure(p.Dir, fmt.Sprintf("Add %s to %s", p.Person.Email, p.Ref), err)
		return !Refused(err), err
	}
	there, err := p.IsMember(ctx)
	if err == nil && !there {
		err = &access.Failure{Class: access.Transient, Sentence: fmt.Sprintf("%s accepted the addition to %s, but the person is not in the group yet", p.Dir.ID(), p.Ref)}
	}
	return true, err
}

// Refused tells whether a change was certainly not made.
func Refused(err error) bool {
	switch access.Classify(err).Class {
	case access.Denied, access.Rejected, access.Limited:
		return true
	}
	return false
}

// Take removes the person and sees that they are gone.
func (p Place) Take(ctx context.Context) error {
	if err := p.Dir.Remove(ctx, p.Group.ID, p.Person.ID); err != nil {
		err = ifMissing(err, "group", p.Group.ID, p)
		return people.DirectoryFailure(p.Dir, fmt.Sprintf("Remove %s from %s", p.Person.Email, p.Ref), err)
	}
	there, err := p.IsMember(ctx)
	if err == nil && there {
		err = p.back(ctx)
	}
	return err
}

// ErrBack: a removal was accepted, and the person is in the group all the same.
var ErrBack = errors.New("the person is still or again in the group")

// back says why a removal does not stick, as far as the directory tells.
func (p Place) back(ctx context.Context) error {
	text := fmt.Sprintf("%s accepted the removal of %s from %s, but they are still or again in the group", p.Dir.ID(), p.Person.Email, p.Ref)
	if now, err := p.Dir.Group(ctx, p.Group.ID); err == nil && !now.Governable {
		return &access.Failure{Class: access.Rejected, Sentence: text + ". " + now.Why, Err: ErrBack}
	}
	return &access.Failure{Class: access.Transient, Sentence: text + ": look for a rule or a sync that puts them back, and stop it", Err: ErrBack}
}

// IsMember reads the membership, the cheapest way the directory has. That there is
// no such account, or no such group, is not "no".
func (p Place) IsMember(ctx context.Context) (bool, error) {
	c, able := idp.As[idp.MemberChecker](p.Dir)
	if !able {
		members, err := p.Members(ctx)
		return slices.ContainsFunc(members, func(m idp.Membership) bool { return m.PersonID == p.Person.ID }), err
	}
	there, err := c.IsMember(ctx, p.Group.ID, p.Person.ID)
	switch {
	case err == nil:
		return there, nil
	case errors.Is(err, idp.ErrNoAccount):
		err = ifMissing(err, "account", p.Person.ID, p)
	default:
		err = ifMissing(err, "group", p.Group.ID, p)
	}
	return false, p.unread(err)
}

// Members are all who are in the group.
func (p Place) Members(ctx context.Context) ([]idp.Membership, error) {
	all, err := idp.Everybody(p.Dir.Members(ctx, p.Group.ID))
	if err != nil {
		return nil, p.unread(ifMissing(err, "group", p.Group.ID, p))
	}
	return all, nil
}

func (p Place) unread(err error) error {
	return people.DirectoryFailure(p.Dir, fmt.Sprintf("Read who is in %s", p.Ref), err)
}
