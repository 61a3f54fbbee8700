package export

import (
	"cmp"
	"errors"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/evidence"
	"latchkey/evidence/pack"
	"latchkey/store"
)

// logPage is how many events are read at once.
const logPage = 1000

// chain goes through the campaign's own events: who answered what, and what they took back; and gives them to the pack, each
// with what proves that it is in the log.
func (t *telling) chain() error {
	subject := access.CampaignSubject(t.Campaign.ID)
	err := t.entries(func(e access.Entry) error {
		t.to.Tool.Chain = pack.Head{Subject: subject.String(), N: e.N, Leaf: e.Leaf.String()}
		is, err := e.Event()
		if err == nil {
			t.happened(is, pack.Proof{ID: e.ID, Leaf: e.Leaf.String()})
		}
		return err
	})
	t.to.Events = func(yield func(pack.Event, error) bool) {
		stop := errors.New("nobody wants more")
		err := t.entries(func(e access.Entry) error {
			one, err := t.proven(e)
			if err == nil && !yield(one, nil) {
				err = stop
			}
			return err
		})
		if err != nil && !errors.Is(err, stop) {
			yield(pack.Event{}, err)
		}
	}
	return err
}

func (t *telling) entries(each func(access.Entry) error) error {
	for after := uint64(0); ; {
		some, err := t.Tx.Entries(store.Filter{Subject: access.CampaignSubject(t.Campaign.ID)}, after, logPage)
		if err != nil || len(some) == 0 {
			return err
		}
		for _, e := range some {
			after = e.Place
			if err := each(e); err != nil {
				return err
			}
		}
	}
}

func (t *telling) proven(e access.Entry) (pack.Event, error) {
	if e.Place == 0 || e.Place > t.size {
		return pack.Event{Entry: e}, nil
	}
	proof, err := evidence.ProveEvent(t.Tx, e.Place, t.size)
	return pack.Event{Entry: e, Proof: proof}, err
}

// happened notes what an event says of a row.
func (t *telling) happened(e access.Event, proof pack.Proof) {
	if e.Review == nil || e.Review.Row == 0 {
		return
	}
	n := e.Review.Row
	switch e.Kind {
	case access.EventRowAnswered:
		t.answered(n, e, proof)
	case access.EventRowReassigned:
		for _, who := range e.Review.Reviewers {
			t.asked[n] = append(t.asked[n], pack.Asked{Reviewer: string(who), Stage: e.Stage + 1, How: strings.TrimSuffix("in another one's place: "+e.Reason, ": "), At: e.At})
		}
	case access.EventRowRevoking:
		if t.done[n].asked.IsZero() {
			t.done[n] = removal{asked: e.At, event: proof}
		}
	case access.EventRowSettled:
		t.done[n] = removal{asked: cmpTime(t.done[n].asked, e.At), event: proof}
	case access.EventRowRestored:
		d := t.done[n]
		d.back = e.Reason
		t.done[n] = d
	}
}

func cmpTime(a, b time.Time) time.Time {
	if a.IsZero() {
		return b
	}
	return a
}

// answered notes an answer. What the same reviewer had said in the stage counts no more.
func (t *telling) answered(n int, e access.Event, proof pack.Proof) {
	whose := cmp.Or(string(e.For), string(e.Actor.Person))
	all := t.said[n]
	for i := range all {
		a := &all[i]
		if a.Undone == nil && a.Stage == e.Stage+1 && cmp.Or(a.For, a.By.Person) == whose {
			a.Undone = &pack.Undo{By: t.actor(e.Actor), At: e.At}
			if e.Review.Decision != access.DecisionNone {
				a.Undone.Reason = "answered anew"
			}
		}
	}
	if e.Review.Decision == access.DecisionNone {
		return
	}
	a := pack.Answer{
		Stage: e.Stage + 1, Verdict: pack.Verdict(e.Review.Decision), Reason: e.Reason, By: t.actor(e.Actor), For: string(e.For), At: e.At, Surface: cmp.Or(string(e.Actor.On), string(e.Actor.Via)),
		Seconds: pack.Lacks[float64](pack.NotRecorded, ""), Bulk: e.Review.Bulk, Event: proof,
	}
	if took := e.Review.Took; took > 0 {
		a.Seconds, a.Opened = pack.Is(took.Seconds()), e.At.Add(-took)
	}
	t.said[n] = append(all, a)
}
