package app

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"latchkey/config"
	"latchkey/sandbox"
	"latchkey/sandbox/jira"
	"latchkey/sandbox/okta"
	"latchkey/sandbox/slack"
)

// planted is one fault, and what whoever runs "check --online" is to read because of it.
type planted struct {
	name      string
	text      []string                         // in the file: this, and what stands there instead; in pairs
	env       map[string]string                // what the environment has
	start     func(*sandbox.Config)            // in the world before it begins
	world     func(*testing.T, *sandbox.World) // in the world
	set       func(*testing.T, *config.Config) // in the configuration once it leads to the sandbox
	calls     func(*http.Response)             // what becomes of every answer of Slack on its way
	level     string                           // of what is found; "": fault
	want      []string                         // words that stand in one finding: what is wrong, and what to do
	more      int                              // how many other faults there may be, each with a cause of its own
	ahead     time.Duration                    // by how much this machine's clock is ahead
	answers   func(*http.Response)             // what becomes of every answer of Jira
	directory string                           // the kind of the one that there is; "": okta
	first     bool                             // it is found by a first contact, which opens an issue
}

// plantedFaults are written down from the vendors' documentation and from what goes wrong in life. One root cause is one
// line: a row fails if there is another fault than the one it wants.
func plantedFaults() []planted {
	return slices.Concat(plantedTokens(), plantedScopes(), plantedChannels(), plantedPeople(), plantedJira(), plantedWorkflow(), plantedDirectory(), plantedGroups(), plantedHere())
}

func plantedTokens() []planted {
	return []planted{
		{name: "the bot token is made up", set: botToken("xoxb-1-2-nothing"), want: []string{"bot token", "Reinstall the app"}},
		{name: "the bot token was revoked", world: slackFails("*", "token_revoked"), want: []string{"token_revoked", "Reinstall the app"}},
		{name: "the app was removed from the workspace", world: slackFails("*", "account_inactive"), want: []string{"account_inactive", "Reinstall the app"}},
		{name: "the app-level token is made up", set: appToken("xapp-1-nothing"), want: []string{"app token", "connections:write"}},
		{name: "the two tokens of Slack are swapped", env: map[string]string{"SLACK_APP_TOKEN": "xoxb-1-2-3", "SLACK_BOT_TOKEN": "xapp-1-2-3"}, want: []string{"slack.app_token", "slack.bot_token", "swapped"}},
		{name: "the bot token stands in both places", env: map[string]string{"SLACK_APP_TOKEN": "xoxb-1-2-3", "SLACK_BOT_TOKEN": "xoxb-1-2-3"}, want: []string{"slack.app_token", "xapp-", "Basic Information"}},
		{name: "a person's token stands for the bot's", env: map[string]string{"SLACK_APP_TOKEN": "xapp-1-2-3", "SLACK_BOT_TOKEN": "xoxp-1-2-3"}, want: []string{"slack.bot_token", "xoxb-"}},
		{name: "Slack can't be reached", set: func(t *testing.T, c *config.Config) { c.Slack.APIURL = "http://127.0.0.1:9/api/" }, want: []string{"couldn't reach Slack"}},
		{name: "a proxy's page answers for Slack", world: func(_ *testing.T, w *sandbox.World) {
			w.Slack.AddFault(slack.Fault{Method: "*", Page: "Sign in to the network"})
		}, want: []string{"Something else than Slack", "slack.api_url"}},
		{name: "the API token of Jira is wrong", set: func(t *testing.T, c *config.Config) { c.Jira.Token = c.Secrets.Keep("nothing") }, want: []string{"sign-in", "create a new API token"}},
		{name: "Jira lets a bad token in as nobody", start: func(s *sandbox.Config) { s.Jira.BadTokenAnonymous = true }, set: func(t *testing.T, c *config.Config) { c.Jira.Token = c.Secrets.Keep("nothing") }, want: []string{"sign-in", "API token"}},
		{name: "the e-mail address of Jira's account is another's", set: func(t *testing.T, c *config.Config) { c.Jira.Email = "nobody@acme.example" }, want: []string{"sign-in", "API token"}},
		{name: "Jira can't be reached", set: func(t *testing.T, c *config.Config) { c.Jira.URL = "http://127.0.0.1:9" }, want: []string{"jira", "reach"}},
		{name: "something else than Jira is at jira.url", world: func(_ *testing.T, w *sandbox.World) {
			w.Jira.AddFault(jira.Fault{Path: "*", Times: -1, Page: "Welcome"})
		}, want: []string{"jira.url"}},
		{name: "the organization's key is wrong", set: func(t *testing.T, c *config.Config) { c.Jira.Org.Key = c.Secrets.Keep("nothing") }, want: []string{"organization", "jira.organization"}},
		{name: "the token of Okta was revoked", world: func(_ *testing.T, w *sandbox.World) { w.Okta.RotateToken("another") }, want: []string{"okta", "renew the API token"}},
		{name: "Okta can't be reached", set: oktaAt("http://127.0.0.1:9"), want: []string{"okta", "reach"}},
	}
}

