package site

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"latchkey/access"
	"latchkey/jira/rest"
)

// Discoverer discovers the site, once, and remembers it. It is safe for concurrent
// use.
type Discoverer struct {
	api      *rest.Client
	cfg      Config
	knownIDs KnownIDs

	pinned  func(ctx context.Context, tenant string) error // refuses another site; nil: takes any
	finding chan struct{}                                  // holds one token: whoever has it may discover
	mu      sync.Mutex
	found   *Site // nil until discovered
}

// New makes a discoverer; it makes no call yet. Without known ids nothing is kept.
func New(api *rest.Client, cfg Config, known KnownIDs) *Discoverer {
	if known == nil {
		known = nobody{}
	}
	return &Discoverer{api: api, cfg: cfg, knownIDs: known, finding: make(chan struct{}, 1)}
}

// Pin has every site refused that check refuses, by its cloud id. It is to be called
// before anything is discovered.
func (d *Discoverer) Pin(check func(ctx context.Context, tenant string) error) { d.pinned = check }

// isTheSame refuses a site that is another one than before. One that doesn't say
// which it is, is not another one.
func (d *Discoverer) isTheSame(ctx context.Context) error {
	if d.pinned == nil {
		return nil
	}
	var tenant struct {
		CloudID string `json:"cloudId"`
	}
	if err := d.api.Fetch(ctx, rest.Get("say which site it is", "_edge/tenant_info", nil), &tenant); err != nil {
		return nil
	}
	return d.pinned(ctx, tenant.CloudID)
}

// Discover discovers the site and proves that the configuration fits it:
// the account, the project, the request type and its form, and the statuses. It
// asks again even if it has been done before. When Jira can't be reached now, the
// failure is access.Transient or access.Limited; any other needs a human.
func (d *Discoverer) Discover(ctx context.Context) error {
	release, err := d.onlyOne(ctx)
	if err != nil {
		return err
	}
	defer release()
	s, err := d.discover(ctx)
	if err == nil && len(s.faults) > 0 {
		err = s.faults[0]
	}
	return err
}

// Site gives what was discovered, discovering it first if need be. A site that
// doesn't fit the configuration in some respect is good for everything else, and
// looked at again from time to time: see Site.FormFault and Site.StatusFault.
func (d *Discoverer) Site(ctx context.Context) (*Site, error) {
	if s := d.known(); s != nil && s.fits(d.api.Now()) {
		return s, nil
	}
	release, err := d.onlyOne(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	old := d.known()
	if old != nil && old.fits(d.api.Now()) {
		return old, nil
	}
	s, err := d.discover(ctx)
	if err != nil && old != nil {
		return old, nil // what is wrong now, the calls will say
	}
	return s, siteFailure(err)
}

// Again has the site looked at anew before it is used next: an administrator may
// have mended what was found.
func (d *Discoverer) Again() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.found = nil
}

// onlyOne waits until nobody else discovers.
func (d *Discoverer) onlyOne(ctx context.Context) (release func(), err error) {
	select {
	case d.finding <- struct{}{}:
		return func() { <-d.finding }, nil
	case <-ctx.Done():
		return nil, &access.Failure{Class: access.Transient, Err: ctx.Err(),
			Sentence: "Latchkey gave up waiting for Jira to be looked at; it will try again"}
	}
}

func (d *Discoverer) known() *Site {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.found
}

func (d *Discoverer) discover(ctx context.Context) (*Site, error) {
	s := &Site{Statuses: map[string]Status{}, Assignees: d.cfg.Assignees, closesGranted: d.cfg.CloseOn == Granted, seen: d.api.Now(), names: d.recall(ctx)}
	for _, step := range d.Steps() {
		switch err := step.Look(ctx, s); {
		case err != nil && (step.needed || !lasting(err)):
			return nil, err
		case err != nil:
			s.note(step, err)
		}
	}
	for _, l := range s.Lacks {
		d.api.Log().WarnContext(ctx, "Jira's form can't show everything that may be asked for.", "required", l.Required, "error", l.Fault())
	}
	d.remember(ctx, s.names)
	d.mu.Lock()
	d.found = s
	d.mu.Unlock()
	return s, nil
}

