package jira

import (
	"context"
	"net/url"

	"latchkey/access"
)

// Record tells the issue about one event of the case: in words, for the
// customer and for agents; by the status that belongs to the case's phase; and
// in the property for machines. As much as possible happens in one request.
//
// again says that an earlier attempt may have got through. Then the issue is
// read first, and what is there already is not written once more.
func (c *Client) Record(ctx context.Context, cs access.Case, e access.Event, carry access.RecordMaker, again bool) error {
	s, err := c.site(ctx)
	if err != nil {
		return err
	}
	r, err := c.newRecord(s, cs, e, carry)
	if err != nil {
		return err
	}
	key := r.issue + " " + e.ID
	_, begun := c.begun.get(key)
	if err := r.write(ctx, again || begun); err != nil {
		c.places.drop(r.issue)
		c.pages.drop(r.issue)
		return r.broken(key, err)
	}
	c.begun.drop(key)
	return nil
}

// broken is the failure of a record that may be half written. Whatever broke
// it off, the next attempt has to look first.
func (r *record) broken(key string, err error) error {
	f := *access.Classify(err)
	if r.wrote || f.Class == access.Unclear {
		r.c.begun.put(key, true)
	}
	if r.wrote && (f.Class == access.Transient || f.Class == access.Limited) {
		f.Class = access.Unclear
	}
	return &f
}

// record is one event on its way to the issue.
type record struct {
	c      *Client
	s      *site
	cs     access.Case
	e      access.Event
	issue  string
	note   note
	carry  access.IssueRecord
	placed place
	wrote  bool // something people can see was written in this attempt
}

func (c *Client) newRecord(s *site, cs access.Case, e access.Event, carry access.RecordMaker) (*record, error) {
	issue := orElse(cs.Request.Issue.ID, cs.Request.Issue.Key)
	if issue == "" {
		return nil, &access.Failure{Class: access.Transient,
			Sentence: "Request " + cs.Request.ID + " has no issue yet; Latchkey records this once it is open"}
	}
	n, err := word(cs, e)
	if err != nil {
		return nil, err
	}
	made, err := carry(issue)
	if err != nil {
		return nil, err
	}
	return &record{c: c, s: s, cs: cs, e: e, issue: issue, note: n, carry: made}, nil
}

// write does what is missing, in an order that can be taken up again anywhere.
func (r *record) write(ctx context.Context, again bool) error {
	seen := map[face]bool{}
	if again {
		var err error
		if seen, err = r.c.written(ctx, r.issue, stampOf(r.e, ""), r.e.At); err != nil {
			return err
		}
	}
	delivered, err := r.move(ctx, again, load{r.unless(seen, toCustomer, r.note.public), r.c.carried(r.issue, r.carry), r.history()})
	if err != nil {
		return err
	}
	if !delivered {
		if err := r.say(ctx, r.unless(seen, toCustomer, r.note.public)); err != nil {
			return err
		}
	}
	if err := r.say(ctx, r.unless(seen, toAgents, r.note.internal)); err != nil {
		return err
	}
	if err := r.deliver(ctx, delivered); err != nil {
		return err
	}
	r.c.places.put(r.issue, r.placed)
	if r.e.Kind == access.EventIssueDrift {
		return r.c.restore(ctx, r.s, r.cs, r.issue)
	}
	return r.noteUntil(ctx)
}

// deliver writes what the issue carries, unless it travelled along.
func (r *record) deliver(ctx context.Context, already bool) error {
	if already {
		r.c.carries(r.issue, r.carry)
		return nil
	}
	return r.c.putRecord(ctx, r.issue, r.carry)
}

// unless is the comment for one side, nil if it is there already or empty.
func (r *record) unless(seen map[face]bool, f face, text doc) map[string]any {
	if seen[f] || text.empty() {
		return nil
	}
	mark := stampOf(r.e, f)
	mark.Beside = f == toCustomer && !r.note.internal.empty()
	return comment(mark, text)
}

func (r *record) say(ctx context.Context, body map[string]any) error {
	if body == nil {
		return nil
	}
	err := r.c.addComment(ctx, r.issue, body)
	r.wrote = r.wrote || err == nil
	return err
}

