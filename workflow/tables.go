package workflow

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/store"
	"latchkey/workflow/anchor"
	"latchkey/workflow/backstop"
	"latchkey/workflow/birthright"
	"latchkey/workflow/campaigns"
	"latchkey/workflow/delegation"
	"latchkey/workflow/engine"
	"latchkey/workflow/erasure"
	"latchkey/workflow/ledger"
	"latchkey/workflow/lifecycle"
	"latchkey/workflow/notify"
	"latchkey/workflow/provision"
	"latchkey/workflow/reclaim"
	"latchkey/workflow/reclaim/messages"
	"latchkey/workflow/reconcile"
	"latchkey/workflow/requests"
)

// effects say who carries out what a machine asks for.
func effects(together time.Duration) (map[access.EffectKind]engine.EffectFunc, error) {
	return union("effect",
		ledger.Effects(),
		notify.Effects(map[access.SubjectKind]notify.Readership{access.SubjectReclaim: messages.Readership()}, together),
		provision.Effects(),
		backstop.Effects(),
		requests.Effects(),
		campaigns.Effects(),
		reclaim.Effects(),
	)
}

// apart are the effects that only tell what happened: what can't be told happens all
// the same.
func apart() []access.EffectKind {
	return []access.EffectKind{access.EffectShowCards, access.EffectTell, access.EffectRemind, access.EffectRecord, access.EffectSettleReview, access.EffectSettleReclaim}
}

// tables are the four that need the rooms.
func (r rooms) tables() (t engine.Tables, err error) {
	if t.Handlers, err = r.handlers(); err != nil {
		return t, err
	}
	t.Duties, t.Due, t.Default = r.duties(), r.due(), notify.Visible()
	t.Failures, err = r.failures()
	return t, err
}

// handlers say who carries out which kind of task.
func (r rooms) handlers() (map[string]engine.Handler, error) {
	return union("kind of task",
		r.ledger.Handlers(),
		r.notify.Handlers(),
		r.provision.Handlers(compareSoon),
		r.backstop.Handlers(),
		r.requests.Handlers(),
		r.controls.Handlers(),
		r.anchor.Handlers(),
		r.lifecycle.Handlers(),
		r.birthright.Handlers(),
		r.campaigns.Handlers(),
		r.reclaim.Handlers(),
		r.messages.Handlers(),
		r.erasure.Handlers(),
	)
}

// compareSoon has the groups compared with the grants, as the calendar does.
func compareSoon(u *engine.Unit, _ store.Task, from time.Time) error {
	return engine.TurnBy(u, reconcile.Duty, from)
}

// duties are what the calendar can name.
func (r rooms) duties() []engine.Duty {
	return slices.Concat(r.reconcile.Duties(), r.notify.Duties(), r.anchor.Duties(), r.birthright.Duties(), r.campaigns.Duties(), r.reclaim.Duties(), r.digest.Duties(), r.weekly.Duties(), r.retention.Duties())
}

// due says who ends what is due.
func (r rooms) due() []engine.DueScan {
	return slices.Concat(requests.DueScans(), r.stepUp.DueScans(), r.delegation.DueScans(), birthright.DueScans(), r.campaigns.DueScans(), r.reclaim.DueScans())
}

// reported says what follows when the issue of a report exists.
func reported() (map[string]ledger.Reported, error) {
	return union("report", requests.Reported(), delegation.Reported(), birthright.Reported(), campaigns.Reported(), reclaim.Reported())
}

// failures say what becomes of tasks that do not work.
func (r rooms) failures() (map[string]engine.Policy, error) {
	visible, err := r.visible()
	if err != nil {
		return nil, err
	}
	return union("failure policy",
		visible,
		r.notify.Failures(),
		requests.Failures(),
		anchor.Failures(),
		lifecycle.Failures(),
		birthright.Failures(),
		campaigns.Failures(),
		reclaim.Failures(),
		messages.Failures(),
	)
}

// visible are the policies of tasks whose trouble people are told of, and of what they are for.
func (r rooms) visible() (map[string]engine.Policy, error) {
	all, err := union("failure policy", ledger.Failures(notify.Visible()), r.provision.Failures(notify.Visible()), backstop.Failures(notify.Visible()), erasure.Failures(notify.Visible()))
	if err != nil {
		return nil, err
	}
	purposes, err := purposes()
	for kind, p := range all {
		if p.Tell != nil && purposes[kind] != nil {
			all[kind] = saying(p, purposes[kind])
		}
	}
	return all, err
}

// saying has people told what can't be done, where no request says it: several tasks may fail for one reason.
func saying(p engine.Policy, purpose func(store.Tx, store.Task) string) engine.Policy {
	tell := p.Tell
	p.Tell = func(u *engine.Unit, t store.Task, f *access.Failure) error {
		if t.Subject.Kind == access.SubjectRequest {
			return tell(u, t, f)
		}
		named := *f
		named.Sentence = "What can't be done: " + purpose(u.Tx, t) + ". " + f.Sentence
		return tell(u, t, &named)
	}
	return p
}

// purposes say what tasks are for, to those who read what is stuck.
func purposes() (map[string]func(store.Tx, store.Task) string, error) {
	return union("purpose",
		ledger.Purposes(),
		notify.Purposes(),
		provision.Purposes(),
		backstop.Purposes(),
		requests.Purposes(),
		anchor.Purposes(),
		lifecycle.Purposes(),
		birthright.Purposes(),
		campaigns.Purposes(),
		reclaim.Purposes(),
		messages.Purposes(),
		erasure.Purposes(),
	)
}

// queues are those of the services and of what needs none, with how many of their tasks run at once.
func (r rooms) queues(inFlight map[string]int) map[string]int {
	out := map[string]int{}
	for _, name := range append(r.provision.Queues(), engine.HouseQueue, ledger.Queue, notify.Queue) {
		out[name] = inFlight[name]
	}
	out[notify.CardsQueue] = 1
	return out
}

// requester is whose a task is, among those who want something of the same queue.
func requester(u *engine.Unit, t store.Task) (string, error) {
	if t.Subject.Kind != access.SubjectRequest {
		return "", nil
	}
	r, err := u.Request(t.Subject.ID)
	return string(r.Requester), err
}

// union joins the rooms' lines of a table. Two owners for one thing are a fault.
func union[K cmp.Ordered, V any](what string, all ...map[K]V) (map[K]V, error) {
	out := map[K]V{}
	for _, lines := range all {
		for k, v := range lines {
			if _, taken := out[k]; taken {
				return nil, fmt.Errorf("workflow: the %s %v has two owners", what, k)
			}
			out[k] = v
		}
	}
	return out, nil
}
