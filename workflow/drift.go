package workflow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// settling is how long after an event its issue may still be on the way.
const settling = 2 * time.Minute

// watching is how far an issue was read, while it is being compared.
type watching struct {
	store.Watched
}

// note takes in everything a snapshot tells as dealt with.
func (w *watching) note(si access.IssueSnapshot) {
	for _, c := range si.Changes {
		w.Change = max(w.Change, c.ID)
	}
	for _, m := range si.Comments {
		w.Remark = max(w.Remark, m.ID)
	}
	for _, v := range si.Votes {
		if !slices.Contains(w.Votes, v.ID) {
			w.Votes = append(w.Votes, v.ID)
		}
	}
	if !si.Gone {
		w.Comments = si.OwnComments
	}
}

// drift is something that was done to an issue by hand and is not obeyed.
type drift struct {
	key  string // of this drift among those of the issue
	by   access.Account
	what string
	gone bool // there is no issue any more to tell it to
}

// follow deals with what others did to the issue of a request: decisions are put
// to the service like any other, everything else is drift.
func (s *Service) follow(ctx context.Context, request string, si access.IssueSnapshot, seen store.Watched) error {
	c, err := s.Case(ctx, request)
	if err != nil {
		return err
	}
	var drifts []drift
	if si.Gone {
		if seen.Gone {
			return nil
		}
		drifts = []drift{{key: "gone", gone: true, what: "The issue " + c.Request.Label() + " was deleted, or hidden from Latchkey. Nothing is granted or removed because of that."}}
	} else if drifts, err = s.acts(ctx, c, si, seen); err != nil {
		return err
	}
	if !si.Gone {
		drifts = append(drifts, missing(si, seen)...)
	}
	if err := s.hearRemarks(ctx, c, si, seen); err != nil {
		return err
	}
	return s.settleWatch(ctx, c, si, seen, drifts)
}

// settleWatch records the drifts and how far the issue was read, at once.
func (s *Service) settleWatch(ctx context.Context, c access.Case, si access.IssueSnapshot, seen store.Watched, drifts []drift) error {
	return s.update(ctx, func(st *step) error {
		now, err := loadWatch(st.tx, si.Issue.ID)
		if err != nil {
			return err
		}
		if now.Change > seen.Change || now.Updated.After(seen.Updated) {
			return nil // another process was faster
		}
		w := watching{now}
		w.Request, w.Updated, w.Gone = c.Request.ID, si.Updated, si.Gone
		found := drifts
		if w.Doubt, found, err = st.doubted(c, si, now, drifts); err != nil {
			return err
		}
		w.note(si)
		if err := st.rename(c.Request.ID, si); err != nil {
			return err
		}
		for _, d := range found {
			if err := st.drifted(c.Request.ID, d); err != nil {
				return err
			}
		}
		return store.PutWatch(st.tx, &w.Watched)
	})
}

// doubted adds what is amiss with the property, unless Latchkey is about to write
// it, or has just done so: then it has to be seen twice.
func (st *step) doubted(c access.Case, si access.IssueSnapshot, seen store.Watched, drifts []drift) (string, []drift, error) {
	what := st.s.amiss(c, si)
	if what == "" {
		return "", drifts, nil
	}
	for _, e := range c.Story {
		_, err := st.tx.Task(recordTask(e).ID)
		if err == nil || !errors.Is(err, store.ErrNotFound) {
			return "", drifts, err
		}
	}
	if last := c.Story[len(c.Story)-1]; st.at.Sub(last.At) < settling && what != seen.Doubt {
		return what, drifts, nil
	}
	return "", append(drifts, drift{key: "property-" + strconv.FormatUint(seen.Version, 10), what: what}), nil
}

// amiss says what is wrong with the issue's property.
func (s *Service) amiss(c access.Case, si access.IssueSnapshot) string {
	switch a := si.Anchor; {
	case si.Gone || len(si.OwnComments) == 0:
		return "" // nothing was recorded yet
	case a.Request == "":
		return "The property that holds the state of the request was deleted."
	case a.Request != c.Request.ID:
		return "The property that holds the state of the request was made to name another request."
	case !anchored(c, a):
		return "The property that holds the state of the request was changed: it doesn't agree with the log."
	}
	return ""
}

