package plan_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/catalog/plan"
)

// world is a catalogue that a case changes.
type world struct {
	apps   []catalog.App
	routes []catalog.Route
	policy catalog.Policy
	admins []string
}

func figma() *world {
	stages := func(all ...catalog.ApproverKind) (out []catalog.Stage) {
		for _, k := range all {
			out = append(out, catalog.Stage{Approvers: []catalog.Approver{{Kind: k}}})
		}
		return out
	}
	return &world{
		apps: []catalog.App{{
			ID: "figma", Name: "Figma", Owners: []string{"noor@acme.example"}, Status: catalog.Approved, Provisioning: catalog.ByDirectory,
			Roles: []catalog.Role{
				{ID: "editor", Name: "Editor", Route: "manager", Risk: catalog.Low, Groups: []catalog.GroupRef{{Directory: "okta", Group: "editors"}}, Durations: catalog.Durations{Choices: []time.Duration{6 * time.Hour, 30 * catalog.Day}, Default: 6 * time.Hour, Max: 90 * catalog.Day}},
				{ID: "viewer", Name: "Viewer", Route: "everyday", Risk: catalog.Low, Durations: catalog.Durations{Choices: []time.Duration{catalog.Forever}}},
			},
		}},
		routes: []catalog.Route{{Name: "everyday"}, {Name: "manager", Stages: stages(catalog.Manager)}, {Name: "owner", Stages: stages(catalog.Owner)}, {Name: "both", Stages: stages(catalog.Manager, catalog.Owner)}},
		admins: []string{"ines@acme.example"},
	}
}

func (w *world) file(name string) plan.File {
	return plan.File{Side: plan.Side{File: name}, Catalog: catalog.New(w.apps, w.routes).Under(w.policy), Admins: w.admins}
}

func (w *world) editor() *catalog.Role { return &w.apps[0].Roles[0] }

// said are the changes of a plan, as lines.
func said(lines []plan.Line) (out []string) {
	for _, l := range lines {
		out = append(out, fmt.Sprintf("%s %s %s: %s [%s]", l.Section, l.Sign, l.About, l.Says, strings.Join(l.Who, "; ")))
	}
	return out
}

func compared(t *testing.T, change func(*world)) plan.Plan {
	t.Helper()
	after := figma()
	change(after)
	c := plan.Compare(figma().file("old.yaml"), after.file("new.yaml"))
	c.Everybody()
	return c.Plan()
}

func TestWhatTwoFilesSay(t *testing.T) {
	rule := func(r catalog.Rule) func(*world) {
		return func(w *world) { w.policy.Rules = append(w.policy.Rules, r) }
	}
	for name, c := range map[string]struct {
		change func(*world)
		want   []string
	}{
		"nothing": {func(*world) {}, nil},
		"another route": {func(w *world) { w.editor().Route = "both" }, []string{
			"asked ~ Figma · Editor: manager → manager, then owner [everybody]",
			"deciding + Figma · Editor: may say yes [noor@acme.example]",
		}},
		"another owner": {func(w *world) { w.apps[0].Owners = []string{"grace@acme.example"}; w.editor().Route = "owner" }, []string{
			"offered ~ Figma: owners: noor@acme.example → grace@acme.example []",
			"asked ~ Figma · Editor: manager → owner [everybody]",
			"deciding + Figma · Editor: may say yes [grace@acme.example]",
			"deciding - Figma · Editor: can't say yes any more [manager]",
		}},
		"for a department": {func(w *world) { w.editor().For.Departments = []string{"Design"} }, []string{
			"eligible - Figma · Editor: can't ask for it any more: Figma · Editor is only for Design [everybody but department Design]",
		}},
		"shorter": {func(w *world) { w.editor().Durations.Max = catalog.Week }, []string{
			"length ~ Figma · Editor: 90 days at most → 1 week at most [everybody]",
		}},
		"no end": {func(w *world) { w.editor().Durations.Max = catalog.Forever }, []string{
			"length ~ Figma · Editor: 90 days at most → no end [everybody]",
		}},
		"a role more": {func(w *world) {
			w.apps[0].Roles = append(w.apps[0].Roles, catalog.Role{ID: "admin", Name: "Admin", Route: "owner", Durations: catalog.Durations{Choices: []time.Duration{time.Hour}, Default: time.Hour, Max: time.Hour}})
		}, []string{
			"offered + Figma · Admin: is offered []",
			"eligible + Figma · Admin: can ask for it: owner, 1 hour at most [everybody]",
			"deciding + Figma · Admin: may say yes [noor@acme.example]",
		}},
		"a role less": {func(w *world) { w.apps[0].Roles = w.apps[0].Roles[1:] }, []string{
			"offered - Figma · Editor: isn't offered any more; who has it keeps it until its end []",
		}},
		"another group": {func(w *world) {
			w.editor().Groups = []catalog.GroupRef{{Directory: "okta", Group: "painters"}}
		}, []string{
			"offered + Figma · Editor: opens okta:painters []",
			"offered - Figma · Editor: doesn't open okta:editors any more []",
		}},
		"a channel": {func(w *world) { w.editor().Channel = "#design" }, []string{
			"told ~ Figma · Editor: approvers are asked in #design, not in direct messages []",
		}},
		"a rule that refuses": {rule(catalog.Rule{ID: "no-contractors", If: catalog.Condition{Apps: []string{"figma"}, Roles: []catalog.RoleRef{{App: "figma", Role: "editor"}}, Types: []string{"Contractor"}}, Then: catalog.Consequence{Deny: "Contractors draw elsewhere. Ask your host."}}), []string{
			"eligible - Figma · Editor: can't ask for it any more: Contractors draw elsewhere (rule no-contractors) [type Contractor]",
			"eligible - Figma · Editor: can't ask for it any more: it depends on what isn't known of them: kind of employment (rule no-contractors) [no type known]",
			"rules + no-contractors: is new []",
		}},
		"a rule by length": {rule(catalog.Rule{ID: "short", If: catalog.Condition{Roles: []catalog.RoleRef{{App: "figma", Role: "editor"}}, Departments: []string{"Design"}, UpTo: catalog.Day}, Then: catalog.Consequence{Approve: true}}), []string{
			"asked ~ Figma · Editor: manager → up to 1 day: nobody is asked; longer: manager [department Design]",
			"rules + short: is new []",
		}},
		"another admin, whom nothing asks": {func(w *world) { w.admins = append(w.admins, "omar@acme.example") }, nil},
		"a route that nothing uses": {func(w *world) { w.routes = append(w.routes, catalog.Route{Name: "spare"}) }, []string{
			"else ~ : the catalogue says something else, which makes no difference to anybody who was judged []",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			p := compared(t, c.change)
			if diff := cmp.Diff(c.want, said(p.Changes)); diff != "" {
				t.Error(diff)
			}
			if p.Changed != (len(c.want) > 0) {
				t.Errorf("changed: %v", p.Changed)
			}
		})
	}
}

