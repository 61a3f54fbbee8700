package jira

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"latchkey/access"
)

// site is what the client learns about Jira before it works with it.
type site struct {
	me       string // the bot's account id
	base     string // address for people
	project  string // project key, as Jira writes it
	desk     string // service desk id
	form     form
	statuses map[string]state // by key of Config.Statuses
	until    string           // id of the field that holds the end; may be empty

	approvers   string // id of the field that Jira's approvals read; may be empty
	approvals   string // id of the field that shows Jira's approvals; may be empty
	requestType string // id of the field that holds the request type; may be empty
}

// state is a status of the workflow.
type state struct{ ID, Name string }

// link is the issue's address for people.
func (s *site) link(key string) string { return s.base + "/browse/" + url.PathEscape(key) }

// Discover learns about the site and proves that the configuration fits it:
// the account, the project, the request type and its form, and the statuses. It
// asks again even if it has been done before. When Jira can't be reached now, the
// failure is access.Transient or access.Limited; any other needs a human.
func (c *Client) Discover(ctx context.Context) error {
	release, err := c.onlyOne(ctx)
	if err != nil {
		return err
	}
	defer release()
	return c.discover(ctx)
}

// site gives what was discovered, discovering it first if need be.
func (c *Client) site(ctx context.Context) (*site, error) {
	if s := c.known(); s != nil {
		return s, nil
	}
	release, err := c.onlyOne(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	if s := c.known(); s != nil {
		return s, nil
	}
	if err := c.discover(ctx); err != nil {
		return nil, err
	}
	return c.known(), nil
}

// onlyOne waits for its turn to discover.
func (c *Client) onlyOne(ctx context.Context) (release func(), err error) {
	select {
	case c.finding <- struct{}{}:
		return func() { <-c.finding }, nil
	case <-ctx.Done():
		return nil, &access.Failure{Class: access.Transient, Err: ctx.Err(),
			Sentence: "Latchkey gave up waiting for Jira to be looked at; it will try again"}
	}
}

func (c *Client) known() *site {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.found
}

func (c *Client) discover(ctx context.Context) error {
	s := &site{statuses: map[string]state{}}
	for _, step := range []func(context.Context, *site) error{
		c.findMyself, c.findServer, c.findProject, c.checkPermissions, c.findDesk, c.findForm, c.findStatuses, c.findFields,
	} {
		if err := step(ctx, s); err != nil {
			return err
		}
	}
	c.mu.Lock()
	c.found = s
	c.mu.Unlock()
	return nil
}

// findMyself is the proof that the token works: other calls may answer
// strangers with an empty success.
func (c *Client) findMyself(ctx context.Context, s *site) error {
	var me struct {
		AccountID string `json:"accountId"`
	}
	if err := c.ask(ctx, get("tell who Latchkey is", "rest/api/3/myself", nil), &me); err != nil {
		return err
	}
	if me.AccountID == "" {
		return fault("Jira doesn't say which account Latchkey has: check jira.url and jira.deployment")
	}
	s.me = me.AccountID
	return nil
}

func (c *Client) findServer(ctx context.Context, s *site) error {
	var info struct{ BaseURL, DeploymentType string }
	if err := c.ask(ctx, get("describe the site", "rest/api/3/serverInfo", nil), &info); err != nil {
		return err
	}
	if cloud := info.DeploymentType == "Cloud"; cloud == c.cfg.Server {
		return fault("jira.url is a Jira of the kind %q: set jira.deployment to %s", info.DeploymentType, map[bool]string{true: "cloud", false: "server"}[cloud])
	}
	s.base = strings.TrimRight(info.BaseURL, "/")
	return nil
}

func (c *Client) findProject(ctx context.Context, s *site) error {
	var p struct {
		Key, ProjectTypeKey, Style string
		Simplified                 bool
	}
	err := c.ask(ctx, get("show project "+c.cfg.Project, "rest/api/3/project/"+url.PathEscape(c.cfg.Project), nil), &p)
	switch {
	case status(err) == http.StatusNotFound:
		return absent(err, "There is no Jira project %q that %s may see: check jira.project, or give the account access", c.cfg.Project, c.account())
	case err != nil:
		return err
	case p.ProjectTypeKey != "service_desk":
		return fault("Project %s is not a service project: set jira.project to one of Jira Service Management", p.Key)
	case p.Simplified || p.Style == "next-gen":
		return fault("Project %s is team-managed: Latchkey needs a company-managed service project", p.Key)
	}
	s.project = p.Key
	return nil
}

// checkPermissions asks for what the record needs. Writing a property takes the
// permission to edit.
func (c *Client) checkPermissions(ctx context.Context, s *site) error {
	needed := []string{"BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES", "TRANSITION_ISSUES", "ADD_COMMENTS"}
	var answer struct {
		Permissions map[string]struct{ HavePermission bool }
	}
	query := url.Values{"projectKey": {s.project}, "permissions": {strings.Join(needed, ",")}}
	if err := c.ask(ctx, get("tell what Latchkey may do in project "+s.project, "rest/api/3/mypermissions", query), &answer); err != nil {
		return err
	}
	missing := slices.DeleteFunc(needed, func(p string) bool { return answer.Permissions[p].HavePermission })
	if len(missing) == 0 {
		return nil
	}
	return &access.Failure{Class: access.Denied, Sentence: fmt.Sprintf("%s lacks permissions in project %s: add it to the permission scheme for %s",
		c.account(), s.project, strings.Join(missing, ", "))}
}

func (c *Client) findDesk(ctx context.Context, s *site) error {
	var desk struct{ ID, ProjectKey string }
	err := c.ask(ctx, get("show the service desk of project "+s.project, "rest/servicedeskapi/servicedesk/"+url.PathEscape(s.project), nil), &desk)
	if status(err) == http.StatusNotFound {
		return absent(err, "Project %s has no service desk that %s may see: make the account an agent of the project", s.project, c.account())
	}
	s.desk = desk.ID
	return err
}

// findStatuses resolves every configured status among those of the request
// type's workflow.
func (c *Client) findStatuses(ctx context.Context, s *site) error {
	var types []struct {
		ID       string
		Statuses []state
	}
	if err := c.ask(ctx, get("list the statuses of project "+s.project, "rest/api/3/project/"+url.PathEscape(s.project)+"/statuses", nil), &types); err != nil {
		return err
	}
	var all []state
	for _, t := range types {
		if t.ID == s.form.issueType {
			all = t.Statuses
		}
	}
	for _, key := range Keys() {
		i := slices.IndexFunc(all, func(st state) bool { return strings.EqualFold(st.Name, strings.TrimSpace(c.cfg.Statuses[key])) })
		if i < 0 {
			return fault("The workflow of %q has no status %q: set jira.statuses.%s to one of %s", c.cfg.RequestType, c.cfg.Statuses[key], key, names(all))
		}
		s.statuses[key] = all[i]
	}
	return nil
}

func names(all []state) string {
	var out []string
	for _, s := range all {
		out = append(out, s.Name)
	}
	return strings.Join(out, ", ")
}

// absent turns a 404 into a sentence about what was looked for.
func absent(err error, format string, args ...any) error {
	f := fault(format, args...)
	var cause *Error
	if failure, ok := errors.AsType[*access.Failure](f); ok && errors.As(err, &cause) {
		failure.Err = cause
	}
	return f
}
