package app

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/bot/manifest"
	"latchkey/clock"
	"latchkey/config"
	"latchkey/idp/okta"
	"latchkey/sandbox"
	"latchkey/sandbox/jira"
	fakeokta "latchkey/sandbox/okta"
	"latchkey/sandbox/slack"
	"latchkey/store/bolt"
)

// TestPlantedFaultsAreFound: each by one line, with what is to be done, and nothing else is blamed.
func TestPlantedFaultsAreFound(t *testing.T) {
	all := plantedFaults()
	if len(all) < 60 {
		t.Errorf("only %d faults are planted", len(all))
	}
	for _, p := range all {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			p.judge(t, p.look(t))
		})
	}
}

// TestNothingIsFoundWhereNothingIsWrong: else what is found of planted faults would say little.
func TestNothingIsFoundWhereNothingIsWrong(t *testing.T) {
	for _, f := range (planted{}).look(t) {
		if f.Level == "fault" || f.Level == "note" && !strings.Contains(f.Detail, "no issue is in") {
			t.Errorf("%+v", f)
		}
	}
}

// judge compares what was found with what is wanted.
func (p planted) judge(t *testing.T, found []Finding) {
	t.Helper()
	level := p.level
	if level == "" {
		level = "fault"
	}
	hits, faults := 0, 0
	for _, f := range found {
		if f.Level == "fault" {
			faults++
		}
		line := f.Service + " " + f.Check + ": " + f.Detail
		if f.Level == level && !slices.ContainsFunc(p.want, func(w string) bool { return !strings.Contains(strings.ToLower(line), strings.ToLower(w)) }) {
			hits++
		}
	}
	wanted := p.more
	if level == "fault" {
		wanted++
	}
	if hits != 1 || faults != wanted {
		var lines []string
		for _, f := range found {
			if f.Level != "ok" {
				lines = append(lines, fmt.Sprintf("%s %s %s: %s", f.Level, f.Service, f.Check, f.Detail))
			}
		}
		t.Errorf("%d findings name %q, and there are %d faults instead of %d:\n%s", hits, p.want, faults, wanted, strings.Join(lines, "\n"))
	}
}

