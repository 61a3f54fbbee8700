package options_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"latchkey/access"
	"latchkey/jira"
	"latchkey/jira/jiratest"
	"latchkey/jira/options"
	"latchkey/jira/site"
	sandbox "latchkey/sandbox/jira"
)

const (
	optionsOf = "/rest/api/3/field/{fieldId}/context/{contextId}/option"
	root      = "root@acme.example"
	types     = "com.atlassian.jira.plugin.system.customfieldtypes:"
)

// desk is a site whose form has a list of apps, and a list of roles, which an
// administrator keeps.
func desk(t *testing.T, change ...func(*sandbox.Field)) *jiratest.Desk {
	t.Helper()
	apps := sandbox.Field{ID: "customfield_1", Name: "Application", Type: "option", Custom: types + "select", OnForm: true, Options: []string{"Figma", "Paint"}}
	for _, f := range change {
		f(&apps)
	}
	d := jiratest.New(t, func(c *sandbox.Config) {
		c.Fields = []sandbox.Field{apps,
			{ID: "customfield_2", Name: "Role", Type: "array", Items: "option", Custom: types + "multiselect", OnForm: true, Options: []string{"Editor"}}}
	})
	d.Site.AddAccount(sandbox.Account{Email: root, DisplayName: "Root", Active: true, Admin: true, Token: "the-token"})
	d.Config.Admin = jira.Admin{Email: root, Token: "the-token"}
	d.MapFields(map[string]string{"app": "Application", "role": "Role"})
	return d
}

func wanted(apps, roles []options.Choice) map[string][]options.Choice {
	return map[string][]options.Choice{site.FieldApp: apps, site.FieldRole: roles}
}

func one(name string, keys ...string) options.Choice { return options.Choice{Name: name, Keys: keys} }