func anchored(c access.Case, a access.Anchor) bool {
	return slices.ContainsFunc(c.Story, func(e access.Event) bool { return e.ID() == a.Event && e.Hash == a.Hash })
}

// rename follows an issue to its new key.
func (st *step) rename(request string, si access.IssueSnapshot) error {
	r, err := store.Request(st.tx, request)
	if err != nil || si.Gone || r.Issue.Key == si.Issue.Key {
		return err
	}
	r.Issue.Key, r.Issue.URL = si.Issue.Key, si.Issue.URL
	delete(st.saved, r.ID)
	return store.PutRequest(st.tx, &r)
}

// drifted makes a drift an event of the story and tells IT, once.
func (st *step) drifted(request string, d drift) error {
	r, err := store.Request(st.tx, request)
	if err != nil {
		return err
	}
	e := r.Event(access.EventIssueDrift, access.Actor{Via: access.ViaJira, Account: d.by.ID, Person: PersonOf(d.by.Email)}, st.at)
	e.Note = d.what
	var effs []access.Effect
	if !d.gone {
		effs = []access.Effect{{Kind: access.EffectRecord}}
	}
	if err := st.carry(e, effs); err != nil {
		return err
	}
	lines := []string{d.what, "Latchkey does not follow it, and puts back what it can."}
	if r.Issue.URL != "" {
		lines = append(lines, r.Issue.URL)
	}
	return st.enqueue(noticeTask("drift/"+r.ID+"/"+d.key, noticePayload{Title: "Changed by hand in Jira: " + r.Label(), Lines: lines}))
}

// acts goes through what others did since the last look.
func (s *Service) acts(ctx context.Context, c access.Case, si access.IssueSnapshot, seen store.Watched) ([]drift, error) {
	oldest, err := s.oldest(ctx, c.Request)
	if err != nil {
		return nil, err
	}
	var out []drift
	for _, v := range si.Votes {
		if slices.Contains(seen.Votes, v.ID) || !v.At.IsZero() && v.At.Before(oldest) {
			continue
		}
		d, err := s.voted(ctx, c.Request.ID, v, lastWords(si, seen, v.By))
		if err != nil {
			return nil, err
		}
		out = append(out, d...)
	}
	for _, ch := range si.Changes {
		if ch.ID <= seen.Change || ch.At.Before(oldest) {
			continue
		}
		d, err := s.changed(ctx, c.Request.ID, ch, lastWords(si, seen, ch.By))
		if err != nil {
			return nil, err
		}
		out = append(out, d...)
	}
	return out, nil
}

// lastWords is what somebody wrote on the issue since the last look, newest
// first: the reason for what they did, if they gave one.
func lastWords(si access.IssueSnapshot, seen store.Watched, by access.Account) string {
	for _, m := range slices.Backward(si.Comments) {
		if m.ID > seen.Remark && m.By.ID == by.ID && m.Public {
			return clipped(m.Text, access.MaxReason)
		}
	}
	return ""
}

func (s *Service) changed(ctx context.Context, request string, ch access.Change, words string) ([]drift, error) {
	switch ch.Field {
	case "status":
		return s.moved(ctx, request, ch, words)
	case "key":
		return one(ch, fmt.Sprintf("%s moved the issue from %s to %s.", named(ch.By), ch.From, ch.To)), nil
	default:
		return one(ch, fmt.Sprintf("%s changed “%s” from “%s” to “%s”.", named(ch.By), ch.Field, clipped(ch.From, 200), clipped(ch.To, 200))), nil
	}
}

func one(ch access.Change, what string) []drift {
	return []drift{{key: strconv.FormatUint(ch.ID, 10) + "-" + ch.Field, by: ch.By, what: what}}
}

// missing are Latchkey's comments that were there and are not any more.
func missing(si access.IssueSnapshot, seen store.Watched) []drift {
	var gone []string
	for _, id := range seen.Comments {
		if !slices.Contains(si.OwnComments, id) {
			gone = append(gone, id)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	what := "A comment of Latchkey was deleted from the issue; what it said is still in the log."
	if len(gone) > 1 {
		what = fmt.Sprintf("%d comments of Latchkey were deleted from the issue; what they said is still in the log.", len(gone))
	}
	return []drift{{key: "comments-" + strings.Join(gone, "-"), what: what}}
}
