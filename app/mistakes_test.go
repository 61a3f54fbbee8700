package app

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/bot/manifest"
	"latchkey/config"
	realokta "latchkey/idp/okta"
	"latchkey/sandbox"
	"latchkey/sandbox/entra"
	"latchkey/sandbox/google"
	"latchkey/sandbox/jira"
	"latchkey/sandbox/okta"
	"latchkey/sandbox/slack"
	"latchkey/store/bolt"
)

// mistake is a line of testdata/mistakes.txt: what somebody did who set Latchkey up, and what they are to read. Who wrote
// the lines had read the guides, and not the checks.
type mistake struct{ name, done, names, remedy, sort string }

func mistakesOnTheList(t *testing.T) (all []mistake) {
	t.Helper()
	for line := range strings.Lines(read(t, "testdata/mistakes.txt")) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(strings.TrimSpace(line), " | ")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if len(cells) == 5 {
			all = append(all, mistake{cells[0], cells[1], cells[2], cells[3], cells[4]})
			continue
		}
		t.Fatalf("%q has %d cells", line, len(cells))
	}
	return all
}

// says tells whether a line has the words: all of those between +, one of those between /.
func says(line, words string) bool {
	line = strings.ToLower(strings.ReplaceAll(line, "_", " "))
	words = strings.ReplaceAll(words, "_", " ")
	for all := range strings.SplitSeq(words, "+") {
		if !slices.ContainsFunc(strings.Split(all, "/"), func(w string) bool { return strings.Contains(line, strings.ToLower(w)) }) {
			return false
		}
	}
	return true
}

// judge compares what was found with the line.
func (m mistake) judge(t *testing.T, found []Finding, more int) {
	t.Helper()
	var lines []string
	hits, faults := 0, 0
	for _, f := range found {
		if f.Level == "ok" {
			continue
		}
		line := fmt.Sprintf("%s %s %s: %s", f.Level, f.Service, f.Check, f.Detail)
		if strings.Contains(line, "no issue is in") {
			continue
		}
		lines = append(lines, line)
		if f.Level == "fault" {
			faults++
		}
		if (m.sort == "either" || string(f.Level) == m.sort) && says(line, m.names) && says(line, m.remedy) {
			hits++
		}
	}
	good := hits == 1
	switch m.sort {
	case "fault":
		good = good && faults == 1+more
	case "note":
		good = good && faults == 0
	case "either":
		good = good && faults <= 1
	case "fine":
		good = len(lines) == 0
	}
	if !good {
		t.Errorf("%s. Wanted: one %s that names %s and says %s; %d do, of %d faults:\n%s", m.done, m.sort, m.names, m.remedy, hits, faults, strings.Join(lines, "\n"))
	}
}

// TestMistakesAreFound: each is told by one line that says what to do.
func TestMistakesAreFound(t *testing.T) {
	all, made := mistakesOnTheList(t), made()
	if len(all) < 60 {
		t.Errorf("there are %d", len(all))
	}
	for _, m := range all {
		p, known := made[m.name]
		if !known {
			t.Errorf("nobody makes the mistake %s", m.name)
			continue
		}
		delete(made, m.name)
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			m.judge(t, p.look(t), p.more)
		})
	}
	for name := range made {
		t.Errorf("%s isn't on the list", name)
	}
}

// edited is an answer in which texts are replaced.
func edited(path string, pairs ...string) func(*http.Response) {
	return func(r *http.Response) {
		if !strings.Contains(r.Request.URL.Path, path) {
			return
		}
		raw, err := io.ReadAll(r.Body)
		_ = r.Body.Close() // it was read
		if err != nil {
			return
		}
		text := strings.NewReplacer(pairs...).Replace(string(raw))
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader([]byte(text))), int64(len(text))
		r.Header.Del("Content-Length")
	}
}

// jiraAt leads the configuration to another address.
func jiraAt(url string) func(*testing.T, *config.Config) {
	return func(_ *testing.T, c *config.Config) { c.Jira.URL = url }
}

// someSite is a web server of somebody else's.
func someSite(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html><h1>Welcome to Acme</h1></html>") }))
	t.Cleanup(s.Close)
	return s.URL
}

