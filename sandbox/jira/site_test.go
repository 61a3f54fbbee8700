package jira_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"latchkey/sandbox/jira"
)

func TestAuthentication(t *testing.T) {
	s := newSite(t, jira.Config{})
	s.call("GET", "/rest/api/3/myself", "").want(200).is("latchkey@acme.example", "emailAddress").size(0, "groups", "items")
	bearer := header("Authorization", "Bearer demo-jira-token")
	s.call("GET", "/rest/api/3/myself", "", bearer).want(200)
	s.call("GET", "/ex/jira/11223344-a1b2-4c33-9444-def123456789/rest/api/3/myself", "").want(200)
	s.call("GET", "/rest/api/3/myself", "", anonymous).want(401).is("Client must be authenticated to access this resource.", "errorMessages", 0)
	s.call("GET", "/rest/api/3/serverInfo", "", anonymous).want(200).is("Cloud", "deploymentType")
	s.call("POST", "/rest/api/3/search/jql", `{"jql":"project = IT"}`, anonymous).want(200).size(0, "issues")
	s.RotateToken("fresh")
	s.call("GET", "/rest/api/3/myself", "").want(401)
	s.call("GET", "/rest/api/3/myself", "", as("latchkey@acme.example", "fresh")).want(200)
}

func TestWrongTokenMayFallThroughToAnonymous(t *testing.T) {
	s := newSite(t, jira.Config{BadTokenAnonymous: true})
	s.raise("x")
	a := s.call("POST", "/rest/api/3/search/jql", `{"jql":"project = IT"}`, as("latchkey@acme.example", "wrong")).want(200).size(0, "issues")
	if a.header.Get("X-Seraph-LoginReason") != "AUTHENTICATED_FAILED" {
		t.Fatalf("headers %v", a.header)
	}
	s.call("GET", "/rest/api/3/myself", "", as("latchkey@acme.example", "wrong")).want(401)
}

func TestServiceDeskNeedsAnAgent(t *testing.T) {
	s := newSite(t, jira.Config{})
	s.AddAccount(jira.Account{Email: "dev@acme.example", Active: true, Token: "dev"})
	dev := as("dev@acme.example", "dev")
	if a := s.call("GET", "/rest/servicedeskapi/servicedesk", "", dev).want(403); len(a.raw) != 0 {
		t.Fatalf("body %q", a.raw)
	}
	s.call("GET", "/rest/servicedeskapi/info", "", dev).want(200)
	s.call("GET", "/rest/api/3/myself", "", dev).want(200)
}

func TestDiscovery(t *testing.T) {
	s := newSite(t, jira.Config{})
	s.call("GET", "/rest/servicedeskapi/servicedesk", "").want(200).is("10", "values", 0, "id")
	s.call("GET", "/rest/servicedeskapi/servicedesk/IT", "").want(200).is("IT Help", "projectName")
	s.call("GET", "/rest/servicedeskapi/servicedesk/projectKey:IT/requesttype", "").want(200).is("Access request", "values", 0, "name")
	s.call("GET", "/rest/servicedeskapi/servicedesk/10/requesttype/25/field", "").want(200).
		is(true, "canRaiseOnBehalfOf").is("summary", "requestTypeFields", 0, "fieldId")
	s.call("GET", "/rest/servicedeskapi/servicedesk/99", "").want(404)
	s.call("GET", "/rest/servicedeskapi/requesttype", "").want(412)
	s.call("GET", "/rest/servicedeskapi/requesttype", "", header("X-ExperimentalApi", "opt-in")).want(200)
	s.call("GET", "/rest/api/3/project/IT", "").want(200).is(false, "simplified").is("classic", "style")
	s.call("GET", "/rest/api/3/project/NOPE", "").want(404)
	s.call("GET", "/rest/api/3/mypermissions?projectKey=IT&permissions=EDIT_ISSUES,ADMINISTER", "").want(200).
		is(true, "permissions", "EDIT_ISSUES", "havePermission").is(false, "permissions", "ADMINISTER", "havePermission")
	s.call("GET", "/rest/api/3/mypermissions?projectKey=IT", "").want(400)
	s.call("GET", "/rest/api/3/user/search?query=noor%40acme", "").want(200).size(1).is(s.noor.AccountID, 0, "accountId").is(nil, 0, "emailAddress")
	s.call("GET", "/rest/api/3/user/search?query=nobody", "").want(200).size(0)
	s.call("POST", "/rest/servicedeskapi/customer", `{"email":"x@y.example","displayName":"X"}`).want(403)
	if v := s.Violations(); len(v) != 1 || !strings.Contains(v[0], "opt-in") {
		t.Fatalf("violations %q", v)
	}
}

