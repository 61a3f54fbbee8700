package okta

import (
	"context"
	"fmt"
	"net/url"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"
	"github.com/okta/okta-sdk-golang/v2/okta/query"
)

// scopeManageUsers is what a service app needs besides to end sessions.
const scopeManageUsers = "okta.users.manage"

// sessions are those of people in the org.
type sessions struct{ d *Directory }

// EndSessions implements idp.SessionEnder: sessions in a browser, and what apps were given to act for the person.
func (s sessions) EndSessions(ctx context.Context, personID string) error {
	return s.d.call(ctx, fmt.Sprintf("end the sessions of the account %s (a service app needs the scope %s, an administrator the right to clear sessions)", personID, scopeManageUsers), func(ctx context.Context, c *sdk.Client) (*sdk.Response, error) {
		return c.User.ClearUserSessions(ctx, url.PathEscape(personID), query.NewQueryParams(query.WithOauthTokens(true)))
	})
}
