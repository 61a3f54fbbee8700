package requests

import (
	"cmp"
	"context"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/store"
	"latchkey/workflow/engine"
	"latchkey/workflow/ledger"
	"latchkey/workflow/notify"
	"latchkey/workflow/people"
	"latchkey/workflow/query"
)

// PauseDefault is how long new access is paused where nobody says how long.
const PauseDefault = access.PauseAlone

// Pause stops new access for a while: what is asked for and agreed to waits, and
// nothing else changes. IT can. For more than an hour it needs a second of them.
func (l *Controls) Pause(ctx context.Context, wanted time.Duration, reason string, by access.Actor) (access.Pause, error) {
	return l.movePause(ctx, by, "pause new access", func(u *engine.Unit, p access.Pause) (access.Pause, access.Event, error) {
		note, err := pausesAgain(u, by)
		if err != nil {
			return p, access.Event{}, err
		}
		next, e, err := p.Begin("PA-"+newRequestID()[len("AR-"):], by, wanted, reason, u.At)
		e.Note = cmp.Or(e.Note, note)
		return next, e, err
	})
}

// ConfirmPause lets the pause last as long as was asked for.
func (l *Controls) ConfirmPause(ctx context.Context, by access.Actor) (access.Pause, error) {
	return l.movePause(ctx, by, "confirm a pause", func(u *engine.Unit, p access.Pause) (access.Pause, access.Event, error) {
		return p.Confirm(by, u.At)
	})
}

// Resume ends the pause before its time.
func (l *Controls) Resume(ctx context.Context, by access.Actor) (access.Pause, error) {
	return l.movePause(ctx, by, "resume new access", func(u *engine.Unit, p access.Pause) (access.Pause, access.Event, error) {
		return p.Resume(by, u.At)
	})
}

func (l *Controls) movePause(ctx context.Context, by access.Actor, what string, move func(*engine.Unit, access.Pause) (access.Pause, access.Event, error)) (access.Pause, error) {
	caller, err := l.authority.CallerNow(ctx, by)
	if err != nil {
		return access.Pause{}, l.units.LogRefusal(ctx, "", by, what, err)
	}
	var now access.Pause
	err = l.units.Update(ctx, func(u *engine.Unit) error {
		if err := l.authority.May(caller, people.ActPause, people.Matter{}); err != nil {
			return err
		}
		p, err := store.Pause(u.Tx)
		if err != nil {
			return err
		}
		next, e, err := move(u, p)
		if err != nil {
			return err
		}
		now = next
		return pauseMoved(u, &now, e)
	})
	return now, l.units.LogRefusal(ctx, "", by, what, err)
}

// duePause resumes what is over by itself.
func duePause(u *engine.Unit, _ string) error {
	p, err := store.Pause(u.Tx)
	if err != nil {
		return err
	}
	next, e, err := p.Resume(access.System(), u.At)
	if err != nil {
		return err
	}
	return pauseMoved(u, &next, e)
}

// pauseMoved stores a pause and lets everybody know: IT, its issue, and those whose
// access waits. At its end that goes on.
func pauseMoved(u *engine.Unit, p *access.Pause, e access.Event) error {
	if err := store.PutPause(u.Tx, p); err != nil {
		return err
	}
	e, err := u.Append(e)
	if err != nil {
		return err
	}
	title, lines, err := pauseWords(u, *p, e.Kind)
	if err != nil {
		return err
	}
	if err := notify.Announce(u, "pause/"+e.ID, "", title, lines...); err != nil {
		return err
	}
	if e.Kind == access.EventPaused {
		err = ledger.Report(u, access.IssueReport{ID: p.ID, At: u.At, Title: title, Lines: lines}, thenPaused, nil)
	} else {
		err = pauseRecorded(u, *p, e.Kind)
	}
	if err != nil {
		return err
	}
	return enqueueDeferred(u)
}

// pauseRecorded writes on the issue of a pause what became of it; nothing while there
// is none. The same again writes nothing twice.
func pauseRecorded(u *engine.Unit, p access.Pause, kind access.EventKind) error {
	if p.Issue.ID == "" {
		return nil
	}
	title, lines, err := pauseWords(u, p, kind)
	if err != nil {
		return err
	}
	id := p.ID + "/" + string(kind)
	err = ledger.AddComment(u, ledger.Comment{Marker: id, Issue: p.Issue, Body: access.IssueComment{ID: id, At: u.At, Title: title + ".", Lines: lines}})
	if err != nil || kind != access.EventResumed {
		return err
	}
	return ledger.Close(u, p.Issue)
}

// pauseReported notes the issue of a pause, and writes there what happened before it
// was open.
func pauseReported(u *engine.Unit, id string, issue access.Issue) error {
	p, err := store.Pause(u.Tx)
	if err != nil || p.ID != id {
		return err
	}
	p.Issue = issue
	if err := store.PutPause(u.Tx, &p); err != nil {
		return err
	}
	if p.Confirmed != (access.Actor{}) {
		err = pauseRecorded(u, p, access.EventPauseConfirmed)
	}
	if err == nil && !p.Over.IsZero() {
		err = pauseRecorded(u, p, access.EventResumed)
	}
	return err
}