func inEntra(group func(*entra.Group), permissions ...string) planted {
	p := planted{text: []string{"type: okta, url: \"https://acme.okta.com\", token: \"${OKTA_TOKEN}\"", "type: entra, tenant: acme.example, client_id: 11111111-2222-4333-8444-555555555555, client_secret: \"${ENTRA_SECRET}\""}, directory: "entra"}
	p.world = func(t *testing.T, w *sandbox.World) {
		s := w.Directories()[0].DirectoryService
		if permissions != nil {
			s.(interface{ SetPermissions(...string) }).SetPermissions(permissions...)
		}
		if group != nil {
			if err := s.(interface {
				EditGroup(string, func(*entra.Group)) error
			}).EditGroup("figma-editors", group); err != nil {
				t.Fatal(err)
			}
		}
	}
	return p
}

func inGoogle(world func(*testing.T, *sandbox.World)) planted {
	return planted{text: []string{"type: okta, url: \"https://acme.okta.com\", token: \"${OKTA_TOKEN}\"", "type: google, subject: latchkey@acme.example, key: \"${GOOGLE_KEY}\""}, directory: "google", world: world}
}

func delegated(scopes ...string) func(*testing.T, *sandbox.World) {
	return func(_ *testing.T, w *sandbox.World) {
		w.Directories()[0].DirectoryService.(interface{ Delegate(string, ...string) }).Delegate("104512345678901230000", scopes...)
	}
}

