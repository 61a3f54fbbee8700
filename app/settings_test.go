package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/catalog"
	"latchkey/config"
	"latchkey/config/value"
	"latchkey/evidence/note"
	"latchkey/idp"
	"latchkey/idp/okta"
)

// probe is what one part of Latchkey is told.
type probe func(*config.Config) any

// destinations say, for every field of the configuration, which parts use it.
func destinations() map[string][]probe {
	parts := []map[string][]probe{houseParts(), slackParts(), jiraParts(), backendParts()}
	all := map[string][]probe{}
	for _, p := range parts {
		maps.Copy(all, p)
	}
	return all
}

func houseParts() map[string][]probe {
	return map[string][]probe{
		"Path":           {missingSecrets},
		"MissingSecrets": {missingSecrets},
		"Warnings":       {func(c *config.Config) any { return c.Warnings }}, // printed by check, logged by run
		"Secrets":        {redacted},
		"Catalog":        {func(c *config.Config) any { return workflowConfig(c).Catalog() }},
		"Protected":      {func(c *config.Config) any { return workflowConfig(c).Protected }},

		"People.Admins":    {func(c *config.Config) any { return workflowConfig(c).Admins }},
		"People.Fallback":  {func(c *config.Config) any { return workflowConfig(c).Fallback }},
		"People.Directory": {func(c *config.Config) any { return workflowConfig(c).Linking.Authority }},
		"People.OnBehalf":  {func(c *config.Config) any { return workflowConfig(c).OnBehalf }},

		"Requests.Lapse.Brief":       {func(c *config.Config) any { return workflowConfig(c).Tables.Brief.Lapse }},
		"Requests.Lapse.Ordinary":    {func(c *config.Config) any { return workflowConfig(c).Tables.Ordinary.Lapse }},
		"Requests.Lapse.Long":        {func(c *config.Config) any { return workflowConfig(c).Tables.Long.Lapse }},
		"Requests.BreakGlass":        {func(c *config.Config) any { return workflowConfig(c).BreakGlass }},
		"Requests.Remind.Brief":      {func(c *config.Config) any { return workflowConfig(c).Tables.Brief.Remind }},
		"Requests.Remind.Ordinary":   {func(c *config.Config) any { return workflowConfig(c).Tables.Ordinary.Remind }},
		"Requests.Remind.Long":       {func(c *config.Config) any { return workflowConfig(c).Tables.Long.Remind }},
		"Requests.Escalate.Brief":    {func(c *config.Config) any { return workflowConfig(c).Tables.Brief.Escalate }},
		"Requests.Escalate.Ordinary": {func(c *config.Config) any { return workflowConfig(c).Tables.Ordinary.Escalate }},
		"Requests.Escalate.Long":     {func(c *config.Config) any { return workflowConfig(c).Tables.Long.Escalate }},
		"Requests.EscalateTo":        {func(c *config.Config) any { return workflowConfig(c).Escalate }},
		"People.Hours.Days":          {func(c *config.Config) any { return workflowConfig(c).Hours.Days }},
		"People.Hours.From":          {func(c *config.Config) any { return workflowConfig(c).Hours.From }},
		"People.Hours.To":            {func(c *config.Config) any { return workflowConfig(c).Hours.To }},

		"OnCall": {func(c *config.Config) any { return len(onCallSources(c)) }},

		"Reconcile.Idle":          {func(c *config.Config) any { return workflowConfig(c).Idle }},
		"Schedules.Zone":          {func(c *config.Config) any { return workflowConfig(c).Calendar.Zone }},
		"Schedules.Reconcile":     {func(c *config.Config) any { return workflowConfig(c).Calendar.Lines }},
		"Schedules.Birthrights":   {func(c *config.Config) any { return workflowConfig(c).Calendar.Lines }},
		"Schedules.Reclaim":       {func(c *config.Config) any { return workflowConfig(c).Calendar.Lines }},
		"Schedules.Report":        {func(c *config.Config) any { return workflowConfig(c).Calendar.Lines }},
		"Schedules.Retention":     {func(c *config.Config) any { return workflowConfig(c).Calendar.Lines }},
		"Schedules.ReclaimDigest": {func(c *config.Config) any { return workflowConfig(c).Calendar.Lines }},
		"Schedules.Anchor":        {func(c *config.Config) any { return workflowConfig(c).Calendar.Lines }},

		"SignIn.Listen":  {func(c *config.Config) any { return signInAddress(c) }},
		"SignIn.URL":     {func(c *config.Config) any { return workflowConfig(c).StepUp.Pages }},
		"SignIn.MaxAge":  {func(c *config.Config) any { return workflowConfig(c).StepUp.MaxAge }},
		"SignIn.Levels":  {func(c *config.Config) any { return workflowConfig(c).StepUp.Levels }},
		"SignIn.Methods": {func(c *config.Config) any { return workflowConfig(c).StepUp.Methods }},

		"Evidence.KeyFile":  {func(c *config.Config) any { return keySource(c).File }},
		"Evidence.Key":      {func(c *config.Config) any { return keySource(c).Text }},
		"Evidence.Missing":  {func(c *config.Config) any { return keySource(c).Missing }},
		"Evidence.Sign":     {func(c *config.Config) any { return keySource(c).Command }},
		"Evidence.Trust":    {func(c *config.Config) any { return keySource(c).Trust }},
		"Evidence.Anchors":  {func(c *config.Config) any { return len(anchorFiles(c)) + len(witnesses(c)) }},
		"Evidence.Accounts": {func(c *config.Config) any { return jiraConfig(c).Accounts }},

		"Metrics.Listen": {func(c *config.Config) any { return metricsAddress(c) }},
		"Log.Level": {func(c *config.Config) any {
			return logHandler(c, io.Discard).Enabled(context.Background(), slog.LevelInfo)
		}},
		"Log.Format": {func(c *config.Config) any { return fmt.Sprintf("%T", logHandler(c, io.Discard)) }},
	}
}

