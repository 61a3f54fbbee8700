package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"latchkey/app"
	"latchkey/cli/ask"
	"latchkey/cli/setup"
	"latchkey/config"
)

// directoryQuestion is a setting of a kind of directory.
type directoryQuestion struct {
	key, text string
	secret    string // the variable that it is read from
	quiet     bool   // only in answers: another address than the vendor's
	file      bool   // a path whose content is read
	check     func(string) error
}

// directoryQuestions are what a kind of directory needs, and nothing more.
func directoryQuestions() map[string][]directoryQuestion {
	return map[string][]directoryQuestion{
		"okta": {
			{key: "url", text: "Address of the org, such as https://acme.okta.com", check: isAddress},
			{key: "token", text: "API token, of an administrator who may only read and change members", secret: "OKTA_TOKEN"},
		},
		"entra": {
			{key: "api_url", quiet: true, check: isAddress},
			{key: "tenant", text: "Directory (tenant) id"},
			{key: "client_id", text: "Application (client) id"},
			{key: "client_secret", text: "Client secret", secret: "ENTRA_CLIENT_SECRET"},
		},
		"google": {
			{key: "url", quiet: true, check: isAddress},
			{key: "subject", text: "The administrator that Latchkey acts for", check: isEmail},
			{key: "key", text: "Path of the service account's JSON key", file: true, check: isFile},
		},
		"scim": {
			{key: "url", text: "Address, such as https://directory.example/scim/v2", check: isAddress},
			{key: "token", text: "Bearer token", secret: "SCIM_TOKEN"},
		},
	}
}

func (b *beginning) directory(ctx context.Context) error {
	b.ask.Say("3. The directory whose groups are changed")
	return b.checked(func() error {
		if err := b.directorySettings(); err != nil {
			return err
		}
		if b.offline {
			return nil
		}
		c, err := b.begun()
		if err == nil {
			err = app.DirectorySeen(ctx, c)
		}
		if err == nil {
			b.ask.Say("   %s: people and groups can be read.", b.answers.Directory.ID)
		}
		return err
	})
}

func (b *beginning) directorySettings() error {
	kinds := []string{"okta", "entra", "google", "scim"}
	kind, err := b.ask.Ask(ask.Question{Key: "idp.type", Text: "Kind of directory", Choices: kinds, Usual: kinds[0]})
	if err != nil {
		return err
	}
	id, err := b.ask.Ask(ask.Question{Key: "idp.id", Usual: kind, Quiet: true})
	if err != nil {
		return err
	}
	b.answers.Directory = setup.Directory{ID: id, Kind: kind}
	for _, q := range directoryQuestions()[kind] {
		if err := b.setting(q); err != nil {
			return err
		}
	}
	return nil
}

func (b *beginning) setting(q directoryQuestion) error {
	var text string
	var err error
	if q.secret != "" {
		_, err = b.secret(q.secret, q.text, "the directory: "+q.text)
		text = "${" + q.secret + "}"
	} else {
		text, err = b.ask.Ask(ask.Question{Key: "idp." + q.key, Text: q.text, Quiet: q.quiet, Check: q.check})
		switch {
		case text == "":
			return err
		case q.file:
			text = "${file:" + text + "}"
		default:
			text = setup.Text(text)
		}
	}
	b.answers.Directory.Settings = append(b.answers.Directory.Settings, setup.Setting{Key: q.key, Value: text})
	return err
}

// begun is the configuration as far as it has come, for whoever looks at services.
func (b *beginning) begun() (*config.Config, error) {
	a := b.answers
	if len(a.Admins) == 0 {
		a.Admins = []string{a.JiraEmail} // somebody has to stand there until it is known who does
	}
	text, err := setup.Config(b.placed(a))
	if err != nil {
		return nil, err
	}
	return config.ParseBegun(filepath.Join(b.dir, "config.yaml"), text, b.env, app.Backends())
}

// placed says where store and key are.
func (b *beginning) placed(a setup.Answers) setup.Answers {
	dir, err := filepath.Abs(b.dir)
	if err != nil {
		dir = b.dir
	}
	a.StorePath, a.KeyPath = filepath.Join(dir, "data", "latchkey.db"), filepath.Join(dir, "keys", "evidence.key")
	return a
}

func (b *beginning) people(ctx context.Context) error {
	b.ask.Say("4. IT")
	return b.checked(func() error {
		text, err := b.ask.Ask(ask.Question{Key: "people.admins", Text: "E-mail addresses of IT's admins, with commas between", Check: func(s string) error {
			for _, a := range addressesIn(s) {
				if err := isEmail(a); err != nil {
					return err
				}
			}
			return nil
		}})
		if err != nil {
			return err
		}
		b.answers.Admins = addressesIn(text)
		if b.offline {
			return nil
		}
		c, err := b.begun()
		if err != nil {
			return err
		}
		for _, a := range b.answers.Admins {
			if why := app.AccountSeen(ctx, c, a); why != "" {
				return fmt.Errorf("%s: %s", a, why)
			}
		}
		return nil
	})
}

func addressesIn(s string) (all []string) {
	for _, a := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
		if a = strings.ToLower(a); !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	return all
}

// withApps is the configuration with the applications of the directory, or with one that was named.
func (b *beginning) withApps(ctx context.Context) ([]byte, error) {
	b.ask.Say("5. What may be asked for")
	source, err := setup.Config(b.placed(b.answers))
	if err != nil || b.offline {
		return b.namedApp(source, err)
	}
	top, err := b.ask.Ask(ask.Question{Key: "apps.top", Text: "How many of the directory's applications to begin with (0: none)", Usual: "10", Check: func(s string) error {
		if n, err := strconv.Atoi(s); err != nil || n < 0 {
			return fmt.Errorf("%q is no number", s)
		}
		return nil
	}})
	n, _ := strconv.Atoi(top)
	if err != nil || n == 0 {
		return b.namedApp(source, err)
	}
	c, err := b.begun()
	if err != nil {
		return nil, err
	}
	id := b.answers.Directory.ID
	now := seldom()
	found, err := app.ImportCatalogue(ctx, c, app.Import{Directory: id, Say: func(text string) {
		if now() {
			b.ask.Say("   %s: %s", id, text)
		}
	}})
	if err != nil {
		return nil, err
	}
	text := newImportText(c, id, found, n)
	for _, line := range text.head() {
		b.ask.Say("   %s", oneLine(line))
	}
	if len(text.proposal.Apps) == 0 {
		return b.namedApp(source, nil)
	}
	offer, err := b.ask.Yes("apps.offer", "Offer them as they are proposed? Otherwise each is written with status: unassigned, and nobody sees it until that is approved", true)
	if err != nil {
		return nil, err
	}
	text.found.Ways.Offered = offer
	return text.whole(source)
}

// namedApp is the configuration with one app that whoever is there names.
func (b *beginning) namedApp(source []byte, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	name, err := b.ask.Ask(ask.Question{Key: "app.name", Text: "Name of a first application, such as Figma"})
	if err != nil {
		return nil, err
	}
	group, err := b.ask.Ask(ask.Question{Key: "app.group", Text: "The group of " + b.answers.Directory.ID + " that lets people in"})
	if err != nil {
		return nil, err
	}
	a := b.answers
	a.Apps = setup.OneApp(name, b.answers.Directory.ID, group)
	return setup.Config(b.placed(a))
}
