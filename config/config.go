// Package config reads config.yaml. Whatever is wrong with it is reported at once,
// each fault with its line, its column and what to do about it.
package config

import (
	"errors"
	"fmt"
	"os"
	"time"

	"latchkey/catalog"
	"latchkey/config/value"
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
	Requests  Requests
	OnCall    []OnCall
	SignIn    SignIn
	Reconcile Reconcile
	Schedules Schedules
	Evidence  Evidence
	Metrics   Metrics
	Log       Log

	// Secrets are what the log must not show.
	Secrets *value.Secrets

	// MissingSecrets are the tokens and keys that the file refers to but that
	// are not there. Commands that talk to the services call RequireSecrets;
	// the others run without.
	MissingSecrets []Fault

	// Warnings are what isn't wrong for certain, in file order.
	Warnings []Fault
}

// Requests are limits of every request.
type Requests struct {
	Lapse      Lapses        // how long it waits for an answer
	BreakGlass time.Duration // how long a role can be taken in an emergency
	Remind     Reminders     // when those are told again who are waited for
	Escalate   Escalations   // when others are asked, too
	EscalateTo []string      // who that is, one after the other: next, manager, fallback, it
}

// Fault is one thing wrong with the configuration.
type Fault = value.Fault

// Error holds every fault of a configuration file, in file order.
type Error = value.Error

// RequireSecrets fails when a token or key is missing, with an *Error that
// names them all.
func (c *Config) RequireSecrets() error {
	if len(c.MissingSecrets) == 0 {
		return nil
	}
	return &Error{File: c.Path, Faults: c.MissingSecrets}
}

// Load reads and checks a configuration file. The env function looks an
// environment variable up, as os.LookupEnv does. Whatever is wrong with the
// file is reported at once in an *Error. Missing tokens and keys are not
// faults: they are listed in Config.MissingSecrets.
func Load(path string, env func(string) (string, bool), backends Backends) (*Config, error) {
	source, err := os.ReadFile(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	return Parse(path, source, env, backends)
}

// Parse is Load for the text of a file that need not be there.
func Parse(path string, source []byte, env func(string) (string, bool), backends Backends) (*Config, error) {
	return parse(path, source, env, backends, false)
}

// ParseBegun is Parse for a file that may have no apps yet.
func ParseBegun(path string, source []byte, env func(string) (string, bool), backends Backends) (*Config, error) {
	return parse(path, source, env, backends, true)
}

// Describe reads a file for whoever describes what can stand in one: seen hears how each value is read, whatever is wrong
// with it.
func Describe(path string, source []byte, backends Backends, seen func(value.Use)) {
	doc, root := value.Read(value.Source{Name: path, Text: source, Env: func(string) (string, bool) { return "", false }, Nearest: catalog.Nearest, Unreadable: catalog.Unreadable, Seen: seen})
	if root.Present() {
		(&Config{Path: path, Secrets: doc.Secrets()}).decode(doc, root, backends, true)
	}
}

func parse(path string, source []byte, env func(string) (string, bool), backends Backends, begun bool) (*Config, error) {
	doc, root := value.Read(value.Source{Name: path, Text: source, Env: env, Nearest: catalog.Nearest, Unreadable: catalog.Unreadable})
	c := &Config{Path: path, Secrets: doc.Secrets()}
	if root.Present() {
		c.decode(doc, root, backends, begun)
	}
	if err := doc.Err(); err != nil {
		return nil, err
	}
	c.MissingSecrets, c.Warnings = doc.Missing(), doc.Warnings()
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

// decode reads the whole file. Directories come before the catalogue, which
// names them.
func (c *Config) decode(doc *value.Document, root value.Node, backends Backends, begun bool) {
	o := root.Object("slack", "jira", "idp", "store", "people", "protected_groups", "privileged_groups", "policy",
		"approvals", "oncall", "apps", "bundles", "birthrights", "reviews", "reclaim", "requests", "sign_in", "reconcile", "schedules", "evidence", "limits", "metrics", "log")
	c.Slack = slack(o.Get("slack"))
	c.Jira = jira(o.Get("jira"))
	c.IDP = directories(o.Get("idp"), backends.Directories)
	signIn(o.Get("slack").Part("sso").Get("sso"), c.Slack.SSO, directoryIDs(c.IDP))
	c.Store = store(o.Get("store"), backends.Stores)
	c.People = people(o.Get("people"), directoryIDs(c.IDP))
	if ids := directoryIDs(c.IDP); len(ids) > 1 && c.People.Directory == "" {
		doc.Warn("people.directory", "several directories are configured, and none of them is said to know who is whose manager and who has left: all are heard, and whoever has left by one has left: write directory: %s under people, or the id of the one in which people are hired", ids[0])
	}
	c.Protected = protected(o.Get("protected_groups"), directoryIDs(c.IDP))
	c.Limits = limits(o.Get("limits"))
	c.Requests = requests(o.Get("requests"))
	c.OnCall = onCall(o.Get("oncall"))
	c.SignIn = signInPages(o.Get("sign_in"))
	c.SignIn.warnUnstated(doc, unstated(c.IDP))
	c.Evidence = evidence(o.Get("evidence"))
	c.Metrics = metrics(o.Get("metrics"))
	c.Log = logging(o.Get("log"))
	reconcile, everywhere := reconcile(o.Get("reconcile"))
	c.Reconcile = reconcile
	c.Schedules = schedules(o.Get("schedules"))
	reader := &catalogueReader{doc: doc, inherited: map[string]string{}, everywhere: everywhere, begun: begun}
	c.Catalog = reader.catalogue(o, c.facts())
	for _, w := range c.Catalog.Warnings() {
		doc.Warn(reader.origin(w.Path), "%s", w.Problem)
	}
	if c.SignIn.Listen != "" && !signsIn(c.IDP) {
		o.Get("sign_in").Part("listen").Get("listen").Fault("sign_in.listen serves people who sign in, and nobody can sign in to a directory here: give one under idp a sign_in_client, or take sign_in out")
	}
	c.decidable(o.Get("jira").Part("decisions").Get("decisions"))
}

// decidable reports roles that nobody could say yes to: their confirmation is typed
// in Slack, or their sign-in begins there, where decisions don't count.
func (c *Config) decidable(v value.Node) {
	if c.DecidesInSlack() {
		return
	}
	for _, app := range c.Catalog.Apps() {
		for _, role := range app.Roles {
			if role.Assurance == catalog.Confirm && !role.NeedsStepUp() {
				v.Fault("jira.decisions leaves slack out, but a yes to %s · %s is confirmed by typing, which only Slack can ask for: add slack, or take assurance: confirm from the role", app.Name, role.Name)
				return
			}
			if role.NeedsStepUp() {
				v.Fault("jira.decisions leaves slack out, but a yes to %s · %s needs a sign-in, which only begins in Slack: add slack, or take assurance: step-up from the role, and its groups out of privileged_groups", app.Name, role.Name)
				return
			}
		}
	}
}
