package bottest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"latchkey/access"
)

// Recorder stands in for the Web API: it notes what people are shown and told.
type Recorder struct {
	mu    sync.Mutex
	Fail  map[string]error // by method, such as views.open: what it answers
	shown []Shown
	told  []Told
	news  chan struct{} // something came; made by Await

	begun  sync.Once
	opened chan struct{} // closed with the first view that is there
	first  sync.Once
}

// Opened is closed as soon as a view is there.
func (r *Recorder) Opened() <-chan struct{} {
	r.begun.Do(func() { r.opened = make(chan struct{}) })
	return r.opened
}

// Shown is a view that was put before somebody.
type Shown struct {
	Method string // views.open, views.push, views.update or views.publish
	ID     string // of the view that was updated, its own or the bot's, or of who the view was published for
	Hash   string
	View   any
	JSON   string
}

// Told is a message to one person.
type Told struct {
	Method, Channel, User, Text string
}

// Shown are the views so far.
func (r *Recorder) Shown() []Shown {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Shown(nil), r.shown...)
}

// Last is the latest view; the zero one if there is none.
func (r *Recorder) Last() Shown {
	if all := r.Shown(); len(all) > 0 {
		return all[len(all)-1]
	}
	return Shown{}
}

// Await waits for a number of messages, which may be told beside everything else.
func (r *Recorder) Await(t testing.TB, messages int) []Told {
	t.Helper()
	for {
		r.mu.Lock()
		if r.news == nil {
			r.news = make(chan struct{}, 1)
		}
		told := append([]Told(nil), r.told...)
		r.mu.Unlock()
		if len(told) >= messages {
			return told
		}
		select {
		case <-r.news:
		case <-time.After(time.Minute):
			t.Fatalf("%d messages, waited in vain for %d", len(told), messages)
		}
	}
}

// Told are the messages so far.
func (r *Recorder) Told() []Told {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Told(nil), r.told...)
}

func (r *Recorder) show(method, id, hash string, view any) (*slack.ViewResponse, error) {
	raw, err := json.Marshal(view)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err = errors.Join(err, r.Fail[method]); err != nil {
		return nil, err
	}
	r.shown = append(r.shown, Shown{method, id, hash, view, string(raw)})
	r.Opened()
	r.first.Do(func() { close(r.opened) })
	return &slack.ViewResponse{View: slack.View{ID: "V1", Hash: "h1"}}, nil
}

func (r *Recorder) tell(method, channel, user string, options []slack.MsgOption) error {
	_, values, err := slack.UnsafeApplyMsgOptions("", channel, "", options...)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err = errors.Join(err, r.Fail[method]); err != nil {
		return err
	}
	r.told = append(r.told, Told{method, channel, user, values.Get("text")})
	select {
	case r.news <- struct{}{}:
	default: // nobody waits
	}
	return nil
}

// OpenViewContext notes a view.
func (r *Recorder) OpenViewContext(_ context.Context, _ string, v slack.ModalViewRequest) (*slack.ViewResponse, error) {
	return r.show("views.open", "", "", v)
}

// PushViewContext notes a view.
func (r *Recorder) PushViewContext(_ context.Context, _ string, v slack.ModalViewRequest) (*slack.ViewResponse, error) {
	return r.show("views.push", "", "", v)
}

// UpdateViewContext notes a view.
func (r *Recorder) UpdateViewContext(_ context.Context, v slack.ModalViewRequest, external, hash, id string) (*slack.ViewResponse, error) {
	return r.show("views.update", cmp.Or(id, external), hash, v)
}

// PublishViewContext notes a Home tab.
func (r *Recorder) PublishViewContext(_ context.Context, v slack.PublishViewContextRequest) (*slack.ViewResponse, error) {
	return r.show("views.publish", v.UserID, "", v.View)
}

// PostEphemeralContext notes a message that one person sees.
func (r *Recorder) PostEphemeralContext(_ context.Context, channel, user string, options ...slack.MsgOption) (string, error) {
	return "1.0", r.tell("chat.postEphemeral", channel, user, options)
}

// PostMessageContext notes a message.
func (r *Recorder) PostMessageContext(_ context.Context, channel string, options ...slack.MsgOption) (string, string, error) {
	return channel, "1.0", r.tell("chat.postMessage", channel, "", options)
}

// Slack ids of the cast, where no workspace gives them any.
const (
	MayaID  = "UMAYA"
	NoorID  = "UNOOR"
	OmarID  = "UOMAR"
	GuestID = "UGUEST"
)

// Members is a roster of the cast and of a guest.
type Members struct{}

// Member finds one of them.
func (Members) Member(_ context.Context, id string) (access.Person, error) {
	guest := access.Person{Email: "gil@partner.example", Name: "Gil", Kind: access.Guest, Standing: access.Active}
	p, ok := map[string]access.Person{MayaID: Maya(), NoorID: Noor(), OmarID: Omar(), GuestID: guest}[id]
	if !ok {
		return p, access.Refuse(access.Unknown, "person", "I can't find that person in this workspace.")
	}
	p.ID, p.Manager, p.Department = "", "", ""
	p.Bindings = []access.Binding{{System: access.SystemSlack, ID: id, Level: access.AssuranceFirst, Since: Monday()},
		access.ShownAddress(access.SystemSlack, p.Email, access.AssuranceChecked, Monday())}
	return p, nil
}

// ForgetMember does nothing: nothing is cached.
func (m Members) ForgetMember(string) {}

// MemberByEmail finds one of them.
func (m Members) MemberByEmail(ctx context.Context, who access.Email) (access.Person, error) {
	for _, id := range []string{MayaID, NoorID, OmarID, GuestID} {
		if p, err := m.Member(ctx, id); err == nil && p.Email == who {
			return p, nil
		}
	}
	return access.Person{}, access.Refuse(access.Unknown, "person", "Nobody active in this Slack workspace has the address "+string(who)+".")
}
