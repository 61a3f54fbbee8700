package google

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"time"

	admin "google.golang.org/api/admin/directory/v1"

	"latchkey/idp"
)

// Types of members, as Google names them.
const (
	typeGroup    = "GROUP"
	typeCustomer = "CUSTOMER"
)

// Members implements idp.Directory. Who is in a group that is a member is in it too. Google counts members where it reads
// the group, so that is asked for where the list is empty: what a gateway answers is not "nobody".
func (d *groups) Members(ctx context.Context, groupID string) (idp.Listing, error) {
	if _, err := d.idOf(groupID); err != nil {
		return idp.Listing{}, err
	}
	reading := idp.NewReading(service, d.cfg.Clock)
	list := d.memberList(reading, groupID)
	if err := list.countFirst(ctx); err != nil {
		return idp.Listing{}, err
	}
	first, next, err := list.page(ctx, "")
	if err != nil {
		return idp.Listing{}, err
	}
	var count idp.Count
	if len(first) == 0 && next == "" {
		if count, _, err = d.counted(ctx, groupID); err != nil {
			return idp.Listing{}, err
		}
	}
	own := pages(func(token string) ([]*admin.Member, string, error) {
		if token == "" {
			return first, next, nil
		}
		return list.page(ctx, token)
	})
	w := walk{d: d, ctx: ctx, reading: reading, groups: map[string]bool{groupID: true}, people: map[string]bool{}}
	return reading.Listing(count, func(yield func(idp.Membership, error) bool) { w.through(groupID, own, yield) }), nil
}

// idOf refuses what can't be a group's id.
func (d *groups) idOf(groupID string) (string, error) {
	if groupID == "" || slices.Contains([]byte(groupID), '@') {
		return "", d.noGroup(groupID)
	}
	return groupID, nil
}

// walk goes through who is in a group and in the groups in it, each of them once.
type walk struct {
	d              *groups
	ctx            context.Context
	reading        *idp.Reading
	groups, people map[string]bool // seen
}

// through goes on as long as it is wanted; false once it isn't.
func (w walk) through(groupID string, own iter.Seq2[*admin.Member, error], yield func(idp.Membership, error) bool) bool {
	var seen []*admin.Member
	for m, err := range own {
		if err != nil {
			yield(idp.Membership{}, err)
			return false
		}
		seen = append(seen, m)
		if !w.member(m, yield) {
			return false
		}
	}
	w.d.note(groupID, seen, w.d.cfg.Clock.Now())
	return true
}

func (w walk) member(m *admin.Member, yield func(idp.Membership, error) bool) bool {
	switch {
	case m.Type == typeGroup && w.groups[m.Id]:
		return true // groups may be in each other
	case m.Type == typeGroup:
		w.groups[m.Id] = true
		inner := w.d.memberList(w.reading, m.Id)
		if err := inner.countFirst(w.ctx); err != nil {
			yield(idp.Membership{}, err)
			return false
		}
		return w.through(m.Id, inner.through(w.ctx), yield)
	case m.Type == typeCustomer:
		return w.everybody(yield)
	}
	id, err := w.d.idOfMember(w.ctx, m)
	if err != nil {
		yield(idp.Membership{}, err)
		return false
	}
	return w.person(idp.Membership{PersonID: id, Email: idp.FoldAddress(m.Email), Status: w.d.memberStatus(m)}, yield)
}

// idOfMember is whose place it is. Somebody from outside may be known to Google by an address alone; an account of the
// organisation's own has an id, whatever the list leaves out.
func (d *groups) idOfMember(ctx context.Context, m *admin.Member) (string, error) {
	if m.Id != "" {
		return m.Id, nil
	}
	switch u, err := d.people.byKey(ctx, m.Email); {
	case errors.Is(err, idp.ErrDenied), err == nil && u == nil:
		return m.Email, nil
	case err != nil:
		return "", err
	default:
		return u.Id, nil
	}
}

func (w walk) everybody(yield func(idp.Membership, error) bool) bool {
	for u, err := range w.d.people.users(w.ctx, "list everybody", "", w.d.everybodyNoted(w.reading)) {
		if err != nil {
			yield(idp.Membership{}, err)
			return false
		}
		if !w.person(idp.Membership{PersonID: u.Id, Email: idp.FoldAddress(u.PrimaryEmail), Status: w.d.people.status(u)}, yield) {
			return false
		}
	}
	return true
}

func (w walk) person(m idp.Membership, yield func(idp.Membership, error) bool) bool {
	if w.people[m.PersonID] {
		return true
	}
	w.people[m.PersonID] = true
	return yield(m, nil)
}

func (d *groups) memberStatus(m *admin.Member) idp.Status {
	return d.people.status(&admin.User{Archived: m.Status == "ARCHIVED", Suspended: m.Status == "SUSPENDED"})
}

