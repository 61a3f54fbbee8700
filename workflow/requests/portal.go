package requests

import (
	"errors"
	"slices"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// incomplete finds the issue that a person raised in the portal and has to
// complete, if what they ask for now can be that. It waits for nobody any more.
func incomplete(u *engine.Unit, ask access.Ask) (access.Issue, error) {
	if ask.Via != access.ViaSlack || ask.Requester.ID != ask.Beneficiary.ID || ask.Extends != "" {
		return access.Issue{}, nil
	}
	all, err := store.WaitingFor(u.Tx, string(ask.Requester.ID))
	if err != nil {
		return access.Issue{}, err
	}
	for _, w := range slices.Backward(all) {
		if w.App != "" && w.App != ask.App {
			continue
		}
		w.Waits = ""
		return access.Issue{ID: w.ID, Key: w.Key, URL: w.URL, Portal: w.Portal}, store.PutIssueCursor(u.Tx, &w)
	}
	return access.Issue{}, nil
}

// recordIn makes an issue that is there already the record of a new request.
func recordIn(u *engine.Unit, r access.Request, issue access.Issue) (access.Request, error) {
	if _, err := store.RequestOfIssue(u.Tx, issue.ID); !errors.Is(err, store.ErrNotFound) {
		return access.Request{}, access.Refuse(access.Duplicate, "", "This issue belongs to another request already.")
	}
	e := r.Event(access.EventIssueOpened, access.System(), u.At)
	e.Issue, e.Note = &issue, "raised in the portal"
	next, effs, err := r.Apply(e, u.At)
	if err != nil {
		return r, err
	}
	effs = append([]access.Effect{{Kind: access.EffectRecord}}, effs...)
	return next, engine.Begin(u, engine.Requests(), &next, e, effs...)
}
