package config

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/catalog"
)

// judgedPolicies are policies as they are written, by what they are about.
func judgedPolicies() [][2]string {
	return [][2]string{
		{"none", ""},
		{"limits", "policy: {max: {medium: 30d, high: 8h}, contractors: {types: [Contractor], max: 1d}}\n"},
		{"denials", `policy:
  rules:
    - {id: staff-only, who: {types: [Contractor]}, what: {kinds: [production, finance]}, then: {deny: Only staff get at this.}}
    - {id: sales-only, when: person.department != "Sales", what: {roles: [figma/sales]}, then: hide}
`},
		{"ways", `policy:
  rules:
    - {id: short, what: {roles: [figma/read, figma/sales]}, who: {departments: [Sales]}, wanted: {up_to: 1d}, then: approve}
    - {id: long, wanted: {over: 1d}, then: {stages: [admins]}}
    - {id: leads, what: {roles: [figma/read, figma/sales]}, when: person.title == "Lead", then: {route: everyday}}
`},
	}
}

// judgedRoles are what can be asked for.
const judgedRoles = `      - {id: read, name: Read, groups: ["okta:read"], route: everyday, duration: {choices: [1d, 30d, forever], default: 1d}}
      - {id: sales, name: Sales, groups: ["okta:sales"], route: conditional, duration: {choices: [1d, 30d], default: 30d, max: 90d}}
      - {id: books, name: Books, groups: ["okta:books"], kind: finance, risk: medium, duration: {choices: [1d, 30d], default: 30d, max: 30d, required: true}}
      - {id: prod, name: Prod, groups: ["okta:prod"], route: production, kind: production, risk: high, duration: {choices: [1h, 8h], default: 1h, max: 8h, required: true}}
      - {id: root, name: Root, groups: ["okta:root"], route: production, kind: admin, risk: high, assurance: step-up, duration: {choices: [1h, 8h], default: 1h, max: 8h, required: true}}
      - {id: domain, name: Domain, groups: ["okta:domain-admins"], kind: admin, duration: {choices: [1h, 1d], default: 1d, max: 1d, required: true}}
`

func judgedPeople() []access.Person {
	person := func(name, department, title, employment string) access.Person {
		return access.Person{ID: access.PersonID(name), Name: name, Kind: access.Employee, Standing: access.Active, Department: department, Title: title, Employment: employment}
	}
	return []access.Person{person("employee", "Sales", "Rep", "Employee"), person("lead", "IT", "Lead", "Employee"), person("contractor", "Sales", "Rep", "Contractor"), person("unknown", "", "", "")}
}

// TestJudgedConfigurations is the table of policy, person and role, as configurations are read and judged: whether somebody
// is asked, who, whether a yes needs a sign-in, for how long, and which clause decided.
func TestJudgedConfigurations(t *testing.T) {
	var out strings.Builder
	text := strings.Replace(smallConfig(t), "    token: ${OKTA_TOKEN}\n", "    token: ${OKTA_TOKEN}\n    sign_in_client: 0oa1\n", 1)
	text = strings.Replace(text, "  manager: [manager]\n", "  manager: [manager]\n  production: {stages: [manager, owner], distinct: true}\n"+
		"  conditional: [manager, {approvers: [owner], if: {who: {types: [Contractor]}}}]\n", 1) + judgedRoles + "privileged_groups: [\"okta:domain-admins\"]\n"
	for _, p := range judgedPolicies() {
		c, err := loadText(t, text+p[1], tokens())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&out, "policy %s\n", p[0])
		for _, who := range judgedPeople() {
			for _, role := range c.Catalog.Apps()[0].Roles[1:] {
				j := access.Ask{Requester: who, Beneficiary: who, App: "figma", Role: role.ID, Wanted: role.Durations.Default}.Judge(c.Catalog)
				fmt.Fprintf(&out, "  %-10s %-6s  %-12s %-24s %-24s %s\n", who.Name, role.ID, j.Outcome, wayOf(j, role), lengthsOf(j.Durations), strings.TrimSpace(j.Sentence+" "+catalog.Says(j.Clauses)))
			}
		}
	}
	golden(t, "testdata/judgements.golden", out.String())
}

func wayOf(j catalog.Judgement, role catalog.Role) string {
	var stages []string
	for _, s := range j.Route.Stages {
		for _, a := range s.Approvers {
			stages = append(stages, a.String())
		}
	}
	way := strings.Join(stages, ">")
	if role.NeedsStepUp() {
		way += " signed in"
	}
	return way
}

func lengthsOf(d catalog.Durations) string {
	all := []time.Duration{d.Max}
	all = append(all, d.Choices...)
	var out []string
	for _, one := range all {
		out = append(out, catalog.ShortDuration(one))
	}
	return strings.Join(out[1:], ",") + " max " + out[0]
}
