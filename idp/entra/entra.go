// Package entra is an idp.Directory on a Microsoft Entra tenant, through Microsoft Graph v1.0.
//
// It signs in with azidentity, which knows the vendor's ways of doing so, and makes plain requests: of the vendor's SDK
// for Graph, the little that is needed here would be one part in a thousand, and it takes minutes to compile
// (ARCHITECTURE.md has the figures).
//
// Graph answers from replicas that trail one another, so a read that finds nothing is no proof until ReadLag has
// passed. What is changed goes by ids, and an id is a GUID: anything else is refused here, because Graph also takes
// names for keys, and because one path with a part missing deletes an account in place of a membership.
package entra

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"latchkey/idp"
)

// Directory is one Entra tenant. It is safe for concurrent use.
type Directory struct {
	*api
	*people
	*groups
	*members
	logins logins
}

var (
	_ idp.Directory     = (*Directory)(nil)
	_ idp.MemberChecker = (*Directory)(nil)
	_ idp.Lagging       = (*Directory)(nil)
	_ idp.UsageReporter = (*Directory)(nil)
	_ idp.Lister        = (*Directory)(nil)
	_ idp.Prober        = (*Directory)(nil)
	_ idp.Tenanted      = (*Directory)(nil)
)

// Open checks the configuration and makes a Directory. It does not call Entra; Probe does.
func Open(cfg Config) (*Directory, error) {
	cfg, err := complete(cfg)
	if err != nil {
		return nil, fmt.Errorf("directory %q: %w", cfg.ID, err)
	}
	tenant := newAPI(cfg)
	if err := tenant.signIn(); err != nil {
		return nil, fmt.Errorf("directory %q: %w", cfg.ID, err)
	}
	p, g := &people{tenant, newActivity(tenant)}, &groups{api: tenant, seen: map[string]groupSeen{}}
	return &Directory{api: tenant, people: p, groups: g, members: &members{tenant, p, g}}, nil
}

// Connect opens the tenant that settings describe.
func Connect(_ context.Context, s Settings, around idp.Environment) (idp.Directory, error) {
	c := Config{
		ID: around.ID, Tenant: s.Tenant, ClientID: s.ClientID, ManagedIdentity: s.ManagedIdentity, Cloud: s.Cloud, APIURL: s.APIURL,
		HoldAttribute: s.HoldAttribute, HoldValue: s.HoldValue, ProbeGroup: s.ProbeGroup, SignInClient: s.SignInClient, Certificate: s.Certificate.Reveal(),
		InFlight: around.InFlight, Among: around.Among, Clock: around.Clock, Logger: around.Logger, Transport: around.Transport,
	}
	if !s.ClientSecret.IsZero() {
		c.Secret = s.ClientSecret.Current
	}
	d, err := Open(c)
	if err != nil {
		return nil, err
	}
	return d, nil
}

// ID implements idp.Directory.
func (d *Directory) ID() string { return d.cfg.ID }

// ReadLag implements idp.Lagging. Microsoft promises nothing; a change was mostly seen within two seconds, and others
// wait for up to a minute (issues of Terraform's provider).
func (d *Directory) ReadLag() time.Duration { return time.Minute }

// String names the directory: what it holds besides is secret, and must not get into a log by accident.
func (d *Directory) String() string { return "entra.Directory " + d.cfg.ID }

// GoString is String, for %#v.
func (d *Directory) GoString() string { return d.String() }

// LogValue is String, for slog.
func (d *Directory) LogValue() slog.Value { return slog.StringValue(d.String()) }

// Close closes idle connections. The Directory can still be used.
func (d *Directory) Close() { d.http.CloseIdleConnections() }
