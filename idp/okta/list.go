package okta

import (
	"context"
	"fmt"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"
)

// list collects all pages of a listing.
func list[T any](ctx context.Context, d *Directory, what string, first func(context.Context, *sdk.Client) ([]T, *sdk.Response, error)) ([]T, error) {
	var all []T
	var last *sdk.Response
	err := d.call(ctx, what, func(ctx context.Context, c *sdk.Client) (resp *sdk.Response, err error) {
		all, resp, err = first(ctx, c)
		last = resp
		return resp, err
	})
	for err == nil && last.HasNextPage() {
		here := last.NextPage
		err = d.call(ctx, what, func(ctx context.Context, _ *sdk.Client) (*sdk.Response, error) {
			var page []T // a fresh one: decoding into the last would overwrite what it shares
			resp, err := last.Next(ctx, &page)
			if err == nil {
				all, last = append(all, page...), resp
			}
			return resp, err
		})
		if err == nil && last.NextPage == here {
			return nil, fmt.Errorf("%s: cannot %s: Okta's next page leads to itself, ask the vendor about proxies that join Link headers", d.cfg.ID, what)
		}
	}
	if err != nil {
		return nil, err
	}
	return all, nil
}
