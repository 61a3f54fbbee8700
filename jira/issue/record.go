package issue

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"latchkey/access"
	"latchkey/jira/adf"
	"latchkey/jira/site"
	"latchkey/jira/stamp"
	"latchkey/jira/transition"
	"latchkey/jira/wording"
)

// Record writes one event of the case on its issue: in words, for the
// customer and for agents; by the status that belongs to the case's phase; and
// in the property for machines. What people are to read is written before the
// issue is moved and by itself: in a transition, Jira may drop it without a word.
//
// again says that an earlier attempt may have got through. Then the issue is
// read first, and what is there already is not written once more. with are events that led to
// it and weren't told yet: agents read of them in the same comment.
func (w *Writer) Record(ctx context.Context, cs access.Case, e access.Event, maker access.RecordMaker, again bool, with ...access.Event) error {
	s, err := w.sites.Site(ctx)
	if err != nil {
		return err
	}
	if len(with) > 0 && again {
		if with, err = w.untold(ctx, cs, with); err != nil {
			return err
		}
	}
	r, err := w.newRecord(s, cs, e, maker, with)
	if err != nil {
		return err
	}
	key := r.issue + " " + e.ID
	_, begun := w.halfWritten.Get(key)
	if err := r.write(ctx, again || begun); err != nil {
		w.positions.Drop(r.issue)
		w.shown.Drop(r.issue)
		w.properties.forget(r.issue)
		return r.broken(key, err)
	}
	w.halfWritten.Drop(key)
	return nil
}

// Renew writes what the issue of a case carries for machines, and nothing else.
func (w *Writer) Renew(ctx context.Context, cs access.Case, maker access.RecordMaker) error {
	about := cs.Request.Issue
	about.ID = cmp.Or(about.ID, about.Key)
	made, err := maker(about)
	if err != nil {
		return err
	}
	return w.properties.Put(ctx, about.ID, made)
}

// broken is the failure of a record that may be half written. Whatever broke
// it off, the next attempt has to look first.
func (r *recording) broken(key string, err error) error {
	f := *access.Classify(err)
	if r.wrote || f.Class == access.Unclear {
		r.w.halfWritten.Put(key, true)
	}
	if r.wrote && (f.Class == access.Transient || f.Class == access.Limited) {
		f.Class = access.Unclear
	}
	return &f
}

// untold are those of some events of which the issue doesn't tell.
func (w *Writer) untold(ctx context.Context, cs access.Case, all []access.Event) (out []access.Event, err error) {
	for _, e := range all {
		seen, err := w.comments.written(ctx, cmp.Or(cs.Request.Issue.ID, cs.Request.Issue.Key), stamp.For(e, ""), e.At)
		if err != nil {
			return nil, err
		}
		if len(seen) == 0 {
			out = append(out, e)
		}
	}
	return out, nil
}

func (w *Writer) newRecord(s *site.Site, cs access.Case, e access.Event, maker access.RecordMaker, with []access.Event) (*recording, error) {
	issue := cmp.Or(cs.Request.Issue.ID, cs.Request.Issue.Key)
	if issue == "" {
		return nil, &access.Failure{Class: access.Transient,
			Sentence: "Request " + cs.Request.ID + " has no issue yet; Latchkey records this once it is open"}
	}
	n, err := wording.ForEvents(cs, append(slices.Clone(with), e))
	if err != nil {
		return nil, err
	}
	about := cs.Request.Issue
	about.ID = issue
	made, err := maker(about)
	if err != nil {
		return nil, err
	}
	if made.Empty() && !n.Empty() {
		n.Internal = n.Internal.Append(adf.Paragraph(adf.Text("Not all of this request's story can be read back from Latchkey's store, so the signed state that this issue carries ends before this.")))
	}
	return &recording{w: w, s: s, cs: cs, e: e, with: with, issue: issue, note: n, state: made}, nil
}

