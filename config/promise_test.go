package config

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"latchkey/access"
	"latchkey/catalog"
)

// drawConfig is a configuration of any company: some of them can't be loaded.
func drawConfig(t *rapid.T, small string) string {
	one := func(of string, from ...string) string { return rapid.SampledFrom(from).Draw(t, of) }
	text := small
	if rapid.Bool().Draw(t, "people can sign in") {
		text = strings.Replace(text, "    token: ${OKTA_TOKEN}\n", "    token: ${OKTA_TOKEN}\n    sign_in_client: 0oa1\n", 1)
	}
	route := one("stages", "[]", "[manager]", "[manager, owner]", "[{approvers: [manager, admins], need: 2}]", "{stages: [manager, owner], distinct: true}",
		"[{approvers: [owner], if: {who: {departments: [Sales]}}}, admins]")
	text = strings.Replace(text, "  manager: [manager]\n", "  manager: [manager]\n  drawn: "+route+"\n", 1)
	text += fmt.Sprintf("      - {id: drawn, name: Drawn, groups: [\"okta:%s\"], route: %s%s%s%s%s, duration: %s}\n",
		one("group", "plain", "privileged"), one("route", "everyday", "manager", "drawn"), one("risk", "", ", risk: low", ", risk: high"),
		one("kind", "", ", kind: everyday", ", kind: admin", ", kind: production", ", kind: finance"), one("assurance", "", ", assurance: step-up", ", assurance: confirm"),
		one("accepted", "", "", ", accepted: the auditors know"), one("duration", "{choices: [6h, 14d], max: 30d}", "{choices: [6h], default: 6h, max: 8h, required: true}", "{choices: [1h, forever]}", "{choices: [forever]}"))
	text += one("privileged", "", "privileged_groups: [\"okta:privileged\"]\n")
	then := rapid.SampledFrom([]string{"approve", "hide", "{deny: No.}", "{route: everyday}", "{route: drawn}", "{stages: [admins]}", "{max: 2h}"})
	when := rapid.SampledFrom([]string{"who: {departments: [Sales]}", "who: {types: [Contractor]}", "what: {apps: [figma]}", "wanted: {up_to: 1d}", "when: person.title == \"Lead\""})
	if n := rapid.IntRange(0, 3).Draw(t, "rules"); n > 0 {
		text += "policy:\n" + one("most", "", "  max: {high: 4h}\n") + one("contractors", "", "  contractors: {types: [Contractor], max: 1d}\n") + "  rules:\n"
		for i := range n {
			text += fmt.Sprintf("    - {id: r%d, %s, then: %s}\n", i, when.Draw(t, "when"), then.Draw(t, "then"))
		}
	}
	return text
}

func drawPerson(t *rapid.T, id string) access.Person {
	return access.Person{ID: access.PersonID(id), Email: access.Email(id + "@acme.example"), Name: id, Kind: access.Employee, Standing: access.Active,
		Department: rapid.SampledFrom([]string{"", "Sales", "IT"}).Draw(t, id+"'s department"), Employment: rapid.SampledFrom([]string{"", "Contractor", "Employee"}).Draw(t, id+"'s employment")}
}

// TestNoConfigurationBreaksAPromise: whatever loads, whoever asks, and whatever anybody presses, nobody decides on their own
// access or on that of whom they decide for, nobody who isn't found at that moment, no click alone where a sign-in is asked
// for; and what is of high risk has a yes and an end.
func TestNoConfigurationBreaksAPromise(t *testing.T) {
	small, loaded, given := smallConfig(t), 0, 0
	rapid.Check(t, func(t *rapid.T) {
		c, err := Parse("config.yaml", []byte(drawConfig(t, small)), lookup(tokens()), ofThisBuild())
		if err != nil {
			return // refused at load
		}
		loaded++
		for range 6 {
			if r, asked := drawAsk(t, c.Catalog); asked && answered(t, c.Catalog, r).State == access.RequestApproved {
				given++
			}
		}
	})
	if loaded == 0 || given == 0 {
		t.Errorf("%d configurations load, and %d of what is asked for is given", loaded, given)
	}
}

// drawAsk is a request of anybody; none where it is refused.
func drawAsk(t *rapid.T, c *catalog.Catalog) (access.Request, bool) {
	by, holder := drawPerson(t, "sam"), drawPerson(t, "maya")
	if rapid.Bool().Draw(t, "for themselves") {
		holder = by
	}
	ask := access.Ask{ID: "AR-TEST0001", Requester: by, Beneficiary: holder, App: "figma", Role: rapid.SampledFrom([]string{"drawn", "editor"}).Draw(t, "role"), Reason: "Because",
		Wanted: rapid.SampledFrom([]time.Duration{time.Hour, 6 * time.Hour, 14 * catalog.Day, catalog.Forever}).Draw(t, "wanted")}
	r, _, _, err := access.Submit(c, ask, access.Standings{}, drawnAt())
	if _, refused := access.AsRefusal(err); err != nil && !refused {
		t.Fatal(err)
	}
	return r, err == nil
}

