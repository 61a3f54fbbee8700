package site_test

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/jira"
	"latchkey/jira/jiratest"
	"latchkey/jira/site"
	sandbox "latchkey/sandbox/jira"
)

// keptIDs keeps ids as the store does.
type keptIDs struct{ ids map[string]string }

func (m *keptIDs) Recall(context.Context) (map[string]string, error) { return maps.Clone(m.ids), nil }

func (m *keptIDs) Remember(_ context.Context, ids map[string]string) error {
	m.ids = ids
	return nil
}

// remembering is a client of a fake that keeps ids, as after a start.
func remembering(t *testing.T, f *jiratest.Fake, m site.KnownIDs, fields map[string]string) *jira.Client {
	t.Helper()
	cfg := jiratest.Config(f.Server.URL, f.Clock.Now)
	cfg.Rest.HTTP, cfg.KnownIDs, cfg.Site.Fields = f.Server.Client(), m, fields
	c, err := jira.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A thing that gets another name in Jira keeps its id, and goes on being found.
func TestRenamedThingsAreFoundAgain(t *testing.T) {
	const desk = "GET /rest/servicedeskapi/servicedesk/10/requesttype"
	const form = `{"canRaiseOnBehalfOf":true,"requestTypeFields":[{"fieldId":"summary","required":true},{"fieldId":"description"},
		{"fieldId":"customfield_1","name":"%","jiraSchema":{"type":"string"}}]}`
	for name, c := range map[string]struct{ call, before, after, note string }{
		"a status": {"GET /rest/api/3/project/IT/statuses", `[{"id":"1","statuses":[{"id":"1","name":"Waiting for approval"},{"id":"2","name":"In progress"},
			{"id":"3","name":"Waiting for support"},{"id":"4","name":"Granted"},{"id":"5","name":"Needs attention"},{"id":"6","name":"Declined"},{"id":"7","name":"Canceled"},{"id":"8","name":"Closed"}]}]`,
			`[{"id":"1","statuses":[{"id":"1","name":"Waiting for approval"},{"id":"2","name":"In progress"},
			{"id":"3","name":"Waiting for support"},{"id":"4","name":"Granted"},{"id":"5","name":"Needs attention"},{"id":"6","name":"Declined"},{"id":"7","name":"Canceled"},{"id":"8","name":"Archived"}]}]`,
			"jira.statuses.ended calls “Closed” is called “Archived”"},
		"the request type": {desk, `{"values":[{"id":"25","name":"Access request","issueTypeId":"1"}],"isLastPage":true}`,
			`{"values":[{"id":"25","name":"Ask for access","issueTypeId":"1"}],"isLastPage":true}`, "“Access request” is called “Ask for access”"},
		"a field of the form": {desk + "/25/field", strings.Replace(form, "%", "Application", 1), strings.Replace(form, "%", "Product", 1), "jira.fields.app calls “Application” is called “Product”"},
		"a field of an issue": {"GET /rest/api/3/field", `[{"id":"customfield_2","name":"Ends","schema":{"type":"datetime"}}]`,
			`[{"id":"customfield_2","name":"Access ends","schema":{"type":"datetime"}}]`, "jira.fields.until calls “Ends” is called “Access ends”"},
	} {
		t.Run(name, func(t *testing.T) {
			f, m := jiratest.NewFake(t), &keptIDs{}
			fields := map[string]string{}
			f.Answer(desk+"/25/field", 200, strings.Replace(form, "%", "Application", 1), nil)
			fields["app"] = "Application"
			if name == "a field of an issue" {
				fields["until"] = "Ends"
			}
			f.Answer(c.call, 200, c.before, nil)
			if err := remembering(t, f, m, fields).Site.Discover(t.Context()); err != nil {
				t.Fatal(err)
			}
			f.Answer(c.call, 200, c.after, nil)
			again := remembering(t, f, m, fields)
			if err := again.Site.Discover(t.Context()); err != nil {
				t.Fatalf("it is not found under its id: %v", err)
			}
			if said := again.Site.Notes(); len(said) != 1 || !strings.Contains(said[0], c.note) {
				t.Errorf("the notes say %q", said)
			}
			if err := remembering(t, f, nil, fields).Site.Discover(t.Context()); err == nil {
				t.Error("who remembers nothing finds it all the same")
			}
		})
	}
}

// What is wrong with the form keeps issues from being opened, and nothing else;
// a status that is gone keeps issues from being moved there. Both are looked at
// again by themselves.
func TestWhatDoesNotFitKeepsOnlyWhatNeedsIt(t *testing.T) {
	s := jiratest.NewStory(jiratest.New(t))
	s.Opened()
	if err := s.Site.SetField(sandbox.Field{ID: "customfield_9", Name: "Cost centre", Type: "string", OnForm: true, Required: true}); err != nil {
		t.Fatal(err)
	}
	if err := s.Site.EditStatus("Closed", func(st *sandbox.Status) { st.Name = "Archived" }); err != nil {
		t.Fatal(err)
	}
	s.Restart()
	if f := jiratest.Failure(t, s.Client.Site.Discover(t.Context()), access.Rejected); !strings.Contains(f.Sentence, "Cost centre") {
		t.Errorf("an administrator reads %q", f.Sentence)
	}
	at, err := s.Client.Site.Site(t.Context())
	if err != nil {
		t.Fatalf("the rest is of no use: %v", err)
	}
	if at.Statuses[site.Active].ID == "" || at.StatusFault(site.Active) != nil {
		t.Error("a status that is there is not known")
	}
	jiratest.Failure(t, at.FormFault(), access.Denied)
	jiratest.Failure(t, at.StatusFault(site.Ended), access.Denied)
	if err := s.Site.EditStatus("Archived", func(st *sandbox.Status) { st.Name = "Closed" }); err != nil {
		t.Fatal(err)
	}
	s.Clock.Advance(2 * time.Minute)
	if at, err = s.Client.Site.Site(t.Context()); err != nil || at.StatusFault(site.Ended) != nil {
		t.Errorf("it was put right and is still wrong: %v, %v", err, at.StatusFault(site.Ended))
	}
}
