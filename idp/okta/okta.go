// Package okta is an idp.Directory on an Okta org, through okta-sdk-golang v2.
//
// The SDK is used for its requests, types and paging. What it does not do well is done around it: its
// cache is off, because it serves stale member lists; waiting for rate limits is left to package limit, because
// the SDK gives up before a window ends; dropped connections are reported at once, because the SDK repeats
// them for ever without a pause (requestExecutor.go).
package okta

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"latchkey/idp"
	"latchkey/idp/oidc"
)

// Directory is one Okta org. It is safe for concurrent use.
type Directory struct {
	*api
	logins struct { // as which people sign in; made when it is first needed
		once   sync.Once
		client *oidc.Client
	}

	rules  *groupRules
	mu     sync.Mutex
	groups map[string]groupSeen // guarded by mu
	bosses bosses
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

// Open checks the configuration and makes a Directory. It does not call Okta; Probe does.
func Open(ctx context.Context, cfg Config) (*Directory, error) {
	cfg, err := complete(cfg)
	if err != nil {
		return nil, fmt.Errorf("directory %q: %w", cfg.ID, err)
	}
	org := &api{cfg: cfg, http: httpClient(cfg)}
	d := &Directory{api: org, rules: &groupRules{api: org}, groups: map[string]groupSeen{}}
	if err := d.signIn(ctx); err != nil {
		return nil, fmt.Errorf("directory %q: %w", cfg.ID, err)
	}
	return d, nil
}

// ID implements idp.Directory.
func (d *Directory) ID() string { return d.cfg.ID }

// String names the directory: what it holds besides is secret, and must not get into a log by accident.
func (d *Directory) String() string { return "okta.Directory " + d.cfg.ID }

// GoString is String, for %#v.
func (d *Directory) GoString() string { return d.String() }

// LogValue is String, for slog.
func (d *Directory) LogValue() slog.Value { return slog.StringValue(d.String()) }

// Close closes idle connections. The Directory can still be used.
func (d *Directory) Close() { d.http.CloseIdleConnections() }
