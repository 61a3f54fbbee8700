package site_test

import (
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/jira/check"
	"latchkey/jira/jiratest"
	sandbox "latchkey/sandbox/jira"
)

const custom = "com.atlassian.jira.plugin.system.customfieldtypes:"

func formField(id, name, kind string, required bool, options ...string) sandbox.Field {
	f := sandbox.Field{ID: id, Name: name, Type: "string", Custom: custom + kind, OnForm: true, Required: required, Options: options}
	switch kind {
	case "select":
		f.Type = "option"
	case "multiselect":
		f.Type, f.Items = "array", "option"
	case "float":
		f.Type = "number"
	}
	return f
}

// formDesk is a desk with fields, of which one is named for the app.
func formDesk(t *testing.T, app string, fields ...sandbox.Field) *jiratest.Desk {
	t.Helper()
	d := jiratest.New(t, func(c *sandbox.Config) { c.Fields = fields })
	d.Config.Site.Fields = map[string]string{"app": app}
	d.Config.Site.Choices = func() map[string][]string { return map[string][]string{"app": {"Figma", "Miro"}} }
	d.Restart()
	return d
}

// Lists of choices are filled in the way each kind takes it.
func TestListsOfChoicesAreFilledIn(t *testing.T) {
	for _, kind := range []string{"select", "multiselect", "textfield", "textarea"} {
		d := formDesk(t, "Application", formField("customfield_1", "Application", kind, true, "FIGMA", "Figma", "Miro"))
		s := jiratest.NewStory(d).Opened()
		if got := s.Issue(s.Request.Issue.Key).Fields["customfield_1"]; !strings.Contains(got, "Figma") {
			t.Errorf("%s holds %q", kind, got)
		}
		report := access.IssueReport{ID: "RC-1", Title: "Reconciliation"}
		if _, err := d.Client.Issues.OpenReport(t.Context(), report, d.Clock.Now()); access.Classify(err).Class == access.Rejected && err != nil {
			t.Errorf("%s: a report can't be opened: %v", kind, err)
		}
	}
}

// What a list is without is said by the check and, where the field is required,
// by whatever needs it, with the field and the value. Once it is mended the next
// attempt goes through.
func TestAChoiceThatIsMissing(t *testing.T) {
	for _, kind := range []string{"select", "multiselect"} {
		for _, required := range []bool{true, false} {
			d := formDesk(t, "Application", formField("customfield_1", "Application", kind, required, "Figma (Design)", "Miro"))
			level, found := check.Note, 0
			if required {
				level = check.Fault
			}
			for _, f := range d.Client.Checks.Check(t.Context()) {
				if f.Check == "choices" {
					found++
					if f.Level != level || !strings.Contains(f.Detail, "The field Application of Jira's form is a list without “Figma”") {
						t.Errorf("%s required=%v: the check says %+v", kind, required, f)
					}
				}
			}
			if found != 1 {
				t.Errorf("%s required=%v: %d values are said to be missing", kind, required, found)
			}
			s := jiratest.NewStory(d)
			_, err := s.Open(time.Time{})
			if !required {
				if err != nil {
					t.Error(err)
				}
				continue
			}
			s = jiratest.NewStory(d)
			_, err = s.Open(time.Time{})
			f := jiratest.Failure(t, err, access.Rejected)
			if !strings.Contains(f.Sentence, "Application") || !strings.Contains(f.Sentence, "“Figma”") || !f.Nothing {
				t.Errorf("%s: the failure reads %s", kind, f.Sentence)
			}
			if err := d.Site.SetField(formField("customfield_1", "Application", kind, true, "Figma", "Miro")); err != nil {
				t.Fatal(err)
			}
			s.Opened()
		}
	}
}

