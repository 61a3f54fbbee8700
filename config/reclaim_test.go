package config

import (
	"testing"
	"time"

	"latchkey/catalog"
)

// TestReclaimFaults: what can't be meant is refused where it stands, and what a directory doesn't remember above all.
func TestReclaimFaults(t *testing.T) {
	role := func(reclaim string) string {
		return "      - {id: viewer, name: Viewer, groups: [\"okta:figma-viewers\"], duration: {choices: [6h]}, reclaim: " + reclaim + "}\n"
	}
	for name, c := range map[string]struct{ text, want string }{
		"no idle":               {role("‸on"), "add idle under reclaim"},
		"no such key":           {role("{idle: 30d, ‸after: 3d}"), "is not a key"},
		"neither on nor off":    {role("‸maybe"), "write on, off, or how"},
		"a holiday":             {role("{idle: ‸3d}"), "nobody is idle after"},
		"beyond memory":         {role("{idle: ‸120d}"), `the directory "okta" remembers sign-ins to apps for 90d`},
		"a cycle beyond memory": {role("{idle: 30d, cycle: ‸100d}"), "remembers sign-ins to apps for 90d"},
		"no time to answer":     {role("{idle: 30d, grace: ‸1h}"), "to answer"},
		"put off for ever":      {role("{idle: 30d, postpone: ‸365d}"), "can be put off"},
		"given back for ever":   {role("{idle: 30d, restore: ‸365d}"), "asked for anew"},
		"no such source":        {role("{idle: 30d, least: ‸guess}"), "guess"},
		"no such role":          {role("{idle: 30d, downgrade: ‸edtor}"), `did you mean "editor"?`},
		"itself":                {role("{idle: 30d, downgrade: ‸viewer}"), "in its own place"},
		"exempt without why":    {role("{idle: 30d, exempt: [‸{person: a@acme.example}]}"), "needs a reason"},
		"exempts nobody":        {role("{idle: 30d, exempt: [‸{why: x}]}"), "one person or one group"},
		"exempts both":          {role("{idle: 30d, exempt: [‸{person: a@acme.example, group: \"okta:x\", why: x}]}"), "one person or one group"},
		"exempts no address":    {role("{idle: 30d, exempt: [{person: ‸someone, why: x}]}"), "is not an e-mail address"},
		"exempt elsewhere":      {role("{idle: 30d, exempt: [{group: ‸\"ad:x\", why: x}]}"), `there is no directory "ad"`},
		"no day":                {role("{idle: 30d, exempt: [{person: a@acme.example, until: ‸soon, why: x}]}"), "write a day like"},
		"a role for all":        {"reclaim: {downgrade: ‸viewer}\n", "roles are an app's own"},
		"nobody at once":        {"reclaim: {at_most: ‸0}\n", "at_most"},
		"no calendar line":      {"schedules: {reclaim: ‸weekly}\n", "is no calendar line"},
		"no price":              {"    seat: {price: ‸\"12\"}\n", "an amount and a currency"},
		"no application":        {"    usage: [‸figma]\n", "directory and its own id"},
		"no such directory":     {"    usage: [‸\"ad:1\"]\n", `there is no directory "ad"`},
	} {
		t.Run(name, func(t *testing.T) { expectFault(t, smallConfig(t)+c.text, c.want) })
	}
}

// TestReclaimIsRead: a role's own goes before its app's, that before the house's; what is left out is left out by each of them.
func TestReclaimIsRead(t *testing.T) {
	text := smallConfig(t) + `      - {id: viewer, name: Viewer, groups: ["okta:figma-viewers"], duration: {choices: [6h]}, reclaim: {grace: 3d, exempt: [{person: Noor@acme.example, until: 2027-03-01, why: x}]}}
      - {id: admin, name: Admin, groups: ["okta:figma-admins"], duration: {choices: [6h]}, kind: everyday, reclaim: off}
    seat: {price: 120 EUR, per: year, committed: 20, renews: 2027-05-01}
    usage: ["okta:0oa1"]
    reclaim: {idle: 45d, grace: 5d, copy: manager}
reclaim: {idle: 30d, postpones: 3, issue: original, at_most: 4, per_person: 1, exempt: [{group: "okta:board", why: y}]}
`
	c, err := loadText(t, text, tokens())
	if err != nil {
		t.Fatal(err)
	}
	app, editor, _ := c.Catalog.Role("figma", "editor")
	_, viewer, _ := c.Catalog.Role("figma", "viewer")
	_, admin, _ := c.Catalog.Role("figma", "admin")
	if r := editor.Reclaim; r.Idle != 45*catalog.Day || r.Grace != 5*catalog.Day || r.Postpones != 3 || r.Copy != catalog.CopyManager || r.Issue != catalog.OriginalIssue || r.Least != catalog.AppSignIn || len(r.Exempt) != 1 {
		t.Errorf("the editor's is %+v", r)
	}
	if r := viewer.Reclaim; r.Idle != 45*catalog.Day || r.Grace != 3*catalog.Day || len(r.Exempt) != 2 || r.Exempt[0].Person != "noor@acme.example" || !r.Exempt[0].Until.Equal(time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("the viewer's is %+v", r)
	}
	if admin.Reclaim.On() {
		t.Error("the admin's comes back")
	}
	if app.Seat != (catalog.Seat{Price: 1000, Currency: "EUR", Committed: 20, Renews: time.Date(2027, 5, 1, 0, 0, 0, 0, time.UTC)}) || len(app.Uses) != 1 || app.Uses[0] != (catalog.AppUse{Directory: "okta", App: "0oa1"}) {
		t.Errorf("its seats are %+v, its use shows in %v", app.Seat, app.Uses)
	}
	if catalog.ReclaimingIn(c.Catalog) != (catalog.Reclaiming{AtMost: 4, PerPerson: 1}) {
		t.Errorf("at once: %+v", catalog.ReclaimingIn(c.Catalog))
	}
}

// TestNothingIsReclaimedUnlessSaid, whatever holds for the house.
func TestNothingIsReclaimedUnlessSaid(t *testing.T) {
	c, err := loadText(t, smallConfig(t)+"reclaim: {idle: 30d}\n", tokens())
	if err != nil {
		t.Fatal(err)
	}
	if _, r, _ := c.Catalog.Role("figma", "editor"); r.Reclaim.On() {
		t.Errorf("it comes back: %+v", r.Reclaim)
	}
}