// IsMember implements idp.MemberChecker by hasMember, which also knows who is in the group by another one. It calls
// somebody of another organisation an invalid input; those are looked for as they are listed.
func (d *groups) IsMember(ctx context.Context, groupID, personID string) (is bool, err error) {
	if _, err := d.idOf(groupID); err != nil {
		return false, err
	}
	if personID != "" {
		err = d.call(ctx, admin.AdminDirectoryGroupMemberScope, fmt.Sprintf("see whether account %s is in group %s", personID, groupID), func(ctx context.Context) error {
			answer, err := d.admin.Members.HasMember(groupID, personID).Context(ctx).Do()
			if err == nil {
				is = answer.IsMember
			}
			return err
		})
		if err == nil || !errors.Is(err, idp.ErrNotFound) && !noKey(err) {
			return is, err
		}
	}
	if _, err := d.readGroup(ctx, groupID); err != nil { // "not in it" must not hide that it is not there
		return false, err
	}
	if listed, err := d.holds(ctx, groupID, personID); err != nil || listed {
		return listed, err
	}
	return false, fmt.Errorf("%s: no account has the id %q: %w", d.cfg.ID, personID, idp.ErrNoAccount)
}

// holds tells whether a group lists somebody itself.
func (d *groups) holds(ctx context.Context, groupID, personID string) (bool, error) {
	member, err := d.own(ctx, groupID, personID)
	return member != nil, err
}

// own is somebody's own place in a group; nil if there is none.
func (d *groups) own(ctx context.Context, groupID, personID string) (*admin.Member, error) {
	if personID == "" {
		return nil, nil
	}
	var member *admin.Member
	err := d.call(ctx, admin.AdminDirectoryGroupMemberScope, fmt.Sprintf("read account %s in group %s", personID, groupID), func(ctx context.Context) (err error) {
		member, err = d.admin.Members.Get(groupID, personID).Context(ctx).Do()
		return err
	})
	switch {
	case errors.Is(err, idp.ErrNotFound), noKey(err):
		return nil, nil
	case err != nil:
		return nil, err
	case member.Id == personID, member.Id == "" && member.Email == personID:
		return member, nil
	}
	return nil, nil
}

// ReadLag implements idp.Lagging. Google promises nothing; reads of a new membership were seen to fail for seconds.
func (d *groups) ReadLag() time.Duration { return 30 * time.Second }

// Add implements idp.Directory. That somebody is a member already is what was wanted.
func (d *groups) Add(ctx context.Context, groupID, personID string) error {
	ctx = idp.WithPriority(ctx, idp.Addition)
	if err := d.mayChange(ctx, groupID); err != nil {
		return err
	}
	if personID == "" {
		return fmt.Errorf("%s: an account without an id, look the person up first: %w", d.cfg.ID, idp.ErrNotFound)
	}
	err := d.call(ctx, admin.AdminDirectoryGroupMemberScope, fmt.Sprintf("add account %s to group %s", personID, groupID), func(ctx context.Context) error {
		_, err := d.admin.Members.Insert(groupID, &admin.Member{Id: personID, Role: "MEMBER"}).Context(ctx).Do()
		return err
	})
	a := saying(err)
	switch {
	case a != nil && a.status == http.StatusConflict && a.reason == "duplicate":
		return nil
	case errors.Is(err, idp.ErrNotFound), noKey(err):
		return d.notAdded(ctx, groupID, personID)
	}
	return err
}

// notAdded says what Google did not know of an addition: the group, the account, or for a moment either.
func (d *groups) notAdded(ctx context.Context, groupID, personID string) error {
	ctx = idp.Apart(ctx)
	if _, err := d.readGroup(ctx, groupID); err != nil {
		return err
	}
	if _, err := d.people.Person(idp.WithoutManagers(ctx), personID); err != nil {
		return err
	}
	return fmt.Errorf("%s: Google doesn't know the account %s as a member to be yet; it will be tried again", d.cfg.ID, personID)
}

// Remove implements idp.Directory. That somebody is no member, or is nobody, is what was wanted.
func (d *groups) Remove(ctx context.Context, groupID, personID string) error {
	ctx = idp.WithPriority(ctx, idp.Removal)
	if err := d.mayChange(ctx, groupID); err != nil {
		return err
	}
	if personID == "" {
		return nil // nobody is not a member
	}
	err := d.call(ctx, admin.AdminDirectoryGroupMemberScope, fmt.Sprintf("remove account %s from group %s", personID, groupID), func(ctx context.Context) error {
		return d.admin.Members.Delete(groupID, personID).Context(ctx).Do()
	})
	if errors.Is(err, idp.ErrNotFound) || noKey(err) { // the account may be gone, or the group
		_, err = d.readGroup(idp.Apart(ctx), groupID)
	}
	return err
}
