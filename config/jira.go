package config

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"latchkey/config/value"
)

// Jira is where the record is kept. Statuses, Transitions and Resolutions
// map Latchkey's phases to the names the project uses for them.
type Jira struct {
	URL         string // without a trailing slash
	Email       string // the account Latchkey works as
	Token       value.Secret
	Project     string // the project's key
	RequestType string // the name of the request type
	Statuses    map[string]string
	Transitions map[string]string
	Resolutions map[string]string
	Fields      map[string]string // what a request says -> the field that shows it
	CloseOn     string            // when the issue of access without an end is closed: granted, ended
	Revocation  string            // the type of link between a revocation and its review
	Assignees   Assignees         // who an issue is assigned to
	Decisions   []string          // where an answer counts: slack, jira
	Poll        time.Duration     // how often Jira is asked for changes
	Was         string            // the site that this one may replace, by its cloud id
	Org         Organization      // the Atlassian organization, if it is to say whose accounts are
	SearchLag   time.Duration     // how long after an unclear create it must stay certain that there is no issue
}

// Organization is the Atlassian organization that manages the accounts of a Cloud
// site. Without it an account in Jira is known once its holder has proved it.
type Organization struct {
	ID     string // empty: none
	Key    value.Secret
	APIURL string
}

func organization(v value.Node) Organization {
	if !v.Present() {
		return Organization{}
	}
	o := v.Object("id", "key", "api_url")
	out := Organization{APIURL: "https://api.atlassian.com"}
	out.ID, _ = o.Get("id").Needed("copy the organization's id from the address of admin.atlassian.com")
	out.Key = o.Get("key").NeededToken("key: ${ATLASSIAN_ORG_KEY}", "make an API key under Settings > API keys in admin.atlassian.com, and set it; or leave jira.organization out")
	if u := o.Get("api_url"); u.Present() {
		out.APIURL = u.URL("https://api.atlassian.com")
	}
	return out
}

// Assignees are who issues are assigned to that need somebody: the first of each who can
// be. nil: not said; empty: nobody.
type Assignees struct {
	Manual    []string // what is made by hand; those who make it, unless said otherwise
	Stuck     []string // what Latchkey can't go on with; people.admins, unless said otherwise
	Emergency []string // what was taken in an emergency; people.admins, unless said otherwise
}

func assignees(v value.Node) Assignees {
	o := v.Object("manual", "stuck", "emergency")
	read := func(v value.Node) []string {
		if !v.Present() {
			return nil
		}
		return append([]string{}, emails(v)...)
	}
	return Assignees{Manual: read(o.Get("manual")), Stuck: read(o.Get("stuck")), Emergency: read(o.Get("emergency"))}
}

var projectKeyPattern = regexp.MustCompile(`^[A-Z][A-Z0-9_]+$`)

// jiraPhases are the phases of a request that have a status of their own.
func jiraPhases() []string {
	return []string{"pending", "approved", "manual", "active", "stuck", "denied", "cancelled", "ended"}
}

// jiraFields are the details of a request that a Jira field can show.
func jiraFields() []string {
	return []string{"app", "role", "duration", "reason", "until", "waiting_for", "decided_by", "approvers"}
}

func jira(v value.Node) Jira {
	o := v.Object("url", "email", "token", "project", "request_type", "statuses", "transitions",
		"resolutions", "fields", "close_on", "revocation_link", "assignees", "decisions", "poll", "search_lag", "deployment", "organization", "was")
	j := Jira{URL: o.Get("url").URL("https://acme.atlassian.net")}
	j.Was = o.Get("was").TextOr("")
	j.Org = organization(o.Get("organization"))
	if d := o.Get("deployment"); d.Present() {
		d.Fault("jira.deployment is not read: Latchkey works with Jira Cloud only, not with Data Center or Server; remove the line")
	}
	j.Email = neededEmail(o.Get("email"), "name the account Latchkey works as in Jira")
	j.Token = o.Get("token").NeededToken("token: ${JIRA_TOKEN}",
		"make an API token for jira.email at id.atlassian.com, and set it")
	j.Project, _ = o.Get("project").Needed("write the key of the service project, for example IT")
	if j.Project != "" && !projectKeyPattern.MatchString(j.Project) {
		o.Get("project").Fault("jira.project can't be %q: write the project's key in capitals, for example IT", j.Project)
	}
	j.RequestType, _ = o.Get("request_type").Needed(`name the request type, for example "Access request"`)
	j.Statuses = names(o.Get("statuses"), jiraPhases())
	everyPhase(o.Get("statuses"), j.Statuses)
	j.Transitions = names(o.Get("transitions"), jiraPhases())
	j.Resolutions = names(o.Get("resolutions"), []string{"denied", "cancelled", "ended", "granted", "revoked", "lapsed"})
	j.Fields = names(o.Get("fields"), jiraFields())
	j.CloseOn = o.Get("close_on").OneOf("granted", "granted", "ended")
	j.Revocation = o.Get("revocation_link").TextOr("Relates")
	j.Assignees = assignees(o.Get("assignees"))
	j.Decisions = decisions(o.Get("decisions"))
	j.Poll = period(o.Get("poll"), 30*time.Second)
	j.SearchLag = period(o.Get("search_lag"), time.Minute)
	return j
}

// everyPhase reports phases without a status: a request that reaches one would
// have nowhere to go.
func everyPhase(v value.Node, statuses map[string]string) {
	if !v.Present() {
		v.Fault("jira.statuses is missing: name the Jira status of each phase (%s)", strings.Join(jiraPhases(), ", "))
		return
	}
	o := v.Part()
	for _, phase := range jiraPhases() {
		if at := o.Get(phase); statuses[phase] == "" && !at.Faulty() {
			at.Fault("%s is missing: name the Jira status of %s requests", at.Path(), phase)
		}
	}
}

// names reads a mapping from known words to names.
func names(v value.Node, known []string) map[string]string {
	o, out := v.Object(known...), map[string]string{}
	for _, key := range known {
		if item := o.Get(key); item.Present() {
			if name, ok := item.Needed("write a name, or leave the key out"); ok {
				out[key] = name
			}
		}
	}
	return out
}

func decisions(v value.Node) []string {
	places := []string{"slack", "jira"}
	if !v.Present() {
		return places
	}
	items := v.List()
	var out []string
	for _, item := range items {
		if place := item.OneOf("", places...); !slices.Contains(out, place) {
			out = append(out, place)
		}
	}
	if len(items) == 0 && !v.Faulty() {
		v.Fault("jira.decisions is empty, so nobody could decide anywhere: write [slack], [jira] or [slack, jira]")
	}
	return out
}
