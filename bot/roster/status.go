package roster

import (
	"slices"
	"time"

	"github.com/slack-go/slack"
)

// statusAway is until when somebody's status says that they are on leave; zero: it doesn't. A
// status without an end counts until the end of the next day: whoever still shows it then is
// looked at again.
func (r *Roster) statusAway(u slack.User) time.Time {
	if u.Profile.StatusEmoji == "" || !slices.Contains(r.away, u.Profile.StatusEmoji) {
		return time.Time{}
	}
	if at := u.Profile.StatusExpiration; at > 0 {
		return time.Unix(int64(at), 0).UTC()
	}
	return r.now().UTC().Truncate(24 * time.Hour).Add(48 * time.Hour)
}
