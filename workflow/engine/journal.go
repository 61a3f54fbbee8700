package engine

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// step is a line of the operator's log on its way there: what happened, once it is committed.
type step struct {
	level slog.Level
	what  string
	said  []slog.Attr
}

// journal keeps what a unit has appended until it is committed. What people wrote themselves is left out: it is in
// the record, where it can be erased.
func (u *Unit) journal(e access.Event) {
	level := levelOf(e.Kind)
	if !u.units.log.Enabled(context.Background(), level) {
		return
	}
	said := u.about(e.Request, e.Grant, e.Person, e.App, e.Role)
	said = append(said, u.by(e)...)
	said = append(said, stated(slog.String("asked", u.asked(e)), slog.String("until", u.until(e)))...)
	u.steps = append(u.steps, step{level, inWords(e.Kind), append(said, particulars(e)...)})
}

// levelOf is Info, but for the rows of a review, of which there may be a hundred thousand at once: its campaign says how
// many there were.
func levelOf(kind access.EventKind) slog.Level {
	if strings.HasPrefix(string(kind), "review.") {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// inWords is "grant member added" for grant.member_added.
func inWords(kind access.EventKind) string {
	return strings.NewReplacer(".", " ", "_", " ").Replace(string(kind))
}

// about says what a line is about: always in this order, so that eyes and scripts find it.
func (u *Unit) about(request, grant string, person access.PersonID, app, role string) []slog.Attr {
	issue := ""
	if request != "" {
		if r, err := u.Request(request); err == nil {
			issue = r.Issue.Key
			person, app, role = cmp.Or(person, r.Beneficiary), cmp.Or(app, r.App), cmp.Or(role, r.Role)
		}
	}
	if request != "" {
		grant = "" // whoever knows one knows the other
	}
	return stated(slog.String("issue", issue), slog.String("request", request), slog.String("grant", grant),
		slog.String("person", u.called(person)), slog.String("app", app), slog.String("role", role))
}

// aboutTask says what a task is about.
func (u *Unit) aboutTask(t store.Task) []slog.Attr {
	request, grant := t.Subject.Request(), ""
	if t.Subject.Kind == access.SubjectGrant {
		grant = t.Subject.ID
		if g, err := u.Grant(grant); err == nil {
			return u.about(g.Request, grant, g.Person, g.App, g.Role)
		}
	}
	return append(u.about(request, grant, "", "", ""), slog.String("task", t.ID))
}

// by says who did something, and where.
func (u *Unit) by(e access.Event) []slog.Attr {
	if e.Actor.Person == "" {
		return []slog.Attr{slog.String("actor", string(access.ViaSystem))}
	}
	return stated(slog.String("actor", u.called(e.Actor.Person)), slog.String("via", string(e.Actor.Via)), slog.String("in_place_of", u.called(e.For)))
}

// asked are those who are asked, as many as a line holds.
func (u *Unit) asked(e access.Event) string {
	if e.Kind != access.EventApproversAsked && e.Kind != access.EventReviewAsked && e.Kind != access.EventReassigned {
		return ""
	}
	const most = 3
	var names []string
	for i, who := range e.Approvers {
		if i == most {
			names = append(names, fmt.Sprintf("and %d more", len(e.Approvers)-most))
			break
		}
		names = append(names, u.called(who))
	}
	return strings.Join(names, " ")
}

// until is when the access ends that an event begins, or makes longer.
func (u *Unit) until(e access.Event) string {
	at := e.Until
	if at.IsZero() && e.Grant != "" && (e.Kind == access.EventMemberAdded || e.Kind == access.EventFulfilled) {
		if g, err := u.Grant(e.Grant); err == nil {
			at = g.Ends
		}
	}
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

// particulars is what of an event is short and Latchkey's own word.
func particulars(e access.Event) (said []slog.Attr) {
	said = stated(slog.String("why", string(e.End)), slog.String("direction", string(e.Direction)))
	if e.Group != nil {
		said = append(said, slog.String("group", e.Group.String()))
	}
	if e.Wanted > 0 {
		said = append(said, slog.Duration("for", e.Wanted))
	}
	return append(said, stated(slog.String("note", shortened(e.Note)))...)
}

// shortened is the beginning of a text that goes on in the record.
func shortened(text string) string {
	const most = 200
	text = strings.Join(strings.Fields(text), " ")
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return text
}

// called is somebody's address, as far as it is known.
func (u *Unit) called(who access.PersonID) string {
	if who == "" {
		return ""
	}
	key := identityKey{"identity", string(who)}
	is, known := u.known[key].(access.Identity)
	if !known {
		var err error
		if is, err = store.IdentityOf(u.Tx, who); err == nil {
			put(&u.known, key, any(is))
		}
	}
	return cmp.Or(string(is.Email), string(who))
}

// stated leaves out what isn't said.
func stated(all ...slog.Attr) (said []slog.Attr) {
	for _, a := range all {
		if a.Value.String() != "" {
			said = append(said, a)
		}
	}
	return said
}

// written writes what was committed into the operator's log.
func (s *Units) written(ctx context.Context, steps []step) {
	for _, one := range steps {
		s.log.LogAttrs(ctx, one.level, one.what, one.said...)
	}
}

// longPause is from when on it is worth a line that something waits.
const longPause = 10 * time.Second

// saidOf writes what became of a task that didn't work. Being asked to wait is no reason to look.
func (s *Units) saidOf(ctx context.Context, t store.Task, f *access.Failure, about []slog.Attr) {
	level, what := slog.LevelWarn, "something didn't work; it is tried again"
	var next []slog.Attr
	switch wait := t.NotBefore.Sub(s.Now()); {
	case f.Class == access.Limited || f.Class == access.Unclear && f.After > 0:
		level, what = slog.LevelInfo, "something waits"
		if wait < longPause { // the pace that a service asks for: who reads the log can do nothing about it
			level = slog.LevelDebug
		}
		next = append(next, slog.Duration("for", wait.Round(100*time.Millisecond)))
	case t.State == store.Stuck && t.NotBefore.IsZero(), t.ID == "":
		what = "something didn't work, and waits for a human: see latchkey stuck"
	default:
		next = append(next, slog.Duration("again_in", max(wait, 0).Round(100*time.Millisecond)))
	}
	said := append(about, slog.String("doing", t.Kind), slog.Int("attempt", t.Attempts), slog.String("class", string(f.Class)))
	said = append(append(said, next...), slog.String("problem", f.Sentence))
	if f.Err != nil && f.Class != access.Limited && !strings.Contains(f.Sentence, f.Err.Error()) {
		said = append(said, slog.Any("cause", f.Err))
	}
	s.log.LogAttrs(ctx, level, what, said...)
}
