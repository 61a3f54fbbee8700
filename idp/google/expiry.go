package google

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"sync"
	"time"

	admin "google.golang.org/api/admin/directory/v1"
	cloudidentity "google.golang.org/api/cloudidentity/v1"

	"latchkey/idp"
)

// unableFor is how long it is taken as known that Google doesn't end memberships by itself here: a subscription and a
// delegation change, and asking again is one call.
const unableFor = time.Hour

// Expiring is a Directory that has Google end memberships by itself.
//
// That is Cloud Identity's (groups.memberships.modifyMembershipRoles, expiry_detail.expire_time), for the role MEMBER only,
// and by Google's help ("Managing membership expirations") only with Google Workspace Enterprise Standard and Plus, Enterprise
// for Education and Cloud Identity Premium. Expired memberships are left out by its reads. How an end is taken back isn't
// described: it is sent without one, and Google's answer is looked at.
type Expiring struct {
	*Directory
	mu     sync.Mutex
	unable error     // why Google doesn't do it here; guarded by mu
	until  time.Time // when that is to be found out anew; guarded by mu
}

var _ idp.Expirer = (*Expiring)(nil)

// Expiring is the directory with this capability.
func (d *Directory) Expiring() *Expiring { return &Expiring{Directory: d} }

// Expire implements idp.Expirer.
func (d *Expiring) Expire(ctx context.Context, groupID, personID string, at time.Time) error {
	if err := d.learned(); err != nil {
		return err
	}
	if err := d.mayChange(ctx, groupID); err != nil {
		return err
	}
	member, err := d.endable(ctx, groupID, personID)
	if err != nil {
		return err
	}
	name, err := d.membership(ctx, groupID, member.Email)
	if err == nil {
		err = d.setEnd(ctx, name, member.Email, at)
	}
	return d.learn(err)
}

// endable is somebody's own place in a group, if it may have an end.
func (d *Expiring) endable(ctx context.Context, groupID, personID string) (*admin.Member, error) {
	member, err := d.own(ctx, groupID, personID)
	switch {
	case err != nil:
		return nil, err
	case member == nil:
		if _, err := d.readGroup(idp.Apart(ctx), groupID); err != nil { // "not in it" must not hide that it is not there
			return nil, err
		}
		return nil, fmt.Errorf("%s: the account %s isn't in group %s: %w", d.cfg.ID, personID, groupID, idp.ErrNoMember)
	case member.Role != "MEMBER":
		return nil, fmt.Errorf("%s: the account %s is %s of group %s, and Google ends only plain memberships; take that role from it: %w", d.cfg.ID, personID, member.Role, groupID, idp.ErrRefused)
	}
	return member, nil
}

// membership is what Cloud Identity calls a membership, which it finds by the member's address alone.
func (d *Expiring) membership(ctx context.Context, groupID, address string) (name string, err error) {
	err = d.call(ctx, cloudidentity.CloudIdentityGroupsScope, "find a membership of group "+groupID+" in Cloud Identity", func(ctx context.Context) error {
		found, err := d.cloud.Groups.Memberships.Lookup("groups/" + groupID).MemberKeyId(address).Context(ctx).Do()
		if err == nil {
			name = found.Name
		}
		return err
	})
	if errors.Is(err, idp.ErrNotFound) {
		return "", fmt.Errorf("%s: Cloud Identity doesn't know of a membership yet that the Directory API shows; it will be tried again", d.cfg.ID)
	}
	return name, err
}

// setEnd has a membership end at a moment, and sees that Google has understood it.
func (d *Expiring) setEnd(ctx context.Context, name, address string, at time.Time) error {
	role := &cloudidentity.MembershipRole{Name: "MEMBER"}
	if !at.IsZero() {
		role.ExpiryDetail = &cloudidentity.ExpiryDetail{ExpireTime: wholeSeconds(at).Format(time.RFC3339)}
	}
	var now *cloudidentity.Membership
	err := d.call(ctx, cloudidentity.CloudIdentityGroupsScope, "have Google end a membership by itself", func(ctx context.Context) error {
		answer, err := d.cloud.Groups.Memberships.ModifyMembershipRoles(name, &cloudidentity.ModifyMembershipRolesRequest{
			UpdateRolesParams: []*cloudidentity.UpdateMembershipRolesParams{{FieldMask: "expiry_detail.expire_time", MembershipRole: role}},
		}).Context(ctx).Do()
		if err == nil {
			now = answer.Membership
		}
		return err
	})
	switch a := saying(err); {
	case a != nil && a.status == http.StatusBadRequest:
		return fmt.Errorf("%s: Google doesn't let this membership end by itself (%s): %w", d.cfg.ID, a.message, idp.ErrRefused)
	case err != nil:
		return err
	}
	return d.understood(now, name, address, at)
}

