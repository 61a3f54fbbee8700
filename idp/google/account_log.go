package google

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	admin "google.golang.org/api/admin/directory/v1"
	reports "google.golang.org/api/admin/reports/v1"

	"latchkey/idp"
)

// accountLog is what administrators, and whoever acts as one, did to accounts: the admin log of the Reports API.
type accountLog struct {
	*api
	people *accounts
}

const (
	// logLate is how late an entry may come for it to be seen: the last hours of the log are read anew each time. Google
	// promises nothing; minutes are usual, and hours are seen.
	logLate = 24 * time.Hour
	// markFor is how long a mark is good for while nothing happens.
	markFor = time.Hour
)

// accountEvents are the kinds of entry that are followed, each of which is asked for by itself: the admin log also has
// every change of a group, most of which are Latchkey's own.
func accountEvents() map[string]idp.ChangeKind {
	return map[string]idp.ChangeKind{
		"CREATE_USER": idp.AccountOpened, "UNDELETE_USER": idp.AccountOpened, "UNSUSPEND_USER": idp.AccountOpened, "UNARCHIVE_USER": idp.AccountOpened,
		"SUSPEND_USER": idp.AccountClosed, "ARCHIVE_USER": idp.AccountClosed, "DELETE_USER": idp.AccountDeleted,
		"RENAME_USER": idp.AccountEdited, "CHANGE_USER_ORGANIZATION": idp.AccountEdited, "CHANGE_USER_RELATION": idp.AccountEdited,
	}
}

// LogDelay implements idp.AccountLog.
func (d *accountLog) LogDelay() time.Duration { return logLate }

// logMark is how far the log was read: until when, and what was seen of what may still get company.
type logMark struct {
	Until time.Time        `json:"until"`
	Seen  map[string]int64 `json:"seen,omitempty"` // when, in Unix seconds, by the entry's id
}

// ReadLog implements idp.AccountLog. An entry names an account by the address that it had, so who that is is looked up: of
// those that are there, and of those that were deleted, which Google shows for some weeks. All whom an address may mean are
// named; whom it means no more, a later look at everybody finds.
func (d *accountLog) ReadLog(ctx context.Context, from idp.LogPosition) (idp.LogPage, error) {
	now := d.cfg.Clock.Now().UTC()
	mark, start, err := d.position(from, now)
	if err != nil {
		return idp.LogPage{}, err
	}
	found, err := d.entries(ctx, start)
	if err != nil {
		return idp.LogPage{}, err
	}
	next, page := logMark{Until: mark.Until, Seen: map[string]int64{}}, idp.LogPage{Next: from}
	whose := &addressees{d: d}
	for _, e := range found {
		if e.at.Before(from.Since) {
			continue
		}
		next.Seen[e.id] = e.at.Unix()
		if _, known := mark.Seen[e.id]; known {
			continue
		}
		ids, err := whose.of(ctx, e)
		if err != nil {
			return idp.LogPage{}, err
		}
		for _, id := range ids {
			page.Changes = append(page.Changes, idp.AccountChange{AccountID: id, Kind: e.kind, At: e.at})
		}
	}
	if maps.Equal(next.Seen, mark.Seen) && now.Sub(mark.Until) < markFor {
		return page, nil
	}
	next.Until = now
	text, err := json.Marshal(next)
	page.Next.After = string(text)
	return page, err
}

// position is how far the log was read, and from when on it is read now.
func (d *accountLog) position(from idp.LogPosition, now time.Time) (mark logMark, start time.Time, err error) {
	if from.After == "" {
		return mark, from.Since.UTC(), nil
	}
	if json.Unmarshal([]byte(from.After), &mark) != nil || mark.Until.IsZero() || now.Sub(mark.Until) > logReach-logLate {
		return mark, start, idp.ErrLogPosition
	}
	if start = mark.Until.Add(-logLate); start.Before(from.Since) {
		start = from.Since.UTC()
	}
	return mark, start, nil
}

// logged is one entry about an account.
type logged struct {
	id, address string
	kind        idp.ChangeKind
	at          time.Time
}

// entries are those about accounts from a moment on, oldest first.
func (d *accountLog) entries(ctx context.Context, start time.Time) (found []logged, err error) {
	log := auditLog{d.api}
	for event, kind := range accountEvents() {
		q := query{application: "admin", since: start}
		list, err := all(pages(func(token string) ([]*reports.Activity, string, error) { return log.report(ctx, q, event, token) }))
		if a := saying(err); a != nil && a.status == http.StatusBadRequest && kind == idp.AccountEdited {
			d.cfg.Logger.WarnContext(ctx, "Google knows no such entries of its log; such changes are noticed by the calendar", "directory", d.cfg.ID, "event", event)
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, a := range list {
			found = append(found, aboutAccounts(a, event, kind)...)
		}
	}
	slices.SortFunc(found, func(a, b logged) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		return cmp.Compare(a.id, b.id)
	})
	return found, nil
}

// aboutAccounts are what an activity has of one kind: it may hold several events.
func aboutAccounts(a *reports.Activity, event string, kind idp.ChangeKind) (found []logged) {
	if a.Id == nil {
		return nil
	}
	at := instant(a.Id.Time)
	for i, e := range a.Events {
		for _, p := range e.Parameters {
			if e.Name == event && p.Name == "USER_EMAIL" && p.Value != "" && !at.IsZero() {
				found = append(found, logged{fmt.Sprintf("%d/%d/%d", at.UnixMilli(), a.Id.UniqueQualifier, i), p.Value, kind, at})
			}
		}
	}
	return found
}

// addressees finds whose the addresses of entries are or were.
type addressees struct {
	d       *accountLog
	deleted []*admin.User // those that Google still shows; nil: not asked for
	asked   bool
}

// of are the ids of the accounts that an entry may mean.
func (w *addressees) of(ctx context.Context, e logged) (ids []string, err error) {
	u, err := w.d.people.byKey(idp.Apart(ctx), e.address)
	switch {
	case err == nil && u != nil && w.d.people.carries(u, e.address):
		ids = append(ids, u.Id)
	case err != nil && (!errors.Is(err, idp.ErrDenied) || badCredentials(err)): // what is another organisation's isn't ours
		return nil, err
	}
	if e.kind != idp.AccountDeleted && len(ids) > 0 {
		return ids, nil
	}
	if !w.asked {
		if w.deleted, err = w.d.deletedUsers(ctx); err != nil {
			return nil, err
		}
		w.asked = true
	}
	for _, gone := range w.deleted {
		if gone.Id != "" && idp.SameAddress(gone.PrimaryEmail, e.address) {
			ids = append(ids, gone.Id)
		}
	}
	return ids, nil
}

// deletedUsers are those that can still be restored.
func (d *accountLog) deletedUsers(ctx context.Context) ([]*admin.User, error) {
	return all(pages(func(token string) (some []*admin.User, next string, err error) {
		err = d.call(ctx, admin.AdminDirectoryUserReadonlyScope, "list deleted accounts", func(ctx context.Context) error {
			c := d.admin.Users.List().Customer(myCustomer).ShowDeleted("true").MaxResults(peoplePage).Context(ctx)
			if token != "" {
				c = c.PageToken(token)
			}
			page, err := c.Do()
			if err == nil {
				some, next = page.Users, page.NextPageToken
			}
			return err
		})
		return some, next, err
	}))
}
