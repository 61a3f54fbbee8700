package jira_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/sandbox/jira"
)

// search runs JQL and returns the keys found.
func (s *site) search(jql string) string {
	s.t.Helper()
	body, err := json.Marshal(map[string]any{"jql": jql, "fields": []string{"summary"}})
	if err != nil {
		s.t.Fatal(err)
	}
	a := s.call("POST", "/rest/api/3/search/jql", string(body)).want(200)
	var keys []string
	list, _ := a.at("issues").([]any)
	for i := range list {
		keys = append(keys, fmt.Sprint(a.at("issues", i, "key")))
	}
	return strings.Join(keys, " ")
}

func TestJQL(t *testing.T) {
	s := newSite(t, jira.Config{})
	s.AddAccount(jira.Account{AccountID: s.Bot().AccountID, Email: "latchkey@acme.example", Token: "demo-jira-token",
		Active: true, Agent: true, TimeZone: "Europe/Berlin"})
	s.raise("Access to Figma [AR-7F3K9Q]")
	s.clock.Advance(10 * time.Minute)
	s.raise("Access to Salesforce")
	if _, err := s.RaiseRequest(s.pat.AccountID, map[string]any{"summary": "Portal asks", "labels": []string{"vip"}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Comment(s.noor.AccountID, "IT-2", "escalating now", true); err != nil {
		t.Fatal(err)
	}
	if err := s.Transition(s.noor.AccountID, "IT-2", "Approve request"); err != nil {
		t.Fatal(err)
	}
	for jql, want := range map[string]string{
		`project = IT ORDER BY key ASC`:                                             "IT-1 IT-2 IT-3",
		`project = "IT Help" AND status = "waiting for approval" ORDER BY key DESC`: "IT-3 IT-1",
		`status = 3`: "IT-2",
		`status in (3, Granted) OR key = IT-1 ORDER BY key`:                              "IT-1 IT-2",
		`statusCategory = Done`:                                                          "",
		`statusCategory != Done AND resolution is EMPTY AND created >= -5m ORDER BY key`: "IT-2 IT-3",
		`created < -5m`: "IT-1",
		`created >= "2026-11-23 10:10" ORDER BY key`:        "IT-2 IT-3",
		`updated >= "2026/11/23 10:11"`:                     "",
		`summary ~ "\"AR-7F3K9Q\"" AND created >= -60m`:     "IT-1",
		`summary ~ "figma access"`:                          "IT-1",
		`summary ~ "sales*"`:                                "IT-2",
		`text ~ escalate`:                                   "",
		`comment ~ "escalating"`:                            "IT-2",
		`labels = vip`:                                      "IT-3",
		`labels is EMPTY AND NOT key = IT-1`:                "IT-2",
		`labels != vip`:                                     "",
		`creator != currentUser()`:                          "IT-3",
		`reporter = "` + s.ann.AccountID + `" order by key`: "IT-1 IT-2",
		`issuetype = "[System] Service request with approvals" AND key > IT-2`: "IT-3",
		`this is not jql`: "",
		`project = IT AND (status = Closed OR (labels = vip))`: "IT-3",
	} {
		if got := s.search(jql); got != want {
			t.Errorf("%s: %q, want %q", jql, got, want)
		}
	}
}

func TestJQLRefusals(t *testing.T) {
	s := newSite(t, jira.Config{})
	for _, jql := range []string{
		"", "order by key", `summary ~ "open`, "nope = 1 and project = IT", "status = Nope", "key = IT-99",
		`issue.property[bot.state].rev = 1`, "created > yesterday", "project = IT order by nope", "project ~ IT",
		"summary = x", "status was Closed", "nope is EMPTY", "project = IT AND", "project in (IT", "approvals != pending()", "a@b = c",
		"assignee = nobody", "created >= -5x", "project = IT ORDER BY key,key,key,key,key,key,key,key",
	} {
		body, err := json.Marshal(map[string]string{"jql": jql})
		if err != nil {
			t.Fatal(err)
		}
		if a := s.call("POST", "/rest/api/3/search/jql", string(body)); a.status != 400 || a.at("errorMessages", 0) == nil {
			t.Errorf("%s: %d %s", jql, a.status, a.raw)
		}
	}
}

func TestSearchPagesByToken(t *testing.T) {
	s := newSite(t, jira.Config{})
	for i := range 5 {
		s.raise(fmt.Sprint("n", i))
	}
	a := s.call("POST", "/rest/api/3/search/jql", `{"jql":"project = IT order by key","maxResults":2}`).want(200)
	a.size(2, "issues").is(false, "isLast").is(nil, "total").is(nil, "issues", 0, "key").is(nil, "issues", 0, "fields")
	token, _ := a.at("nextPageToken").(string)
	s.call("POST", "/rest/api/3/search/jql", `{"jql":"project = IT","nextPageToken":"`+token+`"}`).want(400)
	s.call("GET", "/rest/api/3/search/jql?jql=project+%3D+IT+order+by+key&maxResults=3&fields=summary&nextPageToken="+token, "").want(200).
		size(3, "issues").is("IT-3", "issues", 0, "key").is(true, "isLast").is(nil, "nextPageToken")
	s.call("POST", "/rest/api/3/search/approximate-count", `{"jql":"project = IT"}`).want(200).is(5, "count")
	s.call("POST", "/rest/api/3/search/jql", `{"jql":"project = IT","startAt":2}`).want(400)
}

func TestSearchReturnsProperties(t *testing.T) {
	s := newSite(t, jira.Config{})
	key := s.raise("x")
	s.call("PUT", "/rest/api/3/issue/"+key+"/properties/bot.state", `{"rev":4}`).want(201)
	s.call("POST", "/rest/api/3/search/jql", `{"jql":"project = IT","fields":["summary"],"properties":["bot.state"]}`).want(200).
		is(4, "issues", 0, "properties", "bot.state", "rev").is(nil, "issues", 0, "properties", "request.channel.type")
}

func TestSearchLagsAndReconciles(t *testing.T) {
	s := newSite(t, jira.Config{SearchLag: 10 * time.Second})
	key := s.raise("x")
	s.clock.Advance(10 * time.Second)
	if got := s.search("project = IT"); got != key {
		t.Fatalf("found %q", got)
	}
	if err := s.Transition(s.noor.AccountID, key, "Approve request"); err != nil {
		t.Fatal(err)
	}
	s.call("GET", "/rest/api/3/issue/"+key+"?fields=status", "").want(200).is("In progress", "fields", "status", "name")
	if got := s.search(`status = "In progress"`); got != "" {
		t.Fatalf("the index is not behind: %q", got)
	}
	is, _ := s.Issue(key)
	s.call("POST", "/rest/api/3/search/jql", `{"jql":"status = \"In progress\"","reconcileIssues":[`+is.ID+`]}`).want(200).size(1, "issues")
	s.call("POST", "/rest/api/3/jql/match", `{"issueIds":[`+is.ID+`,1],"jqls":["status = \"In progress\"","status = x"]}`).want(200).
		size(1, "matches", 0, "matchedIssues").size(1, "matches", 1, "errors")
	s.clock.Advance(10 * time.Second)
	if got := s.search(`status = "In progress"`); got != key {
		t.Fatalf("found %q", got)
	}
	s.SetSearchFlap(2)
	if first := s.search("project = IT"); first == s.search("project = IT") {
		t.Fatal("two searches in a row should differ")
	}
}

func FuzzJQL(f *testing.F) {
	for _, seed := range []string{
		`project = IT AND summary ~ "\"AR-1\"" ORDER BY key ASC`, `issue.property[a].b = 1`, `created >= -5m or not (a`, `cf[10003] in (x, y())`,
		`approvals = pendingBy("a","b")`, `key > IT-1`, `updated >= startOfDay("-1d")`, `text ~ "*"`, `"\`, `status is not EMPTY`, `id > 1`,
	} {
		f.Add(seed)
	}
	s := jira.New(jira.Config{})
	f.Cleanup(s.Close)
	bot := s.Bot()
	if _, err := s.RaiseRequest(bot.AccountID, map[string]any{"summary": "x", "description": "y"}); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, jql string) {
		status, body := direct(t, s, jql)
		if status != 200 && status != 400 {
			t.Fatalf("%q: %d %s", jql, status, body)
		}
	})
}
