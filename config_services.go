package main

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"latchkey/catalog"
	"latchkey/workflow/people"
)

var (
	commandPattern    = regexp.MustCompile(`^/[a-z0-9_-]{1,31}$`)
	channelPattern    = regexp.MustCompile(`^(#[\p{Ll}\p{Lo}\p{N}_-]{1,80}|[CG][A-Z0-9]{8,})$`)
	projectKeyPattern = regexp.MustCompile(`^[A-Z][A-Z0-9_]+$`)
)

func (d *configDecoder) slack(v configValue) SlackConfig {
	o := v.object("app_token", "bot_token", "api_url", "it_channel", "command")
	s := SlackConfig{APIURL: "https://slack.com/api/", Command: "/access"}
	s.AppToken = o.get("app_token").neededToken("app_token: ${SLACK_APP_TOKEN}",
		"make an app-level token with connections:write under Basic Information in the Slack app, and set it")
	s.BotToken = o.get("bot_token").neededToken("bot_token: ${SLACK_BOT_TOKEN}",
		"install the Slack app, copy the Bot User OAuth Token from OAuth & Permissions, and set it")
	if strings.HasPrefix(s.AppToken.Reveal(), "xox") {
		o.get("app_token").fault("slack.app_token holds a bot or user token: it needs the app-level token, which starts with xapp-")
	}
	if strings.HasPrefix(s.BotToken.Reveal(), "xapp-") {
		o.get("bot_token").fault("slack.bot_token holds the app-level token: it needs the bot token, which starts with xoxb-")
	}
	if u := o.get("api_url"); u.present() {
		s.APIURL = u.url("https://slack.com/api/") + "/" // slack-go joins it with a method's name
	}
	s.ITChannel, _ = o.get("it_channel").needed(`name the channel that hears of what needs a human, for example "#it-access"`)
	s.Command = o.get("command").textOr(s.Command)
	if c := o.get("command"); c.present() && s.Command != "" && !commandPattern.MatchString(s.Command) {
		c.fault("slack.command can't be %q: write a slash and up to 31 lower-case letters, digits, - or _, for example /access", s.Command)
	}
	return s
}

// jiraPhases are the phases of a request that have a status of their own.
func jiraPhases() []string {
	return []string{"pending", "approved", "manual", "granted", "stuck", "declined", "withdrawn", "closed"}
}

// jiraFields are the details of a request that a Jira field can show.
func jiraFields() []string {
	return []string{"app", "role", "duration", "reason", "until", "approvers"}
}

func (d *configDecoder) jira(v configValue) JiraConfig {
	o := v.object("url", "email", "token", "project", "request_type", "statuses", "transitions",
		"resolutions", "fields", "decisions", "poll", "settle", "deployment")
	j := JiraConfig{URL: o.get("url").url("https://acme.atlassian.net")}
	if j.Server = o.get("deployment").oneOf("cloud", "cloud", "server") == "server"; j.Server {
		if o.get("email").present() {
			o.get("email").fault("jira.email is not read for a Data Center, which knows the account by its personal access token: remove it")
		}
	} else {
		j.Email = o.neededEmail("email", "name the account Latchkey works as in Jira")
	}
	j.Token = o.get("token").neededToken("token: ${JIRA_TOKEN}",
		"make an API token for jira.email at id.atlassian.com, and set it")
	j.Project, _ = o.get("project").needed("write the key of the service project, for example IT")
	if j.Project != "" && !projectKeyPattern.MatchString(j.Project) {
		o.get("project").fault("jira.project can't be %q: write the project's key in capitals, for example IT", j.Project)
	}
	j.RequestType, _ = o.get("request_type").needed(`name the request type, for example "Access request"`)
	j.Statuses = o.get("statuses").names(jiraPhases())
	d.everyPhase(o.get("statuses"), j.Statuses)
	j.Transitions = o.get("transitions").names(jiraPhases())
	j.Resolutions = o.get("resolutions").names([]string{"declined", "withdrawn", "closed"})
	j.Fields = o.get("fields").names(jiraFields())
	j.Decisions = decisions(o.get("decisions"))
	j.Poll = o.get("poll").period(30 * time.Second)
	j.Settle = o.get("settle").period(time.Minute)
	return j
}

