package jira_test

import (
	"testing"

	"latchkey/sandbox/jira"
)

func transitionTo(id, more string) string { return `{"transition":{"id":"` + id + `"}` + more + `}` }

func TestOnlyTransitionsFromTheStatusAreOffered(t *testing.T) {
	s := newSite(t, jira.Config{})
	path := "/rest/api/3/issue/" + s.raise("x") + "/transitions"
	a := s.call("GET", path+"?expand=transitions.fields", "").want(200).size(5, "transitions")
	a.is("Approve request", "transitions", 0, "name").is("In progress", "transitions", 0, "to", "name").is(false, "transitions", 0, "hasScreen")
	a.is(true, "transitions", 1, "fields", "resolution", "required").is("done", "transitions", 1, "to", "statusCategory", "key")
	s.call("POST", path, transitionTo("61", "")).want(400)
	s.call("POST", path, transitionTo("999", "")).want(400).is("Transition id '999' is not valid for this issue.", "errorMessages", 0)
	s.call("POST", path, `{}`).want(400).is("Missing 'transition' identifier", "errorMessages", 0)
	s.call("POST", path, transitionTo("11", "")).want(204)
	s.call("POST", path, transitionTo("11", "")).want(400)
	s.call("GET", path, "", as(s.pat.Email, "pat-token")).want(404)
}

func TestResolutionNeedsTheScreen(t *testing.T) {
	s := newSite(t, jira.Config{})
	key := s.raise("x")
	path := "/rest/api/3/issue/" + key + "/transitions"
	done := `,"fields":{"resolution":{"name":"Done"}}`
	s.call("POST", path, transitionTo("11", done)).want(400).
		is("Field 'resolution' cannot be set. It is not on the appropriate screen, or unknown.", "errors", "resolution")
	s.call("POST", path, transitionTo("21", "")).want(400).is("Resolution is required.", "errors", "resolution")
	s.call("POST", path, transitionTo("21", `,"fields":{"resolution":{"name":"Nope"}}`)).want(400)
	s.call("POST", path, transitionTo("21", done+`,"update":{"resolution":[{"set":{"name":"Done"}}]}`)).want(400)
	s.call("POST", path, transitionTo("21", `,"fields":{"resolution":{"name":"Declined"},"summary":"y"}`)).want(400)
	if is, _ := s.Issue(key); is.Status != "Waiting for approval" || len(is.History) != 0 {
		t.Fatalf("a refused transition left traces: %+v", is)
	}
	s.call("POST", path, transitionTo("21", `,"fields":{"resolution":{"name":"Declined"}}`)).want(204)
	s.call("GET", "/rest/api/3/issue/"+key, "").want(200).is("Declined", "fields", "resolution", "name")
}

func TestOneTransitionCarriesCommentPropertyAndMetadata(t *testing.T) {
	flow := jira.DefaultWorkflow()
	flow.FindTransition("11").Screen = []jira.ScreenField{{ID: "comment"}}
	s := newSite(t, jira.Config{Workflow: flow})
	key := s.raise("x")
	s.call("POST", "/rest/api/3/issue/"+key+"/transitions", transitionTo("11", `,
		"update":{"comment":[{"add":{"body":`+adf("Approved in Slack by Noor")+`,"properties":[{"key":"bot.ev","value":{"id":"e7"}}]}}]},
		"properties":[{"key":"bot.state","value":{"rev":3}}],
		"historyMetadata":{"type":"latchkey:decision","actor":{"id":"U1","displayName":"Noor"}}`)).want(204)
	is, _ := s.Issue(key)
	if is.Status != "In progress" || is.Comments[0].Text != "Approved in Slack by Noor" || string(is.Comments[0].Properties["bot.ev"]) != `{"id":"e7"}` {
		t.Fatalf("unexpected issue %+v", is)
	}
	if string(is.Properties["bot.state"]) != `{"rev":3}` {
		t.Fatalf("properties %v", is.Properties)
	}
	s.call("GET", "/rest/api/3/issue/"+key+"/changelog", "").want(200).is(1, "total").
		is("Noor", "values", 0, "historyMetadata", "actor", "displayName").is("In progress", "values", 0, "items", 0, "toString").
		is("2026-11-23T09:00:00.000+0000", "values", 0, "created")
	s.call("POST", "/rest/api/3/changelog/bulkfetch", `{"issueIdsOrKeys":["`+key+`"],"fieldIds":["status"]}`).want(200).
		is(is.ID, "issueChangeLogs", 0, "issueId").size(1, "issueChangeLogs", 0, "changeHistories")
}