// Step is one thing that discovery looks at; each needs those before it.
type Step struct {
	Check string                             // what is looked at
	Look  func(context.Context, *Site) error // notes what is there
	Seen  func(*Site) string                 // what to say about it when it is as it should be

	needed bool // without it nothing can be done
	opens  bool // without it no issue can be opened
}

// Steps are what discovery looks at, in order. An administrator who checks the
// configuration reads about each by itself.
func (d *Discoverer) Steps() []Step {
	return []Step{
		{Check: SignIn, Look: d.findMyself, needed: true, Seen: func(*Site) string { return d.api.AccountName() + " is signed in" }},
		{Check: "site", Look: d.findServer, needed: true, Seen: func(s *Site) string { return s.BaseURL }},
		{Check: "project", Look: d.findProject, needed: true, Seen: func(s *Site) string { return s.Project + " is a company-managed service project" }},
		{Check: "permissions", Look: d.checkPermissions, Seen: func(s *Site) string { return "all that are needed in " + s.Project }},
		{Check: "agent licence", Look: d.findDesk, opens: true, Seen: func(s *Site) string { return d.api.AccountName() + " is an agent of service desk " + s.ServiceDesk }},
		{Check: "request type", Look: d.findForm, opens: true, Seen: func(*Site) string {
			return fmt.Sprintf("%q may be raised for others, and every required field can be filled in", d.cfg.RequestType)
		}},
		{Check: "statuses", Look: d.findStatuses, Seen: func(*Site) string { return fmt.Sprintf("all %d are in the workflow", len(Keys())) }},
		{Check: "fields", Look: d.findFields, Seen: func(*Site) string { return "what jira.fields names is there" }},
	}
}

// SignIn is the step that proves that the token works.
const SignIn = "sign-in"

// findMyself is the proof that the token works: other calls may answer
// strangers with an empty success.
func (d *Discoverer) findMyself(ctx context.Context, s *Site) error {
	var me struct {
		AccountID string `json:"accountId"`
	}
	if err := d.api.Fetch(ctx, rest.Get("tell who Latchkey is", "rest/api/3/myself", nil), &me); err != nil {
		return err
	}
	if me.AccountID == "" {
		return rest.Fault("Jira doesn't say which account Latchkey has: check that jira.url is the address of a Jira Cloud site")
	}
	s.AccountID = me.AccountID
	return nil
}

func (d *Discoverer) findServer(ctx context.Context, s *Site) error {
	var info struct{ BaseURL, DeploymentType string }
	if err := d.api.Fetch(ctx, rest.Get("describe the site", "rest/api/3/serverInfo", nil), &info); err != nil {
		return err
	}
	if info.DeploymentType != "" && info.DeploymentType != "Cloud" { // some sites don't say
		return rest.Fault("jira.url is a Jira of the kind %q, and Latchkey works with Jira Cloud only: set it to the address of a Cloud site", info.DeploymentType)
	}
	s.BaseURL = strings.TrimRight(info.BaseURL, "/")
	return d.isTheSame(ctx)
}

func (d *Discoverer) findProject(ctx context.Context, s *Site) error {
	var p struct {
		Key, ProjectTypeKey, Style string
		Simplified                 bool
	}
	err := d.api.Fetch(ctx, rest.Get("show project "+d.cfg.Project, "rest/api/3/project/"+url.PathEscape(d.cfg.Project), nil), &p)
	switch {
	case rest.StatusOf(err) == http.StatusNotFound:
		return absent(err, "There is no Jira project %q that %s may see: check jira.project, or give the account the permission Browse projects", d.cfg.Project, d.api.AccountName())
	case err != nil:
		return err
	case p.ProjectTypeKey != "service_desk":
		return rest.Fault("Project %s is not a service project: set jira.project to one of Jira Service Management", p.Key)
	case p.Simplified || p.Style == "next-gen":
		return rest.Fault("Project %s is team-managed: Latchkey needs a company-managed service project", p.Key)
	}
	s.Project = p.Key
	return nil
}

