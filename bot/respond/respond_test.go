package respond

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	api "github.com/slack-go/slack"
	"go.uber.org/goleak"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/bottest"
	"latchkey/bot/payload"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stub is who somebody is, and what was refused.
type stub struct {
	bottest.Members
	refused []string
}

func (o *stub) Who(ctx context.Context, id string) (access.Person, error) {
	p, err := o.Member(ctx, id)
	p.ID = map[string]access.PersonID{bottest.MayaID: bottest.Maya().ID, bottest.NoorID: bottest.Noor().ID, bottest.OmarID: bottest.Omar().ID}[id]
	if err == nil && p.Kind == access.Guest {
		err = access.Refuse(access.NotAllowed, "", "Guests can't.")
	}
	return p, err
}

func (o *stub) LogRefusal(_ context.Context, request string, by access.Actor, what string, err error) error {
	if _, ok := access.AsRefusal(err); ok {
		o.refused = append(o.refused, request+" "+by.Account+" "+what)
	}
	return err
}

func answering(t *testing.T) (*Responder, *bottest.Recorder, *stub) {
	slack, people := &bottest.Recorder{Fail: map[string]error{}}, &stub{}
	r := New(Config{API: slack, People: people, Refusals: people, Logger: slog.New(slog.DiscardHandler)})
	t.Cleanup(func() { finish(t, r) })
	return r, slack, people
}

