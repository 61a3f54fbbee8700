package google

import (
	"context"
	"fmt"

	admin "google.golang.org/api/admin/directory/v1"
)

// Tenant implements idp.Tenanted: the customer's id, as the account of the administrator that is acted for says it.
func (d *accounts) Tenant(ctx context.Context) (string, error) {
	me, err := d.subject(ctx)
	if err != nil {
		return "", err
	}
	return me.CustomerId, nil
}

// subject is the account of the administrator that is acted for.
func (d *accounts) subject(ctx context.Context) (*admin.User, error) {
	me, err := d.byKey(ctx, d.cfg.Subject)
	if err == nil && (me == nil || !d.carries(me, d.cfg.Subject)) {
		err = fmt.Errorf("%s: the administrator %s that Latchkey acts for can't be found; it will be tried again", d.cfg.ID, d.cfg.Subject)
	}
	return me, err
}
