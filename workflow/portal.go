package workflow

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"latchkey/access"
	"latchkey/store"
)

// raised takes a request that somebody made in the portal. It is judged by the
// same rules as any other; what is wrong with it is said on the issue, once, and
// whoever raised it can correct it there or complete it in Slack.
func (s *Service) raised(ctx context.Context, si access.IssueSnapshot, w store.Watched) error {
	if over(si) {
		return s.watch(ctx, si, w, nil)
	}
	who, err := s.holder(ctx, si.Reporter)
	if r, refused := access.AsRefusal(err); refused {
		return s.complain(ctx, si, w, complaint{why: r.Sentence})
	}
	if err != nil {
		return err
	}
	sub, lack := s.reading(si.Form)
	sub.ID, sub.By, sub.Via, sub.Issue = portalOrigin(si.Issue), who, access.ViaJira, si.Issue
	if lack.why == "" {
		_, err := s.Submit(ctx, sub)
		if err == nil {
			return nil // the next look compares it like any other
		}
		r, refused := access.AsRefusal(err)
		if !refused {
			return err
		}
		lack.why = r.Sentence
	}
	lack.who, lack.app = who.ID, sub.App
	return s.complain(ctx, si, w, lack)
}

// portalOrigin keys the submission: an issue makes one request, however often it
// is seen.
func portalOrigin(is access.Issue) string { return "jira:" + is.ID }

// over tells whether somebody closed the issue before it became a request.
func over(si access.IssueSnapshot) bool {
	return slices.ContainsFunc(si.Phases, func(p access.Phase) bool {
		return p == access.PhaseDenied || p == access.PhaseWithdrawn || p == access.PhaseClosed
	})
}

// complaint is what is missing in a request from the portal.
type complaint struct {
	why    string
	choose []string        // what could have been meant
	who    access.PersonID // who can complete it; empty if that is not known
	app    string          // which app it is about, if that much is clear
}

// complain says on the issue what is missing, unless it has been said, and
// remembers who can complete it.
func (s *Service) complain(ctx context.Context, si access.IssueSnapshot, w store.Watched, c complaint) error {
	text := sha256.Sum256([]byte(c.why + strings.Join(c.choose, "\n")))
	mark := hex.EncodeToString(text[:8])
	w.Waits, w.App, w.Key, w.URL = string(c.who), c.app, si.Issue.Key, si.Issue.URL
	return s.watch(ctx, si, w, func(st *step, w *store.Watched) error {
		if w.Asked == mark {
			return nil
		}
		w.Asked = mark
		return st.enqueue(sayTask("portal/"+si.Issue.ID+"/"+mark, "", sayPayload{Issue: si.Issue, Comment: access.IssueComment{
			ID: "portal-" + mark, At: st.at, Title: c.why, Lines: c.lines(), Link: s.SlackLink, Public: true,
		}}))
	})
}

func (c complaint) lines() []string {
	var out []string
	if len(c.choose) > 0 {
		out = append(out, "You can choose: "+strings.Join(c.choose, ", "))
	}
	if c.who == "" {
		return append(out, "Please ask in Slack instead.")
	}
	return append(out, "Correct it here, or ask for it in Slack: it then goes on in this request.")
}

// watch remembers how far the issue was dealt with; also runs in the same
// transaction.
func (s *Service) watch(ctx context.Context, si access.IssueSnapshot, seen store.Watched, also func(*step, *store.Watched) error) error {
	return s.update(ctx, func(st *step) error {
		now, err := loadWatch(st.tx, si.Issue.ID)
		if err != nil {
			return err
		}
		w := watching{seen}
		w.Version, w.Updated, w.Asked = now.Version, si.Updated, now.Asked
		w.note(si)
		if also != nil {
			if err := also(st, &w.Watched); err != nil {
				return err
			}
		}
		return store.PutWatch(st.tx, &w.Watched)
	})
}

// unfinished finds the issue that a person raised in the portal and has to
// complete, if what they ask for now can be that.
func (st *step) unfinished(ask access.Ask) (access.Issue, error) {
	if ask.Via != access.ViaSlack || ask.Requester.ID != ask.Beneficiary.ID {
		return access.Issue{}, nil
	}
	all, err := store.WaitingFor(st.tx, string(ask.Requester.ID))
	if err != nil {
		return access.Issue{}, err
	}
	for _, w := range slices.Backward(all) {
		if w.App != "" && w.App != ask.App {
			continue
		}
		w.Waits = ""
		return access.Issue{ID: w.ID, Key: w.Key, URL: w.URL}, store.PutWatch(st.tx, &w)
	}
	return access.Issue{}, nil
}

// recordIn makes an issue that is there already the record of a new request.
func (st *step) recordIn(id string, issue access.Issue) (access.Request, error) {
	if _, err := store.RequestOfIssue(st.tx, issue.ID); !errors.Is(err, store.ErrNotFound) {
		return access.Request{}, access.Refuse(access.Duplicate, "", "This issue belongs to another request already.")
	}
	r, err := store.Request(st.tx, id)
	if err != nil {
		return r, err
	}
	e := r.Event(access.EventIssueOpened, access.System(), st.at)
	e.Issue, e.Note = &issue, "raised in the portal"
	next, effs, err := r.Apply(e, st.at)
	if err != nil {
		return r, err
	}
	return next, st.saveRequest(&next, e, append([]access.Effect{{Kind: access.EffectRecord}}, effs...))
}
