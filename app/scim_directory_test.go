package app

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"latchkey/config"
	"latchkey/sandbox"
	"latchkey/sandbox/harness"
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

// TestASCIMDirectoryTellsNothingOfUse: by sign-ins to apps nothing could ever come back, so that is refused when the file is read; and
// by those to the directory, which it doesn't tell either, nobody is asked, and IT reads that it isn't known.
func TestASCIMDirectoryTellsNothingOfUse(t *testing.T) {
	server := scim.New(scim.Config{})
	web := httptest.NewServer(server.Handler())
	t.Cleanup(web.Close)
	maya := server.AddUser(scim.User{Email: sandbox.Email("maya")})
	server.AddUser(scim.User{Email: sandbox.Email("noor")})
	staff := server.AddGroup(scim.Group{Name: "door-staff"})

	const doors = "duration: {choices: [6h]}\n    roles:\n      - {id: staff"
	idle := func(how string) string {
		return strings.Replace(scimText(t, web.URL+"/scim/v2"), doors, "duration: {choices: [90d]}\n    reclaim: "+how+doors[strings.Index(doors, "\n"):], 1)
	}
	if _, err := parseSCIM(idle("{idle: 30d}")); err == nil || !strings.Contains(err.Error(), `the directory "lab" doesn't tell when an app was used`) {
		t.Fatalf("by sign-ins to the app: %v", err)
	}
	c, err := parseSCIM(idle("{idle: 30d, least: directory}"))
	if err != nil {
		t.Fatal(err)
	}
	tell, _ := serveInSandbox(t, c, backends())
	for _, line := range []string{
		"slack maya /access", "slack maya submit app=doors role=staff for=90d reason='Measure the samples'", "slack noor click Approve", "jira IT-1 status Granted",
		"clock +36d", "clock +7d", "channel '#it-access' 'Lab doors: 1 seat = 1 unknown'", "! dm maya 'Do you still need'",
	} {
		words, err := harness.Line(line)
		if err == nil {
			_, err = tell.Do(t.Context(), words...)
		}
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	if in := server.Members(staff); !slices.Equal(in, []string{maya}) {
		t.Errorf("in the group are %v", in)
	}
}

// scimConfig is the example with a SCIM server in the lab.
func scimConfig(t *testing.T, url string) (*config.Config, registry) {
	t.Helper()
	c, err := parseSCIM(scimText(t, url))
	if err != nil {
		t.Fatal(err)
	}
	return c, backends()
}

func scimText(t *testing.T, url string) string {
	return strings.Replace(lab.Replace(read(t, "../config.yaml")), "type: test, vendor: lab-1", "type: scim, url: \""+url+"\"", 1)
}

func parseSCIM(text string) (*config.Config, error) {
	return config.Parse("config.yaml", []byte(text), func(name string) (string, bool) { return scim.DemoToken, name == "LAB_TOKEN" }, Backends())
}
