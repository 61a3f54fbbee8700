package notify

import (
	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// Visible is the policy for tasks whose trouble is shown where people look: on
// the cards of what it is about, or, where that has none, in the IT channel.
func Visible() engine.Policy { return engine.Policy{Tell: blocked, Recovered: resumed} }

// unshown makes it visible that a card can't be shown. Where a channel can't be
// written to, those who would have read it there are told directly.
func unshown(u *engine.Unit, t store.Task, f *access.Failure) error {
	if err := blocked(u, t, f); err != nil || !refused(f) {
		return err
	}
	c, unreadable := engine.ReadPayload[Card](t)
	switch base, revision := c.Audience.Parts(); {
	case unreadable != nil: // the task says so itself
		return nil
	case base == ToIT && c.Reader == "":
		return tellAdmins(u, t, instead{Why: f.Sentence, Revision: revision})
	case base == ToChannel:
		return askDirectly(u, t.Subject, revision)
	}
	return nil
}

// unannounced tells the admins directly what the IT channel can't be told. Of other
// announcements the task alone says it.
func unannounced(u *engine.Unit, t store.Task, f *access.Failure) error {
	m, unreadable := engine.ReadPayload[message](t)
	if unreadable != nil || m.To != "" || !refused(f) {
		return nil
	}
	return tellAdmins(u, t, instead{Why: f.Sentence, Message: &m})
}

// refused tells a failure that time alone doesn't put right.
func refused(f *access.Failure) bool {
	return f.Class == access.Rejected || f.Class == access.Denied
}

// blocked makes the trouble of a task visible.
func blocked(u *engine.Unit, t store.Task, f *access.Failure) error {
	if about := t.Subject; about.Kind == access.SubjectRequest {
		return note(u, about, access.EventTaskBlocked, f.Sentence)
	}
	title := "Latchkey can't do something it has to"
	next := "It is tried again until it works, or waits until you ask for that: see what is stuck."
	if t.Kind == engine.DutyTask {
		title = "Latchkey can't do one of its regular duties"
	}
	return Announce(u, "failed/"+t.ID, "", title, f.Sentence, next)
}

// resumed takes that back: the task has worked by itself after all.
func resumed(u *engine.Unit, t store.Task) error {
	if about := t.Subject; about.Kind == access.SubjectRequest {
		return note(u, about, access.EventTaskResumed, "")
	}
	return nil
}

// note writes into the story of a request, on its cards and into its issue.
func note(u *engine.Unit, about access.Subject, kind access.EventKind, text string) error {
	r, err := u.Request(about.ID)
	if err != nil {
		return err
	}
	e := r.Event(kind, access.System(), u.At)
	e.Note = text
	_, err = u.Append(e, access.Effect{Kind: access.EffectShowCards}, access.Effect{Kind: access.EffectRecord})
	return err
}
