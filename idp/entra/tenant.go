package entra

import (
	"context"
	"errors"

	"latchkey/idp"
)

// Tenant implements idp.Tenanted: the id of the tenant that issued the token; "" if the token doesn't say it.
func (d *Directory) Tenant(ctx context.Context) (string, error) {
	said, err := d.claims(ctx)
	if errors.Is(err, idp.ErrDenied) {
		return "", nil
	}
	return said.Tenant, err
}
