package scim

import (
	"context"
	"errors"
	"fmt"

	"latchkey/idp"
)

// probe looks at what can go wrong, by harmless reads. Whether the token may change members can't be seen without
// changing one.
type probe struct{ d *Directory }

func (p probe) run(ctx context.Context) ([]idp.Finding, error) {
	var findings []idp.Finding
	for _, look := range []struct {
		check string
		at    func(context.Context) (string, error)
	}{
		{"read what the server can do", p.support},
		{"read people", p.people},
		{"find people", p.filters},
		{"read groups", p.groups},
		{"see members", p.members},
	} {
		detail, err := look.at(ctx)
		if errors.Is(err, context.Canceled) {
			return findings, err
		}
		f := idp.Finding{Check: look.check, OK: err == nil, Detail: detail}
		if err != nil {
			f.Detail = err.Error()
		}
		findings = append(findings, f)
	}
	return findings, nil
}

func (p probe) support(ctx context.Context) (string, error) {
	said, err := p.d.support.read(ctx)
	switch {
	case err != nil:
		return "", err
	case said == (abilities{}):
		return "The server doesn't say what it can do (it has no ServiceProviderConfig); a first grant will show whether members can be changed.", nil
	case said.patch == no:
		return "", fmt.Errorf("%s: the server says that it can't change single members (PATCH), so nothing can be granted or taken away here: use another directory for its groups", p.d.cfg.ID)
	}
	words := map[answer]string{yes: "yes", no: "no", unsaid: "it doesn't say"}
	return fmt.Sprintf("The server says: change single members (PATCH) %s, filters %s, versions (ETag) %s.", words[said.patch], words[said.filter], words[said.etag]), nil
}

func (p probe) people(ctx context.Context) (string, error) {
	page, err := p.d.page(ctx, "read people", usersPath, nil, 1, 1)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("Accounts can be read; the server counts %d.", *page.TotalResults), nil
}

func (p probe) groups(ctx context.Context) (string, error) {
	page, err := p.d.page(ctx, "read groups", groupsPath, nil, 1, 1)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("Groups can be read; the server counts %d.", *page.TotalResults), nil
}

// filters says by what people are found here.
func (p probe) filters(ctx context.Context) (string, error) {
	byName, _, err := p.d.filters.try(ctx, usersPath, nameForms(), nameSamples)
	if err != nil {
		return "", err
	}
	byMail, tried, err := p.d.filters.try(ctx, usersPath, addressForms(), addressSamples)
	switch {
	case err != nil:
		return "", err
	case byName != nil && byMail != nil:
		return "People are found by sign-in name and by address.", nil
	case byName != nil && !tried:
		return "People are found by sign-in name; the accounts that were looked at have no address.", nil
	}
	return "The server's filters don't find everybody who is there in any letter case, so all accounts are gone through each time somebody is looked for: that is slow in a large directory.", nil
}

func (p probe) members(ctx context.Context) (string, error) {
	if p.d.cfg.ProbeGroup == "" {
		return "Not proven: name a group that is never empty as probe_group, and it is seen whether this server shows who is in a group.", nil
	}
	if err := p.d.members.shown(ctx); err != nil {
		return "", err
	}
	return fmt.Sprintf("The server shows who is in a group (seen of %q).", p.d.cfg.ProbeGroup), nil
}
