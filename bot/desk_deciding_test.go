package bot

import (
	"context"
	"fmt"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/workflow/notify"
	"latchkey/workflow/requests"
)

// talks is what the desk remembers of what people say and want.
type talks struct {
	asked     []requests.Message
	said      []requests.Message
	thread    notify.MessageRef // where a card stands
	more      []requests.MoreTime
	anew      string
	extended  requests.Extended
	emergency []requests.BreakGlass
	turned    []string
}

func (d *desk) Claim(_ context.Context, id string, by access.Actor) error {
	return d.act("claim", id, by)
}

func (d *desk) Turned(_ context.Context, id string, by access.Actor, what string, err error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if r, refused := access.AsRefusal(err); refused {
		d.talks.turned = append(d.talks.turned, fmt.Sprintf("%s: %s tried to %s: %s", id, by.Account, what, r.Sentence))
	}
	return err
}

func (d *desk) Ask(_ context.Context, w requests.Message) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.talks.asked = append(d.talks.asked, w)
	return d.refusal
}

func (d *desk) Comment(_ context.Context, w requests.Message) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.talks.said = append(d.talks.said, w)
	return d.refusal
}

func (d *desk) Talks(_ context.Context, at notify.MessageRef) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return at == d.talks.thread, nil
}

func (d *desk) Heard(ctx context.Context, _ notify.MessageRef, w requests.Message) (bool, error) {
	defer d.ring()
	return true, d.Comment(ctx, w)
}

func (d *desk) Extensions(context.Context, string, access.PersonID) ([]time.Duration, string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return []time.Duration{time.Hour, 6 * time.Hour}, d.talks.anew, d.refusal
}

func (d *desk) Extend(_ context.Context, m requests.MoreTime) (requests.Extended, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.talks.more = append(d.talks.more, m)
	return d.talks.extended, d.refusal
}

func (d *desk) EmergencyMost(catalog.Role) time.Duration { return time.Hour }

func (d *desk) TakeNow(_ context.Context, em requests.BreakGlass) (access.Request, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.talks.emergency = append(d.talks.emergency, em)
	return access.Request{Allowed: em.Wanted}, d.refusal
}

func (d *desk) Judge(_ context.Context, id string, by access.Actor, justified bool, reason string) error {
	return d.act(fmt.Sprintf("judge %v %q", justified, reason), id, by)
}