// answered is a request after several people have pressed buttons, and what it asks for is given if they approved it.
func answered(t *rapid.T, c *catalog.Catalog, r access.Request) access.Request {
	_, role, _ := c.Role(r.App, r.Role)
	if r.State == access.RequestApproved && (role.Risk == catalog.High && role.Accepted == "" || role.NeedsStepUp()) {
		t.Fatalf("nobody is asked: %+v", r)
	}
	for range rapid.IntRange(0, 6).Draw(t, "presses") {
		r = pressed(t, r, role)
	}
	givenWithAnEnd(t, c, r)
	return r
}

func drawnAt() time.Time { return time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC) }

// pressed is a request after somebody has pressed a button.
func pressed(t *rapid.T, r access.Request, role catalog.Role) access.Request {
	everybody := []access.PersonID{"sam", "maya", "noor", "omar", "lena", "rui"}
	some := rapid.SampledFrom(everybody)
	found := rapid.SliceOfNDistinct(some, 0, 4, rapid.ID).Draw(t, "found")
	var all []access.Delegation
	for range rapid.IntRange(0, 4).Draw(t, "delegations") {
		from := drawnAt().Add(rapid.SampledFrom([]time.Duration{-48 * time.Hour, -time.Hour, time.Hour}).Draw(t, "from"))
		all = append(all, access.Delegation{Delegator: some.Draw(t, "of"), Delegate: some.Draw(t, "to"), From: from, Until: from.Add(24 * time.Hour), State: access.DelegationRunning})
	}
	delegates, by := access.Delegated(r, found, all, drawnAt()), some.Draw(t, "by")
	e := r.Event(rapid.SampledFrom([]access.EventKind{access.EventApproved, access.EventDenied}).Draw(t, "answer"), access.Actor{Person: by, Via: access.ViaSlack}, drawnAt())
	e.Reason, e.Delegates, e.Approvers = "Because", delegates, slices.Clone(found)
	for _, d := range delegates {
		e.Approvers = append(e.Approvers, d.Who)
	}
	if r.State == access.RequestPending && r.Stage < len(r.Stages) {
		e.For = r.Standing(by, delegates)
	}
	if rapid.Bool().Draw(t, "signs in") {
		e.SignedIn = &access.SignedIn{Directory: "okta", At: drawnAt()}
	}
	next, _, err := r.Apply(e, drawnAt())
	if err != nil || access.SignInMissing(role, e) != nil {
		return r
	}
	counted(t, r, e, found, all, role)
	return next
}

// counted holds an answer that counts against what it may be, by its own reckoning.
func counted(t *rapid.T, r access.Request, e access.Event, found []access.PersonID, all []access.Delegation, role catalog.Role) {
	by := e.Actor.Person
	own := func(who access.PersonID) bool { return who == r.Requester || who == r.Beneficiary }
	stands := slices.ContainsFunc(all, func(d access.Delegation) bool {
		return d.Delegate == by && slices.Contains(found, d.Delegator) && !own(d.Delegator) && !drawnAt().Before(d.From) && drawnAt().Before(d.Until)
	})
	switch {
	case own(by) || own(e.For):
		t.Fatalf("%s decides on their own access, or for %s: %+v", by, e.For, r)
	case !slices.Contains(found, by) && !stands:
		t.Fatalf("%s decides, and isn't found: %+v of %v, %+v", by, e, found, all)
	case e.Kind == access.EventApproved && role.NeedsStepUp() && e.SignedIn == nil:
		t.Fatalf("a click is enough: %+v", r)
	}
}

// givenWithAnEnd gives what was approved, and looks whether it ends where it has to.
func givenWithAnEnd(t *rapid.T, c *catalog.Catalog, r access.Request) {
	app, role, _ := c.Role(r.App, r.Role)
	if r.State != access.RequestApproved {
		return
	}
	g, _, _, err := access.Start(r, app, role, drawnAt())
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []access.EventKind{access.EventRecorded, access.EventMemberAdded} {
		e := g.Event(kind, access.System(), drawnAt())
		e.Group, e.Issue = &role.Groups[0], &access.Issue{ID: "1", Key: "IT-1"}
		if g, _, err = g.Apply(e, drawnAt()); err != nil {
			t.Fatal(err)
		}
	}
	if bound := c.Policy().Max[role.Risk]; role.Risk == catalog.High && role.Accepted == "" && g.Ends.IsZero() || bound > 0 && (g.Ends.IsZero() || g.Ends.Sub(g.Started) > bound) {
		t.Fatalf("high risk, and no end or a late one: %+v", g)
	}
}
