package app

import (
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/bot"
	"latchkey/bot/messenger"
	"latchkey/bot/webapi"
	"latchkey/catalog"
	"latchkey/config"
	"latchkey/config/value"
	"latchkey/evidence/note"
	"latchkey/idp"
	"latchkey/jira"
	"latchkey/jira/rest"
	"latchkey/jira/site"
	"latchkey/oncall"
	"latchkey/store/postgres"
	"latchkey/workflow"
	"latchkey/workflow/anchor"
	"latchkey/workflow/birthright"
	"latchkey/workflow/people"
	"latchkey/workflow/reclaim"
	"latchkey/workflow/reclaim/digest"
	"latchkey/workflow/reconcile"
	"latchkey/workflow/retention"
	"latchkey/workflow/stepup"
	"latchkey/workflow/weekly"
)

// Here the configuration becomes what each room is told. These functions are
// pure, and a test walks every field of the configuration through them: what
// somebody writes into config.yaml reaches the part that uses it.

func workflowConfig(c *config.Config) workflow.Config {
	return workflow.Config{
		Version: buildVersion(),
		Catalog: catalogOf(c), Admins: emails(c.People.Admins), Fallback: emails(c.People.Fallback), Protected: c.Protected,
		OnBehalf: onBehalf(c.People.OnBehalf), BreakGlass: c.Requests.BreakGlass,
		Tables: timetables(c.Requests), Escalate: rungs(c.Requests.EscalateTo), Hours: workingHours(c.People.Hours, c.Schedules.Zone),
		Poll: c.Jira.Poll, JiraDecides: slices.Contains(c.Jira.Decisions, "jira"), JiraOnly: jiraOnly(c), Command: c.Slack.Command, SlackLink: slackLink(c.Slack.AppToken.Reveal()),
		StepUp: signInTerms(c), SignIn: c.Slack.SSO, Linking: linking(c), JiraStates: c.Jira.Org.ID != "",
		Was: formerTenants(c), InFlight: inFlight(c), Calendar: calendar(c.Schedules), Idle: c.Reconcile.Idle, LogPolls: logPolls(c), Retention: retentionTerms(c),
	}
}

// retentionTerms say which events are old, where the store has a place for such.
func retentionTerms(c *config.Config) retention.Terms {
	if s, ok := c.Store.Settings.(postgres.Settings); ok {
		return retention.Terms{After: s.Retention.After, To: s.Retention.To}
	}
	return retention.Terms{}
}

// linking is how accounts in several directories belong together.
func linking(c *config.Config) people.Linking {
	l := people.Linking{Authority: c.People.Directory, Aliases: map[string]map[string]string{}}
	for _, d := range c.IDP {
		l.Aliases[d.ID] = d.Aliases
	}
	return l
}

func jiraConfig(c *config.Config) jira.Config {
	j := c.Jira
	return jira.Config{
		Rest: rest.Config{URL: j.URL, Email: j.Email, Token: j.Token.Reveal()},
		Site: site.Config{
			Project: j.Project, RequestType: j.RequestType,
			Statuses: j.Statuses, Transitions: j.Transitions, Resolutions: j.Resolutions, Fields: j.Fields,
			CloseOn: j.CloseOn, RevocationLink: j.Revocation, Assignees: assignees(c), Choices: func() map[string][]string { return choices(c.Catalog) },
		},
		SearchLag:    j.SearchLag,
		Accounts:     c.Evidence.Accounts,
		Organization: jira.OrganizationConfig{ID: j.Org.ID, Key: j.Org.Key.Reveal(), URL: j.Org.APIURL},
	}
}

// assignees are who issues are assigned to that need somebody. Of what is made by hand
// those who make it, unless said otherwise.
func assignees(c *config.Config) map[string][]string {
	out := map[string][]string{site.Stuck: c.People.Admins, site.Emergency: c.People.Admins}
	for key, said := range map[string][]string{site.Manual: c.Jira.Assignees.Manual, site.Stuck: c.Jira.Assignees.Stuck, site.Emergency: c.Jira.Assignees.Emergency} {
		if said != nil {
			out[key] = said
		}
	}
	return out
}