// A comment in a transition is dropped, with a 204, unless the transition's screen
// has the field, and the field is never listed.
func TestTransitionsDropComments(t *testing.T) {
	for name, step := range map[string]string{"no screen": "11", "a screen without the field": "31"} {
		s := newSite(t, jira.Config{})
		key := s.raise("x")
		s.call("POST", "/rest/api/3/issue/"+key+"/transitions", transitionTo(step, `,
			"update":{"comment":[{"add":{"body":`+adf("Approved")+`}}]},"properties":[{"key":"bot.state","value":1}]`)).want(204)
		if is, _ := s.Issue(key); len(is.Comments) != 0 || string(is.Properties["bot.state"]) != "1" {
			t.Errorf("%s: %+v", name, is)
		}
	}
	flow := jira.DefaultWorkflow()
	flow.FindTransition("11").Screen = []jira.ScreenField{{ID: "comment", Required: true}}
	s := newSite(t, jira.Config{Workflow: flow, BareTransitions: true})
	path := "/rest/api/3/issue/" + s.raise("x") + "/transitions"
	s.call("GET", path+"?expand=transitions.fields", "").want(200).is(true, "transitions", 0, "hasScreen").size(0, "transitions", 0, "fields")
	s.call("POST", path, transitionTo("11", "")).want(400).is("Comment is required.", "errors", "comment")
	s.call("POST", path, transitionTo("11", `,"update":{"comment":[{"add":{"body":`+adf("Approved")+`}}]}`)).want(204)
}

func TestPutIgnoresTransition(t *testing.T) {
	s := newSite(t, jira.Config{})
	key := s.raise("x")
	s.call("PUT", "/rest/api/3/issue/"+key, `{"transition":{"id":"11"},"update":{"labels":[{"add":"b"},{"add":"a"}]}}`).want(204)
	s.call("PUT", "/rest/api/3/issue/"+key, `{"fields":{"description":"wiki"}}`).want(400)
	s.call("PUT", "/rest/api/3/issue/"+key, `{"fields":{"summary":"new","nope":1}}`).want(400)
	is, _ := s.Issue(key)
	if is.Status != "Waiting for approval" || len(is.Labels) != 2 || is.Labels[0] != "a" || is.Summary != "x" {
		t.Fatalf("unexpected issue %+v", is)
	}
}

func TestPeopleMoveIssuesByName(t *testing.T) {
	s := newSite(t, jira.Config{})
	key := s.raise("x")
	if err := s.Transition(s.noor.AccountID, key, "Close it out"); err == nil {
		t.Fatal("a transition that is not offered worked")
	}
	if err := s.Transition(s.pat.AccountID, key, "Approve request"); err == nil {
		t.Fatal("a portal customer used an agent's transition")
	}
	if err := s.Transition(s.noor.AccountID, key, "Decline (with reason)"); err != nil {
		t.Fatal(err)
	}
	is, _ := s.Issue(key)
	if is.Status != "Declined" || is.Resolution != "Declined" || is.History[0].Author != s.noor.AccountID {
		t.Fatalf("unexpected issue %+v", is)
	}
}

// approvalFlow is the default workflow with an approval on its first status.
func approvalFlow(rule jira.ApprovalRule) jira.Workflow {
	rule.FieldID, rule.TransitionApproved, rule.TransitionRejected = "customfield_10003", "11", "21"
	flow := jira.DefaultWorkflow()
	flow.Statuses[0].Approval = &rule
	return flow
}

