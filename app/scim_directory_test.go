package app

import (
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"latchkey/config"
	"latchkey/sandbox"
	"latchkey/sandbox/scim"
)

// TestASCIMDirectory: access in a SCIM server is given, seen, and taken when its time is up; what a rule fills there is not
// touched. Others change the group at the same time.
func TestASCIMDirectory(t *testing.T) {
	server := scim.New(scim.Config{MaxResults: 3})
	web := httptest.NewServer(server.Handler())
	t.Cleanup(web.Close)
	maya, noor := server.AddUser(scim.User{Email: sandbox.Email("maya")}), server.AddUser(scim.User{Email: sandbox.Email("noor")})
	for _, handle := range []string{"sam", "lena", "omar"} {
		server.AddUser(scim.User{Email: sandbox.Email(handle)})
	}
	staff := server.AddGroup(scim.Group{Name: "door-staff", Members: []string{noor}})
	server.Meddle(staff, 2)

	c, with := scimConfig(t, web.URL+"/scim/v2")
	tell, _ := serveInSandbox(t, c, with)
	do := func(words ...string) {
		t.Helper()
		if _, err := tell.Do(t.Context(), words...); err != nil {
			t.Fatal(err)
		}
	}
	do("slack", "maya", "/access")
	do("slack", "maya", "submit", "app=doors", "role=staff", "for=6h", "reason=Measure the samples")
	do("slack", "noor", "click", "Approve")
	do("jira", "IT-1", "status", "Granted")
	do("jira", "IT-1", "internal", "Read back: is a member")
	if in := server.Members(staff); !slices.Equal(in, []string{noor, maya}) {
		t.Errorf("in the group are %v", in)
	}
	do("clock", "+6h")
	do("jira", "IT-1", "status", "Closed")
	if in := server.Members(staff); !slices.Equal(in, []string{noor}) {
		t.Errorf("left in the group are %v", in)
	}
	for _, call := range server.Calls() {
		if !strings.HasPrefix(call, "GET /scim/v2/") && !strings.HasPrefix(call, "PATCH /scim/v2/Groups/"+staff) {
			t.Errorf("called %s", call)
		}
	}
}

// scimConfig is the example with a SCIM server in the lab.
func scimConfig(t *testing.T, url string) (*config.Config, registry) {
	t.Helper()
	example, err := os.ReadFile("../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(lab.Replace(string(example)), "type: test, vendor: lab-1", "type: scim, url: \""+url+"\"", 1)
	env := func(name string) (string, bool) { return scim.DemoToken, name == "LAB_TOKEN" }
	c, err := config.Parse("config.yaml", []byte(text), env, Backends())
	if err != nil {
		t.Fatal(err)
	}
	return c, backends()
}