func TestUnknownAndRemovedCallsAreLoud(t *testing.T) {
	s := newSite(t, jira.Config{})
	s.call("GET", "/rest/api/3/webhook", "").want(501)
	s.call("PATCH", "/rest/api/3/issue/IT-1", "").want(501)
	s.call("GET", "/rest/api/2/search?jql=x", "").want(410)
	s.call("POST", "/rest/api/3/search", `{}`).want(410)
	s.call("GET", "/rest/api/3/issue/"+s.raise("x")+"?expand=editmeta", "").want(501)
	if n := len(s.Violations()); n != 5 {
		t.Fatalf("%d violations, want 5: %q", n, s.Violations())
	}
}

func TestPropertySemantics(t *testing.T) {
	s := newSite(t, jira.Config{})
	key := s.raise("x")
	before, _ := s.Issue(key)
	s.clock.Advance(time.Minute)
	path := "/rest/api/3/issue/" + key + "/properties/bot.state"
	s.call("GET", path, "").want(404)
	if a := s.call("PUT", path, `{"rev":1,"n":null}`).want(201); len(a.raw) != 0 {
		t.Fatalf("body %q", a.raw)
	}
	s.call("PUT", path, `{"rev":2}`).want(200)
	s.call("GET", path, "").want(200).is(2, "value", "rev")
	s.call("PUT", path, ``, header("Content-Type", "application/json")).want(400)
	s.call("PUT", path, `{broken`).want(400)
	s.call("PUT", path, `"`+strings.Repeat("ä", 32766)+`"`).want(200)
	s.call("PUT", path, `"`+strings.Repeat("ä", 32767)+`"`).want(400)
	s.call("PUT", strings.Replace(path, "bot.state", strings.Repeat("k", 256), 1), `1`).want(400)
	after, _ := s.Issue(key)
	if !after.Updated.Equal(before.Updated) || len(after.History) != 0 {
		t.Fatal("a property write is not a change of the issue")
	}
	s.call("GET", "/rest/api/3/issue/"+key+"/properties", "").want(200).size(2, "keys")
	s.call("DELETE", path, "").want(204)
	s.call("DELETE", path, "").want(404)
}

func TestConditionalPropertyWrite(t *testing.T) {
	s := newSite(t, jira.Config{})
	key := s.raise("x")
	id := s.call("GET", "/rest/api/3/issue/"+key, "").at("id").(string)
	s.call("PUT", "/rest/api/3/issue/"+key+"/properties/st", `{"rev":1}`).want(201)
	write := func(from, to string) answer {
		return s.call("PUT", "/rest/api/3/issue/properties/st", `{"filter":{"entityIds":[`+id+`],"currentValue":`+from+`},"value":`+to+`}`)
	}
	write(`{"rev":9}`, `{"rev":10}`).want(200).is("COMPLETE", "status")
	s.call("GET", "/rest/api/3/issue/"+key+"/properties/st", "").is(1, "value", "rev")
	write(`{"rev":1}`, `{"rev":2}`).want(200)
	s.call("GET", "/rest/api/3/issue/"+key+"/properties/st", "").is(2, "value", "rev")
}

