package okta

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"
	"github.com/okta/okta-sdk-golang/v2/okta/query"

	"latchkey/idp"
)

// accountEvents are the types of the System Log's entries that say that an account has changed.
func accountEvents() map[string]idp.ChangeKind {
	return map[string]idp.ChangeKind{
		"user.lifecycle.create":           idp.AccountOpened,
		"user.lifecycle.activate":         idp.AccountOpened,
		"user.lifecycle.reactivate":       idp.AccountOpened,
		"user.lifecycle.unsuspend":        idp.AccountOpened,
		"user.account.update_profile":     idp.AccountEdited,
		"user.lifecycle.deactivate":       idp.AccountClosed,
		"user.lifecycle.suspend":          idp.AccountClosed,
		"user.lifecycle.delete.initiated": idp.AccountClosed,
		"user.lifecycle.delete.completed": idp.AccountDeleted,
	}
}

// logDelay is how long an entry may take to be in the System Log. Okta promises no time; its help speaks of
// entries that appear within seconds, and of a delay under load.
const logDelay = time.Minute

// accountLog is the org's System Log, as far as it is about accounts.
type accountLog struct{ d *Directory }

// LogDelay implements idp.AccountLog.
func (l accountLog) LogDelay() time.Duration { return logDelay }

// ReadLog implements idp.AccountLog. A query without an end goes by the moment at which entries came into the log, so
// that those which come late aren't left out, and has always a next page (developer.okta.com, "System Log query").
// Okta's link to it is not followed but read: what is stored must not say where the token is sent.
func (l accountLog) ReadLog(ctx context.Context, from idp.LogPosition) (page idp.LogPage, err error) {
	var events []*sdk.LogEvent
	var answer *sdk.Response
	err = l.d.call(ctx, "read the System Log", func(ctx context.Context, c *sdk.Client) (*sdk.Response, error) {
		events, answer, err = c.LogEvent.GetLogs(ctx, polling(from))
		return answer, err
	})
	if statusOf(answer) == http.StatusBadRequest {
		return page, errors.Join(idp.ErrLogPosition, err)
	}
	if err != nil {
		return page, err
	}
	page.Next, page.More = from, len(events) >= logPage
	switch after := afterOf(answer); {
	case after != "":
		page.Next.After = after
	case len(events) > 0:
		return page, fmt.Errorf("%s: cannot read the System Log: Okta's answer names no next page, look for a proxy that drops Link headers; it will be tried again", l.d.cfg.ID)
	}
	if page.More && page.Next == from {
		return page, fmt.Errorf("%s: cannot read the System Log: Okta's pages go round in circles, look for a proxy that keeps answers; it will be tried again", l.d.cfg.ID)
	}
	for _, e := range events {
		page.Changes = append(page.Changes, changesOf(e)...)
	}
	return page, nil
}

// polling asks for what came into the log from a position on.
func polling(from idp.LogPosition) *query.Params {
	kinds := make([]string, 0, len(accountEvents()))
	for kind := range accountEvents() {
		kinds = append(kinds, "eventType eq "+quote(kind))
	}
	slices.Sort(kinds)
	all := []query.ParamOptions{
		query.WithFilter(`outcome.result eq "SUCCESS" and (` + strings.Join(kinds, " or ") + ")"),
		query.WithSince(from.Since.UTC().Format(timeLayout)), query.WithSortOrder("ASCENDING"), query.WithLimit(logPage),
	}
	if from.After != "" {
		all = append(all, query.WithAfter(from.After))
	}
	return query.NewQueryParams(all...)
}

// afterOf is the mark in Okta's link to the next page; "" if there is none.
func afterOf(answer *sdk.Response) string {
	if answer == nil {
		return ""
	}
	next, err := url.Parse(answer.NextPage)
	if err != nil {
		return ""
	}
	return next.Query().Get("after")
}

// changesOf are the accounts that an entry is about.
func changesOf(e *sdk.LogEvent) (all []idp.AccountChange) {
	if e == nil || accountEvents()[e.EventType] == "" {
		return nil
	}
	for _, t := range e.Target {
		if t != nil && t.Type == "User" && t.Id != "" {
			all = append(all, idp.AccountChange{AccountID: t.Id, Kind: accountEvents()[e.EventType], At: instant(e.Published)})
		}
	}
	return all
}
