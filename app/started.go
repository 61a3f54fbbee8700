package app

import (
	"cmp"
	"context"
	"errors"
	"log/slog"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/config"
	"latchkey/evidence"
	"latchkey/store"
)

// logStart writes which Latchkey works from now on, on what, and how far its log has come. What a service is asked for is
// left to the look at it: this is said whether they answer or not, but at a first start, which waits for them and says it then.
func logStart(ctx context.Context, c *config.Config, inForce *catalog.Catalog, s store.Store, log *slog.Logger) {
	said := []any{slog.String("version", buildVersion())}
	workspace, events, head := "", uint64(0), ""
	err := s.View(ctx, func(tx store.Tx) (err error) {
		if workspace, err = tenantOf(tx, access.SystemSlack); err != nil {
			return err
		}
		if events, err = tx.Size(); err != nil || events == 0 {
			return err
		}
		root, err := evidence.Root(tx, events)
		head = root.String()
		return err
	})
	said = append(said, "workspace", cmp.Or(workspace, "not known yet"), "site", c.Jira.URL)
	for _, d := range c.IDP {
		said = append(said, "directory", d.ID+" ("+d.Type+")")
	}
	roles := 0
	apps := inForce.Apps()
	for _, app := range apps {
		roles += len(app.Roles)
	}
	said = append(said, "apps", len(apps), "roles", roles, "catalogue", inForce.Version(), "store", cmp.Or(storeFile(c), c.Store.Type), "events", events, "head", cmp.Or(head, "none yet"))
	if err != nil {
		said = append(said, "error", err)
	}
	log.InfoContext(ctx, "Latchkey starts", said...)
}

// tenantOf is what stands behind a system's name, as far as that was seen.
func tenantOf(tx store.Tx, system string) (string, error) {
	is, err := store.LoadTenant(tx, system)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return is.Tenant, err
}
