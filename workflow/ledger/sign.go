package ledger

import (
	"context"
	"errors"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/evidence/note"
	"latchkey/store"
)

// recordMaker makes what the issue of a case carries for machines, with all events
// there are of it by then, and signs it. last is told which of them is the last; it may
// be nil. Nothing is made where some of them can't be read back.
func (w requests) recordMaker(ctx context.Context, c access.Case, last *access.Entry) access.RecordMaker {
	return func(issue access.Issue) (access.IssueRecord, error) {
		out := evidence.Writing{Issue: issue, Case: c, At: w.units.Now()}
		entries, err := w.entries(ctx, access.RequestSubject(c.Request.ID))
		out.Entries = entries
		if _, damage, err := store.Sound(entries, err); err != nil || len(damage) > 0 {
			return access.IssueRecord{}, err
		}
		if err := w.units.View(ctx, func(tx store.Tx) error { return whoWrites(tx, &out) }); err != nil {
			return access.IssueRecord{}, err
		}
		if n := len(out.Entries); last != nil && n > 0 {
			*last = out.Entries[n-1]
		}
		return evidence.WriteIssue(ctx, w.signs, out)
	}
}

// whoWrites is the log, the site and the Latchkey that a record names.
func whoWrites(tx store.Tx, out *evidence.Writing) (err error) {
	if out.Log, err = store.LogName(tx); err != nil {
		return err
	}
	s, err := store.LoadSigning(tx)
	if err != nil {
		return err
	}
	out.Instance = s.Instance
	site, err := store.LoadTenant(tx, access.SystemJira)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	out.Site = site.Tenant
	return err
}

// signs signs a document. Where that is not possible, nothing is written, since it
// would count for nothing.
func (w requests) signs(ctx context.Context, log string, k note.Kind, text string) (string, error) {
	if w.sign == nil {
		return "", errNoKey()
	}
	signed, err := w.sign(ctx, log, k, text)
	if err != nil {
		err = &access.Failure{Class: access.Denied, Sentence: "The record can't be signed, so nothing is written into Jira: " + err.Error(), Err: err}
	}
	return signed, err
}

func errNoKey() error {
	return &access.Failure{Class: access.Denied, Sentence: "There is no key to sign the record with, so nothing is written into Jira: latchkey check says where it is looked for"}
}

// entryPage is how many entries are read at once.
const entryPage = 1000

func (w requests) entries(ctx context.Context, about access.Subject) (all []access.Entry, err error) {
	err = w.units.View(ctx, func(tx store.Tx) error {
		all = nil
		for after := uint64(0); ; after = all[len(all)-1].N {
			some, err := tx.Entries(store.Filter{Subject: about}, after, entryPage)
			if err != nil {
				return err
			}
			all = append(all, some...)
			if len(some) < entryPage {
				return nil
			}
		}
	})
	return all, err
}
