package scim

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"latchkey/idp"
)

// probe looks at what can go wrong, by harmless reads, and by one change of nothing in a group that is there for that.
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
		{"change members", p.changes},
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
		return "Not proven: name a test group with somebody in it as probe_group, and it is seen whether this server shows who is in a group.", nil
	}
	if err := p.d.members.shown(ctx); err != nil {
		return "", err
	}
	return fmt.Sprintf("The server shows who is in a group (seen of %q).", p.d.cfg.ProbeGroup), nil
}

// nobody is an id that no account has.
const nobody = "latchkey-probe-nobody"

// changes takes nobody out of the test group: a token without the right is refused, and a server that takes what it
// doesn't understand for everybody shows it there, and not where access hangs on it.
func (p probe) changes(ctx context.Context) (string, error) {
	if p.d.cfg.ProbeGroup == "" {
		return "Not proven: name a test group with somebody in it as probe_group, and it is seen whether the token may change who is in a group.", nil
	}
	g, err := p.d.groups.named(ctx, p.d.cfg.ProbeGroup)
	if err != nil {
		return "", err
	}
	var before resource
	err = p.d.changes.apply(idp.WithPriority(ctx, idp.Addition), g.id(), "take nobody out of the test group "+p.d.cfg.ProbeGroup, func(g resource) *operation {
		before = g
		return p.d.changes.taking(nobody)
	})
	if err != nil && !refusedAs(err, kindNoTarget, kindValue) && !(before != nil && refusedWith(err, http.StatusNotFound)) {
		return "", err
	}
	after, err := p.d.groups.read(ctx, g.id())
	if err != nil {
		return "", err
	}
	was, _ := membersOf(before)
	if is, _ := membersOf(after); len(is) < len(was) {
		return "", fmt.Errorf("%s: taking nobody out of the test group %q took out %d of %d members, so this server takes what it doesn't understand for everybody: write remove: %s, put them back and look again: %w", p.d.cfg.ID, p.d.cfg.ProbeGroup, len(was)-len(is), len(was), p.d.changes.otherForm(), idp.ErrRefused)
	}
	return fmt.Sprintf("The token may change who is in a group (tried with nobody in %q).", p.d.cfg.ProbeGroup), nil
}
