package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"latchkey/catalog"
	"latchkey/idp"
	jiracheck "latchkey/jira/check"
)

// rights says which roles make administrators of a directory by a group that isn't listed as privileged, and, once for each
// directory, where that can't be seen.
func (i *inspection) rights(ctx context.Context, byID map[string]idp.Directory) {
	unseen := map[string]bool{}
	for _, a := range i.config.Catalog.Apps() {
		for _, r := range a.Roles {
			for _, ref := range r.Groups {
				d := byID[ref.Directory]
				if d == nil || unseen[ref.Directory] || slices.ContainsFunc(i.config.Catalog.Policy().Privileged, ref.Confusable) {
					continue
				}
				roles, err := adminRoles(ctx, d, ref)
				switch {
				case err != nil:
					unseen[ref.Directory] = true
					i.say(jiracheck.Note, d.ID(), "administrator rights", "which groups make administrators can't be seen, so only those under privileged_groups count as such: "+Sentence(directoryError(d, err)))
				case len(roles) > 0:
					i.say(jiracheck.Note, d.ID(), "administrator rights", fmt.Sprintf("%s · %s opens %s, which carries administrator rights (%s): list it under privileged_groups", a.Name, r.Name, ref, strings.Join(roles, ", ")))
				}
			}
		}
	}
}

// adminRoles are the roles of an administrator that a group carries; none where the directory can't tell, or has no such group,
// of which the check says so elsewhere.
func adminRoles(ctx context.Context, d idp.Directory, ref catalog.GroupRef) ([]string, error) {
	sees, able := idp.As[idp.AdminGroups](d)
	if !able {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, groupCheckTime)
	defer cancel()
	look := d.FindGroup
	if ref.ByID {
		look = d.Group
	}
	g, err := look(ctx, ref.Group)
	if err != nil {
		return nil, nil
	}
	return sees.AdminRoles(ctx, g.ID)
}