func slackParts() map[string][]probe {
	return map[string][]probe{
		"Slack.APIURL": {func(c *config.Config) any { return slackAccess(c).url }},
		"Slack.AppToken": {
			func(c *config.Config) any { return slackAccess(c).appToken },
			func(c *config.Config) any { return workflowConfig(c).SlackLink },
			func(c *config.Config) any { return messengerConfig(c).Home },
		},
		"Slack.BotToken":  {func(c *config.Config) any { return slackAccess(c).botToken }},
		"Slack.SSO":       {func(c *config.Config) any { return workflowConfig(c).SignIn }},
		"Slack.Was":       {func(c *config.Config) any { return workflowConfig(c).Was }},
		"Slack.ITGroup":   {func(c *config.Config) any { return messengerConfig(c).ITGroup }},
		"Slack.Away":      {func(c *config.Config) any { return c.Slack.Away }},
		"Slack.ITChannel": {func(c *config.Config) any { return messengerConfig(c).ITChannel }},
		"Slack.Command": {
			func(c *config.Config) any { return botConfig(c).Command },
			func(c *config.Config) any { return messengerConfig(c).Command },
		},
		"Limits.Slack.InFlight":     {func(c *config.Config) any { return workflowConfig(c).InFlight["slack"] }},
		"Limits.Slack.ChannelBurst": {func(c *config.Config) any { return slackPace(c).ChannelBurst }},
		"Limits.Slack.PostsMinute":  {func(c *config.Config) any { return slackPace(c).PostsMinute }},
	}
}