// move brings the issue to the status of the case's phase and tells whether the
// load travelled along.
func (r *record) move(ctx context.Context, again bool, with load) (bool, error) {
	before, _ := r.c.places.get(r.issue)
	if again || r.e.Kind == access.EventIssueDrift || !before.covers(r.cs, r.e) {
		before = place{}
	}
	r.placed = place{status: before.status, n: r.e.N}
	key, moves := target(r.cs)
	if !moves || key == Pending && !r.mayWait() {
		return false, nil
	}
	w := &walk{c: r.c, s: r.s, issue: r.issue, key: key, target: r.s.statuses[key], at: before.status, lenient: r.e.Kind == access.EventIssueDrift}
	if w.at == "" {
		if err := w.look(ctx); err != nil {
			return false, err
		}
	}
	if err := r.prepare(ctx, w); err != nil {
		return false, err
	}
	delivered, err := w.run(ctx, with)
	r.wrote = r.wrote || delivered
	if w.left {
		r.remark("Somebody moved this issue to " + w.name(w.at) + ", and there is no way from there to " + w.target.Name + ". It was left where it is.")
	}
	r.placed.status = w.at
	return delivered, err
}

// prepare does what Jira's own approvals need before the issue is moved: it
// names the approvers before they are asked, and passes their decision on.
func (r *record) prepare(ctx context.Context, w *walk) error {
	if r.s.approvers == "" {
		return nil
	}
	if who := asks(r.cs); w.key == Pending && len(who) > 0 {
		return r.c.nameApprovers(ctx, r.s, r.issue, who)
	}
	answered, err := r.answers(ctx, w)
	if answered {
		r.note.internal = r.note.internal.add(paragraph(plain("Jira shows Latchkey as the approver, because it passed this decision on.")))
	}
	return err
}

// remark adds a sentence to what agents read.
func (r *record) remark(sentence string) {
	r.c.cfg.Logger.Warn("jira: "+sentence, "issue", r.cs.Request.Issue.Key, "request", r.cs.Request.ID)
	r.note.internal = r.note.internal.add(paragraph(plain(sentence)))
}

// history goes into the issue's own history beside the transition, which would
// otherwise name nobody but the bot.
func (r *record) history() map[string]any {
	who := map[string]string{"id": "latchkey", "displayName": "Latchkey", "type": "application"}
	if r.e.Actor.Person != "" {
		who = map[string]string{"id": string(r.e.Actor.Person), "displayName": person(r.cs, r.e.Actor.Person), "type": "user"}
	}
	return map[string]any{
		"type": "latchkey", "actor": who,
		"generator": map[string]string{"id": "latchkey", "displayName": "Latchkey", "type": "application"},
		"extraData": map[string]string{"event": r.e.ID, "kind": string(r.e.Kind), "leaf": r.e.Leaf.String(), "via": string(r.e.Actor.Via)},
	}
}

// noteUntil keeps the field for the end up to date, where one is configured.
func (r *record) noteUntil(ctx context.Context) error {
	if r.s.until == "" || r.cs.Grant == nil || r.cs.Grant.Ends.IsZero() {
		return nil
	}
	switch r.e.Kind {
	case access.EventMemberAdded, access.EventFulfilled, access.EventExtended:
		return r.c.putUntil(ctx, r.s, r.issue, r.cs.Grant.Ends)
	default:
		return nil
	}
}

// place is where the client saw an issue last, and up to which event it knows
// the story.
type place struct {
	status string
	n      uint64
}

// covers tells whether nothing can have been recorded between the place and the
// event, by another process for example: then the place still holds.
func (p place) covers(c access.Case, e access.Event) bool {
	if p.status == "" || e.N <= p.n {
		return false
	}
	for _, other := range c.Story {
		if other.N <= p.n || other.N >= e.N {
			continue
		}
		if n, err := word(c, other); err != nil || !n.silent() {
			return false
		}
	}
	return true
}

// statusOf reads the status the issue is in.
func (c *Client) statusOf(ctx context.Context, issue string) (string, error) {
	var answer struct {
		Fields struct{ Status struct{ ID string } }
	}
	err := c.ask(ctx, get("read the status of the issue", issuePath(issue), url.Values{"fields": {"status"}}), &answer)
	return answer.Fields.Status.ID, err
}
