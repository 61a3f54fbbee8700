package config

import (
	"strings"
	"testing"

	"latchkey/catalog"
)

// withPolicy is the small configuration with a policy, and with a role that has more to say.
func withPolicy(t *testing.T, policy, role string) string {
	t.Helper()
	return smallConfig(t) + role + policy
}

// TestPolicyFaults: each is said where it stands, with what to do.
func TestPolicyFaults(t *testing.T) {
	rule := func(text string) string { return "policy:\n  rules:\n    - " + text + "\n" }
	for name, c := range map[string]struct{ policy, want string }{
		"no such key":                         {"policy: {‸limits: {high: 1d}}\n", `"limits" is not a key of policy`},
		"no such risk":                        {"policy: {max: {‸hihg: 1d}}\n", `did you mean "high"?`},
		"forever bounds nothing":              {"policy: {max: {high: ‸forever}}\n", "bounds nothing"},
		"contractors without end":             {"policy:\n  contractors: ‸{types: [Contractor]}\n", "add max"},
		"nobody is one":                       {"policy:\n  contractors: ‸{max: 9d}\n", "add types"},
		"an empty list":                       {"policy: {contractors: {types: ‸[], max: 9d}}\n", "would ask nothing"},
		"privileged elsewhere":                {"privileged_groups: [‸\"entra:root\"]\n", `the directory "entra", which is not under idp`},
		"no id":                               {rule("‸{what: {apps: [figma]}, then: hide}"), "an id is missing"},
		"id of the house":                     {rule("{id: ‸contractors, what: {apps: [figma]}, then: hide}"), "the house's own rule"},
		"nothing follows":                     {rule("‸{id: a, what: {apps: [figma]}}"), "nothing follows"},
		"deny without a word":                 {rule("{id: a, what: {apps: [figma]}, then: ‸deny}"), "has to read why"},
		"deny with nothing to say":            {rule("{id: a, what: {apps: [figma]}, then: {deny: ‸\"\"}}"), "say why in a sentence"},
		"unknown word":                        {rule("{id: a, what: {apps: [figma]}, then: ‸aprove}"), "write hide or approve"},
		"refuses everything":                  {rule("{id: a, then: ‸hide}"), "refuses everybody everything"},
		"both ways":                           {rule("{id: a, what: {apps: [figma]}, then: ‸{hide: true, approve: true}}"), "can't go together"},
		"deny and max":                        {rule("{id: a, what: {apps: [figma]}, then: ‸{deny: No., max: 1d}}"), "can't go together"},
		"no such app":                         {rule("{id: a, what: {apps: [‸figam]}, then: hide}"), `did you mean "figma"?`},
		"no such role":                        {rule("{id: a, what: {roles: [‸figma/editr]}, then: hide}"), `did you mean "figma/editor"?`},
		"not a role":                          {rule("{id: a, what: {roles: [‸editor]}, then: hide}"), "write app/role"},
		"no such tag":                         {rule("{id: a, what: {tags: [‸design]}, then: hide}"), "no app has the tag"},
		"no such kind":                        {rule("{id: a, what: {kinds: [‸prod]}, then: hide}"), "policy.rules[0].what.kinds[0]"},
		"no such role of all":                 {rule("{id: a, what: ‸{kinds: [finance]}, then: hide}"), "could never hold"},
		"no such key of who":                  {rule("{id: a, who: {‸department: [Sales]}, then: hide}"), `did you mean "departments"?`},
		"group elsewhere":                     {rule("{id: a, who: {groups: [‸\"entra:x\"]}, then: hide}"), "not under idp"},
		"no group":                            {rule("{id: a, who: {groups: [‸x]}, then: hide}"), "write directory:group"},
		"no address":                          {rule("{id: a, who: {managers: [‸noor]}, then: hide}"), "e-mail address"},
		"an empty name":                       {rule("{id: a, who: {titles: [‸\"\"]}, then: hide}"), "is empty"},
		"never so long":                       {rule("{id: a, wanted: ‸{over: 2d, up_to: 1d}, then: {max: 1d}}"), "nothing is over 2d and up to 1d"},
		"no such route":                       {rule("{id: a, then: {route: ‸manger}}"), `did you mean "manager"?`},
		"no such approver":                    {rule("{id: a, then: {stages: [‸manger]}}"), "did you mean manager?"},
		"nobody in a stage":                   {rule("{id: a, then: {stages: [‸[]]}}"), "asks nobody"},
		"a misspelt name":                     {rule("{id: a, when: ‸persn.title == \"x\", then: hide}"), "did you mean person?"},
		"a misspelt attribute":                {rule("{id: a, when: person.‸titel == \"x\", then: hide}"), "did you mean title?"},
		"in quotes":                           {rule("{id: a, when: 'person.‸titel == \"x\"', then: hide}"), "did you mean title?"},
		"a text for a time":                   {rule("{id: a, when: wanted ‸> \"1h\", then: hide}"), `> doesn't go with a time and a text: write duration("1h")`},
		"days":                                {rule("{id: a, when: wanted > duration(‸\"1d\"), then: hide}"), `duration("24h")`},
		"not true or false":                   {rule("{id: a, when: ‸wanted, then: hide}"), "true or false"},
		"a group elsewhere, in an expression": {rule("{id: a, when: '‸\"entra:x\" in person.groups', then: hide}"), `the directory "entra", which is not under idp`},
		"an empty expression":                 {rule("{id: a, when: ‸\"\", then: hide}"), "is empty"},
	} {
		t.Run(name, func(t *testing.T) { expectFault(t, withPolicy(t, c.policy, ""), c.want) })
	}
}