// TestEveryChangeIsSeen: whatever changes a catalogue's version has a line.
func TestEveryChangeIsSeen(t *testing.T) {
	for name, change := range map[string]func(*world){
		"a description": func(w *world) { w.apps[0].Description = "Pictures" },
		"tags":          func(w *world) { w.apps[0].Tags = []string{"draw"} },
		"extension":     func(w *world) { w.editor().Extend.MaxTimes = 3 },
		"needs":         func(w *world) { w.editor().Needs = []catalog.Holding{{App: "figma", Role: "viewer"}} },
		"emergency":     func(w *world) { w.editor().BreakGlass = true },
		"max of a risk": func(w *world) { w.policy.Max = map[catalog.Risk]time.Duration{catalog.High: catalog.Day} },
		"route unused":  func(w *world) { w.routes = w.routes[:3] },
		"reconcile":     func(w *world) { w.apps[0].Unrequested = catalog.Remove },
	} {
		if p := compared(t, change); !p.Changed || p.Old.Version == p.New.Version {
			t.Errorf("%s: nothing is said (%s, %s)", name, p.Old.Version, p.New.Version)
		}
	}
}

// person is somebody who answers as a catalogue does.
func person(id string, f plan.File) plan.Answers {
	p := access.Person{ID: access.PersonID(id), Name: id, Email: access.NewEmail(id + "@acme.example"), Kind: access.Employee, Standing: access.Active}
	return func(ref catalog.RoleRef, wanted time.Duration) (access.Request, error) {
		r, _, _, err := access.Submit(f.Catalog, access.Ask{ID: "AR-1", Requester: p, Beneficiary: p, App: ref.App, Role: ref.Role, Wanted: wanted, Reason: "why not"}, access.Standings{}, time.Unix(0, 0))
		return r, err
	}
}

func TestPeopleAreCountedAndNamedUpToABound(t *testing.T) {
	after := figma()
	after.editor().Route = "owner"
	before, now := figma().file("old.yaml"), after.file("new.yaml")
	c := plan.Compare(before, now)
	for i := 299; i >= 0; i-- {
		name := fmt.Sprintf("p%03d", i)
		c.Person(name, person(name, before), person(name, now))
	}
	p := c.Plan()
	i := slices.IndexFunc(p.Changes, func(l plan.Line) bool { return l.Section == plan.Asked })
	if i < 0 || p.Changes[i].Count != 300 || len(p.Changes[i].Who) != 100 || p.Changes[i].Who[0] != "p000" || p.People != 300 {
		t.Errorf("%+v", p)
	}
}