func plantedScopes() []planted {
	return []planted{
		{name: "the scope to find people is lacking", start: withoutScopes("users:read.email"), want: []string{"users:read.email", "latchkey manifest", "reinstall the app"}},
		{name: "the scope to post is lacking", start: withoutScopes("chat:write"), want: []string{"chat:write", "latchkey manifest", "reinstall the app"}},
		{name: "several scopes are lacking", start: withoutScopes("users:read", "usergroups:read", "im:write"), want: []string{"users:read", "usergroups:read", "im:write", "reinstall the app"}},
		{name: "the app has more scopes than it needs", start: func(s *sandbox.Config) {
			s.Slack.Scopes = append(slices.Clone(s.Slack.Scopes), "admin.users:write", "files:read")
		}, level: "note", want: []string{"admin.users:write", "files:read", "no use"}},
		{name: "something between drops the header that names scopes", calls: func(r *http.Response) { r.Header.Del("X-OAuth-Scopes") }, level: "note", want: []string{"scopes", "unknown"}},
	}
}

func plantedChannels() []planted {
	return []planted{
		{name: "the IT channel isn't there", text: []string{`"#it-access"`, `"#it-acess"`}, start: func(s *sandbox.Config) { s.ITChannel = "#it-access" }, want: []string{"#it-acess", "create it"}},
		{name: "the IT channel is archived", world: archived("it-access"), want: []string{"#it-access", "archived", "Open it again"}},
		{name: "the IT channel is private and the bot isn't in it", world: private("it-access"), want: []string{"#it-access", "/invite"}},
		{name: "an app's channel isn't there", world: renamedChannel("design-access"), want: []string{"#design-access", "Figma"}},
		{name: "an app's channel is archived", world: archived("design-access"), want: []string{"#design-access", "archived", "Open it again"}},
		{name: "a route's channel is private and the bot isn't in it", world: private("security-asks"), want: []string{"#security-asks", "/invite"}},
		{name: "approvers aren't in the channel that asks them", text: []string{`finance: [lena@acme.example]`, `finance: {stages: [lena@acme.example], channel: "#security-asks"}`}, world: leftChannel("security-asks", "lena"), level: "note", want: []string{"lena@acme.example", "#security-asks"}},
		{name: "nobody called the IT user group so", text: []string{`"@it-oncall"`, `"@it-on-call"`}, want: []string{"@it-on-call", "slack.it_group"}},
		{name: "the IT user group was switched off", world: userGroup("S0ITONCALL", "it-oncall", true, "ines"), want: []string{"@it-oncall", "slack.it_group"}},
		{name: "the IT user group is empty", world: userGroup("S0ITONCALL", "it-oncall", false), level: "note", want: []string{"@it-oncall", "nobody"}},
		{name: "the plan has no user groups", start: func(s *sandbox.Config) { s.Slack.NoUserGroups = true }, want: []string{"slack.it_group", "plan"}, more: 1},
		{name: "the approvers' user group was switched off", world: userGroup("S0DESIGNOPS", "designops", true, "noor"), want: []string{"S0DESIGNOPS", "switch it on again"}},
		{name: "the approvers' user group is empty", world: userGroup("S0DESIGNOPS", "designops", false), level: "note", want: []string{"S0DESIGNOPS", "nobody"}},
		{name: "the command is one of Slack's own", text: []string{"/latchkey", "/remind"}, want: []string{"/remind", "slack.command", "latchkey manifest --command"}},
		{name: "the command is the one of Okta's own app", text: []string{"/latchkey", "/access"}, level: "note", want: []string{"/access", "Okta", "slack.command"}},
	}
}

