package rows

import (
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/engine"
)

// AtOnce is how many rows or worklists are dealt with in one unit of work: few enough that nobody's click waits behind it.
const AtOnce = 50

// About is what a task is about: a campaign, or one row of it.
type About struct {
	Campaign string
	Row      int    `json:",omitempty"`
	Step     int    `json:",omitempty"`
	Why      string `json:",omitempty"`

	Person access.PersonID `json:",omitempty"` // whom it is about, too
}

// Enqueue has something done about a campaign or a row. What waits to be done already is done soon.
func Enqueue(u *engine.Unit, kind, id string, queue string, p store.Priority, a About) error {
	body, err := engine.Payload(a)
	if err != nil {
		return err
	}
	added, err := u.Enqueue(store.Task{ID: kind + "/" + id, Queue: queue, Kind: kind, Subject: access.CampaignSubject(a.Campaign), Priority: p, Payload: body})
	if err != nil || added {
		return err
	}
	return u.Expedite(kind + "/" + id)
}

// longest is how long a task that goes through all rows of a campaign may take. It is broken off when the process is asked
// to stop, and begun anew at the next start.
const longest = 30 * time.Minute

// Long is a handler of a task that goes through all rows of a campaign.
func Long(do engine.HandlerFunc) engine.Handler {
	return engine.Handler{Do: do, Timeout: longest, Restarts: true}
}
