package config

import (
	"slices"
	"strings"
	"testing"

	"latchkey/catalog"
)

// TestFaultsOfSources: whatever is wrong with who approves has its place and its remedy.
func TestFaultsOfSources(t *testing.T) {
	const stage, section = "  manager: [manager]", "people:"
	for _, c := range []faultCase{
		{"handle of a user group", stage, `  manager: [‸"slack:@platform"]`, "not the id of a user group in Slack: write it as in slack:S0123456789"},
		{"no such schedule", stage, `  manager: [‸"oncall:platform"]`, `names the schedule "platform", which is not under oncall: add it there`},
		{"misspelt schedule", stage, `  manager: [‸"oncall:plattform"]` + "\noncall: {platform: {file: x.yaml}}", `did you mean "platform"?`},
		{"back-ups of everybody", stage, "  manager: [{approvers: manager, need: all, backups: ‸[owner]}]", "nobody can stand in for somebody: remove backups"},
		{"back-up who is asked", stage, "  manager: [{approvers: [manager, owner], backups: [‸owner]}]", `asks "owner" already`},
		{"misspelt back-up", stage, "  manager: [{approvers: manager, backups: [‸ownr]}]", "did you mean owner?"},
		{"only conditional stages", stage, "  manager: ‸[{approvers: manager, if: {who: {departments: [Design]}}}]", "nobody would be asked: leave one without"},
		{"condition that says nothing", stage, "  manager: [manager, {approvers: owner, if: ‸{}}]", "the stage would always be asked"},
		{"condition about no app", stage, "  manager: [manager, {approvers: owner, if: {what: {apps: [‸figmo]}}}]", `did you mean "figma"?`},
		{"condition that can't be read", stage, "  manager: [manager, {approvers: owner, if: {‸whom: {}}}]", `did you mean "who"?`},
		{"expression", stage, `  manager: [manager, {approvers: owner, if: {when: '‸persn.title == "x"'}}]`, "persn"},
		{"nobody is named", "    route: manager", "    route: ‸role", `there is no approval route "role"`},
		{"approvers who aren't asked", "        name: Editor", "        name: Editor\n        approvers: ‸[omar@acme.example]", `no stage of its route "manager" asks them`},
		{"approver of a role", "        name: Editor", "        name: Editor\n        approvers: [‸omar]", `"omar" is not an approver`},
		{"neither file nor url", section, "oncall: {platform: ‸{type: json}}\npeople:", "needs one of the two: file"},
		{"both", section, "oncall: {platform: ‸{file: x.yaml, url: \"https://oncall.example\"}}\npeople:", "needs one of the two"},
		{"token of a file", section, "oncall: {platform: {file: x.yaml, token: ‸abc}}\npeople:", "is for a url: a file has none"},
		{"name", section, "oncall: {Platform: ‸{file: x.yaml}}\npeople:", `"Platform" can't be the name of a schedule`},
		{"in the clear", section, "oncall: {ops: {url: ‸\"http://oncall.example/now\"}}\npeople:", "write a whole address that begins with https://"},
		{"secret in a url", section, "oncall: {ops: {url: ‸\"https://oncall.example/now?api_key=x\"}}\npeople:", "has a secret in it"},
		{"password in a url", section, "oncall: {ops: {url: ‸\"https://me:x@oncall.example/now\"}}\npeople:", "has a secret in it"},
		{"unknown service", section, "oncall: {ops: {url: \"https://oncall.example/now\", type: ‸pagerdutty}}\npeople:", `pagerduty`},
	} {
		t.Run(c.name, func(t *testing.T) { expectFault(t, c.edit(t), c.want) })
	}
}

func TestSourcesAreRead(t *testing.T) {
	edit := faultCase{old: "  manager: [manager]", new: `  manager:
    - {approvers: [manager-of-manager, "slack:S0123ABCD"], need: 2, backups: ["oncall:ops", admins]}
    - {approvers: [role], if: {who: {departments: [Design]}, wanted: {over: 1d}}}
oncall:
  ops: {url: "https://api.pagerduty.com/oncalls?schedule_ids[]=P1&include[]=users", type: pagerduty, token: "${OKTA_TOKEN}"}
  nights: {file: nights.yaml}`}
	text := edit.edit(t)
	text = faultCase{old: "        name: Editor", new: "        name: Editor\n        approvers: [omar@acme.example, \"oncall:nights\"]"}.on(t, text)
	c, err := loadText(t, text, tokens())
	if err != nil {
		t.Fatal(err)
	}
	route, _ := c.Catalog.Route("manager")
	first, second := route.Stages[0], route.Stages[1]
	if first.Need.AtLeast != 2 || first.Approvers[1] != (catalog.Approver{Kind: catalog.SlackUserGroup, Name: "S0123ABCD"}) || first.Backups[0] != (catalog.Approver{Kind: catalog.OnCall, Name: "ops"}) || len(first.Backups) != 2 || first.Conditional() {
		t.Errorf("the first stage is %+v", first)
	}
	if !second.Conditional() || second.Line == 0 || !slices.Equal(second.If.Departments, []string{"Design"}) || second.If.Over != catalog.Day {
		t.Errorf("the second stage is %+v", second)
	}
	if _, role, _ := c.Catalog.Role("figma", "editor"); len(role.Approvers) != 2 || role.Approvers[1].Name != "nights" {
		t.Errorf("the role names %v", role.Approvers)
	}
	if len(c.OnCall) != 2 || c.OnCall[0].Type != PagerDuty || c.OnCall[0].Token.Reveal() != "okta-secret-token" || c.OnCall[1].File == "nights.yaml" {
		t.Errorf("schedules: %+v", c.OnCall)
	}
}

// on makes the change in a text.
func (c faultCase) on(t *testing.T, text string) string {
	t.Helper()
	if n := strings.Count(text, c.old); n != 1 {
		t.Fatalf("%q is there %d times, want once", c.old, n)
	}
	return strings.Replace(text, c.old, c.new, 1)
}
