package entra

import (
	"context"
	"fmt"
	"net/http"

	"latchkey/idp"
)

// sessions ends what somebody has open in the tenant.
type sessions struct{ d *api }

// EndSessions implements idp.SessionEnder. It takes what apps were given and the cookies of browsers; access tokens
// count until they end, an hour at most. What a guest has open in their own tenant is out of its reach.
func (s sessions) EndSessions(ctx context.Context, personID string) error {
	if !isID(personID) {
		return fmt.Errorf("%s: no account has the id %q: %w", s.d.cfg.ID, personID, idp.ErrNotFound)
	}
	return s.d.call(ctx, "end the sessions of account "+personID+" (it needs the permission "+permitSessions+")", exchange{
		method: http.MethodPost, path: "/users/" + personID + "/revokeSignInSessions",
	}, nil)
}