func jiraParts() map[string][]probe {
	return map[string][]probe{
		"Jira.URL":         {func(c *config.Config) any { return jiraConfig(c).Rest.URL }},
		"Jira.Email":       {func(c *config.Config) any { return jiraConfig(c).Rest.Email }},
		"Jira.Token":       {func(c *config.Config) any { return jiraConfig(c).Rest.Token }},
		"Jira.Project":     {func(c *config.Config) any { return jiraConfig(c).Site.Project }},
		"Jira.RequestType": {func(c *config.Config) any { return jiraConfig(c).Site.RequestType }},
		"Jira.Statuses":    {func(c *config.Config) any { return jiraConfig(c).Site.Statuses }},
		"Jira.Transitions": {func(c *config.Config) any { return jiraConfig(c).Site.Transitions }},
		"Jira.Resolutions": {func(c *config.Config) any { return jiraConfig(c).Site.Resolutions }},
		"Jira.Fields":      {func(c *config.Config) any { return jiraConfig(c).Site.Fields }},

		"Jira.Revocation":          {func(c *config.Config) any { return jiraConfig(c).Site.RevocationLink }},
		"Jira.CloseOn":             {func(c *config.Config) any { return jiraConfig(c).Site.CloseOn }},
		"Jira.Assignees.Manual":    {func(c *config.Config) any { return jiraConfig(c).Site.Assignees["manual"] }},
		"Jira.Assignees.Stuck":     {func(c *config.Config) any { return jiraConfig(c).Site.Assignees["stuck"] }},
		"Jira.Assignees.Emergency": {func(c *config.Config) any { return jiraConfig(c).Site.Assignees["emergency"] }},

		"Jira.Was":        {func(c *config.Config) any { return workflowConfig(c).Was }},
		"Jira.Org.ID":     {func(c *config.Config) any { return jiraConfig(c).Organization.ID }},
		"Jira.Org.Key":    {func(c *config.Config) any { return jiraConfig(c).Organization.Key }},
		"Jira.Org.APIURL": {func(c *config.Config) any { return jiraConfig(c).Organization.URL }},
		"Jira.SearchLag":  {func(c *config.Config) any { return jiraConfig(c).SearchLag }},
		"Jira.Poll":       {func(c *config.Config) any { return workflowConfig(c).Poll }},
		"Jira.Decisions": {
			func(c *config.Config) any { return workflowConfig(c).JiraDecides || workflowConfig(c).JiraOnly },
			func(c *config.Config) any { return messengerConfig(c).JiraOnly || workflowConfig(c).JiraDecides },
			func(c *config.Config) any { return botConfig(c).JiraOnly || workflowConfig(c).JiraDecides },
		},
		"Limits.Jira.InFlight":  {func(c *config.Config) any { return workflowConfig(c).InFlight["jira"] }},
		"Limits.Jira.PerSecond": {func(c *config.Config) any { return jiraPace(c).PerSecond }},
	}
}

