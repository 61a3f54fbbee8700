package roster

import (
	"context"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"latchkey/bot/webapi"
)

// mostExchanged is how many ids Slack maps in one call
// (docs.slack.dev/reference/methods/migration.exchange).
const mostExchanged = 400

// exchange remembers which other ids mean an account. Slack gives the members of a
// workspace others when it joins an organisation, and goes on understanding those from
// before; what it once said of that stays true.
type exchange struct {
	now    map[string]string    // by another id of an account, the one that it is known by
	former map[string]string    // the other way round, as far as Slack gave one in exchange
	none   map[string]time.Time // of which ids Slack told nothing, and until when it isn't asked again
}

func newExchange() exchange {
	return exchange{now: map[string]string{}, former: map[string]string{}, none: map[string]time.Time{}}
}

// current is the id that an account is known by.
func (x exchange) current(id string) string {
	if now, other := x.now[id]; other {
		return now
	}
	return id
}

// Former implements people.Exchange.
func (r *Roster) Former(ctx context.Context, slackID string) (string, error) {
	at, err := r.here(ctx)
	if err != nil || at.enterprise == "" {
		return "", err
	}
	if former, asked := r.formerly(slackID); asked {
		return former, nil
	}
	if err := r.trade(ctx, at, true, slackID); err != nil {
		return "", err
	}
	former, _ := r.formerly(slackID)
	return former, nil
}

func (r *Roster) formerly(slackID string) (former string, asked bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if former = r.ids.former[slackID]; former != "" {
		return former, true
	}
	return "", r.now().Before(r.ids.none[slackID])
}

// same tells whether what Slack answered is about the account that was asked for, by
// whichever of its ids. It may not know how an id was exchanged, and then it isn't.
func (r *Roster) same(ctx context.Context, asked string, u slack.User) (bool, error) {
	if u.ID == asked {
		return true, nil
	}
	at, err := r.hereWith(ctx, u)
	switch {
	case err != nil:
		return false, err
	case at.enterprise == "" || u.Enterprise.EnterpriseID != at.enterprise:
		return false, nil
	case idOf(u, at) == asked:
		return true, nil
	}
	if err := r.trade(ctx, at, false, asked); err != nil {
		return false, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.ids.current(asked)
	return now == u.ID || now == idOf(u, at), nil
}

// trade asks Slack which ids were exchanged for which, old ones for new ones or, with
// back, new ones for old ones. Of whom it tells nothing, nothing is known.
func (r *Roster) trade(ctx context.Context, at workspace, back bool, ids ...string) error {
	for some := range slices.Chunk(ids, mostExchanged) {
		begun := r.now()
		found, _, err := r.api.MigrationExchange(ctx, at.team, back, some)
		if err != nil {
			return webapi.Failure(err, webapi.Call{What: "ask Slack which id an account had before", Scope: "tokens.basic"})
		}
		r.traded(some, found, back, begun.Add(believedFor))
	}
	return nil
}

func (r *Roster) traded(asked []string, found map[string]string, back bool, until time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range asked {
		switch other := found[id]; {
		case other == "" || other == id:
			r.ids.none[id] = until
		case back:
			r.ids.now[other], r.ids.former[id] = id, other
		default:
			r.ids.now[id], r.ids.former[other] = other, id
		}
	}
}

// renumbered finds out many at once under which ids accounts are known now. Whom it
// misses is looked up alone.
func (r *Roster) renumbered(ctx context.Context, ids []string) {
	at, err := r.here(ctx)
	if err != nil || at.enterprise == "" {
		return
	}
	r.mu.Lock()
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		return id == "" || r.ids.now[id] != "" || r.ids.former[id] != "" || r.now().Before(r.ids.none[id])
	})
	r.mu.Unlock()
	_ = r.trade(ctx, at, false, ids...)
}
