package okta

import (
	"context"
	"errors"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"

	"latchkey/idp"
)

// Tenant implements idp.Tenanted: the org's id. A token that may not read the org's settings doesn't know it.
func (d *Directory) Tenant(ctx context.Context) (string, error) {
	var org *sdk.OrgSetting
	err := d.call(ctx, "read which org this is", func(ctx context.Context, c *sdk.Client) (resp *sdk.Response, err error) {
		org, resp, err = c.OrgSetting.GetOrgSettings(ctx)
		return resp, err
	})
	switch {
	case errors.Is(err, idp.ErrDenied):
		return "", nil
	case err != nil:
		return "", err
	}
	return org.Id, nil
}
