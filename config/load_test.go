package config

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/catalog"
	"latchkey/config/value"
	"latchkey/idp/okta"
	"latchkey/store/bolt"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite golden files")

func TestAllFaultsAreReportedAtOnce(t *testing.T) {
	_, err := Load("testdata/everything-wrong.yaml", lookup(nil), ofThisBuild())
	faults := faultsOf(t, err)
	inOrder := slices.IsSortedFunc(faults, func(a, b Fault) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	if !inOrder {
		t.Error("the faults are not in file order")
	}
	golden(t, "testdata/everything-wrong.golden", err.Error()+"\n")
}

// golden holds a text against the file that says how it has to be.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s has changed (-want +got); if that is meant, run with -update:\n%s", path, diff)
	}
}

func TestDefaults(t *testing.T) {
	c, err := loadText(t, smallConfig(t), tokens())
	if err != nil {
		t.Fatal(err)
	}
	got := []any{
		c.Slack.APIURL, c.Slack.Command, c.Jira.Poll, c.Jira.SearchLag, c.Jira.Decisions, c.Store.Type, c.Store.Settings.(bolt.Settings).Path,
		c.Requests.Lapse, c.Log.Level, c.Log.Format, c.Metrics.Listen, c.Limits.Slack.InFlight, c.Limits.Jira.InFlight, c.Limits.IDP.InFlight,
		c.Limits.Slack.ChannelBurst, c.Limits.Slack.PostsMinute, c.Limits.Jira.PerSecond,
	}
	want := []any{
		"https://slack.com/api/", "/access", 30 * time.Second, time.Minute, []string{"slack", "jira"}, "bolt", "latchkey.db",
		Lapses{Brief: 2 * catalog.Day, Ordinary: 7 * catalog.Day, Long: 14 * catalog.Day}, "info", "text", "", 8, 5, 10,
		1, 240, 20,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("defaults (-want +got):\n%s", diff)
	}
	app, role, ok := c.Catalog.Role("figma", "editor")
	if !ok || app.Status != catalog.Approved || app.Provisioning != catalog.ByDirectory || role.Risk != catalog.Low || role.Route != "manager" {
		t.Errorf("figma editor is %+v of %+v", role, app)
	}
	if got := c.Slack.AppToken.Reveal(); got != tokens()["SLACK_APP_TOKEN"] {
		t.Errorf("the app token is %q", got)
	}
	if err := c.RequireSecrets(); err != nil {
		t.Errorf("all secrets are there, but: %v", err)
	}
}

func TestStagesInAllTheirForms(t *testing.T) {
	text := strings.Replace(smallConfig(t), "  manager: [manager]", `  manager:
    - manager
    - [owner, Grace@Acme.example]
    - {approvers: [owner, "group:okta:security"], need: all}
    - approvers: admins
    - {approvers: [manager, owner], need: 2}
    - {approvers: owner, need: any}`, 1)
	c, err := loadText(t, text, tokens())
	if err != nil {
		t.Fatal(err)
	}
	got, _ := c.Catalog.Route("manager")
	want := []catalog.Stage{
		{Approvers: []catalog.Approver{{Kind: catalog.Manager}}},
		{Approvers: []catalog.Approver{{Kind: catalog.Owner}, {Kind: catalog.Named, Person: "Grace@Acme.example"}}},
		{Approvers: []catalog.Approver{{Kind: catalog.Owner}, {Kind: catalog.GroupOf, Group: catalog.GroupRef{Directory: "okta", Group: "security"}}}, Need: catalog.Need{All: true}},
		{Approvers: []catalog.Approver{{Kind: catalog.Security}}},
		{Approvers: []catalog.Approver{{Kind: catalog.Manager}, {Kind: catalog.Owner}}, Need: catalog.Need{AtLeast: 2}},
		{Approvers: []catalog.Approver{{Kind: catalog.Owner}}},
	}
	if diff := cmp.Diff(want, got.Stages); diff != "" {
		t.Errorf("stages (-want +got):\n%s", diff)
	}
}

