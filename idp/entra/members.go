package entra

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"latchkey/idp"
)

// members are who is in the tenant's groups.
type members struct {
	*api
	people *people
	groups *groups
}

// Members implements idp.Directory. Who is in a group is listed by the record, which says nothing of whether an account
// can be used; that comes from an index that may trail.
func (d *members) Members(ctx context.Context, groupID string) (idp.Listing, error) {
	if !isID(groupID) {
		_, err := d.groups.readGroup(ctx, groupID)
		return idp.Listing{}, err
	}
	reading := idp.NewReading("Microsoft Graph", d.cfg.Clock)
	p, read := d.memberPages(groupID, reading)
	first, err := p.next(ctx)
	if err != nil {
		return idp.Listing{}, err
	}
	states, counted, err := d.states(ctx, groupID)
	if err != nil {
		return idp.Listing{}, err
	}
	return reading.Listing(counted, d.memberships(ctx, p.rest(ctx, first), states, d.people.activity.all(ctx), read)), nil
}

// states are the accounts in a group by what an index knows of them, and how many it counts.
func (d *members) states(ctx context.Context, groupID string) (map[string]account, idp.Count, error) {
	known, counted := map[string]account{}, idp.Count{}
	p := newPager[account](d.api, "see who can sign in of the members of group "+groupID, exchange{
		path: "/groups/" + groupID + "/members/microsoft.graph.user", query: options("$select", personSelect, "$top", mostInPage, "$count", "true"), eventual: true,
	})
	for p.more() {
		got, err := p.next(ctx)
		if errors.Is(err, idp.ErrNotFound) { // the record has the group, and the index not yet
			return known, idp.Count{}, nil
		}
		if err != nil {
			return nil, counted, err
		}
		if got.Count != nil {
			counted = idp.Counted(*got.Count)
		}
		for _, u := range got.Value {
			known[u.ID] = u
		}
	}
	return known, counted, nil
}

// memberships are the people on a list of members. A group on it makes it no list of everybody; devices and
// applications are nobody.
func (d *members) memberships(ctx context.Context, all iter.Seq2[member, error], states map[string]account, last func(id string) time.Time, read *idp.ListReading) iter.Seq2[idp.Membership, error] {
	return func(yield func(idp.Membership, error) bool) {
		unlisted := maps.Clone(states)
		defer func() { read.Unlisted(len(unlisted)) }()
		for m, err := range all {
			delete(unlisted, m.ID)
			if err == nil && m.Kind == kindGroup {
				err = fmt.Errorf("%s: the list of members is not everybody. %s: %w", d.cfg.ID, nestedWhy(firstOf(m.Name, m.ID)), idp.ErrRefused)
			}
			var one idp.Membership
			if err == nil && m.Kind == kindUser {
				one, err = d.membership(ctx, m.account, states)
				one.LastLogin = last(one.PersonID)
			}
			if err != nil {
				yield(idp.Membership{}, err)
				return
			}
			if one.PersonID != "" && !yield(one, nil) {
				return
			}
		}
	}
}

// membership is one account in a group. One that the index doesn't have yet is read by itself; if it is gone by then, so
// is its membership.
func (d *members) membership(ctx context.Context, m account, states map[string]account) (idp.Membership, error) {
	u, known := states[m.ID]
	if !known || u.Enabled == nil {
		var err error
		if u, err = d.people.account(ctx, m.ID); errors.Is(err, idp.ErrNotFound) {
			return idp.Membership{PersonID: m.ID, Email: idp.FoldAddress(m.Mail), Status: idp.Left}, nil
		} else if err != nil {
			return idp.Membership{}, err
		}
	}
	p, err := d.people.person(u)
	return idp.Membership{PersonID: p.ID, Email: p.Email, Status: p.Status}, err
}

// IsMember implements idp.MemberChecker: a person is in fewer groups than a group has people. The list also has
// directory roles and administrative units on it.
func (d *members) IsMember(ctx context.Context, groupID, personID string) (bool, error) {
	joined, absent := d.joined(ctx, personID)
	if absent != nil && !errors.Is(absent, idp.ErrNotFound) {
		return false, absent
	}
	if slices.ContainsFunc(joined, func(g account) bool { return g.Kind == kindGroup && strings.EqualFold(g.ID, groupID) }) {
		return true, nil
	}
	if _, err := d.groups.knownGroup(ctx, groupID); err != nil { // "not in it" must not hide that it is not there
		return false, err
	}
	if absent != nil {
		return false, fmt.Errorf("%s: no account has the id %q: %w", d.cfg.ID, personID, idp.ErrNoAccount)
	}
	return false, nil
}

