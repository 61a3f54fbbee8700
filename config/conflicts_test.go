package config

import (
	"strings"
	"testing"
	"time"

	"latchkey/catalog"
)

// twoRoles are what conflicts are about here, as further roles of the small configuration's app; a third one opens
// the groups of both.
const twoRoles = `      - {id: payer, name: Payer, groups: ["okta:pay"], duration: {choices: [30d], default: 30d}%s}
      - {id: approver, name: Approver, groups: ["okta:approve"], duration: {choices: [30d], default: 30d}}
`

// TestConflictFaults: each is said where it stands, with what to do.
func TestConflictFaults(t *testing.T) {
	conflict := func(text string) string { return "policy:\n  conflicts:\n    - " + text + "\n" }
	const pay, why = "{id: pay, not: [figma/payer, figma/approver]", ", why: Nobody pays what they approved."
	for name, c := range map[string]struct{ payer, policy, want string }{
		"no id":                    {"", conflict("‸{not: [figma/payer, figma/approver]" + why + "}"), "an id is missing"},
		"an id of the house":       {"", conflict("{id: ‸limit, not: [figma/payer, figma/approver]" + why + "}"), "the house's own rule"},
		"an id twice":              {"", conflict(pay+why+"}") + "    - {id: ‸pay, not: [figma/payer, \"okta:x\"]" + why + "}\n", "used twice"},
		"no sides":                 {"", conflict("‸{id: pay" + why + "}"), "add not"},
		"one side":                 {"", conflict("{id: pay, not: ‸[figma/payer]" + why + "}"), "names 1 sides"},
		"three sides":              {"", conflict("{id: pay, not: ‸[figma/payer, figma/approver, figma/editor]" + why + "}"), "a side may be a list"},
		"an empty side":            {"", conflict("{id: pay, not: [‸[], figma/approver]" + why + "}"), "would ask nothing"},
		"no such role":             {"", conflict("{id: pay, not: [‸figma/payr, figma/approver]" + why + "}"), `did you mean "figma/payer"?`},
		"no such role in a set":    {"", conflict("{id: pay, not: [[figma/payer, ‸figma/payr], figma/approver]" + why + "}"), `did you mean "figma/payer"?`},
		"no such app":              {"", conflict("{id: pay, not: [‸figam, \"okta:x\"]" + why + "}"), `did you mean "figma"?`},
		"a group elsewhere":        {"", conflict("{id: pay, not: [figma/payer, ‸\"entra:x\"]" + why + "}"), "not under idp"},
		"nothing to hold":          {"", conflict("{id: pay, not: [figma/payer, ‸two words]" + why + "}"), "write app/role"},
		"the same on both sides":   {"", conflict("{id: pay, not: [figma/payer, ‸figma/payer]" + why + "}"), "conflict with itself"},
		"an app and its role":      {"", conflict("{id: pay, not: [figma, ‸figma/payer]" + why + "}"), "part of"},
		"twice on a side":          {"", conflict("{id: pay, not: [[figma/payer, ‸figma/payer], figma/approver]" + why + "}"), "twice"},
		"a role of both by groups": {"", conflict("{id: pay, not: ‸[figma/payer, \"okta:pay\"]" + why + "}"), "nobody could have it"},
		"no reason":                {"", conflict("‸" + pay + "}"), "add why"},
		"a reason without a word":  {"", conflict(pay + ", why: ‸\"\"}"), "say why"},
		"no such key":              {"", conflict(pay + why + ", ‸execption: {route: manager, max: 7d}}"), `did you mean "exception"?`},
		"an exception without end": {"", conflict(pay + why + ", exception: ‸{route: manager}}"), "add max"},
		"an exception for ever":    {"", conflict(pay + why + ", exception: {route: manager, max: ‸forever}}"), "can't be forever"},
		"nobody decides":           {"", conflict(pay + why + ", exception: ‸{max: 7d}}"), "add route"},
		"an exception of nothing":  {"", conflict(pay + why + ", exception: ‸{}}"), "says nothing"},
		"no such route":            {"", conflict(pay + why + ", exception: {route: ‸manger, max: 7d}}"), `did you mean "manager"?`},
		"a route that asks nobody": {"", conflict(pay+why+", exception: {route: ‸nobody, max: 7d}}") + "", "asks nobody"},
		"needed and in conflict":   {", needs: [‸figma/approver]", conflict(pay + why + "}"), "keeps the two apart"},
		"a group needed and not":   {", needs: [‸\"okta:done\"]", conflict("{id: pay, not: [figma/payer, \"okta:done\"]" + why + "}"), "keeps the two apart"},
		"a bundle of both":         {"", conflict(pay+why+"}") + "bundles:\n  - {id: all, name: All, roles: ‸[figma/payer, figma/approver]}\n", "both sides of the conflict"},
		"a birthright in conflict": {"", conflict(pay+why+"}") + "birthrights:\n  - {id: all, who: {departments: [Design]}, roles: [‸figma/payer]}\n", "figma/payer is on one side of the conflict"},
		"needs a group of its own": {", needs: [‸\"okta:pay\"]", "", "opens \"okta:pay\" itself"},
		"needs a group elsewhere":  {", needs: [‸\"entra:done\"]", "", "not under idp"},
		"needs something twice":    {", needs: [\"okta:done\", ‸\"okta:done\"]", "", "twice"},
		"needs an app":             {", needs: [‸figma]", "", "write app/role"},
		"nothing that could be":    {", on_needs_lost: ‸end_access", "", "needs nothing that could be lost"},
		"no such thing to be done": {", needs: [\"okta:done\"], on_needs_lost: ‸end", "", "write end_access"},
	} {
		t.Run(name, func(t *testing.T) {
			text := withPolicy(t, c.policy, strings.Replace(twoRoles, "%s", c.payer, 1))
			text = strings.Replace(text, "approvals:\n", "approvals:\n  nobody: []\n", 1)
			expectFault(t, text, c.want)
		})
	}
}

// TestConflictsAreRead as they are written: single things, sets, whole apps and groups.
func TestConflictsAreRead(t *testing.T) {
	policy := `policy:
  conflicts:
    - {id: pay, not: [figma/payer, figma/approver], why: Nobody pays what they approved., exception: {route: manager, max: 7d}}
    - {id: sets, not: [[figma/payer, "okta:id:00g1"], ["okta:audit"]], why: Whoever pays audits nothing., break_glass: true}
`
	c, err := loadText(t, withPolicy(t, policy, strings.Replace(twoRoles, "%s", `, needs: [figma/editor, "okta:done"], on_needs_lost: end_access`, 1)), tokens())
	if err != nil {
		t.Fatal(err)
	}
	all := c.Catalog.Policy().Conflicts
	if len(all) != 2 || all[0].Line == 0 || all[0].Exception != (catalog.ExceptionTerms{Route: "manager", Max: 7 * 24 * time.Hour}) || all[0].BreakGlass {
		t.Fatalf("got %+v", all)
	}
	if got := all[1].Not[0][1].String() + " " + all[1].Not[1][0].String(); got != "okta:id:00g1 okta:audit" || !all[1].BreakGlass || all[1].Exception.Allowed() {
		t.Errorf("got %+v", all[1])
	}
	_, role, _ := c.Catalog.Role("figma", "payer")
	if len(role.Needs) != 2 || role.Needs[1].String() != "okta:done" || role.OnNeedsLost != catalog.EndAccess {
		t.Errorf("got %+v", role)
	}
}
