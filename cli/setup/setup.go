// Package setup writes what somebody begins with: the shortest configuration that works, with a comment for each choice,
// and the names of the secrets that it needs. It asks nobody and reads nothing.
package setup

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template"

	_ "embed"
)

// Answers are what the configuration is made of. Nothing in it is a secret.
type Answers struct {
	Command   string // the slash command
	ITChannel string
	SlackURL  string // "": Slack's own

	JiraURL, JiraEmail   string
	Project, RequestType string
	Statuses             map[string]string // by phase
	Resolutions          map[string]string // by what came of a request
	Fields               map[string]string // of the form, by what they show

	Directory Directory
	Admins    []string
	StorePath string
	KeyPath   string

	Apps string // items of the list under apps, indented by two; "": none yet
}

// Directory is the directory, with its settings in the order in which they are written.
type Directory struct {
	ID, Kind string
	Settings []Setting
}

// Setting is one line.
type Setting struct{ Key, Value, Comment string }

//go:embed config.tmpl
var configTemplate string

// Phases are the phases of a request that have a status, in the order of its life, with what each means.
func Phases() [][2]string {
	return [][2]string{
		{"pending", "somebody has to decide"},
		{"approved", "the change is under way"},
		{"manual", "somebody makes the change by hand"},
		{"active", "access is there"},
		{"stuck", "IT has to look"},
		{"denied", "it was declined"},
		{"cancelled", "it was withdrawn"},
		{"ended", "access was there and has ended"},
	}
}

// Usual are names that statuses for a phase have, the likeliest first.
func Usual(phase string) []string {
	return map[string][]string{
		"pending":   {"Waiting for approval", "Pending approval", "Awaiting approval", "Open", "To Do", "New"},
		"approved":  {"In progress", "Work in progress", "Approved", "Waiting for support"},
		"manual":    {"Waiting for support", "Pending", "In progress", "Work in progress"},
		"active":    {"Granted", "Access granted", "Fulfilled", "Active", "Resolved"},
		"stuck":     {"Needs attention", "Escalated", "Blocked", "On hold"},
		"denied":    {"Declined", "Rejected", "Denied"},
		"cancelled": {"Canceled", "Cancelled", "Withdrawn"},
		"ended":     {"Closed", "Done", "Completed", "Resolved"},
	}[phase]
}

// Outcomes are what may come of a request, by which resolutions go, with what each means. The first three are needed
// where a screen requires a resolution; in place of the others the one of the status stands.
func Outcomes() [][2]string {
	return [][2]string{
		{"denied", "declined"},
		{"cancelled", "withdrawn"},
		{"ended", "over"},
		{"granted", "given without an end"},
		{"revoked", "taken away"},
		{"lapsed", "decided by nobody in time"},
	}
}

// Own are how many of the outcomes have no other resolution to go by.
const Own = 3

// UsualResolutions are names that resolutions have for an outcome, the likeliest first.
func UsualResolutions(outcome string) []string {
	return map[string][]string{
		"denied":    {"Declined", "Rejected", "Denied", "Won't Do", "Won't Fix"},
		"cancelled": {"Canceled", "Cancelled", "Withdrawn", "Won't Do", "Won't Fix"},
		"ended":     {"Done", "Completed", "Resolved", "Fixed", "Closed"},
		"granted":   {"Granted", "Access granted", "Fulfilled", "Done", "Completed", "Resolved"},
		"revoked":   {"Revoked", "Access revoked"},
		"lapsed":    {"Lapsed", "Expired", "Timed out"},
	}[outcome]
}

// usualFields are names that fields of a form have for what they show, the likeliest first.
func usualFields() map[string][]string {
	return map[string][]string{
		"app":      {"App", "Application", "System"},
		"role":     {"Role", "Access level"},
		"duration": {"Duration", "For how long"},
		"reason":   {"Reason", "Business justification", "Justification"},
	}
}

