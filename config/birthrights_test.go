package config

import (
	"strings"
	"testing"
	"time"

	"latchkey/catalog"
)

// TestBirthrightFaults: each is said where it stands, with what to do, whether the rules are all there is or one key of several.
func TestBirthrightFaults(t *testing.T) {
	list := func(rule string) string { return "birthrights:\n  - " + rule + "\n" }
	for name, c := range map[string]struct{ text, want string }{
		"no such key":         {"birthrights: {‸rule: []}\n", `"rule" is not a key of birthrights`},
		"no such key of one":  {list("{id: a, who: {titles: [x]}, roles: [figma/editor], ‸then: hide}"), `"then" is not a key of birthrights[0]`},
		"what is no question": {list("{id: a, ‸what: {apps: [figma]}, roles: [figma/editor]}"), `"what" is not a key`},
		"no id":               {list("‸{who: {titles: [x]}, roles: [figma/editor]}"), "an id is missing"},
		"no roles":            {list("‸{id: a, who: {titles: [x]}}"), "gives nothing"},
		"nobody in sight":     {list("‸{id: a, roles: [figma/editor]}"), "doesn't say whom it is about"},
		"a misspelt role":     {list("{id: a, who: {titles: [x]}, roles: [‸figma/editr]}"), `did you mean "figma/editor"?`},
		"a misspelt question": {list("{id: a, who: {‸title: [x]}, roles: [figma/editor]}"), `did you mean "titles"?`},
		"a risky role":        {"birthrights:\n  rules:\n    - {id: a, who: {titles: [x]}, roles: [figma/editor, ‸kit/root]}\n", "a role of high risk, which nobody is given without somebody's yes"},
		"in the mapping":      {"birthrights: {dry_run: true, rules: [{id: a, when: person.‸titel == \"x\", roles: [figma/editor]}]}\n", "did you mean title?"},
		"forever":             {"birthrights: {grace: ‸forever, rules: []}\n", "can't be forever"},
		"more than all":       {"birthrights: {brake: {percent: ‸120}, rules: []}\n", "birthrights.brake.percent"},
	} {
		t.Run(name, func(t *testing.T) { expectFault(t, smallConfig(t)+kitApp+c.text, c.want) })
	}
}

const kitApp = `  - id: kit
    name: Kit
    owners: [noor@acme.example]
    route: manager
    roles:
      - {id: root, name: Root, risk: high, groups: ["okta:kit-root"], duration: {choices: [6h], default: 6h, max: 1d, required: true}}
`

func TestBirthrightsAreRead(t *testing.T) {
	rule := "{id: a, who: {titles: [x]}, roles: [figma/editor]}"
	c, err := loadText(t, smallConfig(t)+"birthrights: ["+rule+"]\n", tokens())
	if err != nil {
		t.Fatal(err)
	}
	b := c.Catalog.Birthrights()
	if len(b.Rules) != 1 || b.Settle != 2*time.Minute || b.Grace != 7*catalog.Day || b.DryRun || b.Brake != (catalog.Brake{People: 25, Percent: 20}) {
		t.Errorf("a list alone is read as %+v", b)
	}
	c, err = loadText(t, smallConfig(t)+"birthrights: {rules: ["+rule+"], settle: 5m, grace: 1d, brake: {people: 3}, dry_run: true}\n", tokens())
	if err != nil {
		t.Fatal(err)
	}
	b = c.Catalog.Birthrights()
	if len(b.Rules) != 1 || b.Settle != 5*time.Minute || b.Grace != catalog.Day || !b.DryRun || b.Brake != (catalog.Brake{People: 3, Percent: 20}) || b.Rules[0].Line == 0 {
		t.Errorf("it is read as %+v", b)
	}
	if !strings.Contains(c.Catalog.Birthrights().Rules[0].Comes(), "x") {
		t.Errorf("it comes with %q", b.Rules[0].Comes())
	}
}