// choices are the values that the form's fields will have to show.
func choices(c *catalog.Catalog) map[string][]string {
	apps, roles, durations := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, a := range c.Offered() {
		apps[a.Name] = true
		for _, r := range a.Roles {
			roles[r.Name] = true
			for _, d := range r.Durations.Choices {
				durations[catalog.FormatDuration(d)] = true
			}
		}
	}
	sorted := func(names map[string]bool) []string { return slices.Sorted(maps.Keys(names)) }
	return map[string][]string{site.FieldApp: sorted(apps), site.FieldRole: sorted(roles), site.FieldDuration: sorted(durations)}
}

func jiraPace(c *config.Config) rest.PaceConfig {
	return rest.PaceConfig{PerSecond: c.Limits.Jira.PerSecond}
}

// slackWay is where Slack is, and the keys to it.
type slackWay struct {
	url                string
	appToken, botToken value.Secret
}

func slackAccess(c *config.Config) slackWay {
	return slackWay{url: c.Slack.APIURL, appToken: c.Slack.AppToken, botToken: c.Slack.BotToken}
}

func directoryEnvironment(c *config.Config, d config.Directory) idp.Environment {
	return idp.Environment{ID: d.ID, InFlight: c.Limits.IDP.InFlight}
}

// directoryToken is the token of a directory, if it has one that may stand in a file.
func directoryToken(d config.Directory) value.Secret {
	if s, ok := d.Settings.(interface{ APIToken() value.Secret }); ok {
		return s.APIToken()
	}
	return value.Secret{}
}

// onCallSources are where the schedules stand of who is on call.
func onCallSources(c *config.Config) (all []oncall.Source) {
	for _, s := range c.OnCall {
		all = append(all, oncall.Source{Name: s.Name, File: s.File, URL: s.URL, Authorization: authorization(s)})
	}
	return all
}

// authorization is the header by which a service is signed in to, with the token as it
// is now.
func authorization(s config.OnCall) func() string {
	if s.Token.IsZero() {
		return nil
	}
	scheme := map[string]string{config.PagerDuty: "Token token=", config.Opsgenie: "GenieKey "}[s.Type]
	if scheme == "" {
		scheme = "Bearer "
	}
	return func() string { return scheme + s.Token.Current() }
}

func slackPace(c *config.Config) webapi.PaceConfig {
	limits := c.Limits.Slack
	return webapi.PaceConfig{ChannelBurst: limits.ChannelBurst, PostsMinute: limits.PostsMinute}
}

func messengerConfig(c *config.Config) messenger.Config {
	return messenger.Config{ITChannel: c.Slack.ITChannel, ITGroup: c.Slack.ITGroup, Command: c.Slack.Command, JiraOnly: jiraOnly(c), Home: slackLink(c.Slack.AppToken.Reveal())}
}

// jiraOnly: decisions made in Slack don't count.
func jiraOnly(c *config.Config) bool { return !slices.Contains(c.Jira.Decisions, "slack") }

func botConfig(c *config.Config) bot.Config {
	return bot.Config{Command: c.Slack.Command, Catalog: catalogOf(c), JiraOnly: jiraOnly(c)}
}

// catalogOf is what may be asked for, at any moment.
func catalogOf(c *config.Config) func() *catalog.Catalog {
	return func() *catalog.Catalog { return c.Catalog }
}

// keySource is where the keys are that the record is signed and checked with. The
// usual place is what systemd hands over, or a file in the folder for settings of
// whoever runs Latchkey, named after the site.
func keySource(c *config.Config) note.Source {
	e := c.Evidence
	from := note.Source{File: e.KeyFile, Text: e.Key.Reveal(), Missing: e.Missing, Command: e.Sign, Trust: e.Trust, Store: storeFile(c)}
	if from.File == "" && from.Text == "" && from.Missing == "" && len(from.Command) == 0 {
		from.File = usualKeyFile(c.Jira.URL, os.Getenv("CREDENTIALS_DIRECTORY"))
	}
	return from
}

const keyFileName = "evidence.key"