// everyPhase reports phases without a status: a request that reaches one would
// have nowhere to go.
func (d *configDecoder) everyPhase(v configValue, statuses map[string]string) {
	if !v.present() {
		v.fault("jira.statuses is missing: name the Jira status of each phase (%s)", strings.Join(jiraPhases(), ", "))
		return
	}
	for _, phase := range jiraPhases() {
		path := joinPath(v.path, phase)
		if statuses[phase] == "" && !d.faultyUnder(path) {
			d.fault(path, "%s is missing: name the Jira status of %s requests", path, phase)
		}
	}
}

// names reads a mapping from known words to names.
func (v configValue) names(known []string) map[string]string {
	o, out := v.object(known...), map[string]string{}
	for _, key := range known {
		if item := o.get(key); item.present() {
			if name, ok := item.needed("write a name, or leave the key out"); ok {
				out[key] = name
			}
		}
	}
	return out
}

func (o configObject) neededEmail(key, remedy string) string {
	v := o.get(key)
	if !v.present() {
		v.fault("%s is missing: %s", v.path, remedy)
		return ""
	}
	address, _ := v.email()
	return address
}

func decisions(v configValue) []string {
	places := []string{"slack", "jira"}
	if !v.present() {
		return places
	}
	items := v.list()
	var out []string
	for _, item := range items {
		if place := item.oneOf("", places...); !slices.Contains(out, place) {
			out = append(out, place)
		}
	}
	if len(items) == 0 && !v.decoder.faultyUnder(v.path) {
		v.fault("jira.decisions is empty, so nobody could decide anywhere: write [slack], [jira] or [slack, jira]")
	}
	return out
}

func (d *configDecoder) store(v configValue) StoreConfig {
	o := v.object("type", "path", "url")
	s := StoreConfig{Type: o.get("type").oneOf("bolt", d.stores...), Path: "latchkey.db"}
	s.Path = o.get("path").textOr(s.Path)
	if u := o.get("url"); u.present() {
		s.URL = u.secret("set it to the database's connection string")
	}
	switch {
	case d.faultyUnder(v.path):
	case s.Type == "postgres" && !o.get("url").present():
		v.fault("store.url is missing: write url: ${DATABASE_URL}")
	case s.Type == "postgres" && o.get("path").present():
		o.get("path").fault("store.path is not read for postgres: remove it")
	case s.Type == "bolt" && o.get("url").present():
		o.get("url").fault("store.url is not read for bolt: remove it, or set type: postgres")
	case s.Path == "":
		o.get("path").fault("store.path is empty: name a file, for example latchkey.db")
	}
	return s
}

func (d *configDecoder) people(v configValue) PeopleConfig {
	o := v.object("admins", "fallback", "on_behalf")
	return PeopleConfig{Admins: o.get("admins").emails(), Fallback: o.get("fallback").emails(), OnBehalf: onBehalf(o.get("on_behalf"))}
}

// onBehalf are the kinds of people who may ask for somebody else. Unless said
// otherwise, managers may for their reports, and IT for anybody.
func onBehalf(v configValue) []string {
	if !v.present() {
		return []string{string(people.ManagersMay), string(people.AdminsMay)}
	}
	var out []string
	for _, item := range v.list() {
		out = append(out, item.oneOf("", string(people.ManagersMay), string(people.AdminsMay), string(people.OwnersMay), string(people.EverybodyMay)))
	}
	return out
}

func (d *configDecoder) protected(v configValue, directories []string) []catalog.GroupRef {
	var out []catalog.GroupRef
	for _, item := range v.list() {
		g, ok := item.group()
		if !ok {
			continue
		}
		if !slices.Contains(directories, g.Directory) {
			item.fault("the group %q names the directory %q, which is not under idp: %s", g, g.Directory, didYouMean(g.Directory, directories))
		}
		out = append(out, g)
	}
	return out
}

func (d *configDecoder) logging(v configValue) LogConfig {
	o := v.object("level", "format")
	return LogConfig{
		Level:  o.get("level").oneOf("info", "debug", "info", "warn", "error"),
		Format: o.get("format").oneOf("text", "text", "json"),
	}
}
