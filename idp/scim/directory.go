package scim

import (
	"context"
	"iter"

	"latchkey/idp"
)

// FindPerson implements idp.Directory.
func (d *Directory) FindPerson(ctx context.Context, address string) (idp.Person, error) {
	u, err := d.accounts.byAddress(ctx, address)
	if err != nil {
		return idp.Person{}, err
	}
	return d.accounts.withManager(ctx, u)
}

// Person implements idp.Directory.
func (d *Directory) Person(ctx context.Context, id string) (idp.Person, error) {
	u, err := d.accounts.byID(ctx, id)
	if err != nil {
		return idp.Person{}, err
	}
	return d.accounts.withManager(ctx, u)
}

// People implements idp.PeopleLister. The list is read to its end first: where it changes meanwhile it is begun anew.
func (d *Directory) People(ctx context.Context) iter.Seq2[idp.Person, error] {
	return func(yield func(idp.Person, error) bool) {
		all, err := d.list(ctx, "list the accounts", usersPath, nil)
		if err != nil {
			yield(idp.Person{}, err)
			return
		}
		for _, u := range all {
			if u.status(d.cfg.OnHold) != idp.Left && !yield(d.accounts.person(u), nil) {
				return
			}
		}
	}
}

// FindGroup implements idp.Directory.
func (d *Directory) FindGroup(ctx context.Context, name string) (idp.Group, error) {
	g, err := d.groups.named(ctx, name)
	if err != nil {
		return idp.Group{}, err
	}
	return d.Group(ctx, g.id())
}

// Group implements idp.Directory.
func (d *Directory) Group(ctx context.Context, id string) (idp.Group, error) {
	g, err := d.groups.read(ctx, id)
	if err != nil {
		return idp.Group{}, err
	}
	return d.groups.govern(ctx, g)
}

// Groups implements idp.Lister.
func (d *Directory) Groups(ctx context.Context, prefix string) ([]idp.Group, error) {
	return d.groups.startingWith(ctx, prefix)
}

// Members implements idp.Directory.
func (d *Directory) Members(ctx context.Context, groupID string) (idp.Listing, error) {
	return d.members.of(ctx, groupID)
}

// IsMember implements idp.MemberChecker.
func (d *Directory) IsMember(ctx context.Context, groupID, personID string) (bool, error) {
	return d.members.includes(ctx, groupID, personID)
}

// Add implements idp.Directory.
func (d *Directory) Add(ctx context.Context, groupID, personID string) error {
	return d.changes.add(idp.WithPriority(ctx, idp.Addition), groupID, personID)
}

// Remove implements idp.Directory.
func (d *Directory) Remove(ctx context.Context, groupID, personID string) error {
	return d.changes.remove(idp.WithPriority(ctx, idp.Removal), groupID, personID)
}

// Probe implements idp.Prober.
func (d *Directory) Probe(ctx context.Context) ([]idp.Finding, error) { return probe{d}.run(ctx) }
