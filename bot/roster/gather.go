package roster

import (
	"context"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/webapi"
)

const (
	// gatherFrom is how many members are worth reading the list of all for: one may be asked for about a hundred
	// times a minute (docs.slack.dev/reference/methods/users.info), or fifty by address.
	gatherFrom = 20
	// gatherPage and gatherPages bound how much of the list is read. Who stands behind that is asked for alone.
	gatherPage, gatherPages = 1000, 10
)

// wanted are members who are looked for.
type wanted struct {
	ids       map[string]bool
	addresses map[access.Email]bool
}

func (w wanted) size() int { return len(w.ids) + len(w.addresses) }

// met takes a member who was read off the list, and tells whether they were looked for.
func (w wanted) met(u slack.User) bool {
	email := access.NewEmail(u.Profile.Email)
	found := w.ids[u.ID] || w.ids[u.Enterprise.ID] || email != "" && w.addresses[email]
	delete(w.ids, u.ID)
	delete(w.ids, u.Enterprise.ID)
	delete(w.addresses, email)
	return found
}

// Gather implements people.BulkRoster: it reads many members at once.
func (r *Roster) Gather(ctx context.Context, ids []string, addresses []access.Email) error {
	if r.unknown(ids, addresses).size() < gatherFrom {
		return nil
	}
	r.renumbered(ctx, ids)
	w := r.unknown(ids, addresses)
	page := r.api.GetUsersPaginated(slack.GetUsersOptionLimit(gatherPage))
	for range gatherPages {
		var err error
		q := r.begin()
		if page, err = page.Next(ctx); page.Done(err) {
			return nil
		}
		if err != nil {
			return webapi.Failure(err, webapi.Call{What: "read the list of members in Slack", Scope: "users:read"})
		}
		for _, u := range page.Users {
			if !w.met(u) {
				continue
			}
			if _, err := r.remember(ctx, u, q); err != nil {
				return err
			}
		}
		if w.size() == 0 {
			return nil
		}
	}
	return nil
}

// unknown are those of the members of whom nothing is known that is fresh enough.
func (r *Roster) unknown(ids []string, addresses []access.Email) wanted {
	w := wanted{map[string]bool{}, map[access.Email]bool{}}
	for _, id := range ids {
		if _, ok := r.known(id); !ok && id != "" {
			r.mu.Lock()
			w.ids[r.ids.current(id)] = true
			r.mu.Unlock()
		}
	}
	for _, a := range addresses {
		r.mu.Lock()
		id := r.named[a]
		r.mu.Unlock()
		if _, ok := r.known(id); !ok && a != "" {
			w.addresses[a] = true
		}
	}
	return w
}
