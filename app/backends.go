package app

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"time"

	"latchkey/config"
	"latchkey/idp"
	"latchkey/idp/okta"
	"latchkey/store"
	"latchkey/store/bolt"
)

// The registries: one line for every store, one for every identity provider.

type storeOpener func(context.Context, config.Store, *slog.Logger) (store.Store, error)

func stores() map[string]storeOpener {
	return map[string]storeOpener{
		"bolt": openBolt,
	}
}

// surroundings are what a directory gets beside its own settings.
type surroundings struct {
	inFlight int
	way      http.RoundTripper
	now      func() time.Time
	log      *slog.Logger
}

type directoryOpener func(context.Context, config.Directory, surroundings) (idp.Directory, error)

func directories() map[string]directoryOpener {
	return map[string]directoryOpener{
		"okta": openOkta,
	}
}

// Backends tells the configuration which stores and directories this build has.
func Backends() config.Option {
	return config.WithBackends(slices.Sorted(maps.Keys(stores())), slices.Sorted(maps.Keys(directories())))
}

func openStore(ctx context.Context, c config.Store, log *slog.Logger) (store.Store, error) {
	return stores()[c.Type](ctx, c, log)
}

func openDirectory(ctx context.Context, c config.Directory, s surroundings) (idp.Directory, error) {
	return directories()[c.Type](ctx, c, s)
}

func openBolt(_ context.Context, c config.Store, log *slog.Logger) (store.Store, error) {
	return bolt.Open(c.Path, bolt.Options{Logger: log})
}

func openOkta(ctx context.Context, c config.Directory, s surroundings) (idp.Directory, error) {
	return okta.Open(ctx, okta.Config{
		ID: c.ID, URL: c.URL, Token: c.Token.Reveal(), ClientID: c.ClientID, PrivateKey: c.PrivateKey.Reveal(), KeyID: c.KeyID, Scopes: c.Scopes, ManagerAttribute: c.ManagerAttribute,
		InFlight: s.inFlight, Now: s.now, Logger: s.log, Transport: s.way,
	})
}
