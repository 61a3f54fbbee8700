package config

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"latchkey/config/value"
	"latchkey/idp/okta"
	"latchkey/store/bolt"
)

// lookup makes an environment of a map.
func lookup(vars map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, ok := vars[name]
		return value, ok
	}
}

// ofThisBuild are the back ends that are there today.
func ofThisBuild() Backends {
	return Backends{
		Stores:      map[string]Decoder{"bolt": func(n value.Node) any { return bolt.Decode(n) }},
		Directories: map[string]Decoder{"okta": func(n value.Node) any { return okta.Decode(n) }},
	}
}

func tokens() map[string]string {
	return map[string]string{
		"SLACK_APP_TOKEN": "xapp-1-A1-secretapp", "SLACK_BOT_TOKEN": "xoxb-secretbot",
		"JIRA_TOKEN": "jira-secret-token", "OKTA_TOKEN": "okta-secret-token",
	}
}

func smallConfig(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile("testdata/small.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

// loadText writes text to a file of its own and loads it.
func loadText(t *testing.T, text string, vars map[string]string) (*Config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load(path, lookup(vars), ofThisBuild())
}

func faultsOf(t *testing.T, err error) []Fault {
	t.Helper()
	var all *Error
	if !errors.As(err, &all) {
		t.Fatalf("got %T (%v), want a *Error", err, err)
	}
	return all.Faults
}

// mark stands in a test's text where the fault has to be reported.
const mark = "‸"

// cutMark removes the mark and tells where it stood.
func cutMark(t *testing.T, text string) (clean string, line, column int) {
	t.Helper()
	before, after, ok := strings.Cut(text, mark)
	if !ok {
		t.Fatalf("no %s in the text:\n%s", mark, text)
	}
	return before + after, strings.Count(before, "\n") + 1, len([]rune(before[strings.LastIndex(before, "\n")+1:])) + 1
}

type faultCase struct {
	name     string
	old, new string // what is changed in small.yaml; new holds the mark
	want     string
}

func TestEachFaultHasItsPlaceAndRemedy(t *testing.T) {
	for _, c := range slices.Concat(shapeFaults(), serviceFaults(), directoryFaults(), routeFaults(), appFaults()) {
		t.Run(c.name, func(t *testing.T) { expectFault(t, c.edit(t), c.want) })
	}
}

func TestWhatIsMissingIsReportedWhereItBelongs(t *testing.T) {
	for _, c := range absenceFaults() {
		t.Run(c.name, func(t *testing.T) {
			expectFault(t, strings.Replace(c.edit(t), c.at, mark+c.at, 1), c.want)
		})
	}
}

// edit makes the change, in exactly one place.
func (c faultCase) edit(t *testing.T) string {
	t.Helper()
	source := smallConfig(t)
	if n := strings.Count(source, c.old); n != 1 {
		t.Fatalf("%q is in small.yaml %d times, want once", c.old, n)
	}
	return strings.Replace(source, c.old, c.new, 1)
}

// expectFault wants exactly one fault, where the mark is.
func expectFault(t *testing.T, marked, want string) {
	t.Helper()
	text, line, column := cutMark(t, marked)
	_, err := loadText(t, text, tokens())
	faults := faultsOf(t, err)
	if len(faults) != 1 {
		t.Fatalf("got %d faults, want one:\n%v", len(faults), err)
	}
	got := faults[0]
	if got.Line != line || got.Column != column || !strings.Contains(got.Problem, want) {
		t.Errorf("got  %d:%d: %s\nwant %d:%d: …%s…", got.Line, got.Column, got.Problem, line, column, want)
	}
}

func shapeFaults() []faultCase {
	return []faultCase{
		{"unknown section", "people:", "‸poeple: {}\npeople:", `"poeple" is not a key of this file: did you mean "people"?`},
		{"unknown key", "  it_channel:", "  ‸it_chanel: x\n  it_channel:", `"it_chanel" is not a key of slack: did you mean "it_channel"?`},
		{"unknown key without a neighbour", "    route: manager", "    ‸colour: red\n    route: manager", `"colour" is not a key of apps[0]: known are id, name,`},
		{"key twice", "  project: IT", "  project: IT\n  ‸project: HR", `"project" is here twice, first on line 9: keep one`},
		{"merge key", "people:", "‸<<: {}\npeople:", "merge keys (<<) are not read here"},
		{"key that is a mapping", "people:", "? ‸{a: b}\n: c\npeople:", "a key has to be text"},
		{"mapping expected", "people:\n  admins: [ines@acme.example]", "people: ‸[ines@acme.example]", "people has to be a mapping of keys to values, but is a list"},
		{"list expected", "  admins: [ines@acme.example]", "  admins: ‸ines@acme.example", "people.admins has to be a list, but is text"},
		{"empty list value", "  everyday: []", "  ‸everyday:", "approvals.everyday has to be a list, but is empty: put it in [ ], or write [] for none"},
		{"text expected, number found", "    name: Figma", "    name: ‸42", "apps[0].name has to be text, but 42 is a number: put it in quotes"},
		{"text expected, boolean found", "    name: Figma", "    name: ‸true", "apps[0].name has to be text, but true is true or false: put it in quotes"},
		{"text expected, date found", "    name: Figma", "    name: ‸2026-11-23", "is a date: put it in quotes"},
		{"text expected, list found", "    name: Figma", "    name: ‸[Figma]", "apps[0].name has to be a single value, but is a list"},
		{"value that became a comment", `  it_channel: "#it"`, "  ‸it_channel:\n  # it", "a value that starts with # needs quotes"},
		{"boolean expected", "        name: Editor", "        name: Editor\n        break_glass: ‸yes", `apps[0].roles[0].break_glass can't be "yes": write true or false`},
		{"number expected", "people:", "limits:\n  slack: {in_flight: ‸many}\npeople:", "limits.slack.in_flight can't be \"many\": write a whole number from 1 to 100"},
		{"channel burst out of range", "people:", "limits:\n  slack: {channel_burst: ‸20}\npeople:", "limits.slack.channel_burst can't be \"20\": write a whole number from 1 to 10"},
		{"faster than Jira allows", "people:", "limits:\n  jira: {per_second: ‸100}\npeople:", "limits.jira.per_second can't be \"100\": write a whole number from 1 to 45"},
		{"number out of range", "people:", "limits:\n  idp: {in_flight: ‸0}\npeople:", "write a whole number from 1 to 100"},
		{"not a duration", "  project: IT", "  project: IT\n  poll: ‸30 parsecs", `jira.poll: "30 parsecs" is not a duration: write for example`},
		{"a number without a unit", "  project: IT", "  project: IT\n  search_lag: ‸60", `jira.search_lag: "60" is not a duration`},
		{"a period without an end", "people:", "requests:\n  lapse: ‸forever\npeople:", "requests.lapse can't be forever: write for example 2w"},
		{"unclosed reference", "    name: Figma", "    name: ‸${APP_NAME", "has no closing brace"},
		{"not a reference", "    name: Figma", "    name: ‸${app name}", `"${app name}" is not a reference: write ${NAME} or ${file:/run/secrets/name}`},
		{"unset variable where it is needed", "    name: Figma", "    name: ‸${APP_NAME}", "APP_NAME is not set, and apps[0].name needs it"},
		{"unset variable for a number", "people:", "limits:\n  slack: {in_flight: ‸\"${N}\"}\npeople:", "N is not set, and limits.slack.in_flight needs it"},
		{"missing file where it is needed", "    name: Figma", "    name: ‸${file:/nonexistent/name}", "the file /nonexistent/name can't be read (no such file or directory), and apps[0].name needs it"},
		{"tabs", "people:\n  admins", "people:\n‸\tadmins", "indent with spaces, not tabs"},
		{"reference in braces without quotes", "people:", "metrics: {listen: ‸${ADDRESS}}\npeople:", "inside { } and [ ] put ${…} in quotes"},
		{"unknown anchor", "people:", "log: ‸*nowhere\npeople:", "this is not valid YAML (unknown anchor 'nowhere' referenced)"},
	}
}

func serviceFaults() []faultCase {
	return []faultCase{
		{"swapped app token", "  app_token: ${SLACK_APP_TOKEN}", "  app_token: ‸${SLACK_BOT_TOKEN}", "it needs the app-level token, which starts with xapp-"},
		{"swapped bot token", "  bot_token: ${SLACK_BOT_TOKEN}", "  bot_token: ‸${SLACK_APP_TOKEN}", "it needs the bot token, which starts with xoxb-"},
		{"token with a space", "  token: ${JIRA_TOKEN}", "  token: ‸Basic ${JIRA_TOKEN}", "jira.token has a space or line break in it"},
		{"bad user group", "  it_channel:", "  it_group: ‸\"@IT people\"\n  it_channel:", `slack.it_group can't be "@IT people"`},
		{"bad command", "  it_channel:", "  command: ‸Access please\n  it_channel:", `slack.command can't be "Access please"`},
		{"plain http", "  url: https://acme.atlassian.net", "  url: ‸http://acme.atlassian.net", "tokens would travel in the clear over http; write https"},
		{"no scheme", "  url: https://acme.atlassian.net", "  url: ‸acme.atlassian.net", "write a whole address, for example https://acme.atlassian.net"},
		{"other scheme", "  url: https://acme.atlassian.net", "  url: ‸ftp://acme.atlassian.net", "start it with https://"},
		{"password in the address", "  url: https://acme.atlassian.net", "  url: ‸https://bot:pw@acme.atlassian.net", "leave the user and password out"},
		{"query in the address", "  url: https://acme.atlassian.net", "  url: ‸https://acme.atlassian.net?x=1", "leave out everything from ? or # on"},
		{"api over http", "  it_channel:", "  api_url: ‸http://slack.example/api/\n  it_channel:", "slack.api_url can't be"},
		{"not an e-mail", "  email: bot@acme.example", "  email: ‸bot", `jira.email can't be "bot": write an e-mail address`},
		{"a Data Center", "  email: bot@acme.example", "  deployment: ‸server\n  email: bot@acme.example", "Latchkey works with Jira Cloud only, not with Data Center or Server"},
		{"project name instead of key", "  project: IT", "  project: ‸it help", "write the project's key in capitals"},
		{"unknown status", "stuck: S, ", "stuck: S, ‸stuk: S, ", `"stuk" is not a key of jira.statuses: did you mean "stuck"?`},
		{"unknown transition", "  project: IT", "  project: IT\n  transitions: {‸deny: Decline}", `"deny" is not a key of jira.transitions`},
		{"unknown field", "  project: IT", "  project: IT\n  fields: {‸until_: x}", `did you mean "until"?`},
		{"unknown place for decisions", "  project: IT", "  project: IT\n  decisions: [slack, ‸jirra]", `jira.decisions[1] can't be "jirra": did you mean "jira"?`},
		{"no place for decisions", "  project: IT", "  project: IT\n  decisions: ‸[]", "nobody could decide anywhere"},
		{"unknown store", "people:", "store: {type: ‸sqlite}\npeople:", `store.type can't be "sqlite": known are bolt`},
		{"store that is not in this build", "people:", "store: {type: ‸postgres}\npeople:", `store.type can't be "postgres": known are bolt`},
		{"address for a file store", "people:", "store: {‸url: \"${JIRA_TOKEN}\"}\npeople:", `"url" is not a key of store: known are type, path`},
		{"metrics address", "people:", "metrics: {listen: ‸\"9090\"}\npeople:", "write host:port, for example 127.0.0.1:9090"},
		{"log level", "people:", "log: {level: ‸verbose}\npeople:", `log.level can't be "verbose": known are debug, info, warn, error`},
		{"unknown policy", "people:", "reconcile: {policy: ‸ignore}\npeople:", `reconcile.policy can't be "ignore": known are alert, adopt, remove`},
		{"no calendar line", "people:", "schedules: {reconcile: ‸every day}\npeople:", `"every day" is no calendar line: write minute, hour`},
		{"no time zone", "people:", "schedules: {time_zone: ‸Local}\npeople:", `schedules.time_zone can't be "Local": write a name like Europe/Berlin`},
		{"idle for ever", "people:", "reconcile: {idle: ‸forever}\npeople:", "reconcile.idle can't be forever"},
		{"adopted for a while, but not adopted", "    route: manager\n", "    route: manager\n    adopt_for: ‸90d\n", "is not read while reconcile is alert"},
		{"unknown kind on behalf", "  admins: [ines@acme.example]", "  on_behalf: [‸mangers]\n  admins: [ines@acme.example]", `did you mean "managers"?`},
		{"admin without address", "  admins: [ines@acme.example]", "  admins: [‸Ines]", `people.admins[0] can't be "Ines"`},
	}
}

func directoryFaults() []faultCase {
	return []faultCase{
		{"unknown directory type", "    type: okta", "    type: ‸ldap", `idp[0].type can't be "ldap": known are okta`},
		{"misspelt directory type", "    type: okta", "    type: ‸otka", `idp[0].type can't be "otka": did you mean "okta"?`},
		{"type that is not in this build", "    type: okta", "    type: ‸entra", `idp[0].type can't be "entra": known are okta`},
		{"key of another vendor", "    type: okta", "    type: okta\n    ‸tenant: x", `"tenant" is not a key of idp[0]`},
		{"service app by half", "  - id: okta\n    type: okta\n    url: https://acme.okta.com\n    token: ${OKTA_TOKEN}", "  - ‸id: okta\n    type: okta\n    url: https://acme.okta.com\n    client_id: x", "client_id and private_key go together"},
		{"both ways to sign in", "    token: ${OKTA_TOKEN}", "    token: ‸${OKTA_TOKEN}\n    client_id: x\n    private_key: y", "has both a token and a service app"},
		{"domain that is none", "    type: okta", "    type: okta\n    aliases: {acme.com: ‸'@acme.com'}", `idp[0].aliases`},
		{"authoritative directory that isn't there", "people:", "people:\n  directory: ‸entra", `people.directory names the directory "entra", which is not configured`},
		{"nothing to do with a part", "    route: manager", "    route: manager\n    partial: ‸drop", "is nothing to do with access of which only a part can be given"},
		{"directory twice", "people:", "  - {id: ‸okta, type: okta, url: https://b.okta.com, token: x}\npeople:", `the directory id "okta" is used twice`},
		{"directory id with a colon", "people:", "  - {id: ‸\"a:b\", type: okta, url: https://b.okta.com, token: x}\npeople:", `idp[1].id can't be "a:b"`},
		{"directory id of another system", "people:", "  - {id: ‸slack, type: okta, url: https://b.okta.com, token: x}\npeople:", `idp[1].id can't be "slack": that names something else here`},
		{"protected group without directory", "people:", "protected_groups: [‸admins]\npeople:", `"admins" is not a group: write directory:group`},
		{"protected group elsewhere", "people:", "protected_groups: [‸\"otka:admins\"]\npeople:", `names the directory "otka", which is not under idp: did you mean "okta"?`},
	}
}

func routeFaults() []faultCase {
	return []faultCase{
		{"misspelt approver", "  manager: [manager]", "  manager: [‸manger]", `"manger" is not an approver: write manager, manager-of-manager, owner, role, admins, an e-mail address, group:directory:name, slack:ID of a user group, or oncall:schedule; did you mean manager?`},
		{"approver group without directory", "  manager: [manager]", "  manager: [‸\"group:security\"]", `"group:security" is not a group: write its directory, too, as in group:okta:security`},
		{"approver group elsewhere", "  manager: [manager]", "  manager: [[manager, ‸\"group:entra:security\"]]", `names the directory "entra", which is not under idp`},
		{"approver list in a stage", "  manager: [manager]", "  manager: [{approvers: [manager, ‸bos]}]", `"bos" is not an approver`},
		{"stage that asks nobody", "  manager: [manager]", "  manager: [manager, ‸[]]", `stage 2 of route "manager" asks nobody`},
		{"stage without approvers", "  manager: [manager]", "  manager: [‸{need: all}]", `stage 1 of route "manager" asks nobody`},
		{"more than there are", "  manager: [manager]", "  manager: [{approvers: manager, need: ‸2}]", `needs 2 people to agree, but it asks 1 at most`},
		{"unknown rule", "  manager: [manager]", "  manager: [{approvers: manager, need: ‸most}]", `"most" does not say how many have to agree: write any, all, or a number`},
		{"unknown key of a stage", "  manager: [manager]", "  manager: [{‸aprovers: manager, approvers: owner}]", `did you mean "approvers"?`},
		{"nobody is admin", "  admins: [ines@acme.example]\napprovals:\n  everyday: []", "  admins: ‸[]\napprovals:\n  everyday: [admins]", "people.admins is empty"},
	}
}

func appFaults() []faultCase {
	return []faultCase{
		{"bad id", "  - id: figma", "  - id: ‸Figma!", `"Figma!" is not an id`},
		{"unknown status", "    route: manager", "    status: ‸aproved\n    route: manager", `"aproved" is not a status: write unassigned, approved or retired`},
		{"unknown provisioning", "    route: manager", "    provisioning: ‸magic\n    route: manager", `"magic" is not a way to provision`},
		{"unknown risk", "        name: Editor", "        name: Editor\n        risk: ‸extreme", `"extreme" is not a risk`},
		{"unknown assurance", "        name: Editor", "        name: Editor\n        assurance: ‸oath", `"oath" is not an assurance`},
		{"unknown route, inherited", "    route: manager", "    route: ‸manger", `there is no approval route "manger": did you mean "manager"?`},
		{"unknown route", "        name: Editor", "        name: Editor\n        route: ‸ceo", `there is no approval route "ceo": define it under approvals; known are everyday, manager`},
		{"role twice", "    roles:\n      - id: editor", "    roles:\n      - {id: editor, name: E, groups: [\"okta:e\"], duration: {choices: [1h]}}\n      - id: ‸editor", `the role id "editor" is used twice in "figma"`},
		{"group elsewhere", `["okta:figma-editors"]`, `[‸"entra:figma-editors"]`, `names the directory "entra", which is not under idp`},
		{"group with a space after the colon", `["okta:figma-editors"]`, `[‸okta: figma-editors]`, "write okta:figma-editors without the space, or in quotes"},
		{"owner without address", "[noor@acme.example]", "[noor@acme.example, ‸Noor]", `apps[0].owners[1] can't be "Noor"`},
		{"default not offered", "default: 6h", "default: ‸7h", "the default 7h is not among the choices"},
		{"choice over max", "choices: [6h, 14d]", "choices: [6h, 14d, ‸31d]", "the choice 31d is longer than max 30d"},
		{"forever under max", "choices: [6h, 14d]", "choices: [6h, ‸forever]", "the choice forever has no end, but max is"},
		{"forever when an end is required", "{choices: [6h, 14d], default: 6h, max: 30d}", "{choices: [6h, ‸forever], required: true}", "the choice forever has no end, but required asks for one"},
		{"no choices", "{choices: [6h, 14d], default: 6h, max: 30d}", "‸{max: 30d}", "no duration can be chosen: add choices"},
		{"prerequisite that isn't there", "        name: Editor", "        name: Editor\n        needs: [‸figma/edtor]", `there is no role "figma/edtor": did you mean "figma/editor"?`},
		{"prerequisite of itself", "        name: Editor", "        name: Editor\n        needs: [‸figma/editor]", `"figma/editor" can't be a prerequisite of itself`},
		{"prerequisite that is no role", "        name: Editor", "        name: Editor\n        needs: [‸figma]", `"figma" is not a role: write app/role`},
		{"unknown key of eligible", "        name: Editor", "        name: Editor\n        eligible: {‸department: [Design]}", `did you mean "departments"?`},
		{"eligible person without address", "        name: Editor", "        name: Editor\n        eligible: {people: [‸Noor]}", `can't be "Noor"`},
		{"bundle of nothing", "apps:", "bundles:\n  - ‸{id: starter, name: Starter}\napps:", `the bundle "starter" holds nothing`},
		{"bundle of an unknown role", "apps:", "bundles:\n  - {id: starter, name: Starter, roles: [‸figma/edtor]}\napps:", `did you mean "figma/editor"?`},
		{"bundle twice", "apps:", "bundles:\n  - {id: s, name: S, roles: [figma/editor]}\n  - {id: ‸s, name: S, roles: [figma/editor]}\napps:", `the id "s" is used twice: every bundle`},
		{"role in a bundle twice", "apps:", "bundles:\n  - {id: s, name: S, roles: [figma/editor, ‸figma/editor]}\napps:", `is in the bundle twice`},
		{"choice that is no duration", "choices: [6h, 14d]", "choices: [6h, ‸soon]", `"soon" is not a duration`},
	}
}

// absence is a fault whose place is not where the change was made.
type absence struct {
	faultCase
	at string
}

func absenceFaults() []absence {
	return []absence{
		{faultCase{"missing token", "  app_token: ${SLACK_APP_TOKEN}\n", "", "slack.app_token is missing: write app_token: ${SLACK_APP_TOKEN}"}, "slack:"},
		{faultCase{"missing status", "stuck: S, ", "", "jira.statuses.stuck is missing: name the Jira status of stuck requests"}, "{pending"},
		{faultCase{"no way to sign in", "    token: ${OKTA_TOKEN}\n", "", "idp[0] has no way to sign in: add token: ${OKTA_TOKEN}"}, "id: okta"},
		{faultCase{"app without name", "    name: Figma\n", "", `the app "figma" has no name: add name`}, "id: figma"},
		{faultCase{"app twice", "apps:", "apps:\n  - {id: figma, name: F, roles: [{id: a, name: A, groups: [\"okta:a\"], route: everyday, duration: {choices: [1h]}}]}", `the id "figma" is used twice`}, "figma\n"},
		{faultCase{"protected group in a role", "people:", "protected_groups: [\"okta:figma-editors\"]\npeople:", `the group "okta:figma-editors" is listed under protected_groups`}, "\"okta:figma-editors\"]\n        dur"},
		{faultCase{"role without groups", "        groups: [\"okta:figma-editors\"]\n", "", `the role "editor" opens no group: add groups`}, "id: editor"},
		{faultCase{"no duration at all", "        duration: {choices: [6h, 14d], default: 6h, max: 30d}\n", "", "no duration can be chosen: add choices, for example [8h, 30d] or [forever]"}, "id: editor"},
	}
}
