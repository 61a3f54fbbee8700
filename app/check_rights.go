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

// administratorRights is what the findings about them are called.
const administratorRights = "administrator rights"

// rights says which roles make administrators of a directory by a group that isn't listed as privileged, and, once for each
// directory, where that can't be seen. there are the groups that were found, by their ids.
func (i *inspection) rights(ctx context.Context, byID map[string]idp.Directory, there map[catalog.GroupRef]string) {
	unseen := map[string]bool{}
	for _, ref := range i.config.Catalog.Groups() {
		d := byID[ref.Directory]
		if there[ref] == "" || unseen[ref.Directory] || slices.ContainsFunc(i.config.Catalog.Policy().Privileged, ref.Confusable) {
			continue
		}
		roles, err := adminRoles(ctx, d, there[ref])
		switch {
		case err != nil:
			unseen[ref.Directory] = true
			i.say(jiracheck.Note, d.ID(), administratorRights, "which groups make administrators can't be seen, so only those count as such that stand under privileged_groups, or were seen before: "+Sentence(directoryError(d, err)))
		case len(roles) > 0:
			i.say(jiracheck.Note, d.ID(), administratorRights, fmt.Sprintf("%s opens %s, which carries administrator rights (%s): list it under privileged_groups", openedBy(i.config.Catalog, ref), ref, strings.Join(roles, ", ")))
		}
	}
}

// adminRoles are the roles of an administrator that a group carries; none where the directory can't tell.
func adminRoles(ctx context.Context, d idp.Directory, id string) ([]string, error) {
	sees, able := idp.As[idp.AdminGroups](d)
	if !able {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, groupCheckTime)
	defer cancel()
	return sees.AdminRoles(ctx, id)
}

// openedBy names the roles that open a group.
func openedBy(c *catalog.Catalog, ref catalog.GroupRef) string {
	var names []string
	for _, a := range c.Apps() {
		for _, r := range a.Roles {
			if slices.Contains(r.Groups, ref) {
				names = append(names, a.Name+" · "+r.Name)
			}
		}
	}
	return strings.Join(names, ", ")
}