func usualKeyFile(site, credentials string) string {
	if credentials != "" {
		handed := filepath.Join(credentials, keyFileName)
		if _, err := os.Stat(handed); err == nil {
			return handed
		}
	}
	u, err := url.Parse(site)
	dir, unknown := os.UserConfigDir()
	if err != nil || unknown != nil || u.Hostname() == "" {
		return ""
	}
	return filepath.Join(dir, "latchkey", strings.ToLower(u.Hostname())+".key")
}

func metricsAddress(c *config.Config) string { return c.Metrics.Listen }

// formerTenants are the organisations, workspaces and sites that others may replace.
func formerTenants(c *config.Config) map[string]string {
	out := map[string]string{}
	for system, was := range map[string]string{access.SystemSlack: c.Slack.Was, access.SystemJira: c.Jira.Was} {
		if was != "" {
			out[system] = was
		}
	}
	for _, d := range c.IDP {
		if d.Was != "" {
			out[d.ID] = d.Was
		}
	}
	return out
}

// queues are the names of the queues: one for each service, one for the house, and one for cards of a crowd.
func queues(c *config.Config) []string {
	out := []string{"cards", "house", "jira", "slack"}
	for _, d := range c.IDP {
		out = append(out, d.ID)
	}
	return out
}

// inFlight is how many tasks of a queue may be under way at once.
func inFlight(c *config.Config) map[string]int {
	out := map[string]int{"slack": c.Limits.Slack.InFlight, "jira": c.Limits.Jira.InFlight}
	for _, d := range c.IDP {
		out[d.ID] = c.Limits.IDP.InFlight
	}
	return out
}

// logPolls are how often the directories' logs are read.
func logPolls(c *config.Config) map[string]time.Duration {
	out := map[string]time.Duration{}
	for _, d := range c.IDP {
		out[d.ID] = d.Poll
	}
	return out
}

func calendar(s config.Schedules) workflow.Calendar {
	return workflow.Calendar{Zone: s.Zone, Lines: map[string]string{reconcile.Duty: s.Reconcile, anchor.Duty: s.Anchor, birthright.Duty: s.Birthrights, reclaim.Duty: s.Reclaim, digest.Duty: s.ReclaimDigest, weekly.Duty: s.Report, retention.Duty: s.Retention}}
}

// timetables are when those are told again who are waited for.
func timetables(r config.Requests) access.Timetables {
	return access.Timetables{
		Brief:    access.Timetable{Remind: r.Remind.Brief, Escalate: r.Escalate.Brief, Lapse: r.Lapse.Brief},
		Ordinary: access.Timetable{Remind: r.Remind.Ordinary, Escalate: r.Escalate.Ordinary, Lapse: r.Lapse.Ordinary},
		Long:     access.Timetable{Remind: r.Remind.Long, Escalate: r.Escalate.Long, Lapse: r.Lapse.Long},
	}
}

// workingHours are everybody's, in a zone for those of whom none is known.
func workingHours(h config.Hours, zone *time.Location) access.Hours {
	out := access.Hours{Zone: zone, From: h.From, To: h.To}
	for d, name := range config.Weekdays() {
		out.Days[d] = slices.Contains(h.Days, name)
	}
	return out
}

func rungs(in []string) []people.Rung {
	out := make([]people.Rung, len(in))
	for i, name := range in {
		out[i] = people.Rung(name)
	}
	return out
}

func onBehalf(in []string) []people.OnBehalf {
	var out []people.OnBehalf
	for _, kind := range in {
		out = append(out, people.OnBehalf(kind))
	}
	return out
}

func emails(in []string) []access.Email {
	var out []access.Email
	for _, e := range in {
		out = append(out, access.NewEmail(e))
	}
	return out
}

// slackLink opens the app in Slack. The app's id is the third part of its token
// (xapp-1-A0123456789-…).
func slackLink(token string) string {
	parts := strings.Split(token, "-")
	if len(parts) < 3 || !strings.HasPrefix(parts[2], "A") {
		return ""
	}
	return "https://slack.com/app_redirect?app=" + parts[2]
}

// signInTerms are what is asked of a sign-in.
func signInTerms(c *config.Config) stepup.Terms {
	return stepup.Terms{Pages: c.SignIn.URL, MaxAge: c.SignIn.MaxAge, Levels: c.SignIn.Levels, Methods: c.SignIn.Methods}
}
