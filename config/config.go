// Package config reads config.yaml. Whatever is wrong with it is reported at once,
// each fault with its line, its column and what to do about it.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"latchkey/catalog"
	"latchkey/workflow"
)

// Config is what config.yaml says: checked, and with every default filled in.
type Config struct {
	Path      string // the file it was read from
	Slack     Slack
	Jira      Jira
	IDP       []Directory
	Store     Store
	People    People
	Protected []catalog.GroupRef // groups Latchkey must never change
	Catalog   *catalog.Catalog
	Limits    Limits
	Lapse     time.Duration // how long a request waits for an answer
	Emergency time.Duration // how long a role can be taken in an emergency
	Reconcile Reconcile
	Calendar  workflow.Calendar // when regular duties have their turns
	Metrics   Metrics
	Log       Log

	// MissingSecrets are the tokens and keys that the file refers to but that
	// are not there. Commands that talk to the services call RequireSecrets;
	// the others run without.
	MissingSecrets []Fault
}

// Slack is how Latchkey meets people.
type Slack struct {
	AppToken  Secret // xapp-…, opens Socket Mode
	BotToken  Secret // xoxb-…, calls the Web API
	APIURL    string // ends in a slash
	ITChannel string // hears of what needs a human
	Command   string // the slash command, with its slash
}

// Jira is where the record is kept. Statuses, Transitions and Resolutions
// map Latchkey's phases to the names the project uses for them.
type Jira struct {
	URL         string // without a trailing slash
	Email       string // the account Latchkey works as
	Token       Secret
	Project     string // the project's key
	RequestType string // the name of the request type
	Statuses    map[string]string
	Transitions map[string]string
	Resolutions map[string]string
	Fields      map[string]string // what a request says -> the field that shows it
	Decisions   []string          // where an answer counts: slack, jira
	Poll        time.Duration     // how often Jira is asked for changes
	Server      bool              // a Data Center or Server, not Cloud
	Settle      time.Duration     // how long after an unclear create it must stay certain that there is no issue
}

// Store is where Latchkey keeps its state.
type Store struct {
	Type string // one of the built-in stores
	Path string // bolt: the file
	URL  Secret // postgres: the connection string
}

// People names people by lower-cased e-mail.
type People struct {
	Admins   []string // IT admins
	Fallback []string // who decides when nobody else can
	OnBehalf []string // who may ask for somebody else: managers, admins, owners, everybody
}

// Metrics is where metrics are served.
type Metrics struct {
	Listen string // host:port; empty: nowhere
}

// Log is what is logged, and how.
type Log struct {
	Level  string // debug, info, warn or error
	Format string // text or json
}

// RequireSecrets fails when a token or key is missing, with an *Error that
// names them all.
func (c *Config) RequireSecrets() error {
	if len(c.MissingSecrets) == 0 {
		return nil
	}
	return &Error{File: c.Path, Faults: c.MissingSecrets}
}

// Secrets are all values that must never be written anywhere.
func (c *Config) Secrets() []Secret {
	out := []Secret{c.Slack.AppToken, c.Slack.BotToken, c.Jira.Token, c.Store.URL}
	for _, d := range c.IDP {
		out = append(out, d.Token, d.PrivateKey, d.ClientSecret, d.Credentials)
	}
	return out
}

// Option changes what Load accepts.
type Option func(*configDecoder)

// WithBackends names the store and directory types that this build contains.
func WithBackends(stores, directories []string) Option {
	return func(d *configDecoder) { d.stores, d.directories = stores, directories }
}

// Load reads and checks a configuration file. The env function looks an
// environment variable up, as os.LookupEnv does. Whatever is wrong with the
// file is reported at once in an *Error. Missing tokens and keys are not
// faults: they are listed in Config.MissingSecrets.
func Load(path string, env func(string) (string, bool), options ...Option) (*Config, error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	return Parse(path, source, env, options...)
}

// Parse is Load for the text of a file that need not be there.
func Parse(path string, source []byte, env func(string) (string, bool), options ...Option) (*Config, error) {
	d := &configDecoder{
		refs:        references{env: env, dir: filepath.Dir(path)},
		stores:      []string{"bolt"},
		directories: []string{"okta"},
		at:          map[string]configPosition{},
		inherited:   map[string]string{},
	}
	for _, option := range options {
		option(d)
	}
	c := &Config{Path: path}
	if root, ok := d.parse(source); ok {
		d.config(root, c)
	}
	if faults := d.sorted(d.faults); len(faults) > 0 {
		return nil, &Error{File: path, Faults: faults}
	}
	c.MissingSecrets = d.sorted(d.missing)
	return c, nil
}

func unreadable(path string, err error) error {
	cause := err
	if pathError := (*os.PathError)(nil); errors.As(err, &pathError) {
		cause = pathError.Err
	}
	return &Error{File: path, Cause: err, Faults: []Fault{{
		Problem: fmt.Sprintf("the file can't be read (%v): write one, or name another with --config", cause),
	}}}
}

// parse reads the YAML into a tree. A file that is not YAML has one fault.
func (d *configDecoder) parse(source []byte) (configValue, bool) {
	if len(bytes.TrimSpace(source)) == 0 {
		d.faults = append(d.faults, Fault{Line: 1, Column: 1, Problem: "the file is empty: start from the example config.yaml"})
		return configValue{}, false
	}
	root, fault := parseYAML(source)
	if fault != nil {
		d.faults = append(d.faults, *fault)
		return configValue{}, false
	}
	d.at[""] = configPosition{1, 1}
	return configValue{decoder: d, node: root}, true
}

// config decodes the whole file. Directories come before the catalogue, which
// names them.
func (d *configDecoder) config(root configValue, c *Config) {
	o := root.object("slack", "jira", "idp", "store", "people", "protected_groups",
		"approvals", "apps", "bundles", "requests", "reconcile", "schedules", "limits", "metrics", "log")
	c.Slack = d.slack(o.get("slack"))
	c.Jira = d.jira(o.get("jira"))
	c.IDP = d.idps(o.get("idp"))
	c.Store = d.store(o.get("store"))
	c.People = d.people(o.get("people"))
	c.Protected = d.protected(o.get("protected_groups"), directoryIDs(c.IDP))
	c.Limits = d.limits(o.get("limits"))
	requests := o.get("requests").object("lapse", "emergency")
	c.Lapse = requests.get("lapse").period(14 * catalog.Day)
	c.Emergency = requests.get("emergency").period(4 * time.Hour)
	c.Metrics = Metrics{Listen: o.get("metrics").object("listen").get("listen").address()}
	c.Log = d.logging(o.get("log"))
	c.Reconcile = d.reconcile(o.get("reconcile"))
	c.Calendar = d.calendar(o.get("schedules"))
	d.everywhere = c.Reconcile
	c.Catalog = d.catalogue(o, catalog.Facts{
		Directories: directoryIDs(c.IDP), Protected: c.Protected, Admins: c.People.Admins,
	})
}
