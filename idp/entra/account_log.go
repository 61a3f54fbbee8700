package entra

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"latchkey/idp"
)

// accountLog is what Graph's change tracking says of accounts (learn.microsoft.com, "user: delta"). Unlike the audit log
// it needs no permission beside that to read accounts, no licence, and leaves nothing out that comes late.
type accountLog struct{ *api }

// trackDelay is how long a change may take to be tracked. Microsoft promises no time.
const trackDelay = 2 * time.Minute

// LogDelay implements idp.AccountLog.
func (l accountLog) LogDelay() time.Duration { return trackDelay }

// tracked is a page of changes.
type tracked struct {
	Value []trackedAccount `json:"value"`
	Next  string           `json:"@odata.nextLink"`
	Delta string           `json:"@odata.deltaLink"`
}

// trackedAccount is an account of which something changed. What didn't is left out, so whether accountEnabled is there
// tells whether the account was opened or closed.
type trackedAccount struct {
	ID      string          `json:"id"`
	Enabled *bool           `json:"accountEnabled"`
	Created time.Time       `json:"createdDateTime"`
	Removed json.RawMessage `json:"@removed"`
}

// The marks of a position: a first round goes through everybody, later ones through what changed.
const (
	everybodyRound = "all"
	changesRound   = "changes"
	pageMark       = "$skiptoken"
	roundMark      = "$deltatoken"
)

// trackSelect are the properties whose changes are tracked: those of a Person. Graph's marks
// hold them.
const trackSelect = "id,accountEnabled,createdDateTime,userPrincipalName,mail,displayName,jobTitle,department,employeeId,employeeType,officeLocation,userType"

// ReadLog implements idp.AccountLog. Tracking begins with everybody as they are. Of those, the ones made since the moment
// at which reading begins are told; and, where that lies back because a mark was lost, the closed ones, since nobody can
// say any more which of them were closed meanwhile.
func (l accountLog) ReadLog(ctx context.Context, from idp.LogPosition) (page idp.LogPage, err error) {
	round, name, value := parseMark(from.After)
	query := url.Values{}
	if name == "" {
		round = everybodyRound
		query.Set("$select", trackSelect)
	} else {
		query.Set(name, value)
	}
	var got tracked
	err = l.call(ctx, "track changes of accounts", exchange{path: "/users/delta", query: query, minimal: true}, &got)
	var said *answered
	switch {
	case errors.As(err, &said) && (said.status == http.StatusGone || strings.HasPrefix(strings.ToLower(said.code), "syncstate")):
		return page, errors.Join(idp.ErrLogPosition, err)
	case err != nil:
		return page, err
	}
	page.Next, page.More, err = l.next(from, round, got)
	if err != nil {
		return page, err
	}
	now := l.cfg.Clock.Now().UTC()
	for _, one := range got.Value {
		if kind := one.change(round, from.Since, now); kind != "" && isID(one.ID) {
			page.Changes = append(page.Changes, idp.AccountChange{AccountID: one.ID, Kind: kind, At: now})
		}
	}
	return page, nil
}

// next is from where to read on. Graph's link is not followed but read: what is stored must not say where the token is
// sent.
func (l accountLog) next(from idp.LogPosition, round string, got tracked) (at idp.LogPosition, more bool, err error) {
	at = idp.LogPosition{Since: from.Since}
	switch {
	case markIn(got.Next, pageMark) != "":
		at.After, more = round+" "+pageMark+" "+markIn(got.Next, pageMark), true
	case markIn(got.Delta, roundMark) != "":
		at.After = changesRound + " " + roundMark + " " + markIn(got.Delta, roundMark)
	default:
		return at, false, fmt.Errorf("%s: cannot track changes of accounts: Graph's answer says nowhere how to go on; it will be tried again", l.cfg.ID)
	}
	if more && at == from {
		return at, false, fmt.Errorf("%s: cannot track changes of accounts: Graph's pages go round in circles, look for a proxy that keeps answers; it will be tried again", l.cfg.ID)
	}
	return at, more, nil
}

func parseMark(after string) (round, name, value string) {
	round, rest, _ := strings.Cut(after, " ")
	name, value, _ = strings.Cut(rest, " ")
	if value == "" || name != pageMark && name != roundMark {
		return "", "", ""
	}
	return round, name, value
}

// markIn is a parameter of a link.
func markIn(link, name string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	return u.Query().Get(name)
}

// beganLongAgo is how far back reading begins where it doesn't begin anew.
const beganLongAgo = 2 * time.Hour

// change is what happened to an account; "" where nothing is to be told.
func (one trackedAccount) change(round string, since, now time.Time) idp.ChangeKind {
	closed := one.Enabled != nil && !*one.Enabled
	switch {
	case len(one.Removed) > 0:
		return idp.AccountDeleted
	case round == everybodyRound && closed && now.Sub(since) > beganLongAgo:
		return idp.AccountClosed
	case round == everybodyRound && one.Created.Before(since):
		return ""
	case closed:
		return idp.AccountClosed
	case one.Enabled != nil:
		return idp.AccountOpened
	}
	return idp.AccountEdited
}
