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

// place is one person's place in one group, ready to be changed.
type place struct {
	dir    idp.Directory
	group  idp.Group
	person idp.Person
	ref    catalog.GroupRef
}

// find finds the account and the group, and refuses groups nobody may change.
func (s *Service) find(ctx context.Context, who access.PersonID, ref catalog.GroupRef) (place, error) {
	dir, ok := s.dirs.Get(ref.Directory)
	if !ok {
		return place{}, people.Rejected("The directory %q is not configured any more; add it under idp or change the role's groups", ref.Directory)
	}
	if slices.Contains(s.protected, ref) {
		return place{}, people.Rejected("The group %s is protected by the configuration, so Latchkey doesn't change it", ref)
	}
	person, err := s.accounts.Account(ctx, dir, who)
	if err != nil {
		return place{}, people.DirectoryFailure(dir, fmt.Sprintf("Find the account of %s in %s", who, dir.ID()), err)
	}
	group, err := s.groups.find(ctx, dir, ref)
	if err != nil {
		return place{}, people.DirectoryFailure(dir, fmt.Sprintf("Find the group %s", ref), err)
	}
	if !group.Governable {
		return place{}, people.Rejected("The group %s can't be changed by Latchkey: %s", ref, group.Why)
	}
	return place{dir: dir, group: group, person: person, ref: ref}, nil
}

// put adds the person and reads the membership back.
func (p place) put(ctx context.Context) error {
	if err := p.dir.Add(ctx, p.group.ID, p.person.ID); err != nil {
		return people.DirectoryFailure(p.dir, fmt.Sprintf("Add %s to %s", p.person.Email, p.ref), err)
	}
	there, err := p.isMember(ctx)
	if err == nil && !there {
		err = &access.Failure{Class: access.Transient, Sentence: fmt.Sprintf("%s accepted the addition to %s, but the person is not in the group yet", p.dir.ID(), p.ref)}
	}
	return err
}

// take removes the person and sees that they are gone.
func (p place) take(ctx context.Context) error {
	if err := p.dir.Remove(ctx, p.group.ID, p.person.ID); err != nil {
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
func (p place) back(ctx context.Context) error {
	text := fmt.Sprintf("%s accepted the removal of %s from %s, but they are still or again in the group", p.dir.ID(), p.person.Email, p.ref)
	if now, err := findGroup(ctx, p.dir, p.ref); err == nil && !now.Governable {
		return &access.Failure{Class: access.Rejected, Sentence: text + ". " + now.Why, Err: errBack}
	}
	return &access.Failure{Class: access.Transient, Sentence: text + ": look for a rule or a sync that puts them back, and stop it", Err: errBack}
}

func (p place) isMember(ctx context.Context) (bool, error) {
	there, err := isMember(ctx, p.dir, p.group.ID, p.person.ID)
	if err != nil {
		return false, people.DirectoryFailure(p.dir, fmt.Sprintf("Read who is in %s", p.ref), err)
	}
	return there, nil
}