// pauseWords say what happened to a pause.
func pauseWords(u *engine.Unit, p access.Pause, kind access.EventKind) (title string, lines []string, err error) {
	by := map[access.EventKind]access.Actor{access.EventPaused: p.By, access.EventPauseConfirmed: p.Confirmed, access.EventResumed: p.EndedBy}[kind]
	who, err := actorName(u.Tx, by)
	if err != nil {
		return "", nil, err
	}
	switch kind {
	case access.EventResumed:
		if by.Via == access.ViaSystem {
			return "New access is given again", []string{"The pause is over. What was agreed to meanwhile is given now."}, nil
		}
		return "New access is given again", []string{who + " ended the pause. What was agreed to meanwhile is given now."}, nil
	case access.EventPauseConfirmed:
		return "New access stays paused until " + access.FullMoment(p.Until), []string{"Confirmed by " + who + ".", "Why: " + p.Reason}, nil
	}
	lines = []string{"Paused by " + who + ". Why: " + p.Reason, "What is asked for and agreed to waits. Access that is there goes on, and ends as it would have."}
	switch {
	case p.Since.IsZero():
		return "A pause of new access waits for a second person", append(lines, "It was paused for an hour already, so it begins when somebody else of IT confirms it in Slack (pause confirm). It is for "+catalog.FormatDuration(p.Wanted)+"."), nil
	case p.NeedsSecond(u.At):
		lines = append(lines, "It was asked for "+catalog.FormatDuration(p.Wanted)+". To let it last as long, somebody else of IT confirms it in Slack (pause confirm) before it is over.")
	}
	return "New access is paused until " + access.FullMoment(p.Until), append(lines, "It ends earlier by resume, in Slack or as latchkey resume."), nil
}

// actorName is who did something, for texts that everybody in IT reads.
func actorName(tx store.Tx, a access.Actor) (string, error) {
	switch {
	case a.Person != "":
		return people.ContactIn(tx, a.Person)
	case a.Via == access.ViaCLI:
		return a.Account + " on the command line", nil
	}
	return "Latchkey", nil
}

// DeferredTask is the kind of task that brings what waits for the end of a pause up to date.
const DeferredTask = "pause.deferred"

func enqueueDeferred(u *engine.Unit) error {
	t := store.Task{ID: "pause/deferred", Queue: engine.HouseQueue, Kind: DeferredTask, Priority: store.Additions}
	added, err := u.Enqueue(t)
	if err != nil || added {
		return err
	}
	return u.Expedite(t.ID)
}

// heldPage is how many grants that wait are looked at in one unit.
const heldPage = 50

// lookAfterDeferred goes through what has not begun: it begins, unless a pause is on, and
// its cards say how it stands. A change that is under way is shown, too: the next
// attempt at it waits.
func (l *Controls) lookAfterDeferred(ctx context.Context, t store.Task) (engine.Outcome, error) {
	for _, state := range []access.GrantState{access.GrantWaiting, access.GrantProvisioning} {
		for after := ""; ; {
			var ids []string
			var full bool
			err := l.units.View(ctx, func(tx store.Tx) error {
				page, damage, err := store.Sound(store.GrantsIn(tx, state, after, heldPage))
				ids, full = nil, len(page)+len(damage) == heldPage
				for _, g := range page {
					ids = append(ids, g.ID)
				}
				after = query.Last(page, damage, query.GrantID)
				return err
			})
			if err != nil {
				return nil, err
			}
			if _, err := l.units.Each(ctx, ids, lookAfter); err != nil {
				return nil, err
			}
			if !full {
				break
			}
		}
	}
	return nil, nil
}

func lookAfter(u *engine.Unit, id string) error {
	g, err := u.Grant(id)
	if err != nil || g.Request == "" {
		return err
	}
	r, err := u.Request(g.Request)
	if err != nil {
		return err
	}
	held, err := paused(u)
	if err != nil {
		return err
	}
	about := g.Event(access.EventDeferred, access.System(), u.At)
	if g.State == access.GrantWaiting && r.Issue.Key != "" {
		u.Again(about, access.Effect{Kind: access.EffectRelease})
	}
	for _, ent := range g.Entitlements {
		if g.State == access.GrantProvisioning && ent.State == access.EntitlementWanted && !held {
			u.Again(about, access.Effect{Kind: access.EffectAddMember, Group: &ent.Group})
		}
	}
	u.Again(about, access.Effect{Kind: access.EffectShowCards})
	return nil
}

// deferred writes it into the story of a request, once for each pause and each quarantine, that
// what it gives waits.
func deferred(u *engine.Unit, r access.Request) error {
	p, held, err := store.PausedBy(u.Tx, u.At)
	if err != nil || !held {
		return err
	}
	e := r.Event(access.EventDeferred, access.System(), u.At)
	e.Until, e.Reason, e.Origin = p.Until, p.Reason, p.ID+"/"+r.ID
	story, err := u.Story(access.RequestSubject(r.ID))
	if err != nil {
		return err
	}
	for _, was := range story {
		if was.Kind == access.EventDeferred && was.Origin == e.Origin {
			return nil
		}
	}
	_, err = u.Append(e, access.Effect{Kind: access.EffectRecord}, access.Effect{Kind: access.EffectShowCards})
	return err
}

// paused tells whether new access is paused, or held back, at the moment of a unit.
func paused(u *engine.Unit) (bool, error) {
	_, held, err := store.PausedBy(u.Tx, u.At)
	return held, err
}