func TestLinks(t *testing.T) {
	s := newSite(t, jira.Config{})
	a, b := s.raise("a"), s.raise("b")
	link := `{"type":{"name":"Blocks"},"inwardIssue":{"key":"` + a + `"},"outwardIssue":{"key":"` + b + `"}}`
	if got := s.call("POST", "/rest/api/3/issueLink", link).want(201); len(got.raw) != 0 {
		t.Fatalf("body %q", got.raw)
	}
	s.call("POST", "/rest/api/3/issueLink", link).want(201)
	s.call("GET", "/rest/api/3/issue/"+a+"?fields=issuelinks", "").want(200).size(1, "fields", "issuelinks").
		is(b, "fields", "issuelinks", 0, "outwardIssue", "key").is(nil, "fields", "issuelinks", 0, "inwardIssue")
	is, _ := s.Issue(b)
	if l := is.Links[0]; l.Phrase != "is blocked by" || l.Key != a {
		t.Fatalf("link %+v", l)
	}
	s.call("POST", "/rest/api/3/issueLink", strings.Replace(link, "Blocks", "Nope", 1)).want(404)

	remote := "/rest/api/3/issue/" + a + "/remotelink"
	s.call("POST", remote, `{"globalId":"bot:1","object":{"url":"https://x.example","title":"one"}}`).want(201)
	s.call("POST", remote, `{"globalId":"bot:1","object":{"url":"https://x.example","title":"two"}}`).want(200)
	is, _ = s.Issue(a)
	if len(is.RemoteLinks) != 1 || is.RemoteLinks[0].Title != "two" {
		t.Fatalf("remote links %+v", is.RemoteLinks)
	}
	s.call("DELETE", remote+"?globalId=bot:1", "").want(415)
	s.call("DELETE", remote+"?globalId=bot:1", "", header("Content-Type", "application/json")).want(204)
}

func multipartFile(t *testing.T, name, content string) (string, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), w.FormDataContentType()
}

func TestAttachments(t *testing.T) {
	s := newSite(t, jira.Config{})
	key := s.raise("x")
	body, kind := multipartFile(t, "evidence.csv", "a,b")
	path := "/rest/api/3/issue/" + key + "/attachments"
	s.call("POST", path, body, header("Content-Type", kind)).want(403)
	xsrf := header("X-Atlassian-Token", "no-check")
	a := s.call("POST", path, body, header("Content-Type", kind), xsrf).want(200).is("evidence.csv", 0, "filename")
	id, _ := a.at(0, "id").(string)
	if _, number := s.call("GET", "/rest/api/3/attachment/"+id, "").want(200).at("id").(float64); !number {
		t.Fatal("a single attachment's id is a number")
	}
	temp, _ := s.call("POST", "/rest/servicedeskapi/servicedesk/10/attachTemporaryFile", body, header("Content-Type", kind), xsrf).
		want(201).at("temporaryAttachments", 0, "temporaryAttachmentId").(string)
	attach := `{"temporaryAttachmentIds":["` + temp + `"],"public":false,"additionalComment":{"body":"see file"}}`
	s.call("POST", "/rest/servicedeskapi/request/"+key+"/attachment", attach).want(201).is("see file", "comment", "body")
	s.call("POST", "/rest/servicedeskapi/request/"+key+"/attachment", attach).want(400)
	is, _ := s.Issue(key)
	if len(is.Attachments) != 2 || string(is.Attachments[1].Data) != "a,b" || is.Comments[0].Public {
		t.Fatalf("unexpected issue %+v", is)
	}
}

// What is attached is read back byte for byte, by whoever doesn't follow to another host.
func TestContentOfAttachments(t *testing.T) {
	s := newSite(t, jira.Config{})
	key := s.raise("x")
	content := "PK\x03\x04 not text \x00\xff"
	body, kind := multipartFile(t, "pack (1).zip", content)
	xsrf := header("X-Atlassian-Token", "no-check")
	id, _ := s.call("POST", "/rest/api/3/issue/"+key+"/attachments", body, header("Content-Type", kind), xsrf).want(200).at(0, "id").(string)
	got := s.call("GET", "/rest/api/3/attachment/content/"+id+"?redirect=false", "").want(200)
	if string(got.raw) != content || got.header.Get("Content-Length") != strconv.Itoa(len(content)) || got.header.Get("Content-Disposition") != `attachment; filename="pack (1).zip"` {
		t.Errorf("%q, %v", string(got.raw), got.header)
	}
	s.http = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if to := s.call("GET", "/rest/api/3/attachment/content/"+id, "").want(303).header.Get("Location"); !strings.HasPrefix(to, "https://api.media.") {
		t.Errorf("it leads to %q", to)
	}
	s.call("GET", "/rest/api/3/attachment/content/"+id+"?redirect=false", "", header("Range", "bytes=0-1")).want(501)
	s.call("GET", "/rest/api/3/attachment/content/1?redirect=false", "").want(404)
	s.call("GET", "/rest/api/3/issue/"+key+"?fields=attachment", "").want(200).is(id, "fields", "attachment", 0, "id").is(float64(len(content)), "fields", "attachment", 0, "size")
}

