package notify_test

import (
	"testing"
	"time"

	"latchkey/access"
	"latchkey/workflow/engine"
	"latchkey/workflow/notify"
)

// change moves the request on without a word.
func (w *world) change(how func(*access.Request)) {
	w.Helper()
	w.do(func(u *engine.Unit) error {
		r, err := u.Request("AR-1")
		if err != nil {
			return err
		}
		how(&r)
		return engine.Save(u, engine.Requests(), &r)
	})
}

// What is on its way is shown together with what comes of it, if that takes no longer than two
// seconds; what waits for a person is shown at once.
func TestWhatIsOnItsWayIsOneEdit(t *testing.T) {
	const ms = time.Millisecond
	w := newWorldPaced(t, nil, nil, notify.Together)
	r := w.request("figma", "editor")
	at := func(after time.Duration, want ...string) {
		t.Helper()
		w.passed = after
		w.want(w.work(), want...)
	}
	toMaya, toNoor := "card requester "+string(maya), "card approver "+string(noor)

	w.tells(r.Event(access.EventSubmitted, access.System(), w.Now()), access.EffectShowCards)
	at(0) // who is asked and the ticket's key are about to be known
	w.passed = 250 * ms
	w.change(func(r *access.Request) { r.Stages[0].Asked = []access.PersonID{noor} })
	e := r.Event(access.EventApproversAsked, access.System(), w.Now())
	e.Approvers = []access.PersonID{noor}
	w.tells(e, access.EffectShowCards)
	at(250 * ms) // the key is, in a moment
	at(350*ms, toNoor)
	w.passed = 900 * ms
	w.change(func(r *access.Request) { r.Issue = access.Issue{ID: "10001", Key: "IT-1"} })
	w.tells(r.Event(access.EventIssueOpened, access.System(), w.Now()), access.EffectShowCards)
	at(900*ms, toMaya) // it says all there is to say
	at(2349 * ms)
	at(2350*ms, toNoor) // two seconds after it was posted

	w.passed = time.Minute
	w.change(func(r *access.Request) { r.State = access.RequestApproved })
	g := access.Grant{ID: r.GrantID(), Request: r.ID, Person: maya, State: access.GrantProvisioning}
	w.do(func(u *engine.Unit) error {
		begun := g
		return engine.Save(u, engine.Grants(), &begun)
	})
	w.tells(r.Event(access.EventApproved, access.Actor{Person: noor}, w.Now()), access.EffectShowCards)
	at(time.Minute) // the access is on its way
	w.passed += 500 * ms
	w.do(func(u *engine.Unit) error {
		g, err := u.Grant(g.ID)
		if err != nil {
			return err
		}
		g.State = access.GrantActive
		return engine.Save(u, engine.Grants(), &g)
	})
	w.tells(r.Event(access.EventNote, access.System(), w.Now()), access.EffectShowCards)
	at(time.Minute+500*ms, toMaya, toNoor)
	at(time.Hour)
}

// What takes longer is shown as it is after two seconds.
func TestWhatTakesLongerIsShownAsItIs(t *testing.T) {
	w := newWorldPaced(t, nil, nil, notify.Together)
	r := w.request("figma", "editor")
	w.tells(r.Event(access.EventSubmitted, access.System(), w.Now()), access.EffectShowCards)
	w.passed = notify.Together - 1
	w.want(w.work())
	w.passed = notify.Together
	w.want(w.work(), "card requester "+string(maya))
	w.tells(r.Event(access.EventNote, access.System(), w.Now()), access.EffectShowCards)
	w.passed++
	w.tells(r.Event(access.EventNote, access.System(), w.Now()), access.EffectShowCards)
	w.want(w.work())
	w.passed = 2 * notify.Together
	w.want(w.work(), "card requester "+string(maya))
}
