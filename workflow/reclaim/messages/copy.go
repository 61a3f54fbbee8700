package messages

import (
	"context"
	"fmt"
	"slices"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
)

// CopyTask is the kind of task that tells somebody else what the holder of a seat was told.
const CopyTask = "reclaim.copy"

// copied names an event of which somebody else hears.
type copied struct {
	ID   string
	Kind access.EventKind
}

// Others finds those who hear of a seat beside its holder.
type Others interface {
	// Manager is somebody's manager; none without an error: there is none, or nobody in Slack is known to be them.
	Manager(ctx context.Context, who access.PersonID) (access.PersonID, error)
	// Meant is the person whom the configuration means by an address at this moment.
	Meant(ctx context.Context, a access.Email) (access.Person, error)
}

// copyTo arranges that those hear of it for whom that is configured: nobody, where nothing is.
func copyTo(u *engine.Unit, r access.Reclaim, e access.Event) error {
	if r.Rule.Copy == "" {
		return nil
	}
	body, err := engine.Payload(copied{r.ID, e.Kind})
	if err != nil {
		return err
	}
	_, err = u.Enqueue(store.Task{ID: "reclaim/" + r.ID + "/copy/" + e.ID, Queue: engine.HouseQueue, Kind: CopyTask, Subject: access.ReclaimSubject(r.ID), Priority: store.Notices, Payload: body})
	return err
}

// tellOthers tells them. Nobody hears of their own seat twice.
func (s *Service) tellOthers(ctx context.Context, t store.Task) (engine.Outcome, error) {
	c, err := engine.ReadPayload[copied](t)
	if err != nil {
		return nil, err
	}
	var r access.Reclaim
	err = s.units.View(ctx, func(tx store.Tx) error {
		r, err = store.Reclaim(tx, c.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	who, why, err := s.others(ctx, r)
	if err != nil {
		return nil, err
	}
	return func(u *engine.Unit) error {
		holder, err := people.In(u.Tx, r.Person)
		if err != nil {
			return err
		}
		title, lines := copyOf(r, labelOf(u, r), holder.Display(), c.Kind)
		for _, one := range who {
			if one == r.Person {
				continue
			}
			if err := notify.Announce(u, t.ID+"/"+string(one), one, title, append(slices.Clone(lines), why)...); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// others are those who hear of it, and why they do.
func (s *Service) others(ctx context.Context, r access.Reclaim) (who []access.PersonID, why string, err error) {
	if r.Rule.Copy == catalog.CopyManager {
		m, err := s.people.Manager(ctx, r.Person)
		if err != nil || m == "" {
			return nil, "", people.Softly(err)
		}
		return []access.PersonID{m}, "You read this as their manager. You needn't do anything.", nil
	}
	app, _ := s.catalog().App(r.App)
	for _, address := range app.Owners {
		p, err := s.people.Meant(ctx, access.NewEmail(address))
		if people.Softly(err) != nil {
			return nil, "", err
		}
		if err == nil {
			who = append(who, p.ID)
		}
	}
	return who, "You read this as an owner of " + catalog.Isolated(app.Name) + ". You needn't do anything.", nil
}

// copyOf is what they read.
func copyOf(r access.Reclaim, what, holder string, kind access.EventKind) (title string, lines []string) {
	whose, what := catalog.Isolated(holder), catalog.Isolated(what)
	if kind == access.EventReclaimSettled {
		return fmt.Sprintf("%s has lost %s, which nobody used", whose, what), []string{"Nobody answered in time. " + r.Seen.Sentence(), restorable(r)}
	}
	return fmt.Sprintf("%s was asked whether %s is still needed", whose, what),
		[]string{r.Seen.Sentence(), "Without an answer it comes back at " + access.FullMoment(r.Until) + "."}
}

// restorable is until when it can be given back; "" where it can't.
func restorable(r access.Reclaim) string {
	if !r.CanBeRestored(r.Settled) {
		return ""
	}
	return "They can have it back until " + access.FullMoment(r.RestorableUntil()) + "."
}

// labelOf is what a seat is called: the app and the role by which it is held.
func labelOf(u *engine.Unit, r access.Reclaim) string {
	return access.Grant{App: r.App, Role: r.Role}.Label(u.Catalog)
}