// understood compares what Google says of a membership with what it was told.
func (d *Expiring) understood(m *cloudidentity.Membership, name, address string, at time.Time) error {
	if m == nil || m.Name != name || m.PreferredMemberKey != nil && !idp.SameAddress(m.PreferredMemberKey.Id, address) {
		return fmt.Errorf("%s: Google answered with another membership; it will be tried again", d.cfg.ID)
	}
	for _, role := range m.Roles {
		if role.Name != "MEMBER" {
			continue
		}
		var has time.Time
		if role.ExpiryDetail != nil && role.ExpiryDetail.ExpireTime != "" {
			var err error
			if has, err = time.Parse(time.RFC3339Nano, role.ExpiryDetail.ExpireTime); err != nil {
				break
			}
		}
		if at.IsZero() == has.IsZero() && (at.IsZero() || has.Equal(wholeSeconds(at))) {
			return nil
		}
	}
	return fmt.Errorf("%s: Google took the end of a membership, and says another one; it will be tried again", d.cfg.ID)
}

// wholeSeconds is the first whole second that isn't before a moment.
func wholeSeconds(at time.Time) time.Time {
	return at.UTC().Add(time.Second - 1).Truncate(time.Second)
}

// learned is why Google doesn't do it here, as was found lately.
func (d *Expiring) learned() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.until.After(d.cfg.Clock.Now()) {
		return d.unable
	}
	return nil
}

// learn keeps it where a failure says that Google doesn't do it here.
func (d *Expiring) learn(err error) error {
	why := d.unableBy(err)
	if why == nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.unable, d.until = why, d.cfg.Clock.Now().Add(unableFor)
	return why
}

// anotherEdition are the numbers by which Google says that a feature isn't part of the subscription
// (GoogleCloudPlatform/jit-access, CloudIdentityGroupsClient.java).
var anotherEdition = regexp.MustCompile(`\b(3005|3006)\b`)

func (d *Expiring) unableBy(err error) error {
	var refused *refusedToken
	a := saying(err)
	switch {
	case errors.As(err, &refused) && refused.notGranted():
		return fmt.Errorf("%s: the scope for it isn't granted: %w: %w", d.cfg.ID, refused, idp.ErrUnable)
	case a != nil && a.status == http.StatusForbidden && anotherEdition.MatchString(a.message):
		return fmt.Errorf("%s: Google's edition of this customer doesn't end memberships by itself (%s): %w", d.cfg.ID, a.message, idp.ErrUnable)
	}
	return nil
}

// proveEnds looks a membership up with the scope that ends need, in the group that is there for trying. Nothing is
// changed; whether the edition ends memberships shows only at one.
func (d *Directory) proveEnds(ctx context.Context) (f idp.Finding) {
	f.Check = "end memberships of " + d.cfg.ProbeGroup
	g, err := d.FindGroup(ctx, d.cfg.ProbeGroup)
	if err == nil {
		err = d.call(ctx, cloudidentity.CloudIdentityGroupsScope, "look up a membership in Cloud Identity", func(ctx context.Context) error {
			_, err := d.cloud.Groups.Memberships.Lookup("groups/" + g.ID).MemberKeyId(d.cfg.Subject).Context(ctx).Do()
			return err
		})
	}
	var refused *refusedToken
	switch {
	case errors.As(err, &refused) && refused.notGranted():
		f.OK, f.Detail = true, "The scope for it isn't granted: Latchkey alone ends memberships."
	case err != nil && (!errors.Is(err, idp.ErrNotFound) || g.ID == ""):
		f.Detail = err.Error()
	default:
		f.OK, f.Detail = true, "Memberships can be found where their end is set. Whether Google's edition ends them shows at the first one that has an end."
	}
	return f
}
