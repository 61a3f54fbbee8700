package app

import (
	"errors"
	"path/filepath"
	"slices"

	"latchkey/bot/commands"
	"latchkey/bot/manifest"
	"latchkey/catalog"
	"latchkey/config"
	"latchkey/config/value"
	"latchkey/idp/entra"
	"latchkey/idp/google"
	"latchkey/idp/okta"
	"latchkey/sandbox"
	"latchkey/sandbox/jira"
	fakeokta "latchkey/sandbox/okta"
	"latchkey/sandbox/slack"
	"latchkey/store/bolt"
	"latchkey/workflow/stepup"
)

// DefaultCommand is the slash command unless the configuration names another.
const DefaultCommand = manifest.DefaultCommand

// SlackManifest is the manifest of the Slack app, to paste.
func SlackManifest(command string) ([]byte, error) { return manifest.YAML(command) }

// CommandUsages are what can be typed after the slash command, and what each does.
func CommandUsages() [][2]string { return commands.Usages() }

// StartWorld opens the sandbox with the groups the catalogue governs, assigned to its apps, and the
// limits that the services have in life. The app is installed as its manifest says.
// Nobody but the people of Acme is in it. Without a clock of its own the world starts at this moment. change is what
// else is to be different in it.
func StartWorld(c *config.Config, clock *sandbox.Clock, logf func(string, ...any), change ...func(*sandbox.Config)) (*sandbox.World, error) {
	world := sandbox.Config{
		Clock:       clock,
		Directories: emulated(c), ITChannel: c.Slack.ITChannel, Channels: c.Catalog.Channels(), Logf: logf,
		Slack: slack.Config{LimitPosts: true, LimitTiers: true, Command: c.Slack.Command, Scopes: manifest.Scopes(), Events: manifest.Events()},
		Jira:  jira.Config{WriteLimits: true, BurstLimits: true},
		Okta:  fakeokta.Config{RedirectURIs: returnPages(c)},
	}
	for _, do := range change {
		do(&world)
	}
	running, err := sandbox.Start(world)
	if err != nil {
		return running, err
	}
	if err := assignApps(running.Directories(), c.Catalog); err != nil {
		return nil, errors.Join(err, running.Close())
	}
	return running, nil
}

// assignApps has each directory that knows of applications let people into the catalogue's apps by the groups that their
// roles open there.
func assignApps(directories []sandbox.Directory, c *catalog.Catalog) error {
	var failed error
	for _, d := range directories {
		if d.Apps == nil {
			continue
		}
		for _, a := range c.Apps() {
			app := sandbox.App{Name: a.Name}
			for _, r := range a.Roles {
				for _, g := range r.Groups {
					if g.Directory == d.ID && !slices.Contains(app.Groups, g.Group) {
						app.Groups = append(app.Groups, g.Group)
					}
				}
			}
			app.Owners = slices.DeleteFunc(slices.Clone(a.Owners), func(o string) bool { return d.AccountID(o) == "" })
			if len(app.Groups) > 0 {
				failed = errors.Join(failed, d.Apps.AddApp(app))
			}
		}
	}
	return failed
}

// Sandboxed points a configuration at the sandbox, whose Atlassian organization
// answers for the accounts that it manages.
func Sandboxed(c config.Config, where sandbox.Addresses, storePath string) *config.Config {
	c.Slack.APIURL, c.Slack.AppToken, c.Slack.BotToken = where.SlackAPI, c.Secrets.Keep(where.AppToken), c.Secrets.Keep(where.BotToken)
	c.Jira.URL, c.Jira.Email, c.Jira.Token = where.Jira, where.JiraEmail, c.Secrets.Keep(where.JiraToken)
	c.Jira.Org = config.Organization{ID: where.OrgID, Key: c.Secrets.Keep(where.OrgKey), APIURL: where.AdminAPI}
	c.IDP = slices.Clone(c.IDP)
	for i, d := range c.IDP {
		if point, at := pointers()[d.Type], addressOf(d, where.Directories); point != nil && at != nil {
			c.IDP[i].Settings = point(d.Settings, *at, c.Secrets.Keep)
		}
	}
	c.Store = config.Store{Type: "bolt", Settings: bolt.Settings{Path: storePath}}
	c.Evidence.KeyFile, c.Evidence.Key, c.Evidence.Sign, c.Evidence.Missing = filepath.Join(filepath.Dir(storePath), "keys", keyFileName), value.Secret{}, nil, ""
	c.MissingSecrets = nil
	return &c
}

