package campaigns

import (
	"context"

	"latchkey/access"
	"latchkey/idp"
)

// extracted is who is in a group, with what proves that nobody is missing.
func extracted(ctx context.Context, s *Service, d idp.Directory, g idp.Group) ([]idp.Membership, access.Population, error) {
	proof := access.Population{Directory: d.ID(), Group: g.ID, Name: g.Name, Tool: s.version}
	members, err := idp.Everybody(d.Members(ctx, g.ID))
	return members, proof, err
}