// finish waits for what goes on after acks.
func finish(t *testing.T, r *Responder) {
	t.Helper()
	if err := r.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

func by(user string) payload.Interaction {
	return payload.Interaction{User: payload.Ref{ID: user}, Channel: payload.Ref{ID: "C1"}, Container: payload.Container{Type: "message"}, Trigger: "t"}
}

func TestWhoClicked(t *testing.T) {
	r, _, people := answering(t)
	who, err := r.Actor(t.Context(), by(bottest.NoorID), "AR-1", "approve")
	if err != nil || who != bottest.Clicker(bottest.Noor(), bottest.NoorID) {
		t.Errorf("%+v, %v", who, err)
	}
	if _, err := r.Actor(t.Context(), by(bottest.GuestID), "AR-1", "approve"); err == nil {
		t.Error("a guest may act")
	}
	copied := by(bottest.NoorID)
	copied.Container.Type = "message_attachment"
	if _, err := r.Person(t.Context(), copied, "AR-2", "approve"); err == nil || !strings.Contains(err.Error(), "only a copy") {
		t.Errorf("a copy of a card decides: %v", err)
	}
	if got := strings.Join(people.refused, ", "); got != "AR-1 UGUEST approve, AR-2 UNOOR approve" {
		t.Errorf("logged %q", got)
	}
}

func TestTellingFindsAWay(t *testing.T) {
	gone := api.SlackErrorResponse{Err: "user_not_in_channel"}
	for name, c := range map[string]struct {
		in   payload.Interaction
		fail []string
		told string // the method that got through
	}{
		"where it was clicked": {by(bottest.NoorID), nil, "chat.postEphemeral"},
		"in a modal":           {by(bottest.NoorID), []string{"chat.postEphemeral"}, "views.open"},
		"directly":             {by(bottest.NoorID), []string{"chat.postEphemeral", "views.open"}, "chat.postMessage"},
		"not in a channel":     {payload.Interaction{User: payload.Ref{ID: bottest.NoorID}}, nil, "views.open"},
	} {
		t.Run(name, func(t *testing.T) {
			r, slack, _ := answering(t)
			for _, method := range c.fail {
				slack.Fail[method] = gone
			}
			r.Tell(c.in, "This isn't <yours>.")
			finish(t, r)
			method, text := slack.Last().Method, slack.Last().JSON
			for _, m := range slack.Told() {
				method, text = m.Method, m.Text
			}
			if method != c.told || !strings.Contains(text, "yours") || strings.Contains(text, "<yours>") {
				t.Errorf("%s: %s", method, text)
			}
		})
	}
}

func TestOutcomeOfAClick(t *testing.T) {
	r, slack, _ := answering(t)
	broken := errors.New("the disk is full")
	if err := r.Explain(by(bottest.NoorID), nil); err != nil {
		t.Error(err)
	}
	if err := r.Explain(by(bottest.NoorID), access.Refuse(access.TooLate, "", "Too late.")); err != nil {
		t.Errorf("a refusal isn't acknowledged: %v", err)
	}
	if err := r.Explain(by(bottest.NoorID), broken); !errors.Is(err, broken) {
		t.Errorf("what wasn't committed is acknowledged: %v", err)
	}
	if err := r.Explain(by(bottest.NoorID), &access.Failure{Class: access.Rejected, Sentence: "Correct the configuration"}); err == nil {
		t.Error("what needs IT first is acknowledged")
	}
	if err := r.Explain(by(bottest.NoorID), fmt.Errorf("commit: %w", context.DeadlineExceeded)); err == nil {
		t.Error("what may not be committed is acknowledged")
	}
	finish(t, r)
	told := map[string]bool{}
	for _, m := range slack.Told() {
		told[m.Text] = true
	}
	if len(told) != 4 || !told["Too late."] || !told[NeedsIT] || !told[Unsaved] || !told[Unsure] {
		t.Errorf("told %v", told)
	}
}

// TestMomentsOfRefusals: whoever is refused until a moment reads it by their own clock.
func TestMomentsOfRefusals(t *testing.T) {
	r, slack, _ := answering(t)
	at := time.Date(2026, 11, 16, 15, 4, 0, 0, time.UTC)
	refusal := access.Refuse(access.TooLate, "", "You can <nudge> them from "+access.FullMoment(at)+" on.")
	if err := r.Explain(by(bottest.NoorID), refusal); err != nil {
		t.Error(err)
	}
	finish(t, r)
	told := slack.Told()
	if want := "You can &lt;nudge&gt; them from " + blocks.When(at) + " on."; len(told) != 1 || told[0].Text != want {
		t.Errorf("told %+v, and not %s", told, want)
	}
}

func TestOutcomeOfAModal(t *testing.T) {
	r, _, _ := answering(t)
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"committed":    {nil, ""},
		"can be fixed": {access.Refuse(access.Invalid, "reason", "Please say why."), `{"response_action":"errors","errors":{"reason":"Please say why."}}`},
		"refused":      {access.Refuse(access.TooLate, "", "Too late."), `"response_action":"update"`},
		"not saved":    {errors.New("the disk is full"), UnsavedForm},
		"needs IT":     {&access.Failure{Class: access.Rejected, Sentence: "Correct the configuration"}, NeedsIT},
	} {
		got, err := r.Committed(t.Context(), "AR-1", "reason", c.err)
		if err != nil || !strings.Contains(string(got), c.want) || c.want == "" && got != nil {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}

func TestViewsAreOpenedOnTopOfOthers(t *testing.T) {
	v := blocks.Notice("Title", "Text")
	inModal, atHome := by(bottest.NoorID), by(bottest.NoorID)
	inModal.View = payload.View{ID: "V1", Type: "modal"}
	atHome.View = payload.View{ID: "V2", Type: "home"}
	for want, in := range map[string]payload.Interaction{"views.push": inModal, "views.open": atHome} {
		r, slack, _ := answering(t)
		if err := r.Push(t.Context(), in, v); err != nil || slack.Last().Method != want {
			t.Errorf("%s, %v, want %s", slack.Last().Method, err, want)
		}
	}
}

func TestAViewThatDoesNotOpenIsExplained(t *testing.T) {
	v := blocks.Notice("Title", "Text")
	for name, opens := range map[string]func(*Responder){
		"open": func(r *Responder) { _ = r.Open(t.Context(), by(bottest.NoorID), v) },
		"open, then": func(r *Responder) {
			r.OpenThen(by(bottest.NoorID), "open it", v, func(context.Context) (api.ModalViewRequest, error) {
				t.Error("it goes on without a view")
				return api.ModalViewRequest{}, nil
			})
		},
	} {
		for fault, told := range map[string]int{"exchanged_trigger_id": 0, "expired_trigger_id": 1} { // a second delivery; too late
			r, slack, _ := answering(t)
			slack.Fail["views.open"] = api.SlackErrorResponse{Err: fault}
			opens(r)
			finish(t, r)
			if len(slack.Told()) != told {
				t.Errorf("%s, %s: told %v", name, fault, slack.Told())
			}
		}
	}
}

func TestAnOpenedViewIsKnown(t *testing.T) {
	r, slack, _ := answering(t)
	r.OpenThen(by(bottest.NoorID), "open it", blocks.Notice("Title", "Text"), func(context.Context) (api.ModalViewRequest, error) {
		return blocks.Notice("Title", "More"), nil
	})
	finish(t, r)
	if last := slack.Last(); last.Method != "views.update" || last.Hash != "h1" {
		t.Errorf("%+v", last)
	}
}

func TestClosingCutsWorkShortWhenItMust(t *testing.T) {
	r, _, _ := answering(t)
	begun := make(chan struct{})
	r.Later("wait", func(ctx context.Context) error {
		close(begun)
		<-ctx.Done()
		return ctx.Err()
	})
	<-begun
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Close(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("closed with %v", err)
	}
	r.Later("come too late", func(context.Context) error { t.Error("work began after the end"); return nil })
}