func plantedPeople() []planted {
	return []planted{
		{name: "an admin's address is misspelt", text: []string{"admins: [ines@", "admins: [inez@"}, want: []string{"inez@acme.example", "people.admins"}},
		{name: "an admin is deactivated in Slack", world: slackGone("ines"), want: []string{"ines@acme.example", "people.admins", "Slack"}},
		{name: "the fallback is a guest in Slack", text: []string{"fallback: [omar@acme.example]", "fallback: [gus@agency.example]"}, want: []string{"gus@agency.example", "people.fallback", "guest"}},
		{name: "an owner has left the company", world: func(t *testing.T, w *sandbox.World) {
			slackGone("priya")(t, w)
			directoryState("priya", sandbox.Left)(t, w)
		}, want: []string{"priya@acme.example", "owner of CRM"}},
		{name: "an owner of two apps is unknown in Slack", text: []string{"noor@", "nour@"}, want: []string{"nour@acme.example", "Figma", "Pixelshop"}},
		{name: "an owner is suspended in the directory", world: directoryState("priya", sandbox.Suspended), want: []string{"priya@acme.example", "owner of CRM", "suspended"}},
		{name: "an approver has no account in Slack", text: []string{"finance: [lena@", "finance: [leana@"}, want: []string{"leana@acme.example", "approvals.finance"}},
		{name: "an approver has left the directory", world: directoryState("lena", sandbox.Left), want: []string{"lena@acme.example", "approvals.finance", "okta"}},
		{name: "an approver isn't in the directory", world: directoryFired("lena"), want: []string{"lena@acme.example", "approvals.finance", "okta"}},
		{name: "who makes changes by hand has no account in Slack", world: slackGone("tom"), want: []string{"tom@acme.example", "fulfiller of Pixelshop", "Slack"}},
		{name: "the approvers' group was renamed", world: renamedGroup("security", "security-team"), want: []string{"group:okta:security", "approvals.security"}},
		{name: "the approvers' group is empty", world: emptied("security", "omar"), level: "note", want: []string{"group:okta:security", "nobody"}},
		{name: "nobody in the approvers' group can decide", world: slackGone("omar"), text: []string{"fallback: [omar@", "fallback: [ines@"}, level: "note", want: []string{"group:okta:security", "nobody"}},
	}
}

func plantedJira() []planted {
	return []planted{
		{name: "there is no such project", text: []string{"project: IT", "project: ITSM"}, want: []string{"ITSM", "jira.project"}},
		{name: "there is no such request type", text: []string{"Access request", "Access requests"}, want: []string{"Access requests", "jira.request_type"}},
		{name: "the account is no agent", world: func(_ *testing.T, w *sandbox.World) {
			w.Jira.AddFault(jira.Fault{Path: "/rest/servicedeskapi/servicedesk/{serviceDeskId}", Times: -1, Status: http.StatusForbidden})
		}, want: []string{"agent"}},
		{name: "the account may not raise requests for others", start: func(s *sandbox.Config) { s.Jira.NoRaiseOnBehalfOf = true }, want: []string{"raise requests for others", "agent"}},
		{name: "the account may not transition issues", world: withoutPermission("TRANSITION_ISSUES"), want: []string{"TRANSITION_ISSUES", "permission"}},
		{name: "the account lacks three permissions", world: withoutPermission("EDIT_ISSUES", "ADD_COMMENTS", "CREATE_ISSUES"), want: []string{"EDIT_ISSUES", "ADD_COMMENTS", "CREATE_ISSUES"}},
		{name: "the account may not link issues", world: withoutPermission("LINK_ISSUES"), level: "note", want: []string{"LINK_ISSUES"}},
		{name: "the account may not assign issues", world: withoutPermission("ASSIGN_ISSUES"), level: "note", want: []string{"ASSIGN_ISSUES"}},
		{name: "the account may not attach files", world: withoutPermission("CREATE_ATTACHMENTS"), level: "note", want: []string{"CREATE_ATTACHMENTS", "evidence"}},
		{name: "a status has another name", text: []string{"active: Granted,", "active: Given,"}, want: []string{"Given", "jira.statuses.active"}},
		{name: "two statuses have other names", text: []string{"active: Granted,", "active: Given,", "ended: Closed}", "ended: Over}"}, want: []string{"Given", "Over"}},
		{name: "there is no such type of link", set: func(_ *testing.T, c *config.Config) { c.Jira.Revocation = "Revokes" }, want: []string{"Revokes", "jira.revocation_link", "Relates"}},
		{name: "a resolution has another name", text: []string{"ended: Done", "ended: Finished"}, want: []string{"Finished", "jira.resolutions.ended"}},
		{name: "a field has another name", text: []string{"role: Role", "role: Rolle"}, want: []string{"Rolle", "jira.fields.role"}},
		{name: "the form requires what Latchkey can't give", world: withField(jira.Field{ID: "customfield_10099", Name: "Cost centre", Type: "string", OnForm: true, Required: true}), want: []string{"Cost centre", "optional"}},
		{name: "a required list lacks an app", world: withField(jira.Field{ID: "customfield_10070", Name: "Application", Type: "option", Custom: "com.atlassian.jira.plugin.system.customfieldtypes:select", OnForm: true, Required: true, Options: []string{"Figma", "CRM"}}), want: []string{"Pixelshop", "required"}},
		{name: "a list lacks an app", world: withField(jira.Field{ID: "customfield_10070", Name: "Application", Type: "option", Custom: "com.atlassian.jira.plugin.system.customfieldtypes:select", OnForm: true, Options: []string{"Figma", "CRM"}}), level: "note", want: []string{"Pixelshop"}},
	}
}

