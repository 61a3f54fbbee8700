package google

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"latchkey/sandbox/google/world"
)

// hiddenGroup is what Cloud Identity says of a group that isn't there or can't be seen: it doesn't tell which.
func hiddenGroup(key string) reply {
	return cloudFailure(http.StatusForbidden, "PERMISSION_DENIED", "Error(2028): Permission denied for resource groups/"+key+" (or it may not exist).")
}

func badArgument(what string) reply {
	return cloudFailure(http.StatusBadRequest, "INVALID_ARGUMENT", "Request contains an invalid argument: "+what)
}

func noMembership() reply {
	return cloudFailure(http.StatusNotFound, "NOT_FOUND", "Requested entity was not found.")
}

// byID is the group with an id: Cloud Identity takes no address for one.
func (s *Server) byID(c *call, id string) *world.LiveGroup {
	i := slices.IndexFunc(c.dir.Groups, func(g *world.LiveGroup) bool { return g.ID == id })
	if i < 0 {
		return nil
	}
	return c.dir.Groups[i]
}

// lookupMembership finds the name of a membership by its member's address. It trails like other reads of members.
func (s *Server) lookupMembership(c *call) reply {
	g := s.byID(c, c.PathValue("group"))
	if g == nil {
		return hiddenGroup(c.PathValue("group"))
	}
	key := c.URL.Query().Get("memberKey.id")
	if !strings.Contains(key, "@") {
		return badArgument("memberKey.id")
	}
	for _, m := range c.dir.Seen(g) {
		if u := c.dir.User(key); u != nil && u.ID == m.ID || world.Folded(c.dir.AddressOf(m)) == world.Folded(key) {
			return ok(object{"name": membershipName(g, m)})
		}
	}
	return noMembership()
}

// membershipName names a membership. Its id is none of the account's: that Google uses the same is nowhere said.
func membershipName(g *world.LiveGroup, m *world.Member) string {
	return fmt.Sprintf("groups/%s/memberships/2%020d", g.ID, m.Seq)
}

// roleChange is what may be changed of a membership, as far as it is modelled: its expiry.
type roleChange struct {
	AddRoles, RemoveRoles []json.RawMessage
	UpdateRolesParams     []struct {
		FieldMask      string
		MembershipRole struct {
			Name         string
			ExpiryDetail *struct{ ExpireTime string }
		}
	}
}

// modifyMembership changes when a membership ends by itself. What an edition without that says has a number that is known
// (GoogleCloudPlatform/jit-access, CloudIdentityGroupsClient.java: 3005 or 3006 in the message of a 403), its words are not.
func (s *Server) modifyMembership(c *call) reply {
	id, isModify := strings.CutSuffix(c.PathValue("membership"), ":modifyMembershipRoles")
	if !isModify {
		return s.refuse(c.Request, "this operation on a membership")
	}
	g := s.byID(c, c.PathValue("group"))
	if g == nil {
		return hiddenGroup(c.PathValue("group"))
	}
	var m *world.Member
	for _, o := range c.dir.Seen(g) {
		if membershipName(g, o) == "groups/"+g.ID+"/memberships/"+id && g.Holds(o.ID) {
			m = o
		}
	}
	at, refused := s.newExpiry(c)
	switch {
	case refused != nil:
		return *refused
	case m == nil:
		return noMembership()
	case s.basic.Load():
		return cloudFailure(http.StatusForbidden, "PERMISSION_DENIED", "Error(3005): Membership expiry isn't part of the subscription.")
	case g.Dynamic || g.Locked:
		return cloudFailure(http.StatusBadRequest, "FAILED_PRECONDITION", "The memberships of this group cannot be modified.")
	case m.Role != "MEMBER":
		return badArgument("expiry of a membership with the role " + m.Role)
	}
	c.dir.Expire(g, m, at)
	return ok(object{"membership": s.membership(c, g, m)})
}

// newExpiry reads what a membership's end is to be; zero: none.
func (s *Server) newExpiry(c *call) (at time.Time, refused *reply) {
	deny := func(r reply) (time.Time, *reply) { return time.Time{}, &r }
	var ask roleChange
	body := json.NewDecoder(bytes.NewReader(c.body))
	body.DisallowUnknownFields()
	if err := body.Decode(&ask); err != nil {
		return deny(cloudFailure(http.StatusBadRequest, "INVALID_ARGUMENT", "Invalid JSON payload received. "+err.Error()))
	}
	switch {
	case len(ask.AddRoles)+len(ask.RemoveRoles) > 0:
		return deny(s.refuse(c.Request, "adding and removing roles"))
	case len(ask.UpdateRolesParams) != 1:
		return deny(badArgument("update_roles_params"))
	}
	change := ask.UpdateRolesParams[0]
	switch {
	case !slices.Contains([]string{"expiry_detail.expire_time", "expiryDetail.expireTime"}, change.FieldMask):
		return deny(badArgument("field_mask"))
	case change.MembershipRole.Name != "MEMBER":
		return deny(badArgument("membership_role.name"))
	case change.MembershipRole.ExpiryDetail == nil:
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339Nano, change.MembershipRole.ExpiryDetail.ExpireTime)
	if err != nil || !at.After(s.now()) {
		return deny(badArgument("expire_time"))
	}
	return at.UTC(), nil
}

func (s *Server) membership(c *call, g *world.LiveGroup, m *world.Member) object {
	role := object{"name": "MEMBER"}
	if !m.Expires.IsZero() {
		role["expiryDetail"] = object{"expireTime": m.Expires.Format(time.RFC3339Nano)}
	}
	return object{
		"name": membershipName(g, m), "preferredMemberKey": object{"id": c.dir.AddressOf(m)}, "roles": []any{role}, "type": m.Type,
		"createTime": stamp(s.now()), "updateTime": stamp(s.now()),
	}
}

// SetBasic changes the edition to one in which memberships don't end by themselves, or back. Those that were to end
// do so all the same.
func (s *Server) SetBasic(basic bool) { s.basic.Store(basic) }
