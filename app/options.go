package app

import (
	"context"
	"fmt"
	"os"
	"slices"

	"latchkey/catalog"
	"latchkey/clock"
	"latchkey/config"
	"latchkey/jira"
	"latchkey/jira/options"
	"latchkey/jira/site"
)

// OptionSync is a look at the lists of the portal's form, and what to do about them.
type OptionSync struct {
	As, Token string // a Jira administrator's address and API token; empty: Latchkey's own account
	Write     bool   // carry it out
}

// OptionChange is one thing to be done about one option of a list.
type OptionChange struct {
	List string // the field's name
	Kind string // add, rename, enable, disable or order
	Name string // what it is called then
	Was  string // of a rename: what it is called now
}

// SyncOptions says what makes the lists of the portal's form offer what the catalogue has,
// and does it where it is to be written.
func SyncOptions(ctx context.Context, c *config.Config, how OptionSync) ([]OptionChange, error) {
	client, err := openJiraAs(c, jira.Admin{Email: how.As, Token: how.Token}, discreet(c.Secrets, transport()), clock.System{}, NewLogger(c, os.Stderr))
	if err != nil {
		return nil, err
	}
	lists, err := client.Options.Plan(ctx, offeredChoices(c.Catalog))
	if err == nil && how.Write {
		err = client.Options.Apply(ctx, lists)
	}
	if err != nil {
		return nil, fmt.Errorf("jira: %w", err)
	}
	var out []OptionChange
	for _, l := range lists {
		for _, change := range l.Changes {
			out = append(out, OptionChange{List: l.Name, Kind: string(change.Kind), Name: change.Name, Was: change.Was})
		}
	}
	return out, nil
}

// offeredChoices are the apps and the names of roles that may be asked for, with what is
// called so by its ids, which stay when it is renamed.
func offeredChoices(c *catalog.Catalog) map[string][]options.Choice {
	var apps, roles []options.Choice
	for _, a := range c.Offered() {
		apps = append(apps, options.Choice{Name: a.Name, Keys: []string{a.ID}})
		for _, r := range a.Roles {
			key := a.ID + "/" + r.ID
			if i := slices.IndexFunc(roles, func(o options.Choice) bool { return catalog.Same(o.Name, r.Name) }); i >= 0 {
				roles[i].Keys = append(roles[i].Keys, key)
				continue
			}
			roles = append(roles, options.Choice{Name: r.Name, Keys: []string{key}})
		}
	}
	return map[string][]options.Choice{site.FieldApp: apps, site.FieldRole: roles}
}
