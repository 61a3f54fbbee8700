package idptest

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/idp"
)

// directory is the vendor as Latchkey sees it, with every capability but that of ExpiringDirectory.
type directory struct {
	v  *Vendor
	id string
}

var (
	_ idp.MemberChecker = directory{}
	_ idp.UsageReporter = directory{}
	_ idp.Lister        = directory{}
	_ idp.Prober        = directory{}
	_ idp.SessionEnder  = directory{}
)

// Directory is the directory of the vendor.
func (v *Vendor) Directory() idp.Directory { return directory{v, v.id} }

// Core is a directory that can do what every directory can, and nothing else.
func Core(d idp.Directory) idp.Directory { return struct{ idp.Directory }{d} }

func (d directory) ID() string { return d.id }

func (d directory) FindPerson(ctx context.Context, address string) (found idp.Person, err error) {
	err = d.v.reads(ctx, func() error {
		var here, left []*account
		for _, p := range d.v.people {
			switch {
			case !carries(p, d.v.understood(address)) || !carries(p, address):
			case p.Status == idp.Left:
				left = append(left, p)
			default:
				here = append(here, p)
			}
		}
		if len(here) == 0 {
			here = left
		}
		if len(here) == 0 {
			here = d.v.aliased(d.v.understood(address), address)
		}
		switch len(here) {
		case 0:
			return fmt.Errorf("%s: nobody has the address %q: %w", d.ID(), address, idp.ErrNotFound)
		case 1:
			found = d.shown(here[0])
			return nil
		}
		return fmt.Errorf("%s: %d accounts have the address %q: %w", d.ID(), len(here), address, idp.ErrAmbiguous)
	})
	return found, err
}

// carries tells whether an address is the account's e-mail or its sign-in name.
func carries(a *account, address string) bool {
	return idp.SameAddress(a.Email, address) || idp.SameAddress(a.Login, address)
}

// named tells whether an address is an alias of the account.
func named(a *account, address string) bool {
	return slices.ContainsFunc(a.aliases, func(alias string) bool { return idp.SameAddress(alias, address) })
}

// aliased are the accounts that have an address as an alias, as it is understood and as it was asked for.
func (v *Vendor) aliased(understood, address string) (all []*account) {
	for _, p := range v.people {
		if named(p, understood) && named(p, address) {
			all = append(all, p)
		}
	}
	return all
}

// shown resolves the manager.
func (d directory) shown(a *account) idp.Person {
	p := a.Person
	for _, m := range d.v.people {
		if a.manager != "" && idp.SameAddress(m.Email, a.manager) {
			p.ManagerID, p.ManagerEmail = m.ID, m.Email
		}
	}
	return p
}

func (d directory) Person(ctx context.Context, id string) (read idp.Person, err error) {
	err = d.v.reads(ctx, func() error {
		p := d.v.person(d.v.understood(id))
		switch {
		case p == nil:
			return fmt.Errorf("%s: no account has the id %q: %w", d.ID(), id, idp.ErrNotFound)
		case p.ID != id:
			return fmt.Errorf("%s: asked for the account %s, answered %s; it will be tried again", d.ID(), id, p.ID)
		}
		read = d.shown(p)
		return nil
	})
	return read, err
}

func (d directory) FindGroup(ctx context.Context, name string) (found idp.Group, err error) {
	err = d.v.reads(ctx, func() error {
		var named []*group
		for _, g := range d.v.groups {
			if g.Name == d.v.understood(name) && g.Name == name {
				named = append(named, g)
			}
		}
		switch len(named) {
		case 0:
			return fmt.Errorf("%s: there is no group %q: %w", d.ID(), name, idp.ErrNotFound)
		case 1:
			found = named[0].Group
			return nil
		}
		return fmt.Errorf("%s: %d groups are named %q: %w", d.ID(), len(named), name, idp.ErrAmbiguous)
	})
	return found, err
}

func (d directory) Group(ctx context.Context, id string) (read idp.Group, err error) {
	err = d.v.reads(ctx, func() error {
		g, err := d.known(d.v.understood(id))
		switch {
		case err != nil:
			return err
		case g.ID != id:
			return fmt.Errorf("%s: asked for the group %s, answered %s; it will be tried again", d.ID(), id, g.ID)
		}
		read = g.Group
		return nil
	})
	return read, err
}

func (d directory) known(groupID string) (*group, error) {
	if g := d.v.group(groupID); g != nil {
		return g, nil
	}
	return nil, fmt.Errorf("%s: no group has the id %q: %w", d.ID(), groupID, idp.ErrNotFound)
}

func (d directory) Members(ctx context.Context, groupID string) (list idp.Listing, err error) {
	err = d.v.reads(ctx, func() error {
		g, err := d.known(groupID)
		if err != nil {
			return err
		}
		var all []idp.Membership
		for _, p := range d.v.people {
			if g.members[p.ID] {
				all = append(all, idp.Membership{PersonID: p.ID, Email: p.Email, Status: p.Status, LastLogin: p.LastLogin})
			}
		}
		if d.v.namesTwice(groupID) && len(all) > 0 {
			all = append(all, all[0])
		}
		list, err = d.listing(groupID, all)
		return err
	})
	return list, err
}

