package issue

import (
	"cmp"
	"context"
	"encoding/json"

	"latchkey/access"
	"latchkey/jira/rest"
	"latchkey/jira/site"
	"latchkey/jira/wording"
)

// keptFields are the fields that show how a case stands, with what they show: whom it
// waits for, who decided, until when access lasts. "" empties a field.
func keptFields(s *site.Site, c access.Case) map[string]any {
	out := map[string]any{}
	put := func(id, text string) {
		if id != "" {
			out[id] = text
		}
	}
	put(s.WaitingField, wording.WaitsFor(c))
	put(s.DecidedField, wording.DecidedBy(c))
	if g := c.Grant; g != nil && !g.Started.IsZero() && !g.Ends.IsZero() {
		put(s.UntilField, g.Ends.UTC().Format(rest.TimeFormat))
	}
	return out
}

// fieldsToWrite are the fields, if they show something else than they are known to.
// With a decision nothing is written, unless it is for later: something follows at once that is.
func (r *recording) fieldsToWrite() map[string]any {
	fields := keptFields(r.s, r.cs)
	if len(fields) == 0 || r.e.Kind == access.EventApproved && r.cs.Grant != nil && !r.cs.Grant.Planned() {
		return nil
	}
	text, err := json.Marshal(fields)
	shown, known := r.w.shown.Get(r.issue)
	if before, _ := r.w.positions.Get(r.issue); !before.covers(r.cs, r.e, r.with...) {
		known = false // another process may have written something else since
	}
	if err == nil && known && shown == string(text) || err == nil && !known && shows(fields) == 0 {
		return nil
	}
	return fields
}

// shows is how many fields show anything.
func shows(fields map[string]any) (n int) {
	for _, v := range fields {
		if v != "" {
			n++
		}
	}
	return n
}

// putFields writes fields, if there are any, and with them what the issue carries, in one call,
// whose answer says in which status the issue is.
func (r *recording) putFields(ctx context.Context, fields map[string]any) error {
	at, err := r.w.properties.PutWith(ctx, r.issue, fields, r.state)
	if r.seen = at; len(fields) > 0 && access.Classify(err).Class == access.Rejected { // a field that was taken away keeps no state from being written
		return cmp.Or(r.w.properties.Put(ctx, r.issue, r.state), err)
	}
	if err == nil {
		r.showing(fields)
	}
	return err
}

// showing notes what the issue's fields show now; none say nothing.
func (r *recording) showing(fields map[string]any) {
	if text, err := json.Marshal(fields); err == nil && len(fields) > 0 {
		r.w.shown.Put(r.issue, string(text))
	}
}
