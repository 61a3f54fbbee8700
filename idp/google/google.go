// Package google is an idp.Directory on a Google Workspace or Cloud Identity, through
// google.golang.org/api.
//
// The library is used for its requests, types and addresses. What it does not do is done
// around it: it waits for no quota, which package limit does; and it takes one token for
// all, where one scope that isn't granted fails the whole token. So each call has a token
// with just the scope that it needs, and what isn't granted fails alone.
//
// An id is the account's or the group's number; Google also takes addresses and aliases
// for keys, so what it answers is looked at.
package google

import (
	"context"
	"fmt"
	"log/slog"

	"latchkey/idp"
)

// Directory is one customer of Google. It is safe for concurrent use.
type Directory struct {
	*api
	*accounts
	*groups
	*adminRoles
	*auditLog
	*accountLog
	*rights
}

var (
	_ idp.Directory     = (*Directory)(nil)
	_ idp.MemberChecker = (*Directory)(nil)
	_ idp.Lagging       = (*Directory)(nil)
	_ idp.UsageReporter = (*Directory)(nil)
	_ idp.Lister        = (*Directory)(nil)
	_ idp.Prober        = (*Directory)(nil)
	_ idp.Tenanted      = (*Directory)(nil)
	_ idp.SessionEnder  = (*Directory)(nil)
	_ idp.PeopleLister  = (*Directory)(nil)
	_ idp.ManagerLister = (*Directory)(nil)
	_ idp.AccountLog    = (*Directory)(nil)
	_ idp.AdminGroups   = (*Directory)(nil)
	_ idp.GroupSizer    = (*Directory)(nil)
)

// Open checks the configuration and makes a Directory. It does not call Google; Probe does.
func Open(ctx context.Context, cfg Config) (*Directory, error) {
	cfg, err := complete(cfg)
	if err != nil {
		return nil, fmt.Errorf("directory %q: %w", cfg.ID, err)
	}
	services, err := newAPI(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("directory %q: %w", cfg.ID, err)
	}
	people := &accounts{services}
	all := &groups{api: services, people: people, known: map[string]standing{}}
	return &Directory{services, people, all, &adminRoles{services, all}, &auditLog{services}, &accountLog{services, people}, &rights{api: services, people: people}}, nil
}

// Connect opens the directory that settings describe.
func Connect(ctx context.Context, s Settings, around idp.Environment) (idp.Directory, error) {
	c := s.Config(around.ID)
	c.InFlight, c.Among, c.Clock, c.Logger, c.Transport = around.InFlight, around.Among, around.Clock, around.Logger, around.Transport
	d, err := Open(ctx, c)
	if err != nil {
		return nil, err
	}
	if s.NoExpiry {
		return d, nil
	}
	return d.Expiring(), nil
}

// ID implements idp.Directory.
func (d *Directory) ID() string { return d.cfg.ID }

// String names the directory: what it holds besides is secret, and must not get into a log by accident.
func (d *Directory) String() string { return "google.Directory " + d.cfg.ID }

// GoString is String, for %#v.
func (d *Directory) GoString() string { return d.String() }

// LogValue is String, for slog.
func (d *Directory) LogValue() slog.Value { return slog.StringValue(d.String()) }

// Close closes idle connections. The Directory can still be used.
func (d *Directory) Close() { d.base.CloseIdleConnections() }
