package idptest

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"latchkey/idp"
)

// logEntry is a change of an account, as the vendor's log has it.
type logEntry struct {
	idp.AccountChange
	kept time.Time // from when on the log shows it
}

// logPage is how many entries a page of the log holds.
const logPage = 3

// TrailLog changes how long what happens from now on takes to be in the log.
func (v *Vendor) TrailLog(by time.Duration) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.logLag = by
}

// LoseLog makes every position but a beginning one from which the log can't be read on.
func (v *Vendor) LoseLog() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.logLost++
}

// Edit changes the attributes of an account.
func (v *Vendor) Edit(id string, edit func(*idp.Person)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if p := v.person(id); p != nil {
		edit(&p.Person)
		v.logged(id, idp.AccountEdited)
	}
}

// logged writes into the log. The caller holds the lock.
func (v *Vendor) logged(account string, kind idp.ChangeKind) {
	now := v.clock.Now()
	v.log = append(v.log, logEntry{idp.AccountChange{AccountID: account, Kind: kind, At: now}, now.Add(v.logLag)})
}

// LogDelay implements idp.AccountLog.
func (d directory) LogDelay() time.Duration { return time.Minute }

// ReadLog implements idp.AccountLog. A position is how often the log was lost, and the place in the log.
func (d directory) ReadLog(ctx context.Context, from idp.LogPosition) (page idp.LogPage, err error) {
	return page, d.v.reads(ctx, func() error {
		start := 0
		if from.After != "" {
			var lost int
			if _, err := fmt.Sscanf(from.After, "%d/%d", &lost, &start); err != nil || lost != d.v.logLost {
				return idp.ErrLogPosition
			}
		}
		page = idp.LogPage{Next: from}
		now := d.v.clock.Now()
		shown := slices.DeleteFunc(slices.Clone(d.v.log), func(e logEntry) bool { return e.kept.Before(from.Since) || e.kept.After(now) })
		slices.SortStableFunc(shown, func(a, b logEntry) int { return a.kept.Compare(b.kept) })
		for _, e := range shown[min(start, len(shown)):min(start+logPage, len(shown))] {
			page.Changes = append(page.Changes, e.AccountChange)
		}
		if n := len(page.Changes); n > 0 {
			page.Next.After = strconv.Itoa(d.v.logLost) + "/" + strconv.Itoa(start+n)
		}
		page.More = start+len(page.Changes) < len(shown)
		return nil
	})
}

// readsLog: what happens to accounts is in the log, in order and once, and reading goes on where it ended.
func readsLog(w world) {
	log, able := idp.As[idp.AccountLog](w.Directory)
	if !able {
		return
	}
	at := idp.LogPosition{Since: time.Now().Add(-time.Hour)}
	rest := func() (all []idp.AccountChange) {
		for {
			page, err := log.ReadLog(w.ctx, at)
			if err != nil {
				w.Fatal(err)
			}
			all, at = append(all, page.Changes...), page.Next
			if !page.More {
				return all
			}
		}
	}
	said := func(all []idp.AccountChange, account string, kind idp.ChangeKind) bool {
		return slices.ContainsFunc(all, func(c idp.AccountChange) bool { return c.AccountID == account && c.Kind == kind })
	}
	var ids []string
	for i := range 7 {
		ids = append(ids, w.AddPerson(Person{Email: fmt.Sprintf("p%d@x.com", i)}))
	}
	first := rest()
	for _, id := range ids {
		if !said(first, id, idp.AccountOpened) {
			w.Errorf("the log doesn't say that %s was made: %v", id, first)
		}
	}
	if again := rest(); len(again) != 0 {
		w.Errorf("read on, it says the same once more: %v", again)
	}
	w.SetStatus(ids[0], idp.Left)
	w.SetStatus(ids[1], idp.Suspended)
	w.DeletePerson(ids[2])
	next := rest()
	if !said(next, ids[0], idp.AccountClosed) || !said(next, ids[1], idp.AccountClosed) || !said(next, ids[2], idp.AccountDeleted) {
		w.Errorf("of two that were closed and one that was deleted the log says %v", next)
	}
	w.Fail(Outage)
	if _, err := log.ReadLog(w.ctx, at); err == nil {
		w.Error("a log that can't be read says nothing of that")
	}
}
