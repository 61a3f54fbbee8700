package scim_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"latchkey/config/value"
	"latchkey/idp"
	"latchkey/idp/scim"
	sandbox "latchkey/sandbox/scim"
)

func TestConfigurationIsChecked(t *testing.T) {
	const base = "https://directory.example/scim/v2"
	for name, c := range map[string]struct {
		cfg  scim.Config
		want string // in the error, "" for none
	}{
		"a token":            {scim.Config{URL: base + "/", Token: "t"}, ""},
		"a user":             {scim.Config{URL: base, User: "latchkey", Password: "p"}, ""},
		"this machine":       {scim.Config{URL: "http://127.0.0.1:8080/scim", Token: "t"}, ""},
		"plain http":         {scim.Config{URL: "http://directory.example/scim", Token: "secret"}, "use https"},
		"plain http by IP":   {scim.Config{URL: "http://192.0.2.7/scim", Token: "secret"}, "use https"},
		"no address":         {scim.Config{Token: "secret"}, base},
		"a query":            {scim.Config{URL: base + "?x=1", Token: "secret"}, "more than a host and a path"},
		"no credentials":     {scim.Config{URL: base}, "give a token"},
		"both":               {scim.Config{URL: base, Token: "secret", User: "u"}, "keep the one"},
		"half a user":        {scim.Config{URL: base, User: "u"}, "give the missing one"},
		"a colon in a user":  {scim.Config{URL: base, User: "u:v", Password: "secret"}, "colon"},
		"a name in the host": {scim.Config{URL: "https://u:secret@directory.example", Token: "t"}, "more than a host"},
	} {
		d, err := scim.Open(c.cfg)
		switch {
		case c.want == "" && (err != nil || d.ID() != "scim"):
			t.Errorf("%s: %v", name, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret")):
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSettingsAreRead(t *testing.T) {
	read := func(text string) (s scim.Settings, faults string) {
		env := func(string) (string, bool) { return "s3cret", true }
		doc, root := value.Read(value.Source{Name: "config.yaml", Text: []byte(text), Env: env})
		s = scim.Decode(root)
		if err := doc.Err(); err != nil {
			faults = err.Error()
		}
		return s, faults
	}
	s, faults := read("url: https://d.example/scim/v2/\nuser: latchkey\npassword: ${P}\nprobe_group: everyone\nremove: by value\non_hold: [{attribute: state, value: held}]\n")
	if c := s.Config("hr"); faults != "" || c.ID != "hr" || c.URL != "https://d.example/scim/v2" || c.Password != "s3cret" || !c.RemoveByValue || c.ProbeGroup != "everyone" || c.OnHold[0] != (scim.Mark{Attribute: "state", Value: "held"}) || s.APIToken().Reveal() != "s3cret" {
		t.Errorf("%+v %s", c, faults)
	}
	if d, err := scim.Connect(t.Context(), s, idp.Environment{ID: "hr"}); err != nil || d.ID() != "hr" {
		t.Errorf("%v", err)
	}
	for text, want := range map[string]string{
		"url: https://d.example\n":                                                       "no way to sign in",
		"url: https://d.example\ntoken: ${T}\nuser: u\n":                                 "2:8",
		"url: https://d.example\nuser: u\n":                                              "by half",
		"token: ${T}\n":                                                                  "url is missing",
		"url: https://d.example\ntoken: ${T}\nremove: by magic\n":                        "3:9",
		"url: https://d.example\ntoken: ${T}\nmanaged_elsewhere:\n  - attribute: a\n":    "value is missing",
		"url: https://d.example\ntoken: ${T}\nprobe_groups: x\n":                         `"probe_groups" is not a key`,
		"url: https://d.example\ntoken: ${T}\non_hold: [{attribute: a, valeu: \"b\"}]\n": "3:26",
	} {
		if _, faults := read(text); !strings.Contains(faults, want) || strings.Contains(faults, "s3cret") {
			t.Errorf("%q: %s, want %s", text, faults, want)
		}
	}
}

func TestBasicCredentialsAreTaken(t *testing.T) {
	p := newPlace(t, sandbox.Config{User: "latchkey", Password: "päss:word"}, func(c *scim.Config) { c.Token, c.User, c.Password = "", "latchkey", "päss:word" })
	p.AddUser(sandbox.User{Email: "maya@x.com"})
	if _, err := p.FindPerson(t.Context(), "maya@x.com"); err != nil {
		t.Error(err)
	}
	wrong := newPlace(t, sandbox.Config{}, func(c *scim.Config) { c.Token = "another-secret" })
	if _, err := wrong.FindPerson(t.Context(), "maya@x.com"); !errors.Is(err, idp.ErrDenied) || strings.Contains(err.Error(), "another-secret") {
		t.Errorf("%v", err)
	}
}

// A directory that is printed by accident, or whose calls fail, says no secret and no name.
func TestNoSecretIsTold(t *testing.T) {
	p := newPlace(t, sandbox.Config{}, func(c *scim.Config) { c.ID, c.Transport = "hr", broken{} })
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("printed", "directory", p.Directory)
	_, err := p.FindPerson(t.Context(), "maya@x.com")
	for _, text := range []string{log.String(), fmt.Sprintf("%v %+v %#v", p.Directory, p.Directory, p.Directory), err.Error()} {
		if strings.Contains(text, sandbox.DemoToken) || strings.Contains(text, "maya") || !strings.Contains(text, "hr") {
			t.Errorf("%s", text)
		}
	}
}

type broken struct{}

func (broken) RoundTrip(*http.Request) (*http.Response, error) { return nil, errors.New("no route") }

// Whoever waits for a slow server and gives up is let go, and the next one gets the group's turn.
func TestWhoGivesUpLetsOthersThrough(t *testing.T) {
	p := newPlace(t, sandbox.Config{}, nil)
	figma, maya, noor := p.AddGroup(sandbox.Group{Name: "figma"}), p.AddUser(sandbox.User{Email: "maya@x.com"}), p.AddUser(sandbox.User{Email: "noor@x.com"})
	slow := make(chan struct{})
	p.AddFault(sandbox.Fault{Method: "PATCH", Times: 1, Wait: slow})
	ctx, giveUp := context.WithCancel(t.Context())
	first := make(chan error)
	go func() { first <- p.Add(ctx, figma, maya) }()
	for patches(p) == 0 {
		if _, err := p.Person(t.Context(), noor); err != nil { // a call takes its time, so this is no busy wait
			t.Fatal(err)
		}
	}
	giveUp()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	close(slow)
	if err := p.Add(t.Context(), figma, noor); err != nil {
		t.Errorf("%v", err)
	}
}

// A change of nothing in the test group shows a right that lacks, and a server on which the configured form of a
// removal would empty a group.
func TestProbeTriesAChange(t *testing.T) {
	for name, c := range map[string]struct {
		server  sandbox.Config
		byValue bool
		fault   sandbox.Fault
		source  string
		want    string // of what is wrong; "" for nothing
	}{
		"it may":                          {},
		"it may, by value":                {server: sandbox.Config{NeedsArray: true}, byValue: true},
		"nobody is a matter of 404":       {fault: sandbox.Fault{Method: "PATCH", Status: 404}},
		"it may not":                      {fault: sandbox.Fault{Method: "PATCH", Status: 403}, want: "give it the right"},
		"the server is down":              {fault: sandbox.Fault{Method: "PATCH", Status: 503}, want: "503"},
		"there is no such group":          {fault: sandbox.Fault{Path: "/scim/v2/Groups", Body: `{"totalResults":0,"Resources":[]}`}, want: "there is no group"},
		"a rule fills the group":          {source: "rule", want: "use a group of its own"},
		"the filter isn't taken":          {server: sandbox.Config{NeedsArray: true}, want: "invalidPath"},
		"by value, which means everybody": {byValue: true, want: "took out 2 of 2 members"},
	} {
		p := newPlace(t, c.server, func(cfg *scim.Config) { cfg.ProbeGroup, cfg.RemoveByValue = "test", c.byValue })
		group := p.AddGroup(sandbox.Group{Name: "test", Source: c.source})
		for _, who := range []string{"maya@x.com", "noor@x.com"} {
			p.SetMember(group, p.AddUser(sandbox.User{Email: who}), true)
		}
		if c.fault != (sandbox.Fault{}) {
			p.AddFault(c.fault)
		}
		if f := finding(t, p, "change members"); f.OK != (c.want == "") || !strings.Contains(f.Detail, c.want) {
			t.Errorf("%s: %+v", name, f)
		}
		if n := len(p.Server.Members(group)); n != 2 && !strings.Contains(c.want, "took out") {
			t.Errorf("%s: %d members are left", name, n)
		}
	}
}

func TestProbeSaysHowPeopleAreFound(t *testing.T) {
	for want, cfg := range map[string]sandbox.Config{
		"by sign-in name and by address": {AddressPlain: true},
		"all accounts are gone through":  {FilterNone: true},
	} {
		p := newPlace(t, cfg, nil)
		p.AddUser(sandbox.User{Email: "maya@x.com"})
		if f := finding(t, p, "find people"); !f.OK || !strings.Contains(f.Detail, want) {
			t.Errorf("%+v", f)
		}
	}
	exact := newPlace(t, sandbox.Config{CaseExact: true, AddressPlain: true}, nil)
	exact.AddUser(sandbox.User{Email: "maya@x.com"})
	if f := finding(t, exact, "find people"); !strings.Contains(f.Detail, "all accounts are gone through") {
		t.Errorf("by address alone: %+v", f)
	}
	bare := newPlace(t, sandbox.Config{}, nil)
	bare.AddUser(sandbox.User{UserName: "maya"})
	if f := finding(t, bare, "find people"); !strings.Contains(f.Detail, "have no address") {
		t.Errorf("without addresses: %+v", f)
	}
	p := newPlace(t, sandbox.Config{}, func(c *scim.Config) { c.ProbeGroup = "everyone" })
	everyone, maya := p.AddGroup(sandbox.Group{Name: "everyone"}), p.AddUser(sandbox.User{Email: "maya@x.com"})
	p.SetMember(everyone, maya, true)
	if f := finding(t, p, "see members"); !f.OK || !strings.Contains(f.Detail, `seen of "everyone"`) {
		t.Errorf("%+v", f)
	}
}
