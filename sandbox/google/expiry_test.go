package google_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"latchkey/sandbox/google"
)

// expiring is a customer with Maya in a group.
type expiring struct {
	*customer
	maya, group string // ids
	name        string // of the membership
}

func newExpiring(t *testing.T, cfg google.Config) expiring {
	t.Helper()
	c := expiring{customer: newCustomer(t, cfg)}
	c.maya, c.group = c.AddUser(google.User{Email: "maya@x.com", Aliases: []string{"m@x.com"}}).ID, c.AddGroup(google.Group{Name: "design"}).ID
	if !c.SetMember(c.group, c.maya, true) {
		t.Fatal("there is no group")
	}
	c.name = c.lookup("maya@x.com")
	return c
}

func (c expiring) lookup(address string) string {
	name, _ := c.get("/v1/groups/" + c.group + "/memberships:lookup?memberKey.id=" + address).at("name").(string)
	return name
}

// modify changes the one membership's end; "" takes it back.
func (c expiring) modify(expires, mask, role string) answer {
	detail := ""
	if expires != "" {
		detail = `,"expiryDetail":{"expireTime":"` + expires + `"}`
	}
	return c.do("POST", "/v1/"+c.name+":modifyMembershipRoles", fmt.Sprintf(`{"updateRolesParams":[{"fieldMask":%q,"membershipRole":{"name":%q%s}}]}`, mask, role, detail))
}

// in is a moment to come, as it is written.
func (c expiring) in(d time.Duration) string {
	return c.clock.Now().Add(d).UTC().Truncate(time.Second).Format(time.RFC3339)
}

const mask = "expiry_detail.expire_time"

// A membership ends when its time is up, by the clock; whatever was said last counts.
func TestMembershipsEndByThemselves(t *testing.T) {
	c := newExpiring(t, google.Config{ExpiryLag: time.Minute})
	if c.name == "" || c.lookup("m@x.com") != c.name || strings.Contains(c.name, c.maya) {
		t.Fatalf("the membership is called %q", c.name)
	}
	for _, hours := range []time.Duration{1, 2} {
		at := c.in(hours * time.Hour)
		a := c.modify(at, mask, "MEMBER")
		if a.StatusCode != 200 || a.at("membership", "roles", 0, "expiryDetail", "expireTime") != at || a.at("membership", "preferredMemberKey", "id") != "maya@x.com" || a.at("membership", "name") != c.name {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	c.clock.Advance(90 * time.Minute)
	if !c.IsMember(c.group, c.maya) || c.Expires(c.group, c.maya).IsZero() {
		t.Error("it ended by an end that was moved")
	}
	c.clock.Advance(30*time.Minute + 59*time.Second)
	if !c.IsMember(c.group, c.maya) {
		t.Error("Google carried it out at once, though it lags")
	}
	c.clock.Advance(time.Second)
	c.token = c.signIn(google.LatchkeyScopes()...)
	if c.IsMember(c.group, c.maya) || c.lookup("maya@x.com") != "" || c.get(directory+"/groups/"+c.group+"/members").at("members") != nil || !c.Expires(c.group, c.maya).IsZero() {
		t.Error("its time is up, and it goes on")
	}
	if a := c.do("POST", directory+"/groups/"+c.group+"/members", `{"id":"`+c.maya+`"}`); a.StatusCode != 200 {
		t.Errorf("put in again: %s", a.body)
	}
	c.clock.Advance(1000 * time.Hour)
	if !c.IsMember(c.group, c.maya) {
		t.Error("a new membership has the end of the one before")
	}
}

func TestAnEndThatIsTakenBack(t *testing.T) {
	c := newExpiring(t, google.Config{})
	if err := c.SetExpiry("design", "maya@x.com", c.clock.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if a := c.modify("", mask, "MEMBER"); a.StatusCode != 200 || a.at("membership", "roles", 0, "expiryDetail") != nil {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	c.clock.Advance(2 * time.Hour)
	if !c.IsMember(c.group, c.maya) {
		t.Error("it ended all the same")
	}
	if err := c.SetExpiry("design", "nobody@x.com", time.Time{}); err == nil {
		t.Error("nobody's membership ends")
	}
}

func TestEndsThatAreRefused(t *testing.T) {
	c := newExpiring(t, google.Config{})
	good := c.in(time.Hour)
	want := func(what string, a answer, status int, message string) {
		t.Helper()
		if said := fmt.Sprint(a.at("error", "message")); a.StatusCode != status || !strings.Contains(said, message) {
			t.Errorf("%s: %d %s", what, a.StatusCode, a.body)
		}
	}
	want("in the past", c.modify(c.in(-time.Hour), mask, "MEMBER"), 400, "expire_time")
	checked := c.http
	c.http = &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // what no client of Google's would send
	want("no time", c.modify("tomorrow", mask, "MEMBER"), 400, "expire_time")
	want("another field", c.modify(good, "name", "MEMBER"), 400, "field_mask")
	want("another role", c.modify(good, mask, "OWNER"), 400, "membership_role")
	want("nothing", c.do("POST", "/v1/"+c.name+":modifyMembershipRoles", `{}`), 400, "update_roles_params")
	want("half a body", c.do("POST", "/v1/"+c.name+":modifyMembershipRoles", `{`), 400, "JSON")
	want("an unknown field", c.do("POST", "/v1/"+c.name+":modifyMembershipRoles", `{"roles":[]}`), 400, "JSON")
	want("another operation", c.do("POST", "/v1/"+c.name+":delete", `{}`), 501, "not model")
	c.http = checked
	want("roles", c.do("POST", "/v1/"+c.name+":modifyMembershipRoles", `{"addRoles":[{"name":"OWNER"}]}`), 501, "not model")
	want("no membership", c.do("POST", "/v1/groups/"+c.group+"/memberships/1:modifyMembershipRoles", `{"updateRolesParams":[{"fieldMask":"`+mask+`","membershipRole":{"name":"MEMBER"}}]}`), 404, "not found")
	want("no group", c.do("POST", "/v1/groups/none/memberships/1:modifyMembershipRoles", `{}`), 403, "2028")
	want("no group to look in", c.get("/v1/groups/none/memberships:lookup?memberKey.id=a@x.com"), 403, "2028")
	want("an id for an address", c.get("/v1/groups/"+c.group+"/memberships:lookup?memberKey.id="+c.maya), 400, "memberKey")
	c.SetBasic(true)
	want("a small edition", c.modify(good, mask, "MEMBER"), 403, "3005")
	c.SetBasic(false)
	if err := c.EditGroup(c.group, func(g *google.Group) { g.Locked = true }); err != nil {
		t.Fatal(err)
	}
	want("a locked group", c.modify(good, mask, "MEMBER"), 400, "cannot be modified")
	owned := c.AddGroup(google.Group{Name: "owned"}).ID
	if a := c.do("POST", directory+"/groups/"+owned+"/members", `{"id":"`+c.maya+`","role":"OWNER"}`); a.StatusCode != 200 {
		t.Fatal(a.body)
	}
	c.group = owned
	c.name = c.lookup("maya@x.com")
	want("an owner", c.modify(good, mask, "MEMBER"), 400, "OWNER")
	c.token = c.signIn("https://www.googleapis.com/auth/cloud-identity.groups.readonly")
	if a := c.modify(good, mask, "MEMBER"); a.StatusCode != 403 {
		t.Errorf("a scope to read: %d %s", a.StatusCode, a.body)
	}
	if at := c.Expires(owned, c.maya); !at.IsZero() {
		t.Errorf("something was set: %s", at)
	}
}