func TestDurationsAreSortedAndInherited(t *testing.T) {
	text := strings.Replace(smallConfig(t), "        duration: {choices: [6h, 14d], default: 6h, max: 30d}\n", "", 1)
	text = strings.Replace(text, "    route: manager\n", "    route: manager\n    duration: {choices: [forever, 2w, 14d, 6h]}\n", 1)
	c, err := loadText(t, text, tokens())
	if err != nil {
		t.Fatal(err)
	}
	_, role, _ := c.Catalog.Role("figma", "editor")
	want := catalog.Durations{Choices: []time.Duration{6 * time.Hour, catalog.Week * 2, catalog.Forever}, Default: 6 * time.Hour}
	if diff := cmp.Diff(want, role.Durations); diff != "" {
		t.Errorf("durations (-want +got):\n%s", diff)
	}
}

func TestAliasesStandForWholeValues(t *testing.T) {
	text := strings.Replace(smallConfig(t), "{choices: [6h, 14d], default: 6h, max: 30d}", `&short {choices: [6h], max: 1d}
      - {id: viewer, name: Viewer, groups: ["okta:figma-viewers"], duration: *short}`, 1)
	c, err := loadText(t, text, tokens())
	if err != nil {
		t.Fatal(err)
	}
	if _, role, _ := c.Catalog.Role("figma", "viewer"); role.Durations.Max != catalog.Day {
		t.Errorf("the alias gave %+v", role.Durations)
	}
	_, err = loadText(t, strings.Replace(text, "approvals:", "approvals:\n  loop: &loop [*loop]", 1), tokens())
	faultsOf(t, err) // a list inside itself ends in a fault, not in a stack overflow
}

func TestPlainHTTPOnlyOnThisMachine(t *testing.T) {
	for host, allowed := range map[string]bool{
		"localhost:80": true, "LOCALHOST": true, "127.0.0.1:8080": true, "127.9.9.9": true, "[::1]:8080": true,
		"acme.example": false, "10.0.0.1": false, "localhost.acme.example": false, "127.0.0.1.acme.example": false, "[::2]": false,
	} {
		_, err := loadText(t, strings.Replace(smallConfig(t), "https://acme.okta.com", `"http://`+host+`/"`, 1), tokens())
		if (err == nil) != allowed {
			t.Errorf("http://%s: got %v, want allowed=%t", host, err, allowed)
		}
	}
}

func TestAddressesLoseTheirLastSlashAndSlackGainsOne(t *testing.T) {
	text := strings.NewReplacer("https://acme.okta.com", "https://acme.okta.com//",
		"  it_channel:", "  api_url: http://127.0.0.1:99/api\n  it_channel:").Replace(smallConfig(t))
	c, err := loadText(t, text, tokens())
	if err != nil {
		t.Fatal(err)
	}
	if c.IDP[0].Settings.(okta.Settings).URL != "https://acme.okta.com" || c.Slack.APIURL != "http://127.0.0.1:99/api/" {
		t.Errorf("got %s and %s", c.IDP[0].Settings.(okta.Settings).URL, c.Slack.APIURL)
	}
}

// vault is a back end that this build does not have.
type vault struct {
	Door string
	Key  value.Secret
}

func vaultOf(n value.Node) any {
	o := n.Object("door", "key")
	var v vault
	v.Door, _ = o.Get("door").Needed("write which door")
	v.Key = o.Get("key").NeededToken("key: ${VAULT_KEY}", "have a key cut")
	return v
}

func loadWithVaults(t *testing.T, text string, vars map[string]string) (*Config, error) {
	t.Helper()
	backends := ofThisBuild()
	backends.Stores["vault"], backends.Directories["vault"] = vaultOf, vaultOf
	return Parse("config.yaml", []byte(text), lookup(vars), backends)
}

func TestBackEndsReadTheirOwnSettings(t *testing.T) {
	text := strings.Replace(smallConfig(t), "people:", `  - {id: cellar, type: vault, door: left, key: "${OKTA_TOKEN}"}
store: {type: vault, door: right, key: "${VAULT_KEY}"}
people:`, 1)
	if _, err := loadText(t, text, tokens()); len(faultsOf(t, err)) != 2 {
		t.Errorf("without the back end, got %v", err)
	}
	c, err := loadWithVaults(t, text, tokens())
	if err != nil {
		t.Fatal(err)
	}
	if d, ok := c.IDP[1].Settings.(vault); !ok || d.Door != "left" || d.Key.Reveal() != "okta-secret-token" {
		t.Errorf("the directory is %+v", c.IDP[1])
	}
	if s, ok := c.Store.Settings.(vault); !ok || s.Door != "right" || s.Key.Reveal() != "token-is-missing" {
		t.Errorf("the store is %+v", c.Store)
	}
	if len(c.MissingSecrets) != 1 || !strings.HasPrefix(c.MissingSecrets[0].Problem, "VAULT_KEY is not set: have a key cut") {
		t.Errorf("missing are %+v", c.MissingSecrets)
	}
}

