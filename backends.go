package main

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"slices"

	"latchkey/clock"
	"latchkey/idp"
	"latchkey/idp/okta"
	"latchkey/store"
	"latchkey/store/bolt"
)

// The registries: one line for every store, one for every identity provider.

type openStore func(context.Context, StoreConfig, *slog.Logger) (store.Store, error)

func stores() map[string]openStore {
	return map[string]openStore{
		"bolt": openBolt,
	}
}

// openDirectory makes a directory that calls its vendor through the given way.
type openDirectory func(context.Context, IDPConfig, LimitsConfig, http.RoundTripper, clock.Clock, *slog.Logger) (idp.Directory, error)

func directories() map[string]openDirectory {
	return map[string]openDirectory{
		"okta": openOkta,
	}
}

func withBackends() ConfigOption {
	return WithBackends(slices.Sorted(maps.Keys(stores())), slices.Sorted(maps.Keys(directories())))
}

func openBolt(_ context.Context, c StoreConfig, log *slog.Logger) (store.Store, error) {
	return bolt.Open(c.Path, bolt.Options{Logger: log})
}

func openOkta(ctx context.Context, c IDPConfig, limits LimitsConfig, way http.RoundTripper, clock clock.Clock, log *slog.Logger) (idp.Directory, error) {
	return okta.Open(ctx, okta.Config{
		ID: c.ID, URL: c.URL, Token: c.Token.Reveal(), ClientID: c.ClientID, PrivateKey: c.PrivateKey.Reveal(), KeyID: c.KeyID, Scopes: c.Scopes, ManagerAttribute: c.ManagerAttribute,
		InFlight: limits.IDP.InFlight, Clock: clock, Logger: log, Transport: way,
	})
}