func backendParts() map[string][]probe {
	org := func(c *config.Config) okta.Config { return c.IDP[0].Settings.(okta.Settings).Config(c.IDP[0].ID) }
	return map[string][]probe{
		"Store.Type": {func(c *config.Config) any {
			_, err := backends().openStore(context.Background(), config.Store{Type: c.Store.Type}, nil)
			return fmt.Sprint(err)
		}},
		"Store.Settings(bolt).Path": {func(c *config.Config) any { return adminSocket(c) }},
		"IDP[].Poll":                {func(c *config.Config) any { return logPolls(c) }},
		"IDP[].Aliases":             {func(c *config.Config) any { return workflowConfig(c).Linking.Aliases }},
		"IDP[].Was":                 {func(c *config.Config) any { return workflowConfig(c).Was }},
		"IDP[].Type": {func(c *config.Config) any {
			_, err := backends().openDirectory(context.Background(), config.Directory{Type: c.IDP[0].Type}, idp.Environment{})
			return fmt.Sprint(err)
		}},
		"IDP[].Settings(okta).URL":               {func(c *config.Config) any { return org(c).URL }},
		"IDP[].Settings(okta).Token":             {func(c *config.Config) any { return org(c).Token }},
		"IDP[].Settings(okta).ClientID":          {func(c *config.Config) any { return org(c).ClientID }},
		"IDP[].Settings(okta).KeyID":             {func(c *config.Config) any { return org(c).KeyID }},
		"IDP[].Settings(okta).Scopes":            {func(c *config.Config) any { return org(c).Scopes }},
		"IDP[].Settings(okta).PrivateKey":        {func(c *config.Config) any { return org(c).PrivateKey }},
		"IDP[].Settings(okta).ManagerAttribute":  {func(c *config.Config) any { return org(c).ManagerAttribute }},
		"IDP[].Settings(okta).TypeAttribute":     {func(c *config.Config) any { return org(c).TypeAttribute }},
		"IDP[].Settings(okta).LocationAttribute": {func(c *config.Config) any { return org(c).LocationAttribute }},
		"IDP[].Settings(okta).SignInClient":      {func(c *config.Config) any { return org(c).SignInClient }},
		"IDP[].Settings(okta).ProbeGroup":        {func(c *config.Config) any { return org(c).ProbeGroup }},
		"IDP[].ID": {
			func(c *config.Config) any { return directoryEnvironment(c, c.IDP[0]).ID },
			func(c *config.Config) any { return queues(c) },
			func(c *config.Config) any { return slices.Sorted(maps.Keys(workflowConfig(c).InFlight)) },
		},
		"Limits.IDP.InFlight": {
			func(c *config.Config) any { return directoryEnvironment(c, c.IDP[0]).InFlight },
			func(c *config.Config) any { return workflowConfig(c).InFlight["okta"] },
		},
	}
}

// missingSecrets is what a command says that can't begin without them.
func missingSecrets(c *config.Config) any {
	told := *c
	told.MissingSecrets = append(slices.Clone(c.MissingSecrets), config.Fault{Problem: "a token is missing"})
	return told.RequireSecrets().Error()
}

// redacted is what is left of a line in the log.
func redacted(c *config.Config) any {
	var out bytes.Buffer
	NewLogger(c, &out).Error("it is " + secretWord)
	_, text, _ := strings.Cut(out.String(), "msg=")
	return text
}

const secretWord = "something-else"

// example is config.yaml with tokens.
func example(t *testing.T) *config.Config {
	t.Helper()
	c, err := config.Load("../config.yaml", func(name string) (string, bool) {
		return map[string]string{"SLACK_APP_TOKEN": "xapp-1-A0123456789-1-x"}[name] + name, true
	}, Backends())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestEveryFieldReachesWhoUsesIt changes one field of the configuration after the
// other, and looks at what the parts that use it are told. A field that nobody
// uses fails, and so does a new one without a destination.
func TestEveryFieldReachesWhoUsesIt(t *testing.T) {
	before, after, known := example(t), example(t), destinations()
	at := func(path string, do func(reflect.Value)) {
		walk(reflect.ValueOf(after).Elem(), "", func(here string, v reflect.Value) {
			if here == path {
				do(v)
			}
		})
	}
	for _, path := range paths(before) {
		probes := known[path]
		delete(known, path)
		if len(probes) == 0 {
			t.Errorf("nobody says where %s goes: name who uses it, or remove it", path)
		}
		var was reflect.Value
		at(path, func(v reflect.Value) {
			was = reflect.ValueOf(v.Interface())
			change(t, path, v)
		})
		for i, told := range probes {
			if was, is := told(before), told(after); reflect.DeepEqual(was, is) {
				t.Errorf("%s does not reach who uses it (%d): it is %v before and after", path, i, was)
			}
		}
		at(path, func(v reflect.Value) { v.Set(was) })
	}
	for path := range known {
		t.Errorf("the configuration has no %s", path)
	}
}

// TestEveryFieldIsRead compares a file in which everything is said with one that
// leaves everything out that can be left out.
func TestEveryFieldIsRead(t *testing.T) {
	load := func(file string) map[string]any {
		c, err := config.Load(file, func(name string) (string, bool) { return strings.ToLower(name), true }, Backends())
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]any{}
		walk(reflect.ValueOf(c).Elem(), "", func(path string, v reflect.Value) {
			out[path] = v.Interface()
			if s, ok := v.Interface().(value.Secret); ok {
				out[path] = s.Reveal()
			}
		})
		return out
	}
	little, all := load("../config/testdata/small.yaml"), load("testdata/everything.yaml")
	for path := range all {
		switch path {
		case "Store.Type", "IDP[].Type", "MissingSecrets", "Warnings": // there is one of each; nothing is missing or doubtful
			continue
		case "Evidence.Key", "Evidence.Missing", "Evidence.Sign": // the key is in a file: see config/evidence_test.go
			continue
		}
		if reflect.DeepEqual(little[path], all[path]) {
			t.Errorf("%s is %v, whatever the file says", path, all[path])
		}
	}
}