func googleAdmin(role string, change func(*google.User)) func(*testing.T, *sandbox.World) {
	return func(t *testing.T, w *sandbox.World) {
		s := w.Directories()[0].DirectoryService.(interface {
			EditUser(string, func(*google.User)) error
			Users() []google.User
			AssignRole(string, string) error
		})
		for _, u := range s.Users() {
			if !strings.HasPrefix(u.Email, google.AdminName+"@") {
				continue
			}
			if change != nil {
				if err := s.EditUser(u.Email, change); err != nil {
					t.Fatal(err)
				}
			}
			if role != "" {
				if err := s.AssignRole(role, u.ID); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// made is how each mistake is made, by its name.
func made() map[string]planted {
	all := map[string]planted{}
	for _, some := range []map[string]planted{madeInSlack(), madeInJira(), madeInOkta(), madeElsewhere(), madeHere()} {
		for name, p := range some {
			all[name] = p
		}
	}
	return all
}

func madeInSlack() map[string]planted {
	page := func(_ *testing.T, w *sandbox.World) {
		w.Slack.AddFault(slack.Fault{Method: "*", Page: "Acme intranet"})
	}
	return map[string]planted{
		"slack-token-swapped":     {env: map[string]string{"SLACK_APP_TOKEN": "xoxb-1-2-3", "SLACK_BOT_TOKEN": "xapp-1-2-3"}},
		"slack-user-token":        {env: map[string]string{"SLACK_APP_TOKEN": "xapp-1-2-3", "SLACK_BOT_TOKEN": "xoxp-1-2-3"}},
		"slack-token-newline":     {text: []string{"${SLACK_BOT_TOKEN}", "${file:testdata/blank_line.token}"}},
		"slack-token-revoked":     {world: slackFails("*", "token_revoked")},
		"slack-app-uninstalled":   {world: slackFails("*", "account_inactive")},
		"slack-app-token-revoked": {world: slackFails("apps.connections.open", "invalid_auth")},
		"slack-app-token-scope":   {world: slackFails("apps.connections.open", "missing_scope")},
		"slack-socket-mode-off":   {world: slackFails("apps.connections.open", "socket_mode_disabled")},
		"slack-scope-lost":        {start: withoutScopes("chat:write")},
		"slack-scopes-several":    {start: withoutScopes("users:read", "im:write", "channels:read")},
		"slack-email-scope":       {start: withoutScopes("users:read.email")},
		"slack-files-scope":       {start: withoutScopes("files:write")},
		"slack-scope-too-many":    {start: func(s *sandbox.Config) { s.Slack.Scopes = append(slices.Clone(manifest.Scopes()), "admin.users:write") }},
		"slack-scopes-unknown":    {calls: func(r *http.Response) { r.Header.Del("X-OAuth-Scopes") }},
		"slack-channel-unknown":   {text: []string{`"#it-access"`, `"#it-acces"`}, start: func(s *sandbox.Config) { s.ITChannel = "#it-access" }},
		"slack-channel-archived":  {world: archived("it-access")},
		"slack-channel-not-member": {world: func(t *testing.T, w *sandbox.World) {
			bot := w.Slack.Config().BotUserID
			channel("it-access", func(c *slack.Channel) {
				c.Members, c.Private = slices.DeleteFunc(c.Members, func(id string) bool { return id == bot }), true
			})(t, w)
		}},
		"slack-channel-private":        {world: private("it-access")},
		"slack-app-channel-not-member": {world: private("design-access")},
		"slack-app-channel-archived":   {world: archived("design-access")},
		"slack-group-unknown":          {text: []string{`"@it-oncall"`, `"@it-oncal"`}},
		"slack-group-disabled":         {world: userGroup("S0ITONCALL", "it-oncall", true, "ines")},
		"slack-group-empty":            {world: userGroup("S0ITONCALL", "it-oncall", false)},
		"slack-unreachable":            {set: func(_ *testing.T, c *config.Config) { c.Slack.APIURL = "http://127.0.0.1:9/api/" }},
		"slack-url-of-something-else":  {world: page},
		"slack-admin-no-account":       {world: slackGone("ines")},
		"slack-owner-deactivated":      {world: slackGone("noor")},
		"slack-approver-guest":         {text: []string{"owners: [priya@acme.example]", "owners: [gus@agency.example]"}},
	}
}

func madeInJira() map[string]planted {
	permissions := func(name string) planted { return planted{world: withoutPermission(name)} }
	return map[string]planted{
		"jira-token-wrong":           {set: func(_ *testing.T, c *config.Config) { c.Jira.Token = c.Secrets.Keep("an-old-token") }},
		"jira-token-empty":           {env: map[string]string{"SLACK_APP_TOKEN": "xapp-1-2-3", "SLACK_BOT_TOKEN": "xoxb-1-2-3", "OKTA_TOKEN": "00abc", "JIRA_TOKEN": ""}},
		"jira-email-wrong":           {set: func(_ *testing.T, c *config.Config) { c.Jira.Email = "it@acme.example" }},
		"jira-site-unknown":          {set: jiraAt("https://acme-typo.invalid")},
		"jira-unreachable":           {set: jiraAt("http://127.0.0.1:9")},
		"jira-url-of-something-else": {set: func(t *testing.T, c *config.Config) { c.Jira.URL = someSite(t) }},
		"jira-no-agent": {world: func(_ *testing.T, w *sandbox.World) {
			w.Jira.AddFault(jira.Fault{Path: "/rest/servicedeskapi", Times: -1, Status: http.StatusForbidden})
		}},
		"jira-project-unknown":      {text: []string{"project: IT", "project: ITX"}},
		"jira-project-hidden":       permissions("BROWSE_PROJECTS"),
		"jira-project-team-managed": {answers: edited("/project/IT", `"simplified":false`, `"simplified":true`, `"style":"classic"`, `"style":"next-gen"`)},
		"jira-project-not-service":  {answers: edited("/project/IT", `"projectTypeKey":"service_desk"`, `"projectTypeKey":"software"`)},
		"jira-request-type-unknown": {text: []string{"request_type: Access request", "request_type: Access requests"}},
		"jira-create-denied":        permissions("CREATE_ISSUES"),
		"jira-edit-denied":          permissions("EDIT_ISSUES"),
		"jira-transition-denied":    permissions("TRANSITION_ISSUES"),
		"jira-comment-denied":       permissions("ADD_COMMENTS"),
		"jira-link-denied":          permissions("LINK_ISSUES"),
		"jira-assign-denied":        permissions("ASSIGN_ISSUES"),
		"jira-browse-users-denied":  permissions("USER_PICKER"),
		"jira-status-unknown":       {text: []string{"active: Granted,", "active: Granted access,"}},
		"jira-transition-unknown":   {first: true, text: []string{"active: Mark as provisioned", "active: Mark as done"}},
		"jira-transition-missing":   {first: true, world: workflowWith(func(f *jira.Workflow) { dropTo(f, "Declined") })},
		"jira-resolution-unknown":   {text: []string{"ended: Done}", "ended: Done, revoked: Revoked}"}, start: func(s *sandbox.Config) { s.Jira.Resolutions = []string{"Done", "Won't Do", "Declined"} }},
		"jira-resolution-no-screen": {first: true, world: workflowWith(func(f *jira.Workflow) { noScreens(f, "Closed") })},
		"jira-screen-requires": {first: true, world: func(t *testing.T, w *sandbox.World) {
			withField(jira.Field{ID: "customfield_10099", Name: "Cost centre", Type: "string"})(t, w)
			workflowWith(func(f *jira.Workflow) { requires(f, "Mark as provisioned", "customfield_10099") })(t, w)
		}},
		"jira-form-requires":    {world: withField(jira.Field{ID: "customfield_10099", Name: "Cost centre", Type: "string", OnForm: true, Required: true})},
		"jira-field-unknown":    {text: []string{"until: Access until", "until: Access until when"}},
		"jira-field-two":        {world: withField(jira.Field{ID: "customfield_10098", Name: "Application", Type: "string"})},
		"jira-option-missing":   {world: withField(jira.Field{ID: "customfield_10070", Name: "Application", Type: "option", Custom: "com.atlassian.jira.plugin.system.customfieldtypes:select", OnForm: true, Options: []string{"CRM", "Pixelshop"}})},
		"jira-assignee-unknown": {text: []string{"  fields: {app", "  assignees: {stuck: [helpdesk@acme.example]}\n  fields: {app"}},
		"jira-time-zone":        {answers: edited("/myself", `"timeZone":"Etc/UTC"`, `"timeZone":"America/New_York"`)},
		"jira-organization-key": {set: func(_ *testing.T, c *config.Config) { c.Jira.Org.Key = c.Secrets.Keep("another-key") }},
		"jira-clock":            {ahead: -10 * time.Minute},
	}
}

func madeInOkta() map[string]planted {
	return map[string]planted{
		"okta-token-wrong":       {world: func(_ *testing.T, w *sandbox.World) { w.Okta.RotateToken("another") }},
		"okta-url-admin":         {text: []string{"https://acme.okta.com", "https://acme-admin.okta.com"}},
		"okta-unreachable":       {set: oktaAt("http://127.0.0.1:9")},
		"okta-token-read-only":   {world: tokenRoles("READ_ONLY_ADMIN")},
		"okta-token-super-admin": {world: tokenRoles("SUPER_ADMIN")},
		"okta-group-unknown":     {world: deletedGroup("figma-editors")},
		"okta-group-rule": {world: func(_ *testing.T, w *sandbox.World) {
			w.Okta.AddRule(okta.Rule{Name: "designers", Groups: []string{"figma-editors"}, Attribute: "department", Value: "Design"})
		}},
		"okta-group-app":               {world: groupType("figma-editors", okta.AppGroup)},
		"okta-group-twins":             {world: inDirectory(func(d sandbox.Directory) error { return d.AddGroup("figma-editors", "") })},
		"okta-approver-group-unknown":  {world: deletedGroup("security")},
		"okta-approver-group-empty":    {world: emptied("security", "omar")},
		"okta-admin-no-account":        {world: directoryFired("ines")},
		"okta-owner-suspended":         {world: directoryState("noor", sandbox.Suspended)},
		"okta-protected-group-unknown": {text: []string{"approvals:\n", "protected_groups: [\"okta:okta-admin\"]\n\napprovals:\n"}},
		"okta-sign-in-client":          {text: []string{`token: "${OKTA_TOKEN}"}`, `token: "${OKTA_TOKEN}", sign_in_client: 0oa-nobody}`}},
		"okta-probe-group": {set: func(_ *testing.T, c *config.Config) {
			s := c.IDP[0].Settings.(realokta.Settings)
			s.ProbeGroup = "latchkey-test"
			c.IDP[0].Settings = s
		}},
		"okta-log-denied": {world: oktaFails("/api/v1/logs", http.StatusForbidden)},
		"okta-groups-several": {world: func(t *testing.T, w *sandbox.World) {
			deletedGroup("figma-editors")(t, w)
			deletedGroup("figma-viewers")(t, w)
			deletedGroup("crm-ops")(t, w)
		}, more: 2}, // each is to be made by itself
	}
}

func madeElsewhere() map[string]planted {
	var secretID, tenant planted
	secretID, tenant = inEntra(nil), inEntra(nil)
	secretID.world = func(_ *testing.T, w *sandbox.World) {
		w.Directories()[0].DirectoryService.(interface{ RotateSecret(string) }).RotateSecret("another")
	}
	tenant.world = func(_ *testing.T, w *sandbox.World) {
		w.Directories()[0].DirectoryService.(interface{ Become(string) }).Become("00000000-0000-4000-8000-000000000000")
	}
	return map[string]planted{
		"entra-secret-id":             secretID,
		"entra-tenant-unknown":        tenant,
		"entra-no-consent":            inEntra(nil, []string{}...),
		"entra-permission-write":      inEntra(nil, "User.Read.All", "GroupMember.Read.All", "AuditLog.Read.All", "Application.Read.All", "User.RevokeSessions.All", "RoleManagement.Read.Directory"),
		"entra-permission-too-many":   inEntra(nil, append(entra.StandardPermissions(), "Directory.ReadWrite.All")...),
		"entra-group-dynamic":         inEntra(func(g *entra.Group) { g.Rule = `user.department -eq "Design"` }),
		"entra-group-synced":          inEntra(func(g *entra.Group) { g.Synced = true }),
		"entra-group-role-assignable": inEntra(func(g *entra.Group) { g.RoleAssignable = true }),
		"google-key-deleted": inGoogle(func(_ *testing.T, w *sandbox.World) {
			w.Directories()[0].DirectoryService.(interface{ AddFault(google.Fault) func() }).AddFault(google.Fault{Path: "/token", Status: http.StatusBadRequest})
		}),
		"google-delegation-missing": inGoogle(delegated()),
		"google-delegation-scope":   inGoogle(delegated(slices.DeleteFunc(google.LatchkeyScopes(), func(s string) bool { return strings.HasSuffix(s, "admin.directory.group.member") })...)),
		"google-subject-super":      inGoogle(googleAdmin("", func(u *google.User) { u.Super = true })),
		"google-subject-suspended":  inGoogle(googleAdmin("", func(u *google.User) { u.Suspended = true })),
		"google-api-disabled": inGoogle(func(_ *testing.T, w *sandbox.World) {
			w.Directories()[0].DirectoryService.(interface{ AddFault(google.Fault) func() }).AddFault(google.Fault{Path: "/admin/", Status: http.StatusForbidden, Reason: "accessNotConfigured"})
		}),
		"google-group-unknown": inGoogle(deletedGroup("figma-editors")),
	}
}

func madeHere() map[string]planted {
	return map[string]planted{
		"machine-store-folder-missing": {set: func(t *testing.T, c *config.Config) {
			c.Store.Settings = bolt.Settings{Path: filepath.Join(t.TempDir(), "none", "latchkey.db")}
		}},
		"machine-store-read-only": {set: storeNowhere},
		"machine-key-beside-store": {set: func(t *testing.T, c *config.Config) {
			dir := t.TempDir()
			c.Store.Settings, c.Evidence.KeyFile = bolt.Settings{Path: filepath.Join(dir, "latchkey.db")}, filepath.Join(dir, "evidence.key")
		}},
		"machine-key-readable": {set: keyFor(0o644)},
		"machine-key-garbage": {set: func(t *testing.T, c *config.Config) {
			keyFor(0o600)(t, c)
			if err := os.WriteFile(c.Evidence.KeyFile, []byte("-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}},
		"machine-metrics-port": {set: taken},
		"machine-anchor-file":  {set: anchorFileGone},
		"machine-witness":      {set: witnessDown},
		"machine-oncall-file":  {text: []string{"approvals:\n", "oncall: {platform: {file: /nowhere/oncall.yaml}}\napprovals:\n", `designops: ["slack:S0DESIGNOPS"]`, `designops: ["oncall:platform"]`}},
	}
}

func noScreens(f *jira.Workflow, status string) {
	for i := range f.Transitions {
		if f.Transitions[i].To == status {
			f.Transitions[i].Screen = nil
		}
	}
}

func requires(f *jira.Workflow, transition, field string) {
	for i := range f.Transitions {
		if f.Transitions[i].Name == transition {
			f.Transitions[i].Screen = append(f.Transitions[i].Screen, jira.ScreenField{ID: field, Required: true})
		}
	}
}