// look is what is found with the fault in its place.
func (p planted) look(t *testing.T) (found []Finding) {
	t.Helper()
	text := read(t, "testdata/planted.yaml")
	for pair := range slices.Chunk(p.text, 2) {
		if !strings.Contains(text, pair[0]) {
			t.Fatalf("%q isn't in the file", pair[0])
		}
		text = strings.ReplaceAll(text, pair[0], pair[1])
	}
	c, err := config.Parse("planted.yaml", []byte(text), func(name string) (string, bool) { value, there := p.env[name]; return value, there }, Backends())
	if err != nil { // it is found before anybody is asked
		return []Finding{{Service: "configuration", Level: "fault", Detail: err.Error()}}
	}
	if err := c.RequireSecrets(); p.env != nil && err != nil {
		return []Finding{{Service: "configuration", Level: "fault", Detail: err.Error()}}
	}
	here := p.begin(t, c)
	with := environment{backends: backends(), metrics: newMetrics(), clock: shifted{p.ahead}, log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	with.hooks.Calls = func(service string, next http.RoundTripper) http.RoundTripper {
		if change := map[string]func(*http.Response){"slack": p.calls, "jira": p.answers}[service]; change != nil {
			return changed{next, change}
		}
		return next
	}
	if _, err := inspect(t.Context(), here, Checks{Online: !p.first, FirstContact: p.first}, with, func(f Finding) { found = append(found, f) }); err != nil {
		t.Fatal(err)
	}
	return found
}

// begin makes the world, which has what the file as it is delivered names, and leads the configuration to it.
func (p planted) begin(t *testing.T, c *config.Config) *config.Config {
	t.Helper()
	as, err := config.Load("testdata/planted.yaml", func(string) (string, bool) { return "", false }, Backends())
	if err != nil {
		t.Fatal(err)
	}
	world, err := StartWorld(as, nil, t.Logf, func(s *sandbox.Config) {
		s.Okta.FullShare, s.Slack.LimitTiers, s.Jira.BurstLimits = true, false, false
		if p.directory != "" {
			s.Directories[0].Kind = p.directory
		}
		s.Directories[0].Groups = append(s.Directories[0].Groups, sandbox.Group{Name: "auditors"})
		if p.start != nil {
			p.start(s)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = world.Close() })
	world.Slack.AddUserGroup(slack.UserGroup{ID: "S0DESIGNOPS", Handle: "designops", Name: "Design operations", Users: members(world, "noor")})
	if p.world != nil {
		p.world(t, world)
	}
	c = Sandboxed(*c, world.Addresses(), filepath.Join(t.TempDir(), "latchkey.db"))
	c.Limits.Jira.PerSecond = 1000
	if p.set != nil {
		p.set(t, c)
	}
	return c
}

// shifted is the system's clock on a machine that is ahead, or behind.
type shifted struct{ by time.Duration }

func (s shifted) Now() time.Time { return time.Now().Add(s.by) }

func (s shifted) Until(at time.Time) (<-chan struct{}, func()) {
	return clock.System{}.Until(at.Add(-s.by))
}

// changed changes what a service answers on its way.
type changed struct {
	next   http.RoundTripper
	change func(*http.Response)
}

func (c changed) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.next.RoundTrip(r)
	if err == nil {
		c.change(resp)
	}
	return resp, err
}

func members(w *sandbox.World, handles ...string) (ids []string) {
	for _, h := range handles {
		if u, ok := w.Slack.UserByEmail(sandbox.Email(h)); ok {
			ids = append(ids, u.ID)
		}
	}
	return ids
}

func botToken(token string) func(*testing.T, *config.Config) {
	return func(_ *testing.T, c *config.Config) { c.Slack.BotToken = c.Secrets.Keep(token) }
}

func appToken(token string) func(*testing.T, *config.Config) {
	return func(_ *testing.T, c *config.Config) { c.Slack.AppToken = c.Secrets.Keep(token) }
}

func oktaAt(url string) func(*testing.T, *config.Config) {
	return func(_ *testing.T, c *config.Config) {
		s := c.IDP[0].Settings.(okta.Settings)
		s.URL = url
		c.IDP[0].Settings = s
	}
}

func slackFails(method, code string) func(*testing.T, *sandbox.World) {
	return func(_ *testing.T, w *sandbox.World) { w.Slack.AddFault(slack.Fault{Method: method, Error: code}) }
}

func oktaFails(path string, status int) func(*testing.T, *sandbox.World) {
	return func(_ *testing.T, w *sandbox.World) { w.Okta.AddFault(fakeokta.Fault{Path: path, Status: status}) }
}

func withoutScopes(names ...string) func(*sandbox.Config) {
	return func(s *sandbox.Config) {
		s.Slack.Scopes = slices.DeleteFunc(manifest.Scopes(), func(n string) bool { return slices.Contains(names, n) })
	}
}

// channel changes a channel, by its name.
func channel(name string, change func(*slack.Channel)) func(*testing.T, *sandbox.World) {
	return func(t *testing.T, w *sandbox.World) {
		for _, c := range w.Slack.Channels() {
			if c.Name != name {
				continue
			}
			if err := w.Slack.Change(c.ID, change); err != nil {
				t.Fatal(err)
			}
			return
		}
		t.Fatalf("there is no channel %s", name)
	}
}

func archived(name string) func(*testing.T, *sandbox.World) {
	return channel(name, func(c *slack.Channel) { c.Archived = true })
}

func private(name string) func(*testing.T, *sandbox.World) {
	return channel(name, func(c *slack.Channel) { c.Private = true })
}

func renamedChannel(name string) func(*testing.T, *sandbox.World) {
	return channel(name, func(c *slack.Channel) { c.Name += "-old" })
}

func leftChannel(name, handle string) func(*testing.T, *sandbox.World) {
	return func(t *testing.T, w *sandbox.World) {
		left := members(w, handle)
		channel(name, func(c *slack.Channel) {
			c.Members = slices.DeleteFunc(c.Members, func(id string) bool { return slices.Contains(left, id) })
		})(t, w)
	}
}

func userGroup(id, handle string, off bool, who ...string) func(*testing.T, *sandbox.World) {
	return func(_ *testing.T, w *sandbox.World) {
		w.Slack.AddUserGroup(slack.UserGroup{ID: id, Handle: handle, Name: handle, Users: members(w, who...), Disabled: off})
	}
}

func slackGone(handle string) func(*testing.T, *sandbox.World) {
	return func(t *testing.T, w *sandbox.World) {
		for _, id := range members(w, handle) {
			if err := w.Slack.SetDeleted(id, true); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// inDirectory does something to the directory.
func inDirectory(do func(sandbox.Directory) error) func(*testing.T, *sandbox.World) {
	return func(t *testing.T, w *sandbox.World) {
		if err := do(w.Directories()[0]); err != nil {
			t.Fatal(err)
		}
	}
}

func directoryState(handle string, state sandbox.AccountState) func(*testing.T, *sandbox.World) {
	return inDirectory(func(d sandbox.Directory) error { return d.SetState(sandbox.Email(handle), state) })
}

func directoryFired(handle string) func(*testing.T, *sandbox.World) {
	return inDirectory(func(d sandbox.Directory) error { return d.Fire(sandbox.Email(handle)) })
}

func renamedGroup(name, to string) func(*testing.T, *sandbox.World) {
	return inDirectory(func(d sandbox.Directory) error { return d.RenameGroup(name, to) })
}

func deletedGroup(name string) func(*testing.T, *sandbox.World) {
	return inDirectory(func(d sandbox.Directory) error { return d.DeleteGroup(name) })
}

func emptied(group, handle string) func(*testing.T, *sandbox.World) {
	return inDirectory(func(d sandbox.Directory) error { return d.SetMember(group, sandbox.Email(handle), false) })
}

func groupType(name, kind string) func(*testing.T, *sandbox.World) {
	return func(t *testing.T, w *sandbox.World) {
		if err := w.Okta.EditGroup(name, func(g *fakeokta.Group) { g.Type = kind }); err != nil {
			t.Fatal(err)
		}
	}
}

func tokenRoles(kinds ...string) func(*testing.T, *sandbox.World) {
	return func(_ *testing.T, w *sandbox.World) { w.Okta.SetTokenRoles(kinds...) }
}

func withoutPermission(names ...string) func(*testing.T, *sandbox.World) {
	return func(_ *testing.T, w *sandbox.World) {
		for _, n := range names {
			w.Jira.Permit(n, false)
		}
	}
}

// withField adds a field to the form, or replaces one.
func withField(f jira.Field) func(*testing.T, *sandbox.World) {
	return func(t *testing.T, w *sandbox.World) {
		if err := w.Jira.SetField(f); err != nil {
			t.Fatal(err)
		}
	}
}

// workflowWith changes the workflow, and has an issue in each status that can be reached.
func workflowWith(change func(*jira.Workflow)) func(*testing.T, *sandbox.World) {
	return func(t *testing.T, w *sandbox.World) {
		f := w.Jira.Workflow()
		change(&f)
		if err := w.Jira.SetWorkflow(f); err != nil {
			t.Fatal(err)
		}
	}
}

func dropTo(f *jira.Workflow, status string) {
	f.Transitions = slices.DeleteFunc(f.Transitions, func(t jira.Transition) bool { return t.To == status })
}

func keyFor(mode os.FileMode) func(*testing.T, *config.Config) {
	return func(t *testing.T, c *config.Config) {
		if err := os.MkdirAll(filepath.Dir(c.Evidence.KeyFile), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(c.Evidence.KeyFile, []byte("PRIVATE+KEY+x"), mode); err != nil {
			t.Fatal(err)
		}
	}
}

func taken(t *testing.T, c *config.Config) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	c.Metrics.Listen = l.Addr().String()
}

func storeNowhere(t *testing.T, c *config.Config) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c.Store.Settings = bolt.Settings{Path: filepath.Join(file, "latchkey.db")}
}

func witnessDown(_ *testing.T, c *config.Config) {
	c.Evidence.Anchors = append(c.Evidence.Anchors, config.Anchor{Witness: "http://127.0.0.1:9/add-checkpoint"})
}

func anchorFileGone(t *testing.T, c *config.Config) {
	c.Evidence.Anchors = append(c.Evidence.Anchors, config.Anchor{File: filepath.Join(t.TempDir(), "not-mounted", "anchors")})
}