// A site says whether it takes files, and how large they may be; and who may attach one is a
// permission of the project.
func TestWhatIsNotAttached(t *testing.T) {
	s := newSite(t, jira.Config{})
	key := s.raise("x")
	body, kind := multipartFile(t, "f.txt", "four")
	attach := func(token string) answer {
		return s.call("POST", "/rest/api/3/issue/"+key+"/attachments", body, header("Content-Type", kind), header("X-Atlassian-Token", token))
	}
	s.call("GET", "/rest/api/3/attachment/meta", "").want(200).is(true, "enabled").is(1e9, "uploadLimit")
	attach("").want(403)
	s.SetAttachments(true, 3)
	s.call("GET", "/rest/api/3/attachment/meta", "").is(3.0, "uploadLimit")
	attach("no-check").want(413)
	s.SetAttachments(true, 4)
	s.Permit("CREATE_ATTACHMENTS", false)
	attach("no-check").want(403)
	s.Permit("CREATE_ATTACHMENTS", true)
	id, _ := attach("no-check").want(200).at(0, "id").(string)
	s.SetAttachments(false, 0)
	s.call("GET", "/rest/api/3/attachment/meta", "").is(false, "enabled")
	attach("no-check").want(404)
	s.call("GET", "/rest/api/3/attachment/content/"+id+"?redirect=false", "").want(404)
	s.call("GET", "/rest/api/3/attachment/"+id, "").want(404)
	if is, _ := s.Issue(key); len(is.Attachments) != 1 {
		t.Errorf("%+v", is.Attachments)
	}
}

func TestPerIssueWriteLimit(t *testing.T) {
	s := newSite(t, jira.Config{WriteLimits: true})
	key := s.raise("x")
	path := "/rest/api/3/issue/" + key + "/properties/p"
	for range 20 {
		if a := s.call("PUT", path, `1`); a.status >= 400 {
			t.Fatalf("status %d", a.status)
		}
	}
	a := s.call("PUT", path, `1`).want(http.StatusTooManyRequests)
	if a.header.Get("RateLimit-Reason") != "jira-per-issue-on-write" || a.header.Get("Retry-After") != "2" {
		t.Fatalf("headers %v", a.header)
	}
	s.clock.Advance(2 * time.Second)
	s.call("PUT", path, `1`).want(200)
}

func TestBurstLimit(t *testing.T) {
	s := newSite(t, jira.Config{BurstLimits: true})
	path := "/rest/servicedeskapi/servicedesk/10/customer"
	optIn := header("X-ExperimentalApi", "opt-in")
	for range 5 {
		s.call("GET", path, "", optIn).want(200)
	}
	s.call("GET", path, "", optIn).want(429)
	s.clock.Advance(time.Second)
	s.call("GET", path, "", optIn).want(200)
}

// Jira says in a way of its own for each call that a permission is missing.
func TestAMissingPermissionIsSaidAsEachCallSaysIt(t *testing.T) {
	s := newSite(t, jira.Config{})
	key, other := s.raise("x"), s.raise("y")
	issue := "/rest/api/3/issue/" + key
	for _, p := range []string{"ADD_COMMENTS", "EDIT_ISSUES", "TRANSITION_ISSUES", "LINK_ISSUES"} {
		s.Permit(p, false)
	}
	comment := `{"body":{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"x"}]}]}}`
	s.call("POST", issue+"/comment", comment).want(400).is("You do not have the permission to comment on this issue.", "errorMessages", 0)
	s.call("PUT", issue, `{"fields":{"summary":"z"}}`).want(400)
	s.call("PUT", issue+"/properties/bot.state", `1`).want(403)
	s.call("DELETE", issue+"/properties/bot.state", "").want(404)
	s.call("GET", issue+"/transitions", "").want(200).size(0, "transitions")
	s.call("POST", issue+"/transitions", `{"transition":{"id":"11"}}`).want(400)
	s.call("POST", "/rest/api/3/issueLink", `{"type":{"name":"Relates"},"inwardIssue":{"key":"`+key+`"},"outwardIssue":{"key":"`+other+`"}}`).want(404)
	s.call("GET", issue, "").want(200)
}
