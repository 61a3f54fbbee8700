package entra

import (
	"context"
	"iter"
	"time"

	"latchkey/idp"
)

// signIn is an entry of the sign-in log.
type signIn struct {
	Account string    `json:"userId"`
	At      time.Time `json:"createdDateTime"`
	Status  struct {
		ErrorCode int `json:"errorCode"`
	} `json:"status"`
}

// signInsKept is how far the sign-in log reaches back with a premium licence (learn.microsoft.com, "Microsoft Entra data
// retention").
const signInsKept = 30 * 24 * time.Hour

// signInsLate is by how much the sign-in log may trail what happened: most of it is there in minutes, and hours are known.
const signInsLate = 6 * time.Hour

// RemembersUse is for how long the directory knows when an app was used.
func (Settings) RemembersUse() time.Duration { return signInsKept }

// Usage implements idp.UsageReporter. The log is read newest first, so the first success of an account is its last; it
// has sign-ins that somebody made, and not those that an app repeats for them, so it proves no disuse.
func (d *Directory) Usage(ctx context.Context, appID string) (idp.Usage, error) {
	app, err := apps{d.api}.application(ctx, appID)
	if err != nil {
		return idp.Usage{}, err
	}
	now := d.cfg.Clock.Now().UTC()
	since := now.Add(-signInsKept)
	p := newPager[signIn](d.api, "read the sign-in log (it needs the permission "+permitLogs+" and a licence of Entra ID P1 or P2)", exchange{
		path:  "/auditLogs/signIns",
		query: options("$filter", "appId eq "+quote(app.AppID)+" and createdDateTime ge "+since.Format(time.RFC3339), "$top", "1000"),
	})
	first, err := p.next(ctx)
	if err != nil {
		return idp.Usage{}, err
	}
	return idp.Usage{Source: "sign-ins to the application in Entra's sign-in log", Since: since, Complete: now.Add(-signInsLate), All: lastUses(p.rest(ctx, first))}, nil
}

// lastUses are the last successful uses of each account, of entries newest first.
func lastUses(all iter.Seq2[signIn, error]) iter.Seq2[idp.Use, error] {
	return func(yield func(idp.Use, error) bool) {
		seen := map[string]bool{}
		for one, err := range all {
			if err != nil {
				yield(idp.Use{}, err)
				return
			}
			if one.Status.ErrorCode != 0 || one.Account == "" || seen[one.Account] {
				continue
			}
			if seen[one.Account] = true; !yield(idp.Use{PersonID: one.Account, Last: one.At}, nil) {
				return
			}
		}
	}
}