// write does what is missing, in an order that can be taken up again anywhere. That an issue
// takes no more comments keeps it from nothing else.
func (r *recording) write(ctx context.Context, again bool) error {
	seen := map[stamp.Audience]bool{}
	if again {
		var err error
		if seen, err = r.w.comments.written(ctx, r.issue, stamp.For(r.e, ""), r.e.At); err != nil {
			return err
		}
	}
	full := r.addComment(ctx, r.unlessWritten(seen, stamp.Customer, r.note.Public))
	if full != nil && !errors.Is(full, errFull) {
		return full
	}
	before, with := r.before(again), transition.Payload{History: r.history(), Comment: r.comment()}
	fields := r.fieldsToWrite()
	apart := before.status == "" || len(fields) > 0 && !r.takes(before.status, fields) // whoever writes is told where the issue is
	if apart {
		if err := r.putFields(ctx, fields); err != nil {
			return err
		}
	} else {
		with.Properties, with.Fields = r.w.properties.missing(r.issue, r.state), fields
	}
	via, shows, err := r.move(ctx, before, with)
	if err != nil {
		return err
	}
	if err := r.addComment(ctx, r.unlessWritten(seen, stamp.Agents, r.note.Internal)); errors.Is(err, errFull) {
		full = err
	} else if err != nil {
		return err
	}
	if !apart {
		if err := r.putRest(ctx, via, fields, shows); err != nil {
			return err
		}
	}
	r.w.positions.Put(r.issue, r.placed)
	if r.e.Kind == access.EventIssueDrift {
		return errors.Join(full, r.w.restore(ctx, r.s, r.cs, r.issue))
	}
	return errors.Join(full, r.assign(ctx))
}

// putRest writes what was to travel along with a transition and didn't.
func (r *recording) putRest(ctx context.Context, via string, fields map[string]any, shows bool) error {
	if len(fields) > 0 && !shows {
		return r.putFields(ctx, fields)
	}
	r.showing(fields)
	return r.putState(ctx, via)
}

// putState writes what the issue carries, unless it travelled along with a
// transition.
func (r *recording) putState(ctx context.Context, via string) error {
	if via != "" {
		arrived, err := r.w.properties.arrived(ctx, r.issue, r.state, via)
		if err != nil || arrived {
			return err
		}
	}
	return r.w.properties.Put(ctx, r.issue, r.state)
}

// comment is what is said where a screen insists on a comment. What there is to say
// about the event stands on the issue by then.
func (r *recording) comment() map[string]any {
	return stamp.Comment(stamp.Stamp{ID: r.e.ID + movedSuffix, Audience: stamp.Agents}, wording.Moved())
}

// movedSuffix ends the stamp of a comment that says nothing but that the issue moved.
const movedSuffix = "-moved"

// unlessWritten is the comment for one audience; nil if it is written already or empty.
func (r *recording) unlessWritten(seen map[stamp.Audience]bool, to stamp.Audience, text adf.Document) map[string]any {
	if seen[to] || text.Empty() {
		return nil
	}
	mark := stamp.For(r.e, to)
	mark.MoreForAgents = to == stamp.Customer && !r.note.Internal.Empty()
	if to == stamp.Agents {
		for _, e := range r.with {
			if n, err := wording.ForEvent(r.cs, e); err != nil || n.Internal.Empty() {
				continue // nothing is said of it
			}
			mark.With = append(mark.With, stamp.About{ID: e.ID, N: e.N, Leaf: e.Leaf})
		}
	}
	return stamp.Comment(mark, text)
}

func (r *recording) addComment(ctx context.Context, body map[string]any) error {
	if body == nil {
		return nil
	}
	err := r.w.comments.Add(ctx, r.issue, body)
	r.wrote = r.wrote || err == nil
	return err
}

// before is where the issue is known to be; nowhere, if it may have been moved since.
func (r *recording) before(again bool) position {
	before, _ := r.w.positions.Get(r.issue)
	if again || r.e.Kind == access.EventIssueDrift || !before.covers(r.cs, r.e, r.with...) || !r.note.Public.Empty() && r.w.movedLately() {
		return position{}
	}
	return before
}

// destination is the status where the issue belongs, from where it is, and what came of it.
func (r *recording) destination(at string) (key, outcome string, moves bool) {
	key, moves = r.s.KeyFor(r.cs)
	if !moves || key == site.Pending && !r.mayEnterPending() {
		return "", "", false
	}
	switch {
	case r.goesOn(key, at):
		return site.Approved, "", true
	case r.endsLater(key):
		return "", "", false
	}
	return key, r.s.OutcomeFor(r.cs), true
}

// endsLater tells whether the issue is resolved by what is told of a later event, which says why: a resolution that comes
// before is a mail that explains nothing, and whoever reads the issue then finds it closed and its evidence not there.
func (r *recording) endsLater(key string) bool {
	return r.cs.MoreToTell && (key == site.Ended || key == site.Denied || key == site.Cancelled)
}

