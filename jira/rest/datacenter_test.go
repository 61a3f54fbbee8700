package rest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"latchkey/access"
	"latchkey/jira/jiratest"
)

// server is a Data Center in front of the emulated site: it knows version 2 and
// names only, and refuses what a Data Center does not have.
type server struct {
	t     *testing.T
	cloud *httputil.ReverseProxy
}

const pat = "a-personal-access-token"

func newServer(t *testing.T, d *jiratest.Desk) *httptest.Server {
	site, err := url.Parse(d.URL)
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, cloud: &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(site)
			r.Out.URL.Path = strings.TrimPrefix(r.In.URL.Path, "/jira")
			r.Out.SetBasicAuth("latchkey@acme.example", "demo-jira-token")
		},
		ModifyResponse: func(resp *http.Response) error { return named(resp) },
	}}
	front := httptest.NewServer(s)
	t.Cleanup(front.Close)
	return front
}

// named turns account ids into names, and Cloud into a server.
func named(resp *http.Response) error {
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	raw = bytes.ReplaceAll(raw, []byte(`"accountId":`), []byte(`"name":`))
	raw = bytes.ReplaceAll(raw, []byte(`"deploymentType":"Cloud"`), []byte(`"deploymentType":"Server"`))
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
	resp.Header.Set("Content-Length", strconv.Itoa(len(raw)))
	return nil
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/jira")
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Error(err)
	}
	desk, isDesk := strings.CutPrefix(path, "/rest/servicedeskapi/servicedesk/")
	switch {
	case r.Header.Get("Authorization") != "Bearer "+pat:
		w.WriteHeader(http.StatusUnauthorized)
		return
	case strings.HasPrefix(path, "/rest/api/3"), strings.HasSuffix(path, "/search/jql"), strings.HasSuffix(path, "/bulkfetch"), isDesk && desk == "IT",
		bytes.Contains(body, []byte(`"accountId"`)), bytes.Contains(body, []byte(`"isAdfRequest"`)), bytes.Contains(body, []byte(`"type":"doc"`)):
		s.t.Errorf("a Data Center does not understand %s %s %s", r.Method, path, body)
		w.WriteHeader(http.StatusNotFound)
		return
	case path == "/rest/api/2/search":
		s.search(w, r, body)
		return
	case path == "/rest/api/2/user/search":
		q := url.Values{"query": {r.URL.Query().Get("username")}}
		r.URL.RawQuery = q.Encode()
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	s.cloud.ServeHTTP(w, r)
}

// search pages by number, two at a time.
func (s *server) search(w http.ResponseWriter, r *http.Request, body []byte) {
	var in struct {
		JQL                 string
		Fields              []string
		StartAt, MaxResults int
	}
	if err := json.Unmarshal(body, &in); err != nil {
		s.t.Error(err)
	}
	ask, _ := json.Marshal(map[string]any{"jql": in.JQL, "fields": in.Fields, "maxResults": 100})
	r.URL.Path, r.Body, r.ContentLength = "/jira/rest/api/3/search/jql", io.NopCloser(bytes.NewReader(ask)), int64(len(ask))
	all := httptest.NewRecorder()
	s.cloud.ServeHTTP(all, r)
	var page struct{ Issues []json.RawMessage }
	if err := json.Unmarshal(all.Body.Bytes(), &page); err != nil {
		s.t.Errorf("%s: %v", all.Body, err)
	}
	from := min(in.StartAt, len(page.Issues))
	out, _ := json.Marshal(map[string]any{"startAt": in.StartAt, "total": len(page.Issues), "issues": page.Issues[from:min(from+min(2, in.MaxResults), len(page.Issues))]})
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(out)
}

// A whole story on a Data Center, with a path in its address, and what comes back.
func TestDataCenter(t *testing.T) {
	d := jiratest.New(t)
	front := newServer(t, d)
	d.Config.Rest.URL, d.Config.Rest.Email, d.Config.Rest.Token, d.Config.Rest.DataCenter, d.Config.Rest.HTTP = front.URL+"/jira", "", pat, true, front.Client()
	d.Restart()
	var stories []*jiratest.Story
	for i := range 3 {
		s := jiratest.NewStory(d, func(s *jiratest.Story) {
			s.Request.ID, s.Request.Wanted, s.Request.Allowed = fmt.Sprintf("AR-%d", i), 9973*time.Hour+time.Nanosecond, 9973*time.Hour+time.Nanosecond
			s.Request.Reason = "*Launch* {assets}\nfor [Monday]"
		}).Opened()
		s.GrantAccess()
		stories = append(stories, s)
	}
	s := stories[0]
	is := s.Status("Granted")
	if len(jiratest.Comments(is, "Approved in Slack by Noor Haddad")) != 1 || len(jiratest.Comments(is, "okta:figma-editors")) == 0 {
		t.Errorf("the issue does not tell the story: %+v", is.Comments)
	}
	if !strings.Contains(is.Description, "*Launch* {assets}") {
		t.Errorf("people's words became %q", is.Description)
	}
	found, doubts := d.Recall()
	if len(found) != 3 || len(doubts) > 0 {
		t.Fatalf("recalled %d with the doubts %q", len(found), doubts)
	}
	s.Matches(found[0])
}

func TestDeploymentMustFit(t *testing.T) {
	d := jiratest.New(t)
	d.Config.Rest.DataCenter = true
	d.Restart()
	err := d.Client.Site.Discover(t.Context())
	if f := jiratest.Failure(t, err, access.Rejected); !strings.Contains(f.Sentence, "set jira.deployment to cloud") {
		t.Errorf("a Cloud taken for a server: %v", err)
	}
}