// memoryPage is how many members a page holds.
const memoryPage = 200

// listing is a listing of members that were read already, as if they had come page by page.
func (d directory) listing(groupID string, all []idp.Membership) (idp.Listing, error) {
	reading := idp.NewReading("The vendor", d.v.clock)
	path := "/groups/" + groupID
	list := reading.List(idp.Got(path+"/members", url.Values{"limit": {strconv.Itoa(memoryPage)}}), func(ctx context.Context) (count idp.Count, by idp.Request, err error) {
		err = d.v.reads(ctx, func() error { count = d.v.count(groupID); return nil })
		return count, idp.Got(path, nil), err
	})
	list.Page() // an empty group has one, too
	for i, m := range all {
		if i > 0 && i%memoryPage == 0 {
			list.Page()
		}
		row, err := json.Marshal(m)
		if err != nil {
			return idp.Listing{}, err
		}
		list.Row(row, m.PersonID)
	}
	return reading.Listing(d.v.count(groupID), each(all)), nil
}

// count is how many members the vendor says that a group has.
func (v *Vendor) count(groupID string) idp.Count {
	g := v.group(groupID)
	if g == nil {
		return idp.Count{}
	}
	n, said := v.counts(groupID, len(g.members))
	return idp.Count{N: n, Known: said}
}

// Listing is a listing of members that are known already.
func Listing(all []idp.Membership) idp.Listing {
	return idp.Listing{Count: idp.Counted(len(all)), All: each(all)}
}

// each goes through what is known already.
func each[T any](all []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, one := range all {
			if !yield(one, nil) {
				return
			}
		}
	}
}

func (d directory) IsMember(ctx context.Context, groupID, personID string) (is bool, err error) {
	err = d.v.reads(ctx, func() error {
		g, err := d.known(groupID)
		switch {
		case err != nil:
			return err
		case d.v.person(personID) == nil:
			return fmt.Errorf("%s has no account %q: %w", d.v.id, personID, idp.ErrNoAccount)
		}
		is = g.members[personID]
		return nil
	})
	return is, err
}

func (d directory) Add(ctx context.Context, groupID, personID string) error {
	return d.v.writes(ctx, func() error {
		g, err := d.changeable(groupID)
		if err != nil {
			return err
		}
		p := d.v.person(personID)
		switch {
		case p == nil:
			return fmt.Errorf("%s: no account has the id %q: %w", d.ID(), personID, idp.ErrNotFound)
		case p.Status == idp.Left:
			return fmt.Errorf("%s: the account %s has left: %w", d.ID(), personID, idp.ErrRefused)
		}
		g.members[personID] = true
		return nil
	})
}

func (d directory) Remove(ctx context.Context, groupID, personID string) error {
	return d.v.writes(ctx, func() error {
		g, err := d.changeable(groupID)
		if err == nil && !d.v.sticks(groupID) {
			delete(g.members, personID)
		}
		return err
	})
}

func (d directory) changeable(groupID string) (*group, error) {
	g, err := d.known(groupID)
	if err == nil && !g.Governable {
		err = fmt.Errorf("%s: the group %q is not changed. %s: %w", d.ID(), g.Name, g.Why, idp.ErrRefused)
	}
	return g, err
}

func (d directory) Usage(ctx context.Context, appID string) (report idp.Usage, err error) {
	err = d.v.reads(ctx, func() error {
		if appID != app {
			return fmt.Errorf("%s: there is no app %q: %w", d.ID(), appID, idp.ErrNotFound)
		}
		last := map[string]time.Time{}
		for _, s := range d.v.signIns {
			if s.at.After(last[s.person]) {
				last[s.person] = s.at
			}
		}
		var all []idp.Use
		for person, at := range last {
			all = append(all, idp.Use{PersonID: person, Last: at})
		}
		report = idp.Usage{Source: "sign-ins on record", Since: d.v.clock.Now().AddDate(0, 0, -90), Complete: d.v.clock.Now(), All: each(all)}
		return nil
	})
	return report, err
}

func (d directory) Groups(ctx context.Context, prefix string) (out []idp.Group, err error) {
	err = d.v.reads(ctx, func() error {
		for _, g := range d.v.groups {
			if strings.HasPrefix(g.Name, prefix) {
				out = append(out, g.Group)
			}
		}
		slices.SortFunc(out, func(a, b idp.Group) int { return strings.Compare(a.Name, b.Name) })
		return nil
	})
	return out, err
}

func (d directory) Probe(ctx context.Context) ([]idp.Finding, error) {
	finding := idp.Finding{Check: "read people and groups", OK: true, Detail: "They can be read."}
	if err := d.v.reads(ctx, func() error { return nil }); err != nil {
		finding.OK, finding.Detail = false, err.Error()
	}
	return []idp.Finding{finding}, nil
}

// AdminRoles implements idp.AdminGroups.
func (d directory) AdminRoles(ctx context.Context, groupID string) (roles []string, err error) {
	err = d.v.reads(ctx, func() error {
		if d.v.group(groupID) == nil {
			return fmt.Errorf("%s: no group has the id %q: %w", d.ID(), groupID, idp.ErrNotFound)
		}
		roles = slices.Sorted(slices.Values(d.v.admins[groupID]))
		return nil
	})
	return roles, err
}
