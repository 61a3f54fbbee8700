package scim

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"latchkey/idp"
)

// supportedFor is how long what a server says it can do is taken as known.
const supportedFor = 10 * time.Minute

// answer is what a server says of something that it may be able to do.
type answer int

const (
	unsaid answer = iota
	yes
	no
)

// abilities are what a server says it can do (RFC 7643, 5).
type abilities struct{ patch, filter, etag answer }

// support remembers them.
type support struct {
	mu    sync.Mutex
	said  abilities
	until time.Time
}

// supported is what the server says it can do. One that says nothing, because it has no such page or doesn't show
// it, is taken to be able to.
func (d *Directory) supported(ctx context.Context) (abilities, error) {
	now := d.cfg.Clock.Now()
	d.support.mu.Lock()
	said, until := d.support.said, d.support.until
	d.support.mu.Unlock()
	if now.Before(until) {
		return said, nil
	}
	said, err := d.readSupport(ctx)
	if err != nil {
		return said, err
	}
	d.support.mu.Lock()
	defer d.support.mu.Unlock()
	d.support.said, d.support.until = said, now.Add(supportedFor)
	return said, nil
}

func (d *Directory) readSupport(ctx context.Context) (abilities, error) {
	var page resource
	err := d.do(ctx, call{what: "read what the server can do", path: "/ServiceProviderConfig"}, &page)
	if gone(err) || errors.Is(err, idp.ErrRefused) || refusedWith(err, 403) {
		return abilities{}, nil
	}
	said := func(what string) answer {
		switch strings.ToLower(page.at(what + ".supported")) {
		case "true":
			return yes
		case "false":
			return no
		}
		return unsaid
	}
	return abilities{said("patch"), said("filter"), said("etag")}, err
}

// Probe implements idp.Prober. Whether the token may change members can't be seen without changing one.
func (d *Directory) Probe(ctx context.Context) ([]idp.Finding, error) {
	var findings []idp.Finding
	for _, look := range []struct {
		check string
		at    func(context.Context) (string, error)
	}{
		{"read what the server can do", d.probeSupport},
		{"read people", d.probePeople},
		{"find people", d.probeFilters},
		{"read groups", d.probeGroups},
		{"see members", d.probeMembers},
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

func (d *Directory) probeSupport(ctx context.Context) (string, error) {
	said, err := d.readSupport(ctx)
	switch {
	case err != nil:
		return "", err
	case said == (abilities{}):
		return "The server doesn't say what it can do (it has no ServiceProviderConfig); a first grant will show whether members can be changed.", nil
	case said.patch == no:
		return "", fmt.Errorf("%s: the server says that it can't change single members (PATCH), so nothing can be granted or taken away here: use another directory for its groups", d.cfg.ID)
	}
	words := map[answer]string{yes: "yes", no: "no", unsaid: "it doesn't say"}
	return fmt.Sprintf("The server says: change single members (PATCH) %s, filters %s, versions (ETag) %s.", words[said.patch], words[said.filter], words[said.etag]), nil
}

func (d *Directory) probePeople(ctx context.Context) (string, error) {
	page, err := d.page(ctx, "read people", users, nil, 1, 1)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("Accounts can be read; the server counts %d.", *page.TotalResults), nil
}

func (d *Directory) probeGroups(ctx context.Context) (string, error) {
	page, err := d.page(ctx, "read groups", groups, nil, 1, 1)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("Groups can be read; the server counts %d.", *page.TotalResults), nil
}

// probeFilters says by what people are found here.
func (d *Directory) probeFilters(ctx context.Context) (string, error) {
	byName, _, err := d.tryFilters(ctx, users, nameForms(), nameSamples)
	if err != nil {
		return "", err
	}
	byMail, tried, err := d.tryFilters(ctx, users, addressForms(), addressSamples)
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

func (d *Directory) probeMembers(ctx context.Context) (string, error) {
	if d.cfg.ProbeGroup == "" {
		return "Not proven: name a group that is never empty as probe_group, and it is seen whether this server shows who is in a group.", nil
	}
	if err := d.showsMembers(ctx); err != nil {
		return "", err
	}
	return fmt.Sprintf("The server shows who is in a group (seen of %q).", d.cfg.ProbeGroup), nil
}