// checkPermissions asks for what the record needs. Writing a property takes the
// permission to edit.
func (d *Discoverer) checkPermissions(ctx context.Context, s *Site) error {
	return d.may(ctx, s.Project, rest.BrowseProjects, "CREATE_ISSUES", "EDIT_ISSUES", "TRANSITION_ISSUES", "ADD_COMMENTS")
}

// MayBrowse fails unless the account may see the project's issues at this moment.
func (d *Discoverer) MayBrowse(ctx context.Context) error {
	return d.may(ctx, d.cfg.Project, rest.BrowseProjects)
}

func (d *Discoverer) may(ctx context.Context, project string, needed ...string) error {
	has, err := d.api.Permissions(ctx, project, needed...)
	if err != nil {
		return err
	}
	missing := slices.DeleteFunc(needed, func(p string) bool { return has[p] })
	if len(missing) == 0 {
		return nil
	}
	return &access.Failure{Class: access.Denied, Sentence: fmt.Sprintf("%s lacks permissions in project %s: add it to the permission scheme for %s",
		d.api.AccountName(), project, strings.Join(missing, ", "))}
}

func (d *Discoverer) findDesk(ctx context.Context, s *Site) error {
	var desk struct{ ID, ProjectKey string }
	err := d.api.Fetch(ctx, rest.Get("show the service desk of project "+s.Project, "rest/servicedeskapi/servicedesk/"+url.PathEscape(s.Project), nil), &desk)
	if rest.StatusOf(err) == http.StatusNotFound {
		return absent(err, "Project %s has no service desk that %s may see: make the account an agent of the project", s.Project, d.api.AccountName())
	}
	s.ServiceDesk = desk.ID
	return err
}

// findStatuses resolves every configured status among those of the request
// type's workflow.
func (d *Discoverer) findStatuses(ctx context.Context, s *Site) error {
	var types []struct {
		ID       string
		Statuses []Status
	}
	if err := d.api.Fetch(ctx, rest.Get("list the statuses of project "+s.Project, "rest/api/3/project/"+url.PathEscape(s.Project)+"/statuses", nil), &types); err != nil {
		return err
	}
	var all []Status
	for _, t := range types {
		if t.ID == s.Form.IssueType || s.Form.IssueType == "" {
			all = append(all, t.Statuses...)
		}
	}
	var faults []error
	s.statusFaults = map[string]error{}
	for _, key := range Keys() {
		if err := d.findStatus(s, key, all); err != nil {
			s.statusFaults[key] = err
			faults = append(faults, err)
		}
	}
	return together(faults)
}

// together is one fault of several: an administrator is to put all of it right at once.
func together(faults []error) error {
	if len(faults) < 2 {
		return errors.Join(faults...)
	}
	var all []string
	for _, err := range faults {
		all = append(all, access.Classify(err).Sentence)
	}
	return rest.Fault("%s", strings.Join(all, ". "))
}

func (d *Discoverer) findStatus(s *Site, key string, all []Status) error {
	want := strings.TrimSpace(d.cfg.Statuses[key])
	found := find(s, "jira.statuses."+key, all, want, func(st Status) (string, string) { return st.ID, st.Name })
	switch len(found) {
	case 0:
		return rest.Fault("The workflow of %q has no status %q: set jira.statuses.%s to one of %s", d.cfg.RequestType, want, key, names(all))
	case 1:
		s.Statuses[key] = found[0]
		return nil
	}
	return rest.Fault("The workflow of %q has %d statuses called %q: set jira.statuses.%s to the id of the one that is meant, %s or %s",
		d.cfg.RequestType, len(found), want, key, found[0].ID, found[1].ID)
}

func names(all []Status) string {
	var out []string
	for _, s := range all {
		out = append(out, s.Name)
	}
	return strings.Join(out, ", ")
}

// absent turns a 404 into a sentence about what was looked for.
func absent(err error, format string, args ...any) error {
	f := rest.Fault(format, args...)
	var cause *rest.Error
	if failure, ok := errors.AsType[*access.Failure](f); ok && errors.As(err, &cause) {
		failure.Err = cause
	}
	return f
}