// LikelyFields are those of a form that most likely show what a request says.
func LikelyFields(there []string) map[string]string {
	found := map[string]string{}
	for key, usual := range usualFields() {
		if name := likely(usual, there); name != "" {
			found[key] = name
		}
	}
	return found
}

// Likely is which of the statuses that are there most likely stands for a phase, "" if none does.
func Likely(phase string, there []string) string { return likely(Usual(phase), there) }

// LikelyResolution is which of the resolutions that are there most likely stands for an outcome, "" if none does.
func LikelyResolution(outcome string, there []string) string {
	return likely(UsualResolutions(outcome), there)
}

func likely(usual, there []string) string {
	for _, name := range usual {
		if i := slices.IndexFunc(there, func(s string) bool { return strings.EqualFold(s, name) }); i >= 0 {
			return there[i]
		}
	}
	return ""
}

// Config is the configuration.
func Config(a Answers) ([]byte, error) {
	t, err := template.New("config").Funcs(template.FuncMap{"text": scalar, "phases": Phases, "texts": scalars, "flow": flow}).Parse(configTemplate)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	if err := t.Execute(&b, a); err != nil {
		return nil, fmt.Errorf("write the configuration: %w", err)
	}
	return []byte(b.String()), nil
}

// scalar is a text as YAML reads it back, whatever is in it. ${ stays what it is only where Latchkey itself wrote it.
func scalar(s string) string {
	if plain(s) {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`, "${", "$${").Replace(s) + `"`
}

// plain: nothing in it means something to YAML, also within { }.
func plain(s string) bool {
	if s == "" || strings.TrimSpace(s) != s {
		return false
	}
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '/'
		inner := r >= '0' && r <= '9' || strings.ContainsRune(" -_.@+", r)
		if !letter && (i == 0 || !inner) {
			return false
		}
	}
	return !slices.Contains([]string{"true", "false", "yes", "no", "on", "off", "null", "y", "n"}, strings.ToLower(s))
}

// flow is a mapping on one line.
func flow(m map[string]string) string {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(m)) {
		out = append(out, key+": "+scalar(m[key]))
	}
	return "{" + strings.Join(out, ", ") + "}"
}

func scalars(all []string) string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = scalar(s)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// Secret is one that the configuration needs, with where it comes from.
type Secret struct{ Name, From string }

// Example is the file that says which secrets there are, without any of them.
func Example(secrets []Secret) []byte {
	var b strings.Builder
	b.WriteString("# The secrets that config.yaml refers to. Copy this file to .env, fill it in, keep it out of version control,\n" +
		"# and hand it over as your service manager does; in a shell: set -a; . ./.env; set +a\n")
	for _, s := range secrets {
		fmt.Fprintf(&b, "# %s\n%s=\n", s.From, s.Name)
	}
	return []byte(b.String())
}

// Env is the file with the secrets themselves, for a shell.
func Env(secrets []Secret, value func(string) string) []byte {
	var b strings.Builder
	for _, s := range secrets {
		fmt.Fprintf(&b, "%s='%s'\n", s.Name, strings.ReplaceAll(value(s.Name), "'", `'\''`))
	}
	return []byte(b.String())
}

// Text is a text as YAML reads it back.
func Text(s string) string { return scalar(s) }

// OneApp is an app with one role that opens one group, as an item of the list under apps.
func OneApp(name, directory, group string) string {
	return fmt.Sprintf(`  - id: %s
    name: %s
    route: manager
    duration: {choices: [1d, 30d, 90d], default: 30d, max: 90d}
    roles:
      - {id: member, name: Member, groups: [%s]}
`, idOf(name), scalar(name), scalar(directory+":"+group))
}

// idOf makes an id of a name: lower-case letters, digits and dashes.
func idOf(name string) string {
	id := strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, name), "-")
	for strings.Contains(id, "--") {
		id = strings.ReplaceAll(id, "--", "-")
	}
	if id == "" {
		return "app"
	}
	return id
}