func TestFaultsOfBackEndsHaveTheirPlace(t *testing.T) {
	text := strings.Replace(smallConfig(t), "people:", "  - {id: cellar, ‸dor: left, type: vault}\npeople:", 1)
	clean, line, column := cutMark(t, text)
	_, err := loadWithVaults(t, clean, tokens())
	for _, want := range []string{
		fmt.Sprintf("config.yaml:%d:%d: \"dor\" is not a key of idp[1]: did you mean \"door\"?", line, column),
		"idp[1].door is missing: write which door", "idp[1].key is missing: write key: ${VAULT_KEY}",
	} {
		if !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%q is not among\n%v", want, err)
		}
	}
	if n := len(faultsOf(t, err)); n != 3 {
		t.Errorf("got %d faults, want 3:\n%v", n, err)
	}
}

// Whatever is a secret in the file is one for the log, whoever decoded it.
func TestSecretsAreRememberedWhenTheyAreDecoded(t *testing.T) {
	c, err := loadText(t, smallConfig(t), tokens())
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	for _, s := range c.Secrets.All() {
		kept = append(kept, s.Reveal())
	}
	if diff := cmp.Diff(slices.Sorted(maps.Values(tokens())), slices.Sorted(slices.Values(kept))); diff != "" {
		t.Errorf("remembered (-want +got):\n%s", diff)
	}
}

func TestAFileThatIsNotThere(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "none.yaml"), lookup(nil), ofThisBuild())
	if !errors.Is(err, fs.ErrNotExist) || len(faultsOf(t, err)) != 1 || !strings.Contains(err.Error(), "--config") {
		t.Errorf("got %v", err)
	}
}

func TestFilesWithNothingToRead(t *testing.T) {
	for text, want := range map[string]string{
		"": "the file is empty", " \n": "the file is empty", "# only a comment\n": "not valid YAML",
		"a: 1\n---\nb: 2\n": "multiple", "- a\n": "the file has to be a mapping", "a: \xff\n": "UTF-8",
	} {
		_, err := loadText(t, text, nil)
		if faults := faultsOf(t, err); !strings.Contains(err.Error(), want) || faults[0].Line < 1 || faults[0].Column < 1 {
			t.Errorf("%q: got %v, want …%s…", text, err, want)
		}
	}
}

func TestConfigNeverShowsASecret(t *testing.T) {
	c, err := loadText(t, smallConfig(t), tokens())
	if err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{string(asJSON), fmt.Sprintf("%v", c), fmt.Sprintf("%+v", *c), fmt.Sprintf("%#v", *c), fmt.Sprintf("%s %x", c.IDP, c.Slack)} {
		for _, token := range tokens() {
			if strings.Contains(shown, token) || strings.Contains(shown, fmt.Sprintf("%x", token)) {
				t.Errorf("%q shows in %s", token, shown)
			}
		}
	}
}

// FuzzLoadConfig wants an answer to every file: a configuration or faults, each
// with a place inside the file.
func FuzzLoadConfig(f *testing.F) {
	for _, name := range []string{"../config.yaml", "testdata/small.yaml", "testdata/everything-wrong.yaml", "testdata/planted/base.yaml"} {
		source, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(source))
	}
	for _, seed := range []string{"apps: &a [*a]", "slack: [", "? [a]\n: b", "a: ${X", "idp: [~, 1, [], {}]", "approvals: {a: [[], {}, ~, *b]}", "policy: {rules: [{when: !x && y}]}", "policy: {rules: [{when: |\n  a =\n   b\n}]}", "route:\u00a0x", "a: @b", "a: *"} {
		f.Add(seed)
	}
	path := filepath.Join(f.TempDir(), "config.yaml")
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := Load(path, lookup(tokens()), ofThisBuild())
		if err == nil {
			if len(c.Catalog.Apps()) == 0 {
				t.Error("accepted a configuration without apps")
			}
			return
		}
		for _, fault := range faultsOf(t, err) {
			if fault.Problem == "" || fault.Line < 1 || fault.Column < 1 || fault.Line > strings.Count(text, "\n")+strings.Count(text, "\r")+2 {
				t.Errorf("fault %+v of %q", fault, text)
			}
		}
	})
}