// paths are all fields of a configuration, in their order.
func paths(c *config.Config) []string {
	var out []string
	walk(reflect.ValueOf(c).Elem(), "", func(path string, _ reflect.Value) { out = append(out, path) })
	return out
}

// walk visits every field that holds a value of its own. Settings of back ends
// are walked as what they are.
func walk(v reflect.Value, path string, each func(string, reflect.Value)) {
	ours := func(t reflect.Type) bool { return t.Kind() == reflect.Struct && t != reflect.TypeFor[value.Secret]() }
	switch {
	case v.Kind() == reflect.Interface:
		inner := reflect.New(v.Elem().Type()).Elem()
		inner.Set(v.Elem())
		walk(inner, path+"("+strings.Split(v.Elem().Type().String(), ".")[0]+")", each)
		v.Set(inner)
	case ours(v.Type()):
		for i := range v.NumField() {
			name := v.Type().Field(i).Name
			if v.Type().Field(i).Anonymous { // Limit in SlackLimits
				walk(v.Field(i), path, each)
				continue
			}
			walk(v.Field(i), strings.TrimPrefix(path+"."+name, "."), each)
		}
	case v.Type() == reflect.TypeFor[[]config.Directory]():
		walk(v.Index(0), path+"[]", each)
	default:
		each(path, v)
	}
}

// change gives a field another value.
func change(t *testing.T, path string, v reflect.Value) {
	t.Helper()
	var to any
	switch was := v.Interface().(type) {
	case string:
		to = was + "x"
		if other, ok := map[string]string{"Log.Level": "error", "Log.Format": "json"}[path]; ok {
			to = other
		}
	case bool:
		to = !was
	case int:
		to = was + 1
	case time.Duration:
		to = was + time.Minute
	case []time.Duration:
		to = append(slices.Clone(was), time.Hour)
	case []string:
		to = was[:len(was)-len(was)/2]
		if len(was) < 2 {
			to = append(slices.Clone(was), "somebody@acme.example")
		}
	case map[string]string:
		m := map[string]string{}
		maps.Copy(m, was)
		m["stuck"] = "Elsewhere"
		to = m
	case []config.Anchor:
		to = append(slices.Clone(was), config.Anchor{File: "/mnt/another"})
	case []config.OnCall:
		to = append(slices.Clone(was), config.OnCall{Name: "another", File: "another.yaml"})
	case []note.Trusted:
		to = append(slices.Clone(was), note.Trusted{})
	case []catalog.GroupRef:
		to = append(slices.Clone(was), catalog.GroupRef{Directory: "okta", Group: "another"})
	case []config.Fault:
		to = append(slices.Clone(was), config.Fault{Problem: "another"})
	case value.Secret:
		to = value.NewSecret(secretWord)
	case *value.Secrets:
		s := &value.Secrets{}
		s.Keep(secretWord)
		to = s
	case *catalog.Catalog:
		to = catalog.New(nil, nil)
	case *time.Location:
		to = time.FixedZone("elsewhere", 3600)
	default:
		t.Fatalf("%s is a %T: say here how to change one", path, was)
	}
	v.Set(reflect.ValueOf(to))
}
