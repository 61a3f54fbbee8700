package workflow

import (
	"context"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// InForce notes which version of the catalogue is in force from now on, and tells since when it is. That it is another
// one than before is an event of the log, in which says tells what is different.
func (s *Service) InForce(ctx context.Context, version, says string) (since time.Time, err error) {
	var noted store.InForce
	load := func(tx store.Tx) (err error) {
		noted, err = store.LoadInForce(tx)
		return err
	}
	if err := s.units.View(ctx, load); err != nil || noted.Catalog == version {
		return noted.Since, err
	}
	err = s.units.Update(ctx, func(u *engine.Unit) error {
		if err := load(u.Tx); err != nil || noted.Catalog == version {
			return err
		}
		if noted.Catalog != "" {
			e := access.Event{Kind: access.EventCatalogNew, At: u.At, Actor: access.System(), Subject: access.LogSubject(), Note: fmt.Sprintf("The catalogue %s is in force, in place of %s. %s", version, noted.Catalog, says)}
			if _, err := u.Append(e); err != nil {
				return err
			}
		}
		noted.Catalog, noted.Since = version, u.At
		return store.PutInForce(u.Tx, &noted)
	})
	return noted.Since, err
}