func (s *site) raiseWithApprovers(ids ...string) (key, approvalPath string) {
	s.t.Helper()
	var users []map[string]any
	for _, id := range ids {
		users = append(users, map[string]any{"accountId": id})
	}
	key, err := s.RaiseRequest(s.ann.AccountID, map[string]any{"summary": "x", "customfield_10003": users})
	if err != nil {
		s.t.Fatal(err)
	}
	path := "/rest/servicedeskapi/request/" + key + "/approval"
	id, _ := s.call("GET", path, "").want(200).at("values", 0, "id").(string)
	return key, path + "/" + id
}

func TestApprovalMovesTheIssue(t *testing.T) {
	s := newSite(t, jira.Config{Workflow: approvalFlow(jira.ApprovalRule{ConditionType: "number", ConditionValue: 1, Exclude: []string{"reporter"}})})
	key, path := s.raiseWithApprovers(s.noor.AccountID, s.ann.AccountID)
	asNoor := as(s.noor.Email, "noor-token")
	s.call("GET", path, "").want(200).is(false, "canAnswerApproval").is("pending", "finalDecision").is("Waiting for approval", "name").
		size(1, "approvers").is(s.noor.AccountID, "approvers", 0, "approver", "accountId").is(nil, "completedDate")
	s.call("GET", path, "", asNoor).want(200).is(true, "canAnswerApproval")
	s.call("GET", "/rest/api/3/issue/"+key+"/transitions", "").want(200).size(3, "transitions")
	s.call("POST", path, `{"decision":"approve"}`).want(403)
	s.call("POST", path, `{"decision":"approved"}`, asNoor).want(400)
	s.call("POST", path, `{"decision":"approve","comment":"x"}`, asNoor).want(400)
	s.call("POST", "/rest/api/3/search/jql", `{"jql":"approvals = pending() AND project = IT","fields":["customfield_10030"]}`).want(200).
		is("pending", "issues", 0, "fields", "customfield_10030", 0, "finalDecision")
	s.call("POST", path, `{"decision":"approve"}`, asNoor).want(200).is("approved", "finalDecision").is("approved", "approvers", 0, "approverDecision")
	s.call("POST", path, `{"decision":"approve"}`, asNoor).want(409)
	is, _ := s.Issue(key)
	if is.Status != "In progress" || is.History[0].Author != s.noor.AccountID || is.Approvals[0].Final != "approved" {
		t.Fatalf("unexpected issue %+v", is)
	}
}

func TestApprovalConditions(t *testing.T) {
	s := newSite(t, jira.Config{Workflow: approvalFlow(jira.ApprovalRule{ConditionType: "percent", ConditionValue: 100})})
	key, _ := s.raiseWithApprovers(s.noor.AccountID, s.pat.AccountID)
	if err := s.AnswerApproval(s.noor.AccountID, key, "approve"); err != nil {
		t.Fatal(err)
	}
	if is, _ := s.Issue(key); is.Status != "Waiting for approval" {
		t.Fatalf("half of the approvers moved the issue to %s", is.Status)
	}
	if err := s.AnswerApproval(s.noor.AccountID, key, "approve"); err == nil {
		t.Fatal("answered twice")
	}
	if err := s.AnswerApproval(s.pat.AccountID, key, "decline"); err != nil {
		t.Fatal(err)
	}
	if is, _ := s.Issue(key); is.Status != "Declined" || is.Resolution != "" {
		t.Fatalf("unexpected issue %+v", is)
	}
	other, path := s.raiseWithApprovers(s.noor.AccountID)
	if err := s.Transition(s.noor.AccountID, other, "Escalate to a human"); err != nil {
		t.Fatal(err)
	}
	asNoor := as(s.noor.Email, "noor-token")
	s.call("GET", path, "", asNoor).want(200).is(false, "canAnswerApproval").is("pending", "finalDecision")
	s.call("POST", path, `{"decision":"approve"}`, asNoor).want(403)
}
