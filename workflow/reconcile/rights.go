package reconcile

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// rightsFor is how long what was seen of a group is as good as new at a start.
const rightsFor = 24 * time.Hour

// named is how many roles a message names one by one.
const named = 15

// Rights sees which groups of the catalogue make administrators of a directory. What can't be seen says nothing: what was
// seen before goes on to count, and a group that was never seen is as the configuration has it.
type Rights struct {
	units   *engine.Units
	catalog func() *catalog.Catalog
	dirs    people.Directories
	groups  *people.Groups
	carry   func([]catalog.GroupRef)
	log     *slog.Logger
}

// Begin has what was seen before count from the first decision on. It asks no directory.
func (r *Rights) Begin(ctx context.Context) error {
	return r.units.View(ctx, func(tx store.Tx) error { return r.count(tx, r.catalog()) })
}

// Run looks at what was not seen for a while.
func (r *Rights) Run(ctx context.Context) {
	if err := r.look(ctx, r.catalog(), rightsFor); err != nil && ctx.Err() == nil {
		r.log.Warn("which groups make administrators can't be noted; reconciliation looks again", "error", err)
	}
}

// look sees to every group that was not seen since a while, notes what it carries and tells IT what is new.
func (r *Rights) look(ctx context.Context, c *catalog.Catalog, since time.Duration) error {
	for _, ref := range c.Groups() {
		d, there := r.dirs.Get(ref.Directory)
		if !there || r.groups.Lists(ref) {
			continue
		}
		sees, able := idp.As[idp.AdminGroups](d)
		if !able {
			continue
		}
		old, err := r.seen(ctx, ref)
		switch {
		case err != nil:
			return err
		case !old.Seen.IsZero() && r.units.Now().Sub(old.Seen) < since:
			continue
		}
		now, err := r.ask(ctx, d, sees, old)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil { // absence proves nothing
			r.log.Debug("whether a group makes administrators can't be seen", "group", ref, "error", err)
			continue
		}
		if err := r.note(ctx, c, now); err != nil {
			return err
		}
		if !slices.Equal(old.Roles, now.Roles) { // at once: IT is being told that it counts
			if err := r.Begin(ctx); err != nil {
				return err
			}
		}
	}
	return r.Begin(ctx)
}

func (r *Rights) seen(ctx context.Context, ref catalog.GroupRef) (old store.GroupRights, err error) {
	err = r.units.View(ctx, func(tx store.Tx) error {
		old, err = rightsOf(tx, ref)
		return err
	})
	return old, err
}

// rightsOf is what was seen of a group; nothing, at no time, if it never was.
func rightsOf(tx store.Tx, ref catalog.GroupRef) (store.GroupRights, error) {
	known, err := store.LoadGroupRights(tx, ref)
	if errors.Is(err, store.ErrNotFound) {
		return store.GroupRights{Ref: ref}, nil
	}
	return known, err
}

// ask asks a directory what a group carries.
func (r *Rights) ask(ctx context.Context, d idp.Directory, sees idp.AdminGroups, old store.GroupRights) (store.GroupRights, error) {
	at := r.units.Now()
	group, err := r.groups.Find(ctx, d, old.Ref)
	if err != nil {
		return old, err
	}
	roles, err := sees.AdminRoles(ctx, group.ID)
	return store.GroupRights{Ref: old.Ref, GroupID: group.ID, Roles: roles, Seen: at}, err
}

// note keeps what was seen. What is new is an event, and IT hears of it.
func (r *Rights) note(ctx context.Context, c *catalog.Catalog, now store.GroupRights) error {
	return r.units.Update(ctx, func(u *engine.Unit) error {
		old, err := rightsOf(u.Tx, now.Ref)
		if err != nil {
			return err
		}
		next := now
		next.Version = old.Version
		if err := store.PutGroupRights(u.Tx, &next); err != nil || slices.Equal(old.Roles, next.Roles) {
			return err
		}
		title, lines := told(c, next)
		if _, err := u.Append(access.Event{Kind: access.EventNote, At: u.At, Actor: access.System(), Note: title + ": " + lines[0]}); err != nil {
			return err
		}
		if slices.ContainsFunc(c.Policy().Privileged, next.Ref.Confusable) {
			return nil // they have listed it, so nothing is different
		}
		return notify.Announce(u, "rights/"+next.Ref.String()+"/"+u.At.Format(time.RFC3339Nano), "", title, lines...)
	})
}

// told words what a group carries by now.
func told(c *catalog.Catalog, now store.GroupRights) (title string, lines []string) {
	if len(now.Roles) == 0 {
		return "A group makes no administrators any more", []string{
			fmt.Sprintf("%s carries no administrator rights in %s any more. Roles that open it are decided as the configuration says.", now.Ref, now.Ref.Directory),
		}
	}
	return "A group makes administrators", []string{
		fmt.Sprintf("%s carries administrator rights in %s (%s), and is opened by %s.", now.Ref, now.Ref.Directory, strings.Join(now.Roles, ", "), opening(c, now.Ref)),
		"From now on nobody gets that without somebody's yes, and whoever says yes signs in for it, where people can sign in.",
		"List it under privileged_groups, so that this holds whatever Latchkey can see; or take the rights from the group.",
	}
}

// opening names the roles that open a group.
func opening(c *catalog.Catalog, ref catalog.GroupRef) string {
	var names []string
	for _, a := range c.Apps() {
		for _, role := range a.Roles {
			if slices.Contains(role.Groups, ref) {
				names = append(names, a.Name+" · "+role.Name)
			}
		}
	}
	if more := len(names) - named; more > 0 {
		names = append(names[:named], fmt.Sprintf("%d more", more))
	}
	return strings.Join(names, ", ")
}

// count has the groups count as privileged that were seen to carry rights.
func (r *Rights) count(tx store.Tx, c *catalog.Catalog) error {
	if r.carry == nil {
		return nil
	}
	var carrying []catalog.GroupRef
	for _, ref := range c.Groups() {
		known, err := rightsOf(tx, ref)
		if err != nil {
			return err
		}
		if len(known.Roles) > 0 {
			carrying = append(carrying, ref)
		}
	}
	r.carry(carrying)
	return nil
}