// sync plans, carries it out, and tells what was done.
func sync(t *testing.T, d *jiratest.Desk, want map[string][]options.Choice) (done []string) {
	t.Helper()
	d.Restart()
	lists, err := d.Client.Options.Plan(t.Context(), want)
	if err == nil {
		err = d.Client.Options.Apply(t.Context(), lists)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lists {
		for _, c := range l.Changes {
			done = append(done, strings.TrimSpace(fmt.Sprintf("%s %s %s", c.Kind, c.Name, c.Was)))
		}
	}
	return done
}

func field(t *testing.T, d *jiratest.Desk, id string) sandbox.Field {
	t.Helper()
	all := d.Site.Fields()
	return all[slices.IndexFunc(all, func(f sandbox.Field) bool { return f.ID == id })]
}

// Twice changes nothing; a rename keeps the option, and what is taken out is disabled.
func TestTheFormOffersWhatTheCatalogueHas(t *testing.T) {
	d := desk(t)
	roles := []options.Choice{one("Editor", "figma/editor", "miro/editor"), one("Viewer", "figma/viewer")}
	want := wanted([]options.Choice{one("Figma", "figma"), one("Miro", "miro")}, roles)
	if diff := cmp.Diff([]string{"add Miro", "disable Paint", "add Viewer"}, sync(t, d, want)); diff != "" {
		t.Errorf("at first (-want +got):\n%s", diff)
	}
	if done := sync(t, d, want); done != nil {
		t.Errorf("once more does %q", done)
	}
	want[site.FieldApp][0].Name = "Figma Design"
	want[site.FieldRole] = []options.Choice{one("Editor", "figma/editor"), one("Facilitator", "miro/editor"), one("Reader", "figma/viewer")}
	if diff := cmp.Diff([]string{"rename Figma Design Figma", "add Facilitator", "rename Reader Viewer", "order as in the catalogue"}, sync(t, d, want)); diff != "" {
		t.Errorf("with other names (-want +got):\n%s", diff)
	}
	f := field(t, d, "customfield_1")
	if diff := cmp.Diff([]string{"Figma Design", "Paint", "Miro"}, f.Options); diff != "" || !slices.Equal(f.Disabled, []string{"Paint"}) {
		t.Errorf("disabled %q (-want +got):\n%s", f.Disabled, diff)
	}
	want[site.FieldApp] = append(want[site.FieldApp], one("Paint", "paint"))
	if done := sync(t, d, want); !slices.Equal(done, []string{"enable Paint", "order as in the catalogue"}) {
		t.Errorf("what comes back does %q", done)
	}
	if done := sync(t, d, want); done != nil {
		t.Errorf("then does %q", done)
	}
	for id, want := range map[string][]string{"customfield_1": {"Figma Design", "Miro", "Paint"}, "customfield_2": {"Editor", "Facilitator", "Reader"}} {
		f := field(t, d, id)
		var listed []string
		for _, i := range f.Listed() {
			listed = append(listed, f.Options[i])
		}
		if !slices.Equal(listed, want) {
			t.Errorf("listed are %q, want %q", listed, want)
		}
	}
}

// However many options there are, they are brought into order, and by few calls.
func TestManyOptionsAreBroughtIntoOrder(t *testing.T) {
	d := desk(t)
	var roles []options.Choice
	for i := range 1100 {
		roles = append(roles, one(fmt.Sprintf("Role %04d", i), fmt.Sprintf("app/%d", i)))
	}
	apps := []options.Choice{one("Figma")}
	sync(t, d, wanted(apps, roles))
	slices.Reverse(roles)
	calls := d.Calls(func() { sync(t, d, wanted(apps, roles)) })
	if calls["PUT "+optionsOf+"/move"] != 2 {
		t.Errorf("it takes the calls %v", calls)
	}
	if done := sync(t, d, wanted(apps, roles)); done != nil {
		t.Errorf("then does %q", done)
	}
}

// What is written by hand is what it is called: names find it, whatever their case.
func TestAnOptionIsFoundByItsName(t *testing.T) {
	d := desk(t, func(f *sandbox.Field) { f.Options = []string{"FIGMA"} })
	if done := sync(t, d, wanted([]options.Choice{one("Figma", "figma")}, []options.Choice{one("Editor")})); !slices.Equal(done, []string{"rename Figma FIGMA"}) {
		t.Errorf("done: %q", done)
	}
}

// A thousand and one roles take two calls.
func TestManyRolesTakeFewCalls(t *testing.T) {
	d := desk(t)
	var roles []options.Choice
	for i := range 1002 {
		roles = append(roles, one(fmt.Sprintf("Role %04d", i), fmt.Sprintf("app/%d", i)))
	}
	roles[0].Name = "Editor"
	calls := d.Calls(func() { sync(t, d, wanted([]options.Choice{one("Figma"), one("Paint")}, roles)) })
	if calls["POST "+optionsOf] != 2 || calls["PUT "+optionsOf] != 0 {
		t.Errorf("it takes the calls %v", calls)
	}
	roles[700].Name = "Another"
	if done := sync(t, d, wanted([]options.Choice{one("Figma"), one("Paint")}, roles)); !slices.Equal(done, []string{"rename Another Role 0700"}) {
		t.Errorf("done: %q", done)
	}
}

// One option that is gone changes nothing, and is named.
func TestAnOptionThatIsGone(t *testing.T) {
	d := desk(t, func(f *sandbox.Field) { f.Options = []string{"Figma", "Paint", "Chalk"} })
	lists, err := d.Client.Options.Plan(t.Context(), wanted([]options.Choice{one("Figma")}, []options.Choice{one("Editor")}))
	if err != nil {
		t.Fatal(err)
	}
	f := field(t, d, "customfield_1")
	f.Options = f.Options[:2]
	if err := d.Site.SetField(f); err != nil {
		t.Fatal(err)
	}
	failure := jiratest.Failure(t, d.Client.Options.Apply(t.Context(), lists), access.Rejected)
	if !strings.Contains(failure.Sentence, `Nothing was changed in "Application", because somebody has deleted "Chalk" meanwhile`) {
		t.Error(failure.Sentence)
	}
	if f := field(t, d, "customfield_1"); len(f.Disabled) > 0 {
		t.Errorf("disabled: %q", f.Disabled)
	}
}

// What can't be kept is refused with the remedy, before anything is changed.
func TestWhatCanNotBeKept(t *testing.T) {
	for want, set := range map[string]func(*jiratest.Desk){
		"Only Jira administrators may": func(d *jiratest.Desk) { d.Config.Admin = jira.Admin{} },
		`The field "Application" has no context of its own for project IT`: func(d *jiratest.Desk) {
			f := field(t, d, "customfield_1")
			f.Global = true
			if err := d.Site.SetField(f); err != nil {
				t.Fatal(err)
			}
		},
		"names a list of choices": func(d *jiratest.Desk) { d.Config.Site.Fields = nil },
	} {
		d := desk(t)
		set(d)
		d.Restart()
		_, err := d.Client.Options.Plan(t.Context(), wanted([]options.Choice{one("Miro")}, nil))
		if f := jiratest.Failure(t, err, access.Rejected); !strings.Contains(f.Sentence, want) {
			t.Errorf("got  %s\nwant %s", f.Sentence, want)
		}
	}
}

// An answer that was lost makes no option twice.
func TestALostAnswerAddsNothingTwice(t *testing.T) {
	d := desk(t)
	want := wanted([]options.Choice{one("Figma"), one("Paint"), one("Miro")}, []options.Choice{one("Editor")})
	d.Site.AddFault(sandbox.Fault{Method: http.MethodPost, Path: optionsOf, After: true, Drop: true})
	lists, err := d.Client.Options.Plan(t.Context(), want)
	if err != nil {
		t.Fatal(err)
	}
	jiratest.Failure(t, d.Client.Options.Apply(t.Context(), lists), access.Unclear)
	if done := sync(t, d, want); done != nil {
		t.Errorf("done once more: %q", done)
	}
	if f := field(t, d, "customfield_1"); !slices.Equal(f.Options, []string{"Figma", "Paint", "Miro"}) {
		t.Errorf("the options are %q", f.Options)
	}
}