// joined are the groups, roles and units an account is in.
func (d *members) joined(ctx context.Context, personID string) ([]account, error) {
	if !isID(personID) {
		return nil, idp.ErrNoAccount
	}
	return list[account](ctx, d.api, "list the groups of account "+personID, exchange{path: "/users/" + personID + "/memberOf", query: options("$select", "id", "$top", mostInPage)})
}

// Add implements idp.Directory.
func (d *members) Add(ctx context.Context, groupID, personID string) error {
	ctx = idp.WithPriority(ctx, idp.Addition)
	g, err := d.groups.knownGroup(ctx, groupID)
	if err == nil {
		err = d.groups.mayChange(g)
	}
	if err != nil {
		return err
	}
	if !isID(personID) {
		return fmt.Errorf("%s: no account has the id %q, look the person up first: %w", d.cfg.ID, personID, idp.ErrNotFound)
	}
	err = d.call(ctx, fmt.Sprintf("add account %s to group %s", personID, groupID), exchange{
		method: http.MethodPost, path: "/groups/" + groupID + "/members/$ref",
		body: d.reference(personID),
	}, nil)
	return d.whyNot(ctx, groupID, personID, err)
}

// reference names an account in a body.
func (a *api) reference(id string) map[string]string {
	return map[string]string{"@odata.id": clouds()[a.cfg.Cloud].graph + "/v1.0/directoryObjects/" + id}
}

// whyNot looks for the reason of a refusal that doesn't name it. A member is refused as an error, and so is what a rule
// or somebody else fills, in the words of a missing permission.
func (d *members) whyNot(ctx context.Context, groupID, personID string, err error) error {
	var said *answered
	if !errors.As(err, &said) {
		return err
	}
	switch {
	case said.status == http.StatusBadRequest && strings.Contains(said.message, "already exist"):
		return nil
	case said.status == http.StatusBadRequest:
		if is, unsure := d.IsMember(idp.Apart(ctx), groupID, personID); unsure == nil && is {
			return nil
		}
	}
	if said.status != http.StatusForbidden && said.status != http.StatusBadRequest {
		return err
	}
	g, unsure := d.groups.readGroup(idp.Apart(ctx), groupID)
	if unsure == nil {
		if changed := d.groups.mayChange(g); changed != nil {
			return changed
		}
	}
	return err
}

// Remove implements idp.Directory. A refusal does not say whether group, account or membership is missing, so it is
// looked at. The path ends in $ref: without it, the call deletes the account.
func (d *members) Remove(ctx context.Context, groupID, personID string) error {
	ctx = idp.WithPriority(ctx, idp.Removal)
	g, err := d.groups.knownGroup(ctx, groupID)
	if err == nil {
		err = d.groups.mayChange(g)
	}
	if err != nil || !isID(personID) { // nobody is not a member
		return err
	}
	err = d.call(ctx, fmt.Sprintf("remove account %s from group %s", personID, groupID), exchange{
		method: http.MethodDelete, path: "/groups/" + groupID + "/members/" + personID + "/$ref",
	}, nil)
	var said *answered
	switch {
	case errors.Is(err, idp.ErrNotFound):
		_, err = d.groups.readGroup(idp.Apart(ctx), groupID)
		return err
	case errors.As(err, &said) && said.status == http.StatusBadRequest && strings.Contains(said.message, "do not exist"):
		return nil // a replica that trails says it so
	}
	return d.whyNotRemoved(ctx, groupID, err)
}

// whyNotRemoved looks for the reason of a refusal that doesn't name it.
func (d *members) whyNotRemoved(ctx context.Context, groupID string, err error) error {
	var said *answered
	if !errors.As(err, &said) || said.status != http.StatusForbidden && said.status != http.StatusBadRequest {
		return err
	}
	if g, unsure := d.groups.readGroup(idp.Apart(ctx), groupID); unsure == nil {
		if changed := d.groups.mayChange(g); changed != nil {
			return changed
		}
	}
	return err
}
