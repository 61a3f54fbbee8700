package workflow

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/store"
)

// StuckWork is one thing that waits for a human.
type StuckWork struct {
	ID      string          `json:"id"` // what Unstick takes
	Request string          `json:"request,omitempty"`
	Grant   string          `json:"grant,omitempty"`
	Issue   string          `json:"issue,omitempty"` // the issue's key, once there is one
	Person  access.PersonID `json:"person,omitempty"`
	App     string          `json:"app,omitempty"`
	Role    string          `json:"role,omitempty"`
	What    string          `json:"what"` // what can't be done
	Why     string          `json:"why"`  // cause and remedy
	Since   time.Time       `json:"since"`
}

// ListStuck lists everything that waits for a human, longest first: changes to
// groups, requests nobody may decide, and records and notices that can't be
// written.
func ListStuck(tx store.Tx) ([]StuckWork, error) {
	var all []StuckWork
	for _, list := range []func(store.Tx) ([]StuckWork, error){stuckGrants, unroutable, stuckErrands} {
		some, err := list(tx)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b StuckWork) int {
		return cmp.Or(a.Since.Compare(b.Since), strings.Compare(a.ID, b.ID))
	})
	return all, nil
}

func stuckGrants(tx store.Tx) (out []StuckWork, err error) {
	for after := ""; ; {
		page, err := store.GrantsIn(tx, access.GrantStuck, after, batch)
		if err != nil || len(page) == 0 {
			return out, err
		}
		for _, g := range page {
			w := StuckWork{ID: g.ID, Grant: g.ID, Request: g.Request, Person: g.Person, App: g.App, Role: g.Role,
				What: "give the access", Why: g.Problem, Since: g.Created}
			if g.Revoking {
				w.What = "take the access away"
			}
			if err := w.trace(tx, access.EventStuck); err != nil {
				return nil, err
			}
			out = append(out, w)
			after = g.ID
		}
	}
}

// unroutable are the requests for which nobody was found who may decide.
func unroutable(tx store.Tx) (out []StuckWork, err error) {
	for after := ""; ; {
		page, err := store.RequestsIn(tx, access.RequestPending, after, batch)
		if err != nil || len(page) == 0 {
			return out, err
		}
		for _, r := range page {
			after = r.ID
			if r.Stage >= len(r.Stages) || len(r.Stages[r.Stage].Asked) > 0 {
				continue
			}
			w := aboutRequest(r)
			w.What = "find somebody who may decide"
			if err := w.trace(tx, access.EventUnroutable); err != nil {
				return nil, err
			}
			if w.Why != "" { // otherwise the search is still under way
				out = append(out, w)
			}
		}
	}
}

func aboutRequest(r access.Request) StuckWork {
	return StuckWork{ID: r.ID, Request: r.ID, Issue: r.Issue.Key, Person: r.Beneficiary, App: r.App, Role: r.Role, Since: r.Created}
}

func stuckErrands(tx store.Tx) ([]StuckWork, error) {
	tasks, err := stuckTasks(tx, "")
	if err != nil {
		return nil, err
	}
	var out []StuckWork
	for _, t := range tasks {
		w := StuckWork{}
		r, err := store.Request(tx, t.Subject)
		switch {
		case err == nil:
			w = aboutRequest(r)
		case !errors.Is(err, store.ErrNotFound):
			return nil, err
		}
		w.ID, w.What, w.Why, w.Since = t.ID, errand(t), t.Problem, t.Created
		if err := w.since(tx, access.EventTaskBlocked); err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, nil
}

// errand says what a task that is no change to a group is for.
func errand(t store.Task) string {
	switch t.Kind {
	case openIssue:
		return "open the Jira issue"
	case recordEvent:
		return "write into the Jira issue"
	case findApprovers:
		return "find somebody who may decide"
	case showCard:
		p, err := read[cardPayload](t)
		if err != nil || p.Reader == "" {
			return "tell the IT channel"
		}
		return "tell " + string(p.Reader) + " in Slack"
	default:
		return t.Kind
	}
}

// trace completes the work from its story: the issue, and when and why it got stuck.
func (w *StuckWork) trace(tx store.Tx, kind access.EventKind) error {
	if w.Request == "" {
		return nil
	}
	r, err := store.Request(tx, w.Request)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	w.Issue = r.Issue.Key
	return w.since(tx, kind)
}

// since finds the moment it got stuck, and the reason where none is known.
func (w *StuckWork) since(tx store.Tx, kind access.EventKind) error {
	if w.Request == "" {
		return nil
	}
	story, err := tx.Events(store.Filter{Request: w.Request}, 0, 1000)
	for _, e := range story {
		if e.Kind == kind && (w.Why == "" || w.Why == e.Note || kind != access.EventTaskBlocked) {
			w.Since, w.Why = e.At, cmp.Or(w.Why, e.Note)
		}
	}
	return err
}

// Unstick tries stuck work again. It is named by its own id, or by the request,
// the grant or the issue it belongs to; whatever else of the same request is
// stuck is tried again with it. Only IT and the command line can.
func (s *Service) Unstick(ctx context.Context, id string, by access.Actor) (StuckWork, error) {
	var all []StuckWork
	err := s.Store.View(ctx, func(tx store.Tx) (err error) {
		all, err = ListStuck(tx)
		return err
	})
	if err != nil {
		return StuckWork{}, err
	}
	i := slices.IndexFunc(all, func(w StuckWork) bool {
		return slices.Contains([]string{w.ID, w.Request, w.Grant, w.Issue}, id)
	})
	switch {
	case i < 0 || id == "":
		return StuckWork{}, access.Refuse(access.Unknown, "", "Nothing that is stuck goes by the name "+id+".")
	case all[i].Request != "":
		return all[i], s.Retry(ctx, all[i].Request, by)
	default:
		return all[i], s.retryAlone(ctx, all[i], by)
	}
}

// retryAlone tries again what belongs to no request.
func (s *Service) retryAlone(ctx context.Context, w StuckWork, by access.Actor) error {
	if !s.isAdmin(by.Person) && by.Via != access.ViaCLI {
		return access.Refuse(access.NotAllowed, "", "Only IT can retry stuck work.")
	}
	return s.update(ctx, func(st *step) error {
		if w.Grant == "" {
			return st.hurry(w.ID)
		}
		g, err := store.Grant(st.tx, w.Grant)
		if err != nil {
			return err
		}
		_, err = st.grant(g, g.Event(access.EventRetried, by, st.at))
		return err
	})
}