func TestWhatIsNotKnownIsSaidAndCountsForNothing(t *testing.T) {
	after := figma()
	after.editor().Route = "owner"
	before, now := figma().file("old.yaml"), after.file("new.yaml")
	c := plan.Compare(before, now)
	blind := func(catalog.RoleRef, time.Duration) (access.Request, error) {
		return access.Request{}, errors.New("who is in okta:editors can't be read")
	}
	c.Person("Maya", person("maya", before), blind)
	p := c.Plan()
	if len(p.Unknown) != 1 || !strings.Contains(p.Unknown[0], "who is in okta:editors can't be read") {
		t.Errorf("unknown: %v", p.Unknown)
	}
	if slices.ContainsFunc(p.Changes, func(l plan.Line) bool { return l.Section == plan.Asked || l.Section == plan.Eligible }) {
		t.Errorf("something is said all the same: %v", said(p.Changes))
	}
}

func TestRequestsOfLatelyAreJudgedAgain(t *testing.T) {
	after := figma()
	after.editor().Route = "owner"
	before, now := figma().file("old.yaml"), after.file("new.yaml")
	c := plan.Compare(before, now)
	ref := catalog.RoleRef{App: "figma", Role: "editor"}
	again := func(f plan.File) plan.Judged {
		r, err := person("maya", f)(ref, time.Hour)
		return plan.Judged{Request: r, Err: err}
	}
	made := again(before).Request
	made.State = access.RequestApproved
	c.Request(plan.Past{Label: "IT-1", Made: made, Before: again(before), After: again(now)})
	c.Request(plan.Past{Label: "IT-2", Made: made, Before: again(before), After: again(before)})
	c.Request(plan.Past{Label: "IT-3", Made: made, Before: again(before), After: plan.Judged{Err: access.Refuse(access.NotAllowed, "role", "Only for Design. Ask IT.")}})
	c.Request(plan.Past{Label: "IT-4", Made: made, Before: again(before), After: plan.Judged{Err: errors.New("no such person")}})
	p := c.Plan()
	var lines []plan.Line
	for _, l := range p.Changes {
		if l.Section == plan.Replayed {
			lines = append(lines, l)
		}
	}
	want := []string{
		"replayed ~ Figma · Editor: manager → owner [IT-1, then asked, approved, for 1 hour]",
		"replayed ~ Figma · Editor: manager → refused: Only for Design [IT-3, then asked, approved, for 1 hour]",
	}
	if diff := cmp.Diff(want, said(lines)); diff != "" || p.Requests != 3 || len(p.Unknown) != 1 {
		t.Errorf("%s, %d judged, unknown %v", diff, p.Requests, p.Unknown)
	}
}

// TestTheSameFilesGiveTheSamePlan: also where there are more kinds of people than are judged.
func TestTheSameFilesGiveTheSamePlan(t *testing.T) {
	of := catalog.Condition{Roles: []catalog.RoleRef{{App: "figma", Role: "editor"}}, Titles: []string{"Designer"}, Locations: []string{"Oslo"}, Types: []string{"Contractor"}}
	for i := range 394 {
		of.Departments = append(of.Departments, fmt.Sprintf("Department %03d", i))
	}
	change := func(w *world) {
		for i, c := range []catalog.Condition{{Departments: of.Departments}, {Titles: of.Titles}, {Locations: of.Locations}, {Types: of.Types}} {
			c.Roles = of.Roles
			w.policy.Rules = append(w.policy.Rules, catalog.Rule{ID: fmt.Sprint("no-", i), If: c, Then: catalog.Consequence{Deny: "Not for them. Ask your host."}})
		}
	}
	first := compared(t, change)
	for range 2 {
		if diff := cmp.Diff(first, compared(t, change)); diff != "" {
			t.Fatal(diff)
		}
	}
	if !slices.ContainsFunc(first.Unknown, func(s string) bool { return strings.Contains(s, "too many of them") }) {
		t.Errorf("nothing was left out: %q", first.Unknown)
	}
}

func TestWhoCannotBeFound(t *testing.T) {
	lacking := func(what ...string) plan.Resolve {
		return func(access.Request) plan.Deciders {
			return plan.Deciders{Who: map[string]string{"I": "Ines"}, Lacks: what}
		}
	}
	after := figma()
	after.editor().Route = "both"
	before, now := figma().file("old.yaml"), after.file("new.yaml")
	before.Resolve, now.Resolve = lacking("a@acme.example is not known in Slack"), lacking("a@acme.example is not known in Slack", "nobody is in okta:security")
	c := plan.Compare(before, now)
	c.Person("Maya", person("maya", before), person("maya", now))
	p := c.Plan()
	var changed []plan.Line
	for _, l := range p.Changes {
		if l.Section == plan.Unfound {
			changed = append(changed, l)
		}
	}
	if diff := cmp.Diff([]string{"unfound + : nobody is in okta:security [Maya]"}, said(changed)); diff != "" {
		t.Error(diff)
	}
	if i := slices.IndexFunc(p.Standing, func(l plan.Line) bool { return l.Section == plan.Unfound }); i < 0 || p.Standing[i].Says != "a@acme.example is not known in Slack" {
		t.Errorf("standing: %v", said(p.Standing))
	}
}