func plantedWorkflow() []planted {
	return []planted{
		{name: "no transition leads to Granted", first: true, world: workflowWith(func(f *jira.Workflow) { dropTo(f, "Granted") }), want: []string{"Granted", "transition"}},
		{name: "no way leads to a human", first: true, world: workflowWith(func(f *jira.Workflow) { dropTo(f, "Needs attention") }), want: []string{"In progress", "Needs attention"}},
		{name: "a transition's screen requires a field", first: true, world: workflowWith(func(f *jira.Workflow) {
			f.FindTransition("81").Screen = []jira.ScreenField{{ID: "customfield_10071", Required: true}}
		}), want: []string{"Close it out", "requires", "jira.transitions.ended"}},
		{name: "a named transition isn't there", first: true, text: []string{"active: Mark as provisioned", "active: Provisioned"}, level: "note", want: []string{"Provisioned", "jira.transitions.active"}},
		{name: "every comment is public", first: true, start: func(s *sandbox.Config) { s.Jira.AllPublic = true }, want: []string{"internal", "customers"}},
		{name: "issues take no properties", first: true, world: func(_ *testing.T, w *sandbox.World) {
			w.Jira.AddFault(jira.Fault{Method: http.MethodPut, Path: "/rest/api/3/issue/{issueIdOrKey}", Times: -1, Status: http.StatusForbidden})
		}, want: []string{"property"}},
	}
}

func plantedDirectory() []planted {
	return []planted{
		{name: "the token may only read", world: tokenRoles("READ_ONLY_ADMIN"), want: []string{"okta", "Group Membership Administrator"}},
		{name: "the token is a super administrator's", world: tokenRoles("SUPER_ADMIN"), level: "note", want: []string{"okta", "Super Administrator"}},
		{name: "group rules can't be read", world: oktaFails("/api/v1/groups/rules", http.StatusForbidden), want: []string{"okta", "read group rules"}},
		{name: "the plan has no System Log", world: func(_ *testing.T, w *sandbox.World) {
			w.Okta.AddFault(okta.Fault{Path: "/api/v1/logs", Unlicensed: true})
		}, level: "note", want: []string{"okta", "no System Log"}},
		{name: "who makes administrators can't be seen", world: oktaFails("/api/v1/groups/*/roles", http.StatusForbidden), level: "note", want: []string{"okta", "administrator rights"}},
		{name: "the directory is down", world: oktaFails("", http.StatusServiceUnavailable), want: []string{"okta"}},
	}
}

func plantedGroups() []planted {
	return []planted{
		{name: "a role's group was renamed", world: renamedGroup("figma-editors", "figma-writers"), want: []string{"figma-editors", "Figma · Editor", "create it in okta"}},
		{name: "a role's group was deleted", world: deletedGroup("crm-admins"), want: []string{"crm-admins", "CRM · Admin", "create it in okta"}},
		{name: "a rule fills a role's group", world: func(_ *testing.T, w *sandbox.World) {
			w.Okta.AddRule(okta.Rule{Name: "designers", Groups: []string{"figma-editors"}, Attribute: "department", Value: "Design"})
		}, want: []string{"figma-editors", "rule"}},
		{name: "a role's group comes from an application", world: groupType("figma-editors", okta.AppGroup), want: []string{"figma-editors"}},
		{name: "a conflict's group isn't there", world: deletedGroup("auditors"), want: []string{"auditors", "conflict"}},
		{name: "a role's group makes administrators", world: func(t *testing.T, w *sandbox.World) {
			if err := w.Okta.AssignRole("crm-admins", "USER_ADMIN"); err != nil {
				t.Fatal(err)
			}
		}, level: "note", want: []string{"crm-admins", "privileged_groups"}},
	}
}

func plantedHere() []planted {
	return []planted{
		{name: "this machine's clock is ahead", ahead: 7 * time.Minute, want: []string{"clock", "ahead", "NTP"}},
		{name: "this machine's clock is behind", ahead: -3 * time.Minute, want: []string{"clock", "behind", "NTP"}},
		{name: "others can read the signing key", set: keyFor(0o644), want: []string{"evidence.key", "chmod 600"}},
		{name: "the store can't be written", set: storeNowhere, want: []string{"store", "write"}},
		{name: "the address for metrics is taken", set: taken, want: []string{"metrics.listen"}},
		{name: "a witness doesn't answer", set: witnessDown, want: []string{"evidence.anchors", "witness"}},
		{name: "a file for anchors can't be written", set: anchorFileGone, want: []string{"evidence.anchors"}},
	}
}
