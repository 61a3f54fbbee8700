package provision

import (
	"context"
	"errors"
	"fmt"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/membership"
	"latchkey/workflow/people"
)

// sessionsTask is the kind of task that ends what sessions somebody has in a directory.
const sessionsTask = "sessions.end"

// sessions says whose sessions are ended, and because of which grant.
type sessions struct {
	Grant, Directory, Account string
}

// endSessions has the sessions ended of whoever lost a role by a revocation, where the role says so. It follows the
// removal, as a task of its own: while somebody is still in the group, signing in again would give them back what they had,
// and whether it works is nothing that a removal waits for.
func endSessions(u *engine.Unit, g access.Grant) error {
	_, role, _ := u.Catalog.Role(g.App, g.Role)
	if role.OnRevoke != catalog.EndSessions || g.State != access.GrantEnded || !g.End.Revokes() {
		return nil
	}
	for _, ent := range g.Entitlements {
		if ent.State != access.EntitlementRemoved || ent.Account == "" {
			continue
		}
		body, err := engine.Payload(sessions{g.ID, ent.Group.Directory, ent.Account})
		if err != nil {
			return err
		}
		about := g.Event(access.EventSessionsEnded, access.System(), u.At)
		t := store.Task{ID: "sessions/" + g.ID + "/" + ent.Group.Directory + "/" + ent.Account, Queue: ent.Group.Directory, Kind: sessionsTask, Subject: about.About(), Priority: store.Removals, Payload: body}
		if _, err := u.Enqueue(t); err != nil { // several groups of one directory are one task
			return err
		}
	}
	return nil
}

// end carries a sessionsTask out.
func (s *Service) end(ctx context.Context, t store.Task) (engine.Outcome, error) {
	p, err := engine.ReadPayload[sessions](t)
	if err != nil {
		return nil, err
	}
	dir, known := s.dirs.Get(p.Directory)
	ender, able := idp.As[idp.SessionEnder](dir)
	switch {
	case !known:
		return nil, people.Rejected("The directory %q is not configured any more, so nobody's sessions there can be ended; add it under idp, or end them there", p.Directory)
	case !able:
		return nil, people.Rejected("Sessions in %q can't be ended by Latchkey; take on_revoke from the role, and end them there", p.Directory)
	}
	err = ender.EndSessions(idp.WithPriority(ctx, idp.Removal), p.Account)
	note := fmt.Sprintf("The sessions in %s were ended: whoever uses them signs in again.", membership.Title(p.Directory))
	if errors.Is(err, idp.ErrNotFound) {
		note, err = fmt.Sprintf("The account in %s isn't there any more, so it has no sessions.", membership.Title(p.Directory)), nil
	}
	if err != nil {
		return nil, people.DirectoryFailure(dir, fmt.Sprintf("End the sessions in %s of somebody whose access was revoked", p.Directory), err)
	}
	return func(u *engine.Unit) error {
		g, err := u.Grant(p.Grant)
		if err != nil {
			return err
		}
		e := g.Event(access.EventSessionsEnded, access.System(), u.At)
		e.Note = note
		_, err = u.Append(e, access.Effect{Kind: access.EffectRecord})
		return err
	}, nil
}
