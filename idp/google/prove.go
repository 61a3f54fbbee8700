package google

import (
	"context"
	"errors"
	"fmt"

	admin "google.golang.org/api/admin/directory/v1"

	"latchkey/idp"
)

// nobody is the id of no account.
const nobody = "100000000000000000000"

// proveChanges has Google take an account that doesn't exist out of the group that is there for this: whoever may change
// members is told that it isn't there, and whoever may not is told that. Nothing is changed.
func (d *Directory) proveChanges(ctx context.Context) (f idp.Finding) {
	f.Check = "change members of " + d.cfg.ProbeGroup
	g, err := d.FindGroup(ctx, d.cfg.ProbeGroup)
	if err != nil {
		f.Detail = err.Error()
		return f
	}
	err = d.call(ctx, admin.AdminDirectoryGroupMemberScope, fmt.Sprintf("change who is in the group %q (this needs the privilege to update groups)", g.Name), func(ctx context.Context) error {
		return d.admin.Members.Delete(g.ID, nobody).Context(ctx).Do()
	})
	if err != nil && !errors.Is(err, idp.ErrNotFound) && !noKey(err) {
		f.Detail = err.Error()
		return f
	}
	f.OK, f.Detail = true, "Members of this group can be changed; nobody was."
	return f
}

// Probe implements idp.Prober: the rights, and where a group is named for it, whether members can be changed, and
// memberships be found whose end is to be set.
func (d *Directory) Probe(ctx context.Context) ([]idp.Finding, error) {
	findings, err := d.rights.Probe(ctx)
	if err == nil && d.cfg.ProbeGroup != "" {
		findings = append(findings, d.proveChanges(ctx))
		if !d.cfg.NoExpiry {
			findings = append(findings, d.proveEnds(ctx))
		}
	}
	return findings, err
}
