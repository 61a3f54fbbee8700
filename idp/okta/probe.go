package okta

import (
	"context"
	"errors"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"
	"github.com/okta/okta-sdk-golang/v2/okta/query"

	"latchkey/idp"
)

// Probe implements idp.Prober. Whether the token may change memberships can not be seen without changing one;
// for an OAuth client, signing in proves that the scope is granted.
func (d *Directory) Probe(ctx context.Context) ([]idp.Finding, error) {
	one := query.NewQueryParams(query.WithLimit(1))
	reads := []struct {
		check, seen string
		read        func(context.Context, *sdk.Client) (*sdk.Response, error)
	}{
		{"read people", "Accounts can be found.", func(ctx context.Context, c *sdk.Client) (*sdk.Response, error) {
			_, resp, err := c.User.ListUsers(ctx, one)
			return resp, err
		}},
		{"read groups", "Groups can be found.", func(ctx context.Context, c *sdk.Client) (*sdk.Response, error) {
			_, resp, err := c.Group.ListGroups(ctx, one)
			return resp, err
		}},
		{"read group rules", "Groups that rules feed can be told from those that may be changed.", func(ctx context.Context, c *sdk.Client) (*sdk.Response, error) {
			_, resp, err := c.Group.ListGroupRules(ctx, one)
			return resp, err
		}},
		{"read the System Log", "Last sign-ins to applications can be found.", func(ctx context.Context, c *sdk.Client) (*sdk.Response, error) {
			_, resp, err := c.LogEvent.GetLogs(ctx, d.signIns("nobody", "nothing"))
			return resp, err
		}},
	}
	var findings []idp.Finding
	for _, r := range reads {
		f := idp.Finding{Check: r.check, OK: true, Detail: r.seen}
		if err := d.call(ctx, r.check, r.read); err != nil {
			f.OK, f.Detail = false, err.Error()
			if errors.Is(err, context.Canceled) {
				return findings, err
			}
		}
		findings = append(findings, f)
	}
	return findings, nil
}