// returnPages are the pages that browsers come back to from a directory.
func returnPages(c *config.Config) (all []string) {
	for _, d := range c.IDP {
		if c.SignIn.URL != "" {
			all = append(all, c.SignIn.URL+stepup.ReturnPath+d.ID)
		}
	}
	return all
}

// pointer leads a directory's settings to where it is emulated, and keeps of them what is no matter of the place.
// keep makes a secret of what Latchkey signs in with.
type pointer func(said any, at sandbox.DirectoryAddress, keep func(string) value.Secret) any

// pointers has a line for every kind of directory that the sandbox emulates.
func pointers() map[string]pointer {
	return map[string]pointer{
		"google": func(said any, at sandbox.DirectoryAddress, keep func(string) value.Secret) any {
			was, _ := said.(google.Settings)
			return google.Settings{URL: at.URL, Key: keep(at.Signs["key"]), Subject: at.Signs["subject"], EmailType: was.EmailType, SuspendedLeft: was.SuspendedLeft}
		},
		"okta": func(said any, at sandbox.DirectoryAddress, keep func(string) value.Secret) any {
			was, _ := said.(okta.Settings)
			return okta.Settings{URL: at.URL, Token: keep(at.Signs["token"]), SignInClient: was.SignInClient}
		},
		"entra": func(said any, at sandbox.DirectoryAddress, keep func(string) value.Secret) any {
			was, _ := said.(entra.Settings)
			if was.SignInClient != "" {
				was.SignInClient = at.Signs["sign_in_client"]
			}
			return entra.Settings{
				SignInClient: was.SignInClient,
				APIURL:       at.URL, Tenant: at.Signs["tenant"], ClientID: at.Signs["client_id"], ClientSecret: keep(at.Signs["client_secret"]),
				HoldAttribute: at.Signs["hold_attribute"], HoldValue: at.Signs["hold_value"],
			}
		},
	}
}

// everybody is a group that an org has by itself.
const everybody = "Everyone"

// emulated are the directories of a configuration that the sandbox has, with the groups that the catalogue governs, and those
// that are protected from it.
func emulated(c *config.Config) (all []sandbox.DirectoryConfig) {
	for _, d := range c.IDP {
		if !sandbox.Emulates(d.Type) {
			continue
		}
		made := sandbox.DirectoryConfig{ID: d.ID, Kind: d.Type}
		if c.SignIn.URL != "" {
			made.Pages = []string{c.SignIn.URL + stepup.ReturnPath + d.ID}
		}
		for _, g := range slices.Concat(c.Catalog.Groups(), c.Protected) {
			switch {
			case g.Directory != d.ID, g.Group == everybody:
			case g.ByID:
				made.Groups = append(made.Groups, sandbox.Group{Name: g.Group, ID: g.Group}) // nobody knows the name
			default:
				made.Groups = append(made.Groups, sandbox.Group{Name: g.Group})
			}
		}
		all = append(all, made)
	}
	return all
}

// Unemulated are the ids of the directories that the sandbox has nothing in the place of: what is tried out with them
// would reach the real ones.
func Unemulated(c *config.Config) (ids []string) {
	for _, d := range c.IDP {
		if !sandbox.Emulates(d.Type) {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

// addressOf is where the sandbox has a directory: by its id, or, of one that was called something else when the
// sandbox was opened, the first of its kind.
func addressOf(d config.Directory, all []sandbox.DirectoryAddress) (first *sandbox.DirectoryAddress) {
	for i, at := range all {
		switch {
		case at.Kind != d.Type:
		case at.ID == d.ID:
			return &all[i]
		case first == nil:
			first = &all[i]
		}
	}
	return first
}
