package app

import (
	"context"
	"fmt"
	"log/slog"

	"latchkey/config"
	"latchkey/config/value"
	"latchkey/idp"
	"latchkey/idp/entra"
	"latchkey/idp/google"
	"latchkey/idp/okta"
	"latchkey/idp/scim"
	"latchkey/store"
	"latchkey/store/bolt"
	"latchkey/store/postgres"
)

// registry is what this build has: one line for every store, one for every
// identity provider. Each line names what reads the back end's settings and what
// opens it with them.
type registry struct {
	stores      map[string]storeType
	directories map[string]directoryType
}

func backends() registry {
	return registry{
		stores: map[string]storeType{
			"bolt":     storeOf(bolt.Decode, openBolt).archivedBy(boltCarrier()),
			"postgres": storeOf(postgres.Decode, openPostgres),
		},
		directories: map[string]directoryType{
			"okta":   directoryOf(okta.Decode, okta.Connect),
			"entra":  directoryOf(entra.Decode, entra.Connect),
			"scim":   directoryOf(scim.Decode, scim.Connect),
			"google": directoryOf(google.Decode, google.Connect),
		},
	}
}

func openBolt(_ context.Context, s bolt.Settings, log *slog.Logger) (store.Store, error) {
	return bolt.Open(s.Path, bolt.Options{Logger: log})
}

// unflushed are the same with a store that doesn't wait for the disk.
func (r registry) unflushed() registry {
	r.stores["bolt"] = storeOf(bolt.Decode, func(_ context.Context, s bolt.Settings, log *slog.Logger) (store.Store, error) {
		return bolt.Open(s.Path, bolt.Options{Logger: log, NoSync: true})
	}).archivedBy(boltCarrier())
	return r
}

// storeType is one kind of store.
type storeType struct {
	decode  config.Decoder
	open    func(context.Context, config.Store, *slog.Logger) (store.Store, error)
	carrier carrier // of one that is files
}

// archivedBy says how a store that is files gets into a backup and out of it.
func (t storeType) archivedBy(c carrier) storeType {
	t.carrier = c
	return t
}

// storeOf keeps the settings' type between what reads and what uses them.
func storeOf[S any](decode func(value.Node) S, open func(context.Context, S, *slog.Logger) (store.Store, error)) storeType {
	return storeType{
		decode: func(n value.Node) any { return decode(n) },
		open: func(ctx context.Context, c config.Store, log *slog.Logger) (store.Store, error) {
			s, ok := c.Settings.(S)
			if !ok {
				return nil, fmt.Errorf("the store %s can't be opened with %T: set its own settings", c.Type, c.Settings)
			}
			return open(ctx, s, log)
		},
	}
}

// directoryType is one kind of directory.
type directoryType struct {
	decode config.Decoder
	open   func(context.Context, config.Directory, idp.Environment) (idp.Directory, error)
}

// directoryOf keeps the settings' type between what reads and what uses them.
func directoryOf[S any](decode func(value.Node) S, open func(context.Context, S, idp.Environment) (idp.Directory, error)) directoryType {
	return directoryType{
		decode: func(n value.Node) any { return decode(n) },
		open: func(ctx context.Context, c config.Directory, around idp.Environment) (idp.Directory, error) {
			s, ok := c.Settings.(S)
			if !ok {
				return nil, fmt.Errorf("the directory %s can't be opened with %T: set its own settings", c.ID, c.Settings)
			}
			return open(ctx, s, around)
		},
	}
}

// Backends tells the configuration which stores and directories this build has.
func Backends() config.Backends { return backends().decoders() }

func (r registry) decoders() config.Backends {
	b := config.Backends{Stores: map[string]config.Decoder{}, Directories: map[string]config.Decoder{}}
	for name, t := range r.stores {
		b.Stores[name] = t.decode
	}
	for name, t := range r.directories {
		b.Directories[name] = t.decode
	}
	return b
}

func (r registry) openStore(ctx context.Context, c config.Store, log *slog.Logger) (store.Store, error) {
	t, ok := r.stores[c.Type]
	if !ok {
		return nil, fmt.Errorf("this build has no store of type %q: correct store.type", c.Type)
	}
	return t.open(ctx, c, log)
}

// carrier is how the store that is configured gets into a backup.
func (r registry) carrier(c config.Store) carrier { return r.stores[c.Type].carrier }

func (r registry) openDirectory(ctx context.Context, c config.Directory, around idp.Environment) (idp.Directory, error) {
	t, ok := r.directories[c.Type]
	if !ok {
		return nil, fmt.Errorf("this build has no directory of type %q: correct the type of %s under idp", c.Type, c.ID)
	}
	return t.open(ctx, c, around)
}

// storeFile is the file of a store that one process can have open; "" for stores
// that several can open.
func storeFile(c *config.Config) string {
	if s, ok := c.Store.Settings.(interface{ File() string }); ok {
		return s.File()
	}
	return ""
}