// TestHouseDefaults: what the house asks of roles is an error, a warning, or accepted with a reason.
func TestHouseDefaults(t *testing.T) {
	for name, c := range map[string]struct{ role, fault, warning string }{
		"high risk and permanent": {`{id: x, name: X, groups: ["okta:x"], risk: high, duration: {choices: [forever]}}`, "can be held with no end", ""},
		"high risk, nobody asked": {`{id: x, name: X, groups: ["okta:x"], risk: high, route: everyday, duration: {choices: [1d], max: 1d}}`, "asks nobody, but a role of high risk needs", ""},
		"finance without an end":  {`{id: x, name: X, groups: ["okta:x"], kind: finance, duration: {choices: [1d, forever]}}`, "can be held with no end", ""},
		"admin for a week":        {`{id: x, name: X, groups: ["okta:x"], kind: admin, duration: {choices: [1h, 7d], max: 7d}}`, "not for 1w", ""},
		"admin for minutes":       {`{id: x, name: X, groups: ["okta:x"], kind: admin, duration: {choices: [30m], max: 1h}}`, "not for 30m", ""},
		"admin without a max":     {`{id: x, name: X, groups: ["okta:x"], kind: admin, duration: {choices: [1h], required: true}}`, "max is forever", ""},
		"no such kind":            {`{id: x, name: X, groups: ["okta:x"], kind: root, duration: {choices: [1h]}}`, "is not a kind of role", ""},
		"accepted without reason": {`{id: x, name: X, groups: ["okta:x"], accepted: "", duration: {choices: [1h]}}`, "say in a few words why", ""},
		"accepted":                {`{id: x, name: X, groups: ["okta:x"], risk: high, accepted: the auditors, duration: {choices: [forever]}}`, "", ""},
		"nothing to accept":       {`{id: x, name: X, groups: ["okta:x"], accepted: the auditors, duration: {choices: [1h], max: 1h}}`, "", "there is nothing to accept"},
		"named like one":          {`{id: x, name: Billing admin, groups: ["okta:x"], duration: {choices: [1h], max: 1h}}`, "", "add kind: admin"},
		"which it isn't":          {`{id: x, name: Billing admin, groups: ["okta:x"], kind: everyday, duration: {choices: [1h], max: 1h}}`, "", ""},
		"everyday and permanent":  {`{id: x, name: X, groups: ["okta:x"], kind: everyday, route: everyday, duration: {choices: [forever]}}`, "", ""},
	} {
		c2, err := loadText(t, withPolicy(t, "policy: {contractors: {types: [Contractor], max: 9d}}\n", "      - "+c.role+"\n"), tokens())
		switch {
		case c.fault != "":
			if err == nil || !strings.Contains(err.Error(), c.fault) {
				t.Errorf("%s: %v, want %q", name, err, c.fault)
			}
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case c.warning == "" && len(c2.Warnings) > 0 || c.warning != "" && (len(c2.Warnings) != 1 || !strings.Contains(c2.Warnings[0].Problem, c.warning) || c2.Warnings[0].Line == 0):
			t.Errorf("%s: %v, want %q", name, c2.Warnings, c.warning)
		}
	}
}

// TestLimitsOfARisk: accepted lifts no limit.
func TestLimitsOfARisk(t *testing.T) {
	role := `      - {id: x, name: X, groups: ["okta:x"], risk: high, accepted: the auditors, duration: {choices: [1d, 90d], max: 90d}}` + "\n"
	if _, err := loadText(t, withPolicy(t, "policy: {max: {high: 30d}}\n", role), tokens()); err == nil || !strings.Contains(err.Error(), "one of high risk for 30d at most") {
		t.Error(err)
	}
}

// TestARuleIsReadWhole: every matcher and consequence arrives, and where the rule stands.
func TestARuleIsReadWhole(t *testing.T) {
	policy := `policy:
  rules:
    - id: all
      what: {apps: [figma], roles: [figma/editor], risks: [low]}
      who: {departments: [Design], titles: [Lead], types: [Employee], locations: [Berlin], groups: ["okta:staff"], managers: [Noor@acme.example], people: [maya@acme.example]}
      wanted: {over: 1h, up_to: 7d}
      when: peers.share > 0.5 && "okta:staff" in person.groups && person.manager != ""
      then: {route: everyday, stages: [admins], max: 3d}
`
	c, err := loadText(t, withPolicy(t, policy, ""), tokens())
	if err != nil {
		t.Fatal(err)
	}
	r := c.Catalog.Policy().Rules[0]
	i := r.If
	if len(i.Apps)+len(i.Roles)+len(i.Risks)+len(i.Departments)+len(i.Titles)+len(i.Types)+len(i.Locations)+len(i.Groups)+len(i.Managers)+len(i.People) != 10 || i.Managers[0] != "noor@acme.example" {
		t.Errorf("the condition is %+v", i)
	}
	if r.Line != strings.Count(smallConfig(t), "\n")+3 || i.Over == 0 || i.UpTo == 0 || r.Then.Route != "everyday" || len(r.Then.Stages) != 1 || r.Then.Max != 3*catalog.Day {
		t.Errorf("the rule is %+v", r)
	}
	if q := c.Catalog.Asks(catalog.RoleRef{App: "figma", Role: "editor"}); len(q.Groups) != 1 || !q.Peers || !q.Manager {
		t.Errorf("it asks %+v", q)
	}
}
