// Package scim is an idp.Directory on a SCIM 2.0 service provider (RFC 7643, RFC 7644), for directories that have
// no adapter of their own.
//
// SCIM leaves much to the server, and servers leave much of SCIM out. So little is taken for granted: what a filter
// finds is compared with what was asked; that a filter finds nothing counts only once it was seen to find something
// (filters.go), otherwise everybody is gone through; and whether the server shows who is in a group can be proven by a
// group that is never empty (Config.ProbeGroup).
package scim

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"latchkey/idp"
)

// Directory is one SCIM service provider. It is safe for concurrent use.
type Directory struct {
	*api
	filters  *filters
	support  *support
	accounts *accounts
	groups   *groups
	members  *members
	changes  *changes
}

var (
	_ idp.Directory     = (*Directory)(nil)
	_ idp.MemberChecker = (*Directory)(nil)
	_ idp.Lagging       = (*Directory)(nil)
	_ idp.Lister        = (*Directory)(nil)
	_ idp.PeopleLister  = (*Directory)(nil)
	_ idp.Prober        = (*Directory)(nil)
)

// Open checks the configuration and makes a Directory. It does not call the server; Probe does.
func Open(cfg Config) (*Directory, error) {
	cfg, err := complete(cfg)
	if err != nil {
		return nil, fmt.Errorf("directory %q: %w", cfg.ID, err)
	}
	server := &api{cfg: cfg, http: httpClient(cfg)}
	d := &Directory{api: server, filters: &filters{api: server}, support: &support{api: server}}
	d.accounts = &accounts{server, d.filters}
	d.groups = &groups{server, d.filters, d.support}
	d.members = &members{server, d.accounts, d.groups}
	d.changes = &changes{api: server, accounts: d.accounts, groups: d.groups}
	return d, nil
}

// ID implements idp.Directory.
func (d *Directory) ID() string { return d.cfg.ID }

// ReadLag implements idp.Lagging. The standard promises nothing; servers put caches and replicas in front of what
// they keep.
func (d *Directory) ReadLag() time.Duration { return 5 * time.Second }

// String names the directory: what it holds besides is secret, and must not get into a log by accident.
func (d *Directory) String() string { return "scim.Directory " + d.cfg.ID }

// GoString is String, for %#v.
func (d *Directory) GoString() string { return d.String() }

// LogValue is String, for slog.
func (d *Directory) LogValue() slog.Value { return slog.StringValue(d.String()) }

// Close closes idle connections. The Directory can still be used.
func (d *Directory) Close() { d.http.CloseIdleConnections() }

// Connect opens the server that settings describe.
func Connect(_ context.Context, s Settings, around idp.Environment) (idp.Directory, error) {
	c := s.Config(around.ID)
	c.InFlight, c.Among, c.Clock, c.Logger, c.Transport = around.InFlight, around.Among, around.Clock, around.Logger, around.Transport
	d, err := Open(c)
	if err != nil {
		return nil, err
	}
	return d, nil
}
