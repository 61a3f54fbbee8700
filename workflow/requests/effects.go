package requests

import (
	"errors"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
)

// effectLinkIncident ties the issue of an emergency to that of its incident. It is
// an effect of its own, so that it comes behind the one that opens the issue.
const effectLinkIncident access.EffectKind = "link_incident"

// Effects are the effects that this room carries out.
func Effects() map[access.EffectKind]engine.EffectFunc {
	return map[access.EffectKind]engine.EffectFunc{
		access.EffectFindApprovers: lookForApprovers,
		access.EffectEstablish:     establish,
		access.EffectStartGrant:    startGrant,
		access.EffectRelease:       release,
		access.EffectEndGrant:      endGrant,
		access.EffectLoseNeeds:     loseNeeds,
		effectLinkIncident:         linkIncident,
	}
}

func lookForApprovers(u *engine.Unit, e access.Event, _ access.Effect) error {
	_, err := u.Enqueue(findApproversTask(e))
	return err
}

func linkIncident(u *engine.Unit, e access.Event, _ access.Effect) error {
	return ledger.LinkIncident(u, e.Request)
}

// startGrant makes the grant of a request that was just approved, or lets the one
// that it extends go on.
func startGrant(u *engine.Unit, e access.Event, _ access.Effect) error {
	r, err := u.Request(e.Request)
	if err != nil {
		return err
	}
	if r.Extends != "" && r.Issue.Gone {
		return access.Refuse(access.Unknown, "", "The ticket "+r.Label()+" was deleted in Jira, or is hidden, so nothing would say why there is more time. It has to be asked for again.")
	}
	if going, err := prolong(u, r); err != nil || going {
		return err
	}
	app, role, ok := u.Catalog.Role(r.App, r.Role)
	if !ok {
		return access.Refuse(access.Unknown, "role", "This role was taken out of the catalogue meanwhile, so it can't be granted any more.")
	}
	g, started, effs, err := access.Start(r, app, role, u.At)
	if err != nil {
		return err
	}
	return engine.Begin(u, engine.Grants(), &g, started, effs...)
}

// release lets a grant begin, now that the issue that says why exists; not while new
// access is paused.
func release(u *engine.Unit, e access.Event, _ access.Effect) error {
	r, err := u.Request(e.Request)
	if err != nil {
		return err
	}
	g, err := u.Grant(r.GrantID())
	if errors.Is(err, store.ErrNotFound) || err == nil && g.State != access.GrantWaiting {
		return nil
	}
	if err != nil {
		return err
	}
	if g.Planned() || r.Issue.Key == "" {
		return nil // it waits for its time, or for the issue
	}
	if r.Issue.Gone && g.Manual { // people would make the change, and nothing would say why
		_, err = u.MoveGrant(g, end(g, access.EndUnrecorded, access.System(), "", u.At))
		return errors.Join(err, notify.IssueGone(u, r))
	}
	if held, err := paused(u); err != nil {
		return err
	} else if held {
		return deferred(u, r)
	}
	recorded := g.Event(access.EventRecorded, access.System(), u.At)
	recorded.Issue = &r.Issue
	_, err = u.MoveGrant(g, recorded)
	return err
}

// endGrant ends what a request gave, on the word of the event's actor. Nothing is
// to be ended that was never given, or has ended already.
func endGrant(u *engine.Unit, e access.Event, _ access.Effect) error {
	g, err := grantOf(u, e.Request)
	if err == nil {
		_, err = u.MoveGrant(g, end(g, access.EndRevoked, e.Actor, e.Reason, u.At))
	}
	if _, refused := access.AsRefusal(err); refused {
		return nil
	}
	return err
}