// Of two things with one name the first is never taken: the id has to be given.
func TestTwoOfOneNameAreAskedAbout(t *testing.T) {
	twice := []sandbox.Field{formField("customfield_1", "Application", "textfield", false), formField("customfield_2", "application ", "textfield", false)}
	d := formDesk(t, "Application", twice...)
	f := jiratest.Failure(t, d.Client.Site.Discover(t.Context()), access.Rejected)
	if want := "has 2 fields called \"Application\": set jira.fields.app to the id of the one that is meant, customfield_1 or customfield_2"; !strings.Contains(f.Sentence, want) {
		t.Errorf("the failure reads %s", f.Sentence)
	}
	d.Config.Site.Fields["app"] = "customfield_2"
	d.Restart()
	if s := jiratest.NewStory(d).Opened(); s.Issue(s.Request.Issue.Key).Fields["customfield_2"] != "Figma" {
		t.Error("the field that is named by its id is not filled in")
	}
	d.Config.Site.Fields = map[string]string{"until": "Application"}
	d.Restart()
	if f := jiratest.Failure(t, d.Client.Site.Discover(t.Context()), access.Rejected); !strings.Contains(f.Sentence, "set jira.fields.until to the id") {
		t.Errorf("the failure reads %s", f.Sentence)
	}

	for name, c := range map[string]struct{ call, body, want string }{
		"request types": {"GET /rest/servicedeskapi/servicedesk/10/requesttype",
			`{"isLastPage":true,"values":[{"id":"25","name":"Access request","issueTypeId":"1"},{"id":"26","name":"Access Request","issueTypeId":"1"}]}`, "set jira.request_type to the id of the one that is meant, 25 or 26"},
		"statuses": {"GET /rest/api/3/project/IT/statuses",
			`[{"id":"1","statuses":[{"id":"1","name":"Waiting for approval"},{"id":"9","name":"waiting for approval"}]}]`, "set jira.statuses.pending to the id of the one that is meant, 1 or 9"},
	} {
		fake := jiratest.NewFake(t)
		fake.Answer(c.call, 200, c.body, nil)
		if f := jiratest.Failure(t, fake.NewClient().Site.Discover(t.Context()), access.Rejected); !strings.Contains(f.Sentence, c.want) {
			t.Errorf("%s: the failure reads %s", name, f.Sentence)
		}
	}
}

// A required field that can't hold a text at all is found at start.
func TestAFieldThatHoldsNoText(t *testing.T) {
	d := formDesk(t, "Seats", formField("customfield_1", "Seats", "float", true))
	f := jiratest.Failure(t, d.Client.Site.Discover(t.Context()), access.Rejected)
	if !strings.Contains(f.Sentence, `The field "Seats"`) || !strings.Contains(f.Sentence, "use a short text or a select list") {
		t.Errorf("the failure reads %s", f.Sentence)
	}
}

// A list whose last page never comes is no list to decide by, and a site that
// doesn't say what kind it is may be one of Cloud.
func TestSitesThatSayLess(t *testing.T) {
	fake := jiratest.NewFake(t)
	fake.Answer("GET /rest/servicedeskapi/servicedesk/10/requesttype", 200, `{"values":[{"id":"1","name":"Laptop"}],"isLastPage":false}`, nil)
	if f := jiratest.Failure(t, fake.NewClient().Site.Discover(t.Context()), access.Transient); !strings.Contains(f.Sentence, "never end") {
		t.Errorf("the failure reads %s", f.Sentence)
	}
	fake = jiratest.NewFake(t)
	fake.Answer("GET /rest/api/3/serverInfo", 200, `{"baseUrl":"https://acme.atlassian.net"}`, nil)
	if err := fake.NewClient().Site.Discover(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestWhatTheFormLacksGoesByWhatIsOfferedNow: another catalogue in force is looked at with the next look at the site.
func TestWhatTheFormLacksGoesByWhatIsOfferedNow(t *testing.T) {
	d := formDesk(t, "Application", formField("customfield_1", "Application", "select", false, "Figma"))
	offered := []string{"Figma"}
	d.Config.Site.Choices = func() map[string][]string { return map[string][]string{"app": offered} }
	d.Restart()
	lacks := func() int {
		s, err := d.Client.Site.Site(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return len(s.Lacks)
	}
	if n := lacks(); n != 0 {
		t.Errorf("%d are missing", n)
	}
	offered = []string{"Figma", "Miro"}
	d.Client.Site.Again()
	if n := lacks(); n != 1 {
		t.Errorf("%d are missing after another app was offered", n)
	}
}
