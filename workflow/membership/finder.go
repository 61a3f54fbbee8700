package membership

import (
	"context"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/workflow/people"
)

// Accounts knows which accounts are whose.
type Accounts interface {
	// Account finds somebody's account in one directory.
	Account(ctx context.Context, d idp.Directory, who access.PersonID) (idp.Person, error)
	// Contact is the address under which people know somebody.
	Contact(ctx context.Context, who access.PersonID) string
}

// Config is what a Finder is made of.
type Config struct {
	Now         func() time.Time
	Directories people.Directories
	Groups      *people.Groups // which groups the configuration means, and which are never changed
	Accounts    Accounts
}

// Finder finds people's places in groups. It remembers groups for a while, so everybody who
// changes memberships shares one. It is safe for concurrent use.
type Finder struct {
	dirs     people.Directories
	meant    *people.Groups
	accounts Accounts
	groups   *groups
}

// NewFinder makes a Finder.
func NewFinder(c Config) *Finder {
	return &Finder{dirs: c.Directories, meant: c.Groups, accounts: c.Accounts, groups: newGroups(c.Now, c.Groups)}
}

// Find finds the account and the group of one of a grant's places, and refuses groups nobody
// may change. What the grant has changed before is known by its ids: the address and the name
// may have been given to others since. What isn't found is a *Missing, and every failure an
// *access.Failure.
func (f *Finder) Find(ctx context.Context, g access.Grant, ref catalog.GroupRef) (Place, error) {
	dir, ok := f.dirs.Get(ref.Directory)
	if !ok {
		return Place{}, people.Rejected("The directory %q is not configured any more; add it under idp or change the role's groups", ref.Directory)
	}
	ent, _ := g.Entitlement(ref)
	at := Place{Dir: dir, Ref: ref}
	var err error
	if at.Group, err = f.groups.find(ctx, dir, ref, ent.GroupID); err != nil {
		err = ifMissing(err, "group", idOf(ref, ent), at)
		return Place{}, people.DirectoryFailure(dir, fmt.Sprintf("Find the group %s", ref), err)
	}
	if at.Person, err = f.account(ctx, dir, g.Person, ent.Account); err != nil {
		err = ifMissing(err, "account", "", at)
		return Place{}, people.DirectoryFailure(dir, fmt.Sprintf("Find the account of %s in %s", f.accounts.Contact(ctx, g.Person), dir.ID()), err)
	}
	return at, f.mayChange(ctx, at)
}

// Group looks a group up by its id, or has it remembered.
func (f *Finder) Group(ctx context.Context, d idp.Directory, ref catalog.GroupRef, id string) (idp.Group, error) {
	return f.groups.find(ctx, d, ref, id)
}

// Forget has a group looked up anew that could not be changed, or that must be there now.
func (f *Finder) Forget(ref catalog.GroupRef) { f.groups.forget(ref) }

// mayChange refuses groups that nobody may change.
func (f *Finder) mayChange(ctx context.Context, at Place) error {
	protected, err := f.meant.Protected(ctx, at.Dir, at.Group)
	switch {
	case err != nil:
		return people.DirectoryFailure(at.Dir, fmt.Sprintf("Find out whether the group %s is protected", at.Ref), err)
	case protected:
		return people.Rejected("The group %s is protected by the configuration, so Latchkey doesn't change it", at.Ref)
	case !at.Group.Governable:
		return people.Rejected("The group %s can't be changed by Latchkey: %s", at.Ref, at.Group.Why)
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
func (f *Finder) account(ctx context.Context, d idp.Directory, who access.PersonID, id string) (idp.Person, error) {
	if id != "" {
		return idp.Person{ID: id, Email: f.accounts.Contact(ctx, who)}, nil
	}
	return f.accounts.Account(ctx, d, who)
}