// takes tells whether the transition that the issue is about to take has some fields on its screen.
func (r *recording) takes(at string, fields map[string]any) bool {
	key, _, moves := r.destination(at)
	return moves && r.w.moves.Takes(r.s, at, key, fields)
}

// move brings the issue to the status of the case's phase and tells which
// transition took the payload along, "" if none did, and whether it took the fields too.
func (r *recording) move(ctx context.Context, before position, with transition.Payload) (via string, shows bool, err error) {
	at := cmp.Or(before.status, r.seen) // where somebody else moved it meanwhile is drift, which is found and told
	r.placed = position{status: at, n: r.e.N}
	key, outcome, moves := r.destination(at)
	if !moves {
		return "", false, nil
	}
	if len(r.with) > 0 && !r.w.moves.Straight(r.s, at, key) {
		first := r.w.moves.Walk(r.s, r.issue, site.Approved, at)
		if err := r.prepare(ctx, first); err != nil {
			return "", false, err
		}
		if _, err := first.Run(ctx, transition.Payload{Comment: with.Comment}); err != nil {
			return "", false, err
		}
		at = first.At
	}
	w := r.w.moves.Walk(r.s, r.issue, key, at)
	w.Outcome = outcome
	w.Lenient = r.e.Kind == access.EventIssueDrift
	if w.At == "" {
		if err := w.Refresh(ctx); err != nil {
			return "", false, err
		}
	}
	if err := r.prepare(ctx, w); err != nil {
		return "", false, err
	}
	delivered, err := w.Run(ctx, with)
	r.wrote = r.wrote || delivered
	if delivered {
		via, shows = w.Via, w.Shows
	}
	if w.Left {
		r.noteForAgents("Somebody moved this issue to " + w.StatusName(w.At) + ", and there is no way from there to " + w.Target.Name + ". It was left where it is.")
	}
	r.placed.status = w.At
	return via, shows, err
}

// goesOn tells whether a yes is recorded whose access is there by now: what is told of that next
// moves the issue on. So it takes the same two steps whichever comes first, and knows the way.
func (r *recording) goesOn(key, at string) bool {
	return r.e.Kind == access.EventApproved && key != site.Approved && at == r.s.Statuses[site.Pending].ID && r.cs.Grant != nil && !r.cs.Grant.Started.IsZero()
}

// prepare does what Jira's own approvals need before the issue is moved: it
// names the approvers before they are asked, and passes their decision on.
func (r *recording) prepare(ctx context.Context, w *transition.Walk) error {
	if r.s.ApproversField == "" {
		return nil
	}
	if who := askedPeople(r.cs); w.Key == site.Pending && len(who) > 0 {
		return r.w.approvals.name(ctx, r.s, r.issue, who)
	}
	answered, err := r.answerApproval(ctx, w)
	if answered {
		r.note.Internal = r.note.Internal.Append(adf.Paragraph(adf.Text("Jira shows Latchkey as the approver, because it passed this decision on.")))
	}
	return err
}

// noteForAgents adds a sentence to what agents read.
func (r *recording) noteForAgents(sentence string) {
	r.w.api.Log().Warn("jira: "+sentence, "issue", r.cs.Request.Issue.Key, "request", r.cs.Request.ID)
	r.note.Internal = r.note.Internal.Append(adf.Paragraph(adf.Text(sentence)))
}

// history goes into the issue's own history beside the transition, which would
// otherwise name nobody but the bot.
func (r *recording) history() map[string]any {
	who := map[string]string{"id": "latchkey", "displayName": "Latchkey", "type": "application"}
	if r.e.Actor.Person != "" {
		who = map[string]string{"id": r.cs.Person(r.e.Actor.Person).ContactAt(r.e.At), "displayName": wording.PersonName(r.cs, r.e.Actor.Person), "type": "user"}
	}
	return map[string]any{
		"type": "latchkey", "actor": who,
		"generator": map[string]string{"id": "latchkey", "displayName": "Latchkey", "type": "application"},
		"extraData": map[string]string{"event": r.e.ID, "kind": string(r.e.Kind), "leaf": r.e.Leaf.String(), "via": string(r.e.Actor.Via)},
	}
}
